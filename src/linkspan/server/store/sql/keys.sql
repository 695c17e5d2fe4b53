-- insert --
-- Keep a new key by its digest.
INSERT INTO keys (tenant, livemode, id, kind, digest, hint, name, rights, addresses, origins,
                  created, expires_at)
VALUES (:tenant, :livemode, :id, :kind, :digest, :hint, :name, :rights, :addresses, :origins,
        :created, :expires_at);

-- by_digest --
-- The key that a request brought, whosever it is.
SELECT tenant, livemode, id, kind, hint, name, rights, addresses, created, expires_at, revoked_at, origins
  FROM keys WHERE digest = :digest;

-- by_id --
-- The key that an operator names, whosever it is.
SELECT tenant, livemode, id, kind, hint, name, rights, addresses, created, expires_at, revoked_at, origins
  FROM keys WHERE id = :id;

-- everybodys --
-- Every key, those of a tenant and mode together, oldest first.
SELECT tenant, livemode, id, kind, hint, name, rights, addresses, created, expires_at, revoked_at, origins
  FROM keys ORDER BY tenant, livemode, id;

-- expire --
-- Let a key be good until then.
UPDATE keys SET expires_at = :expires_at
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- list_origins --
-- Let these sites show the modal with a key, and no others.
UPDATE keys SET origins = :origins
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- revoke --
-- Let a key be good no longer; the first time counts.
UPDATE keys SET revoked_at = :revoked_at
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND revoked_at IS NULL;
