-- insert --
-- A refresh has been started, the next one of its account.
INSERT INTO transaction_refreshes (tenant, livemode, id, account, number, started_at)
VALUES (:tenant, :livemode, :id, :account,
        (SELECT coalesce(max(number), 0) + 1 FROM transaction_refreshes
          WHERE tenant = :tenant AND livemode = :livemode AND account = :account),
        :started_at);

-- succeed --
-- All that the bank showed has been written down.
UPDATE transaction_refreshes SET succeeded = 1
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- number_of --
-- Which refresh of an account it is, the first being 1.
SELECT number FROM transaction_refreshes
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND account = :account;

-- last_success --
-- When the last refresh that succeeded was started, if any did.
SELECT max(started_at) FROM transaction_refreshes
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account AND succeeded = 1;

-- forget --
-- Destroy what is known of the refreshes of an account.
DELETE FROM transaction_refreshes WHERE tenant = :tenant AND livemode = :livemode AND account = :account;
