-- insert --
-- Keep a new token, its digits sealed.
INSERT INTO tokens (tenant, livemode, id, numbers, doc) VALUES (:tenant, :livemode, :id, :numbers, :doc);

-- get --
-- One token as the API writes it.
SELECT doc FROM tokens WHERE tenant = :tenant AND livemode = :livemode AND id = :id;
