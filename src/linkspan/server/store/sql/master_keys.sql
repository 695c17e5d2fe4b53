-- keep --
-- Hold the database to a master key, unless it is held to one already.
INSERT INTO master_keys (number, digest, master, pepper, generation, resealed)
VALUES (1, :digest, :master, :pepper, 1, 1) ON CONFLICT (number) DO NOTHING;

-- get --
-- The key the database is held to, and what it wraps.
SELECT digest, master, pepper, generation, resealed FROM master_keys WHERE number = 1;

-- wrap --
-- Another master key wraps from now on.
UPDATE master_keys SET master = :master, pepper = :pepper WHERE number = 1;

-- next_generation --
-- Other data keys seal from now on.
UPDATE master_keys SET generation = generation + 1 WHERE number = 1 AND resealed = generation;

-- resealed --
-- Nothing is left that an earlier generation sealed.
UPDATE master_keys SET resealed = :generation WHERE number = 1 AND generation = :generation;
