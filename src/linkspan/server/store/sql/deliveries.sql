-- insert --
-- Owe an endpoint an event, in the transaction that keeps the event.
INSERT INTO deliveries (tenant, livemode, event, endpoint, owner, status, attempts, created, due_at)
VALUES (:tenant, :livemode, :event, :endpoint, :owner, 'pending', 0, :now, :now)
    ON CONFLICT (tenant, livemode, event, endpoint) DO NOTHING;

-- count_pending --
-- How many endpoints have not yet been told of an event, of those that are still told.
SELECT count(*) FROM deliveries
 WHERE tenant = :tenant AND livemode = :livemode AND event = :event AND status = 'pending'
   AND EXISTS (SELECT 1 FROM webhook_endpoints
                WHERE webhook_endpoints.tenant = deliveries.owner
                  AND webhook_endpoints.livemode = deliveries.livemode
                  AND webhook_endpoints.id = deliveries.endpoint AND webhook_endpoints.status = 'enabled');

-- backlog --
-- How much is due to endpoints that are told, everybody's, and since when.
SELECT count(*), min(deliveries.due_at) FROM webhook_endpoints
  JOIN deliveries ON deliveries.owner = webhook_endpoints.tenant
                 AND deliveries.livemode = webhook_endpoints.livemode
                 AND deliveries.endpoint = webhook_endpoints.id
 WHERE webhook_endpoints.status = 'enabled'
   AND deliveries.status = 'pending' AND deliveries.due_at <= :now;

-- failing --
-- The endpoints that are told in vain, everybody's, with how much waits for another attempt.
SELECT webhook_endpoints.id, count(*) FROM webhook_endpoints
  JOIN deliveries ON deliveries.owner = webhook_endpoints.tenant
                 AND deliveries.livemode = webhook_endpoints.livemode
                 AND deliveries.endpoint = webhook_endpoints.id
 WHERE webhook_endpoints.status = 'enabled'
   AND deliveries.status = 'pending' AND deliveries.attempts >= :attempts
 GROUP BY webhook_endpoints.id ORDER BY webhook_endpoints.id;

-- lease --
-- Take what is due to an endpoint, the longest wait first, whosever events; a second taker finds none of it.
WITH due AS MATERIALIZED
     (SELECT tenant, livemode, event, endpoint FROM deliveries
       WHERE owner = :tenant AND livemode = :livemode AND endpoint = :endpoint
         AND status = 'pending' AND due_at <= :now
       ORDER BY due_at LIMIT :limit /* FOR UPDATE SKIP LOCKED */)
UPDATE deliveries SET due_at = :until
 WHERE (tenant, livemode, event, endpoint) IN (SELECT tenant, livemode, event, endpoint FROM due)
RETURNING tenant, livemode, event, owner, endpoint, attempts;

-- settle --
-- Write down how a delivery that was taken stands; nothing when it was taken away.
UPDATE deliveries SET status = :status, attempts = :attempts, due_at = :due_at
 WHERE tenant = :tenant AND livemode = :livemode AND event = :event AND endpoint = :endpoint
   AND status = 'pending' AND due_at = :was;

-- renew --
-- Owe an endpoint an event once more, by hand.
UPDATE deliveries SET status = 'pending', attempts = 0, due_at = :now
 WHERE tenant = :tenant AND livemode = :livemode AND event = :event AND endpoint = :endpoint;

-- endpoints_of --
-- The endpoints that were owed an event, with their owners.
SELECT owner, endpoint FROM deliveries
 WHERE tenant = :tenant AND livemode = :livemode AND event = :event
 ORDER BY endpoint;

-- give_up --
-- Owe an endpoint nothing of what was due until now, whosever events.
UPDATE deliveries SET status = 'failed'
 WHERE owner = :tenant AND livemode = :livemode AND endpoint = :endpoint
   AND status = 'pending' AND due_at <= :now;

-- prune --
-- Forget deliveries of events that are forgotten, of every tenant, a few at a time.
DELETE FROM deliveries WHERE (tenant, livemode, event, endpoint) IN
       (SELECT tenant, livemode, event, endpoint FROM deliveries
         WHERE created < :before ORDER BY created LIMIT :limit);
