-- insert --
-- Keep what came of one attempt.
INSERT INTO delivery_attempts (tenant, livemode, id, event, endpoint, created, milliseconds,
                               status, problem, answer)
VALUES (:tenant, :livemode, :id, :event, :endpoint, :created, :milliseconds, :status, :problem, :answer);

-- of_event --
-- The attempts to tell the endpoints of an event's own tenant of it, oldest first.
SELECT id, endpoint, created, milliseconds, status, problem, answer FROM delivery_attempts
 WHERE tenant = :tenant AND livemode = :livemode AND event = :event
   AND EXISTS (SELECT 1 FROM deliveries
                WHERE deliveries.tenant = delivery_attempts.tenant
                  AND deliveries.livemode = delivery_attempts.livemode
                  AND deliveries.event = delivery_attempts.event
                  AND deliveries.endpoint = delivery_attempts.endpoint
                  AND deliveries.owner = delivery_attempts.tenant)
 ORDER BY id;

-- prune --
-- Forget attempts for events that are forgotten, of every tenant, a few at a time.
DELETE FROM delivery_attempts WHERE (tenant, livemode, id) IN
       (SELECT tenant, livemode, id FROM delivery_attempts
         WHERE created < :before ORDER BY created LIMIT :limit);
