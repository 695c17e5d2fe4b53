-- When banks were asked, so that none is asked more often than it allows, by
-- whichever process and however often that was started anew. A row stands for
-- the askings of one second; `subject` is an account, or a sign-in as a whole.

CREATE TABLE askings (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    daily INTEGER NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (tenant, livemode, subject, kind, asked_at, daily)
) WITHOUT ROWID, STRICT;

-- Until when a bank wishes not to be asked.
ALTER TABLE authorizations ADD COLUMN rests_until INTEGER NOT NULL DEFAULT 0;

-- Whether a day of a subscription started the refresh, and not a program.
ALTER TABLE refreshes ADD COLUMN daily INTEGER NOT NULL DEFAULT 0;
