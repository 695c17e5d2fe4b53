-- insert --
-- A Session repaired an account, which another one had collected.
INSERT INTO relinks (tenant, livemode, account, session)
VALUES (:tenant, :livemode, :account, :session);

-- sessions_of --
-- The Sessions that repaired an account.
SELECT session FROM relinks
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account
 ORDER BY session;
