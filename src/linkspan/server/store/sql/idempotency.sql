-- get --
-- The answer a key was first given.
SELECT request_digest, status, answer FROM idempotency
 WHERE tenant = :tenant AND livemode = :livemode AND key = :key AND created > :not_before;

-- keep --
-- Keep the answer to a key; one that has outlived its day gives way.
INSERT INTO idempotency (tenant, livemode, key, request_digest, created, status, answer)
VALUES (:tenant, :livemode, :key, :request_digest, :created, :status, :answer)
    ON CONFLICT (tenant, livemode, key) DO UPDATE
   SET request_digest = excluded.request_digest, created = excluded.created,
       status = excluded.status, answer = excluded.answer;

-- prune --
-- Forget answers nobody may ask for again, a few at a time.
DELETE FROM idempotency WHERE (tenant, livemode, key) IN
       (SELECT tenant, livemode, key FROM idempotency WHERE created <= :not_after ORDER BY created LIMIT :limit);
