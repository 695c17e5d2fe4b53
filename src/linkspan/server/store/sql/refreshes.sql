-- insert --
-- Leave a refresh to be carried out.
INSERT INTO refreshes (tenant, livemode, account, feature, authorization, started_at, daily, request)
VALUES (:tenant, :livemode, :account, :feature, :authorization, :started_at, :daily, :request);

-- backlog --
-- How many have not ended, of every tenant, and when the first of them was started.
SELECT count(*), min(started_at) FROM refreshes;

-- of_authorization --
-- What waits for the turn of an authorization, or is being read in it.
SELECT account, feature, daily, request FROM refreshes
 WHERE tenant = :tenant AND livemode = :livemode AND authorization = :authorization
 ORDER BY account, feature;

-- is_under_way --
-- One refresh, if it has not ended.
SELECT 1 FROM refreshes
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account AND feature = :feature;

-- remove --
-- A refresh has ended; false when somebody else ended it.
DELETE FROM refreshes
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account AND feature = :feature;

-- forget --
-- Give up every refresh of an account that was disconnected.
DELETE FROM refreshes WHERE tenant = :tenant AND livemode = :livemode AND account = :account;
