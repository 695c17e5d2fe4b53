-- insert --
-- Keep a snapshot of who owns an account.
INSERT INTO ownerships (tenant, livemode, id, account, doc) VALUES (:tenant, :livemode, :id, :account, :doc);

-- get --
-- One snapshot as the API writes it.
SELECT doc FROM ownerships WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- get_of --
-- One snapshot, if it is of that account.
SELECT doc FROM ownerships
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND account = :account;

-- forget --
-- Destroy every snapshot of an account.
DELETE FROM ownerships WHERE tenant = :tenant AND livemode = :livemode AND account = :account;
