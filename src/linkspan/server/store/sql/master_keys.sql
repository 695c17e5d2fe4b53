-- keep --
-- Hold the database to a key, unless it is held to one already.
INSERT INTO master_keys (number, digest) VALUES (1, :digest) ON CONFLICT (number) DO NOTHING;

-- get --
-- The key the database is held to.
SELECT digest FROM master_keys WHERE number = 1;
