-- generation --
-- How often the directory has changed.
SELECT generation FROM directories WHERE id = 1;

-- change --
-- It has changed.
INSERT INTO directories (id, generation) VALUES (1, 1)
    ON CONFLICT (id) DO UPDATE SET generation = directories.generation + 1;
