-- insert --
-- Keep a new Session.
INSERT INTO sessions (tenant, livemode, id, secret_digest, expires_at, doc)
VALUES (:tenant, :livemode, :id, :secret_digest, :expires_at, :doc);

-- get --
-- One Session as the API writes it, without its client secret.
SELECT doc FROM sessions WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- save --
-- Replace what the API writes.
UPDATE sessions SET doc = :doc WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- by_secret --
-- The Session a client secret names, and whose it is.
SELECT tenant, livemode, id, expires_at, doc FROM sessions WHERE secret_digest = :secret_digest;
