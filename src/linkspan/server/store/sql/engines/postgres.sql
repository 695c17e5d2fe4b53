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

-- has_version --
-- Whether any step was ever begun here.
SELECT to_regclass('linkspan_schema') IS NOT NULL;

-- version --
-- The number of the last step applied.
SELECT coalesce(max(version), 0) FROM linkspan_schema;

-- applied --
-- One more step has been applied.
INSERT INTO linkspan_schema (version) VALUES (:version);
