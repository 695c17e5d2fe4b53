-- due_at --
-- When a chore is due next.
SELECT due_at FROM chores WHERE name = :name;

-- lease --
-- Take a chore that is due, or whose time was written down before the clock was set back.
INSERT INTO chores (name, due_at, turn) VALUES (:name, :until, 1)
    ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at, turn = chores.turn + 1
 WHERE chores.due_at <= :now OR chores.due_at > :latest
RETURNING turn;

-- settle --
-- It comes round again then; nothing when somebody else took it meanwhile.
UPDATE chores SET due_at = :due_at WHERE name = :name AND turn = :turn;
