-- insert --
-- Keep what happened, in the transaction that made it happen.
INSERT INTO events (tenant, livemode, id, type, doc) VALUES (:tenant, :livemode, :id, :type, :doc);

-- all_of_tenant --
-- What happened to a tenant, oldest first.
SELECT doc FROM events WHERE tenant = :tenant AND livemode = :livemode ORDER BY id LIMIT :limit;
