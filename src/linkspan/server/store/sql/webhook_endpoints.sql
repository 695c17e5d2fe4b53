-- insert --
-- Keep a new endpoint.
INSERT INTO webhook_endpoints (tenant, livemode, id, status, connect, enabled_events, api_version,
                               payload, name, updated, secret, doc)
VALUES (:tenant, :livemode, :id, :status, :connect, :enabled_events, :api_version,
        :payload, :name, :updated, :secret, :doc);

-- get --
-- One endpoint with what the two generations of the API show of it.
SELECT doc, connect, payload, name, updated FROM webhook_endpoints
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- get_secrets --
-- One endpoint with what its requests are signed with, sealed.
SELECT tenant, livemode, id, doc, payload, secret, former_secret, former_until FROM webhook_endpoints
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND status = 'enabled';

-- get_secret --
-- What the requests to an endpoint are signed with, sealed, also while it is disabled.
SELECT secret FROM webhook_endpoints
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- count --
-- How many endpoints a tenant has.
SELECT count(*) FROM webhook_endpoints WHERE tenant = :tenant AND livemode = :livemode;

-- save --
-- Replace what the API writes, and what follows from it.
UPDATE webhook_endpoints
   SET status = :status, enabled_events = :enabled_events, name = :name, updated = :updated, doc = :doc
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- roll --
-- Sign with another secret, and for a while with the one before as well.
UPDATE webhook_endpoints
   SET former_secret = :former_secret, former_until = :former_until, secret = :secret
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- delete --
-- Forget an endpoint.
DELETE FROM webhook_endpoints WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- all --
-- Every endpoint of a tenant, of which there are only so many.
SELECT doc, connect, payload, name, updated FROM webhook_endpoints
 WHERE tenant = :tenant AND livemode = :livemode;

-- listening --
-- The endpoints that asked for a type, by its name or with all the others, and their versions.
SELECT id, api_version FROM webhook_endpoints
 WHERE tenant = :tenant AND livemode = :livemode AND status = 'enabled' AND connect = :connect
   AND ((payload = 'snapshot'
         AND (replace(enabled_events, :named, '') <> enabled_events
              OR replace(enabled_events, :every, '') <> enabled_events))
        OR (payload = 'thin'
            AND (replace(enabled_events, :thin, '') <> enabled_events
                 OR replace(enabled_events, :every_thin, '') <> enabled_events)))
 ORDER BY id;

-- waiting --
-- Endpoints that something waits to be sent to, everybody's.
SELECT tenant, livemode, id FROM webhook_endpoints
 WHERE status = 'enabled'
   AND EXISTS (SELECT 1 FROM deliveries
                WHERE deliveries.owner = webhook_endpoints.tenant
                  AND deliveries.livemode = webhook_endpoints.livemode
                  AND deliveries.endpoint = webhook_endpoints.id
                  AND deliveries.status = 'pending' AND deliveries.due_at <= :now);

-- disabled --
-- Endpoints that are sent nothing though something waited to be sent to them, everybody's.
SELECT tenant, livemode, id FROM webhook_endpoints
 WHERE status = 'disabled'
   AND EXISTS (SELECT 1 FROM deliveries
                WHERE deliveries.owner = webhook_endpoints.tenant
                  AND deliveries.livemode = webhook_endpoints.livemode
                  AND deliveries.endpoint = webhook_endpoints.id
                  AND deliveries.status = 'pending' AND deliveries.due_at <= :now);
