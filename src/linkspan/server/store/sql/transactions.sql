-- insert --
-- Keep a row that was not known.
INSERT INTO transactions
       (tenant, livemode, id, account, status, transacted_at, refresh, source_id, former_source_id, doc)
VALUES (:tenant, :livemode, :id, :account, :status, :transacted_at, :refresh, :source_id, :former_source_id,
        :doc);

-- save --
-- Replace what is known of a row.
UPDATE transactions
   SET status = :status, transacted_at = :transacted_at, refresh = :refresh, source_id = :source_id,
       former_source_id = :former_source_id, doc = :doc
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- get --
-- One transaction as the API writes it.
SELECT doc FROM transactions WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- place_of --
-- Where a row of an account stands in its list.
SELECT transacted_at FROM transactions
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND account = :account;

-- page_after --
-- A page of an account, newest first, after a cursor.
SELECT doc FROM transactions
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account
   AND transacted_at >= :first AND transacted_at <= :last
   AND (transacted_at, id) < (:cursor_at, :cursor)
 ORDER BY transacted_at DESC, id DESC LIMIT :limit;

-- page_before --
-- The page before a cursor, nearest first.
SELECT doc FROM transactions
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account
   AND transacted_at >= :first AND transacted_at <= :last
   AND (transacted_at, id) > (:cursor_at, :cursor)
 ORDER BY transacted_at ASC, id ASC LIMIT :limit;

-- page_since_after --
-- The same for what refreshes after a given one wrote.
-- The plus keeps the order from being read off the index by time: few rows are new, so they are sorted.
SELECT doc FROM transactions
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account
   AND refresh IN (SELECT id FROM transaction_refreshes
                    WHERE tenant = :tenant AND livemode = :livemode AND account = :account
                      AND number > :since)
   AND transacted_at >= :first AND transacted_at <= :last
   AND (+transacted_at, id) < (:cursor_at, :cursor)
 ORDER BY +transacted_at DESC, id DESC LIMIT :limit;

-- page_since_before --
-- The page before a cursor, nearest first.
SELECT doc FROM transactions
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account
   AND refresh IN (SELECT id FROM transaction_refreshes
                    WHERE tenant = :tenant AND livemode = :livemode AND account = :account
                      AND number > :since)
   AND transacted_at >= :first AND transacted_at <= :last
   AND (+transacted_at, id) > (:cursor_at, :cursor)
 ORDER BY +transacted_at ASC, id ASC LIMIT :limit;

-- known --
-- Rows of an account with the bank's ids, in order, from a place in it.
SELECT source_id, former_source_id, doc FROM transactions
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account
   AND (transacted_at, id) > (:cursor_at, :cursor)
 ORDER BY transacted_at, id LIMIT :limit;

-- known_by_source --
-- Rows the bank gives this id, or gave it before.
SELECT source_id, former_source_id, doc FROM transactions
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account AND source_id = :source_id
 UNION
SELECT source_id, former_source_id, doc FROM transactions
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account AND former_source_id = :source_id;

-- oldest_pending --
-- When the oldest row was made that has not posted, if there is any.
SELECT min(transacted_at) FROM transactions
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account AND status = 'pending';

-- forget_some --
-- Destroy so many transactions of an account, whichever.
DELETE FROM transactions
 WHERE tenant = :tenant AND livemode = :livemode AND id IN
       (SELECT id FROM transactions
         WHERE tenant = :tenant AND livemode = :livemode AND account = :account
         ORDER BY transacted_at LIMIT :limit);

-- forget --
-- Destroy every transaction of an account.
DELETE FROM transactions WHERE tenant = :tenant AND livemode = :livemode AND account = :account;
