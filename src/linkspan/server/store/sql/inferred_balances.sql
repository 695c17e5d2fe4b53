-- insert --
-- Keep the balance of a day that has none yet.
INSERT INTO inferred_balances (tenant, livemode, id, account, as_of, doc)
VALUES (:tenant, :livemode, :id, :account, :as_of, :doc);

-- save --
-- Replace the balance of a day by what is known of it now.
UPDATE inferred_balances SET doc = :doc WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- days_of --
-- The days of an account that have a balance.
SELECT as_of, id, doc FROM inferred_balances
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account;

-- day_of --
-- The day of a balance of an account.
SELECT as_of FROM inferred_balances
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND account = :account;

-- page_after --
-- A page of an account, newest day first, after a day.
SELECT doc FROM inferred_balances
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account AND as_of < :day
 ORDER BY as_of DESC LIMIT :limit;

-- page_before --
-- The page before a day, nearest first.
SELECT doc FROM inferred_balances
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account AND as_of > :day
 ORDER BY as_of ASC LIMIT :limit;

-- forget --
-- Destroy every balance of an account that was disconnected.
DELETE FROM inferred_balances WHERE tenant = :tenant AND livemode = :livemode AND account = :account;
