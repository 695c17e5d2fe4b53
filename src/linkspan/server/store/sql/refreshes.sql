-- insert --
-- Leave a refresh to be carried out.
INSERT INTO refreshes (tenant, livemode, account, feature, authorization, started_at, leased_until, daily)
VALUES (:tenant, :livemode, :account, :feature, :authorization, :started_at, 0, :daily);

-- waiting --
-- Authorizations some refresh waits for, and whose bank nobody is asking, the longest wait first.
SELECT tenant, livemode, authorization FROM refreshes
 GROUP BY tenant, livemode, authorization
HAVING max(leased_until) <= :now
 ORDER BY min(started_at) LIMIT :limit;

-- backlog --
-- How many have not ended, of every tenant, and when the first of them was started.
SELECT count(*), min(started_at) FROM refreshes;

-- lease --
-- Take the refreshes of one authorization; while they are taken nobody else takes one of it.
UPDATE refreshes SET leased_until = :leased_until
 WHERE tenant = :tenant AND livemode = :livemode AND authorization = :authorization
   AND NOT EXISTS (SELECT 1 FROM refreshes AS taken
                    WHERE taken.tenant = :tenant AND taken.livemode = :livemode
                      AND taken.authorization = :authorization AND taken.leased_until > :now);

-- of_lease --
-- What was taken.
SELECT account, feature, daily FROM refreshes
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
