-- insert --
-- Keep a new payment method, its digits sealed.
INSERT INTO payment_methods (tenant, livemode, id, account, verified, numbers, doc)
VALUES (:tenant, :livemode, :id, :account, :verified, :numbers, :doc);

-- get --
-- One payment method, whether it is spent, and whether its account is known to be its holder's.
SELECT doc, spent, verified FROM payment_methods WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- get_numbers --
-- The digits of one, sealed.
SELECT numbers FROM payment_methods WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- save --
-- Replace what the API writes, and whose it is.
UPDATE payment_methods SET customer = :customer, spent = :spent, doc = :doc
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- verify --
-- Its account is known to be its holder's.
UPDATE payment_methods SET verified = 1 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- note_former --
-- Whose it was, now that its customer was deleted.
UPDATE payment_methods SET former_customer = :former
 WHERE tenant = :tenant AND livemode = :livemode AND customer = :former;

-- of_customer --
-- Every payment method of a customer, oldest first.
SELECT doc FROM payment_methods
 WHERE tenant = :tenant AND livemode = :livemode AND customer = :customer
 ORDER BY id;

-- of_account --
-- The payment methods made from a linked account that are not spent, oldest first.
SELECT doc, numbers FROM payment_methods
 WHERE tenant = :tenant AND livemode = :livemode AND account = :account AND spent = 0
 ORDER BY id;

-- page_of_all_after --
-- A page of every payment method, newest first, after a cursor.
SELECT doc FROM payment_methods
 WHERE tenant = :tenant AND livemode = :livemode AND id < :cursor
 ORDER BY id DESC LIMIT :limit;

-- page_of_all_before --
-- The page before a cursor, nearest first.
SELECT doc FROM payment_methods
 WHERE tenant = :tenant AND livemode = :livemode AND id > :cursor
 ORDER BY id ASC LIMIT :limit;

-- page_of_customer_after --
-- The same for those of one customer.
SELECT doc FROM payment_methods
 WHERE tenant = :tenant AND livemode = :livemode AND customer = :customer AND id < :cursor
 ORDER BY id DESC LIMIT :limit;

-- page_of_customer_before --
-- The page before a cursor, nearest first.
SELECT doc FROM payment_methods
 WHERE tenant = :tenant AND livemode = :livemode AND customer = :customer AND id > :cursor
 ORDER BY id ASC LIMIT :limit;
