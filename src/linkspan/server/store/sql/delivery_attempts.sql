-- insert --
-- Keep what came of one attempt.
INSERT INTO delivery_attempts (tenant, livemode, id, event, endpoint, created, milliseconds,
                               status, problem, answer)
VALUES (:tenant, :livemode, :id, :event, :endpoint, :created, :milliseconds, :status, :problem, :answer);

-- prune --
-- Forget attempts for events that are forgotten, of every tenant, a few at a time.
DELETE FROM delivery_attempts WHERE (tenant, livemode, id) IN
       (SELECT tenant, livemode, id FROM delivery_attempts
         WHERE created < :before ORDER BY created LIMIT :limit);
