-- insert --
-- Keep our standing permission at an institution, its grant sealed.
INSERT INTO authorizations (tenant, livemode, id, institution, status, granted)
VALUES (:tenant, :livemode, :id, :institution, :status, :granted);

-- mark_revoking --
-- The bank must be told that the permission has ended.
UPDATE authorizations SET status = 'revoking', revoked_by = :request
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND status = 'active';

-- to_be_told --
-- Institutions with permissions that ended here but perhaps not yet there, of every tenant.
SELECT DISTINCT institution FROM authorizations WHERE status = 'revoking' AND revoke_at <= :now;

-- mark_all_revoking --
-- The banks must be told that every permission of a tenant has ended.
UPDATE authorizations SET status = 'revoking'
 WHERE tenant = :tenant AND livemode = :livemode AND status = 'active';

-- to_revoke --
-- Such permissions of one institution, the longest due first; the try that begins is counted.
WITH due AS MATERIALIZED
     (SELECT tenant, livemode, id FROM authorizations
       WHERE status = 'revoking' AND institution = :institution AND revoke_at <= :now
       ORDER BY revoke_at, id LIMIT :limit /* FOR UPDATE SKIP LOCKED */)
UPDATE authorizations SET revoke_tries = revoke_tries + 1
 WHERE (tenant, livemode, id) IN (SELECT tenant, livemode, id FROM due)
RETURNING tenant, livemode, id, granted, revoke_tries, revoked_by;

-- put_off --
-- Nobody else tries before then; nothing when somebody does already.
UPDATE authorizations SET revoke_at = :revoke_at
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND status = 'revoking'
   AND revoke_tries = :tries;

-- revoked --
-- The bank knows; the grant is destroyed.
UPDATE authorizations SET status = 'disconnected', granted = NULL
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND status = 'revoking';

-- get_active --
-- A permission that has not ended, its grant sealed.
SELECT id, institution, granted, version FROM authorizations
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND status = 'active';

-- save_grant --
-- Replace a grant by its successor, unless the end user has signed in anew meanwhile.
UPDATE authorizations SET granted = :granted, version = version + 1
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND status = 'active'
   AND version = :version;

-- renew --
-- The end user has signed in anew: the bank takes this grant instead.
UPDATE authorizations
   SET granted = :granted, version = version + 1, inactive_cause = NULL, rests_until = 0
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND status = 'active';

-- get_standing --
-- How a permission stands.
SELECT institution, status, inactive_cause, rests_until FROM authorizations
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- let_rest --
-- The bank wishes not to be asked for a while.
UPDATE authorizations SET rests_until = :rests_until
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND rests_until < :rests_until;

-- note_inactive --
-- The bank takes the grant no more.
UPDATE authorizations SET inactive_cause = :cause
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;
