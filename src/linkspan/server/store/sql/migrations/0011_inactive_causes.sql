-- Why accounts and permissions stopped working, which preview versions show.

ALTER TABLE accounts ADD COLUMN inactive_cause TEXT;

ALTER TABLE authorizations ADD COLUMN inactive_cause TEXT;
