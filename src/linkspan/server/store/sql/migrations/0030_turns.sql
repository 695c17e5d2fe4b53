-- A bank is asked with one grant by one process at a time, so a refresh waits for
-- the turn of its authorization. `read_at` is when that turn may be taken, null
-- while nothing waits; a turn that is taken ends there by itself. Its number
-- tells its owner from whoever takes the next one.

ALTER TABLE authorizations ADD COLUMN read_at INTEGER;

ALTER TABLE authorizations ADD COLUMN read_rank INTEGER NOT NULL DEFAULT 0;

ALTER TABLE authorizations ADD COLUMN read_tries INTEGER NOT NULL DEFAULT 0;

ALTER TABLE authorizations ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;

CREATE INDEX authorizations_to_read ON authorizations (institution, read_rank) WHERE read_at IS NOT NULL;

UPDATE authorizations SET read_at = 0
 WHERE EXISTS (SELECT 1 FROM refreshes
                WHERE refreshes.tenant = authorizations.tenant AND refreshes.livemode = authorizations.livemode
                  AND refreshes.authorization = authorizations.id);

DROP INDEX refreshes_by_lease;

ALTER TABLE refreshes DROP COLUMN leased_until;

-- The request of the API that asked for it, for whoever reads the log.
ALTER TABLE refreshes ADD COLUMN request TEXT;
