-- Which grant of an authorization this is: it grows when the bank gives another one,
-- and not when the same one is sealed anew.

ALTER TABLE authorizations ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
