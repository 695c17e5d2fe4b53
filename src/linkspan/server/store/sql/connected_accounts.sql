-- insert --
-- Keep a newly connected account.
INSERT INTO connected_accounts (tenant, livemode, id, doc) VALUES (:tenant, :livemode, :id, :doc);

-- get --
-- One account of a platform as the API writes it.
SELECT doc FROM connected_accounts WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- save --
-- Replace what the API writes.
UPDATE connected_accounts SET doc = :doc WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- platform_of --
-- Which platform an account is connected to, if it is to any.
SELECT tenant FROM connected_accounts WHERE id = :id AND livemode = :livemode;

-- page_after --
-- A page of a platform's accounts, newest first, after a cursor.
SELECT doc FROM connected_accounts
 WHERE tenant = :tenant AND livemode = :livemode AND id < :cursor
 ORDER BY id DESC LIMIT :limit;

-- page_before --
-- The page before a cursor, nearest first.
SELECT doc FROM connected_accounts
 WHERE tenant = :tenant AND livemode = :livemode AND id > :cursor
 ORDER BY id ASC LIMIT :limit;
