-- insert --
-- Leave a refresh to be carried out.
INSERT INTO refreshes (tenant, livemode, account, feature, authorization, started_at, leased_until)
VALUES (:tenant, :livemode, :account, :feature, :authorization, :started_at, 0);

-- waiting --
-- Authorizations some refresh waits for, of every tenant, the longest wait first.
SELECT tenant, livemode, authorization FROM refreshes
 WHERE leased_until <= :now
 GROUP BY tenant, livemode, authorization
 ORDER BY min(started_at) LIMIT :limit;

-- lease --
-- Take the waiting refreshes of one authorization; a second taker finds none.
UPDATE refreshes SET leased_until = :leased_until
 WHERE tenant = :tenant AND livemode = :livemode AND authorization = :authorization
   AND leased_until <= :now;

-- of_lease --
-- What was taken.
SELECT account, feature FROM refreshes
 WHERE tenant = :tenant AND livemode = :livemode AND authorization = :authorization
   AND leased_until = :leased_until
 ORDER BY account, feature;

-- extend --
-- Keep what was taken a while longer; false when it was taken away.
UPDATE refreshes SET leased_until = :leased_until
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account AND feature = :feature
   AND leased_until = :was;

-- remove --
-- A refresh has ended; false when somebody else ended it.
DELETE FROM refreshes
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account AND feature = :feature;

-- forget --
-- Give up every refresh of an account that was disconnected.
DELETE FROM refreshes WHERE tenant = :tenant AND livemode = :livemode AND account = :account;
