-- Which request ended a permission, for the log line of each time that its bank is told.

ALTER TABLE authorizations ADD COLUMN revoked_by TEXT;
