-- What comes round by the clock is done once, however many workers share the
-- database. A turn is numbered, so that who was late changes nothing of the next.

CREATE TABLE chores (
    name TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    PRIMARY KEY (name)
) WITHOUT ROWID, STRICT;
