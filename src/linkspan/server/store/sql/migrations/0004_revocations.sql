-- A bank that cannot be told of an ended permission is told later, and each
-- time later than the last, so that one dead bank holds up no other.

ALTER TABLE authorizations ADD COLUMN revoke_at INTEGER NOT NULL DEFAULT 0;

ALTER TABLE authorizations ADD COLUMN revoke_tries INTEGER NOT NULL DEFAULT 0;

DROP INDEX authorizations_to_revoke;

CREATE INDEX authorizations_to_revoke ON authorizations (revoke_at) WHERE status = 'revoking';
