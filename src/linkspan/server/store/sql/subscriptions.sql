-- insert --
-- Refresh a feature of an account every day from then on.
INSERT INTO subscriptions (tenant, livemode, account, feature, due_at)
VALUES (:tenant, :livemode, :account, :feature, :due_at);

-- of_account --
-- What of an account is refreshed every day.
SELECT feature FROM subscriptions
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account
 ORDER BY feature;

-- due --
-- Subscriptions whose time has come, of every tenant, the longest due first.
SELECT tenant, livemode, account, feature, due_at FROM subscriptions
 WHERE due_at <= :now
 ORDER BY due_at LIMIT :limit;

-- features_of --
-- What of an account is refreshed every day.
SELECT feature FROM subscriptions WHERE tenant = :tenant AND livemode = :livemode AND account = :account;

-- count_behind --
-- How much is refreshed every day with one permission.
SELECT count(*) FROM subscriptions
 WHERE tenant = :tenant AND livemode = :livemode AND account IN
       (SELECT id FROM accounts
         WHERE tenant = :tenant AND livemode = :livemode AND authorization = :authorization);

-- put_off --
-- Take a subscription that is due, until its next time; a second taker finds none.
UPDATE subscriptions SET due_at = :due_at
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account AND feature = :feature
   AND due_at = :was;

-- remove --
-- A feature is no longer refreshed every day.
DELETE FROM subscriptions
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account AND feature = :feature;

-- forget --
-- Give up every subscription of an account that was disconnected.
DELETE FROM subscriptions WHERE tenant = :tenant AND livemode = :livemode AND account = :account;
