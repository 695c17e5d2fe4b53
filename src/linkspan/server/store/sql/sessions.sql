-- insert --
-- Keep a new Session.
INSERT INTO sessions (tenant, livemode, id, secret_digest, expires_at, preview, doc)
VALUES (:tenant, :livemode, :id, :secret_digest, :expires_at, :preview, :doc);

-- get --
-- One Session as the API writes it, without its client secret.
SELECT doc FROM sessions WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- get_shown --
-- The same with what stands beside it.
SELECT doc, preview FROM sessions WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- get_whole --
-- One Session with all that is kept of it.
SELECT tenant, livemode, id, expires_at, extensions, status, preview, doc FROM sessions
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- save --
-- Replace what the API writes.
UPDATE sessions SET doc = :doc WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- save_beside --
-- Replace what preview versions show besides.
UPDATE sessions SET status = :status, preview = :preview
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- by_secret --
-- The Session a client secret names, and whose it is.
SELECT tenant, livemode, id, expires_at, extensions, status, preview, doc FROM sessions
 WHERE secret_digest = :secret_digest;

-- extend --
-- Give a Session more time.
UPDATE sessions SET expires_at = :expires_at, extensions = extensions + 1
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;
