-- claim --
-- Take a name until the transaction ends, or learn that another one has it.
SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0));

-- cry --
-- Say that a bell rang to whoever listens.
SELECT pg_notify('linkspan', :bell);

-- wait_to_migrate --
-- Of all processes that start at once, one brings the schema up at a time; the
-- number is this project's own, "linkspan" in a byte a letter.
SELECT pg_advisory_xact_lock(7811896436428136814);

-- keep_version --
-- Where the number of the last step is written down, as SQLite has a place for it.
CREATE TABLE IF NOT EXISTS linkspan_schema (version bigint NOT NULL);

-- keep_no_samples --
-- Let the planner keep samples of no document and no address of a person: they
-- would outlive the rows they are taken from, and no purge removes them.
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT part.attrelid::regclass AS place, part.attname AS name
          FROM pg_attribute AS part
          JOIN pg_class AS kept ON kept.oid = part.attrelid
         WHERE kept.relnamespace = current_schema()::regnamespace
           AND kept.relkind = 'r'
           AND part.attname IN ('doc', 'email')
           AND coalesce(part.attstattarget, -1) <> 0
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS 0', found.place, found.name);
    END LOOP;
END $$;

-- has_version --
-- Whether any step was ever begun here.
SELECT to_regclass('linkspan_schema') IS NOT NULL;

-- version --
-- The number of the last step applied.
SELECT coalesce(max(version), 0) FROM linkspan_schema;

-- applied --
-- One more step has been applied.
INSERT INTO linkspan_schema (version) VALUES (:version);
