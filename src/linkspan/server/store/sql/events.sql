-- insert --
-- Keep what happened, in the transaction that made it happen.
INSERT INTO events (tenant, livemode, id, type, created, number, about, doc, api_version, previewed)
VALUES (:tenant, :livemode, :id, :type, :created, :number, :about, :doc, :api_version, :previewed);

-- get_written --
-- What happened, as it was written down, though no list shows it.
SELECT type, doc, api_version, previewed FROM events
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- to_tell --
-- What happened, for whoever is to be told of it, beside whose it is.
SELECT tenant, livemode, id, type, doc, api_version, previewed FROM events
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- get --
-- What happened, and how many enabled endpoints wait for it.
-- Nothing of what is only the operator's, or of types that are left out.
SELECT doc, api_version, previewed,
       (SELECT count(*) FROM deliveries
         WHERE deliveries.tenant = events.tenant AND deliveries.livemode = events.livemode
           AND deliveries.event = events.id AND deliveries.status = 'pending'
           AND EXISTS (SELECT 1 FROM webhook_endpoints
                        WHERE webhook_endpoints.tenant = deliveries.owner
                          AND webhook_endpoints.livemode = deliveries.livemode
                          AND webhook_endpoints.id = deliveries.endpoint
                          AND webhook_endpoints.status = 'enabled'))
  FROM events
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND (number IS NULL OR number > 0)
   AND replace(:but, '|' || type || '|', '') = :but;

-- all_of_tenant --
-- What happened to a tenant, oldest first.
SELECT doc FROM events WHERE tenant = :tenant AND livemode = :livemode ORDER BY id LIMIT :limit;

-- number_of --
-- The place of an event in the order of lists.
SELECT number FROM events WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND number > 0;

-- last_number --
-- The place of the event that was given one last.
SELECT number FROM events
 WHERE tenant = :tenant AND livemode = :livemode AND number > 0
 ORDER BY number DESC LIMIT 1;

-- without_number --
-- Events that have no place yet, oldest first.
SELECT id FROM events
 WHERE tenant = :tenant AND livemode = :livemode AND number IS NULL
 ORDER BY id LIMIT :limit;

-- set_number --
-- Give an event its place.
UPDATE events SET number = :number
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND number IS NULL;

-- scopes_without_number --
-- Whose events have no place yet, of every tenant.
SELECT DISTINCT tenant, livemode FROM events WHERE number IS NULL LIMIT :limit;

-- page_after --
-- A page of what happened, newest first, after a place; of some types where any are named, without others.
SELECT doc, api_version, previewed,
       (SELECT count(*) FROM deliveries
         WHERE deliveries.tenant = events.tenant AND deliveries.livemode = events.livemode
           AND deliveries.event = events.id AND deliveries.status = 'pending'
           AND EXISTS (SELECT 1 FROM webhook_endpoints
                        WHERE webhook_endpoints.tenant = deliveries.owner
                          AND webhook_endpoints.livemode = deliveries.livemode
                          AND webhook_endpoints.id = deliveries.endpoint
                          AND webhook_endpoints.status = 'enabled'))
  FROM events
 WHERE tenant = :tenant AND livemode = :livemode AND number > 0 AND number < :place
   AND created >= :first AND created <= :last
   AND (:types = '' OR replace(:types, '|' || type || '|', '') <> :types)
   AND replace(:but, '|' || type || '|', '') = :but
   AND (:about = '' OR about = :about)
   AND (:undelivered < 0
        OR :undelivered = CASE WHEN EXISTS
           (SELECT 1 FROM deliveries
             WHERE deliveries.tenant = events.tenant AND deliveries.livemode = events.livemode
               AND deliveries.event = events.id AND deliveries.status <> 'succeeded') THEN 1 ELSE 0 END)
 ORDER BY number DESC LIMIT :limit;

-- page_before --
-- The page before a place, nearest first. The place comes first: SQLite searches by the first bound of two.
SELECT doc, api_version, previewed,
       (SELECT count(*) FROM deliveries
         WHERE deliveries.tenant = events.tenant AND deliveries.livemode = events.livemode
           AND deliveries.event = events.id AND deliveries.status = 'pending'
           AND EXISTS (SELECT 1 FROM webhook_endpoints
                        WHERE webhook_endpoints.tenant = deliveries.owner
                          AND webhook_endpoints.livemode = deliveries.livemode
                          AND webhook_endpoints.id = deliveries.endpoint
                          AND webhook_endpoints.status = 'enabled'))
  FROM events
 WHERE tenant = :tenant AND livemode = :livemode AND number > :place AND number > 0
   AND created >= :first AND created <= :last
   AND (:types = '' OR replace(:types, '|' || type || '|', '') <> :types)
   AND replace(:but, '|' || type || '|', '') = :but
   AND (:about = '' OR about = :about)
   AND (:undelivered < 0
        OR :undelivered = CASE WHEN EXISTS
           (SELECT 1 FROM deliveries
             WHERE deliveries.tenant = events.tenant AND deliveries.livemode = events.livemode
               AND deliveries.event = events.id AND deliveries.status <> 'succeeded') THEN 1 ELSE 0 END)
 ORDER BY number ASC LIMIT :limit;

-- newest --
-- When the last of what is known to have happened did, to whomever.
SELECT max(created) FROM events;

-- prune --
-- Forget what happened too long ago, of every tenant, a few at a time.
DELETE FROM events WHERE (tenant, livemode, id) IN
       (SELECT tenant, livemode, id FROM events WHERE created < :before ORDER BY created LIMIT :limit);
