-- insert --
-- Keep what somebody has just agreed to.
INSERT INTO consents (tenant, livemode, id, session, doc)
VALUES (:tenant, :livemode, :id, :session, :doc);

-- of_session --
-- The consents given in a Session, the oldest first.
SELECT doc FROM consents
 WHERE tenant = :tenant AND livemode = :livemode AND session = :session
 ORDER BY id;

-- standing --
-- The consents that an authorization stands on, the oldest first.
SELECT doc FROM consents
 WHERE tenant = :tenant AND livemode = :livemode AND authorization = :authorization AND ended_at IS NULL
 ORDER BY id;

-- save --
-- Write down what became of one.
UPDATE consents SET authorization = :authorization, ended_at = :ended_at, doc = :doc
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- prune --
-- Forget the consents that ended long ago, a few at a time, everybody's.
DELETE FROM consents WHERE (tenant, livemode, id) IN (
    SELECT tenant, livemode, id FROM consents WHERE ended_at <= :not_after LIMIT :limit);

-- everybodys --
-- A page of all consents there are, for an operator.
SELECT tenant, livemode, id, doc FROM consents
 WHERE (tenant, livemode, id) > (:after_tenant, :after_livemode, :after_id)
 ORDER BY tenant, livemode, id LIMIT :limit;
