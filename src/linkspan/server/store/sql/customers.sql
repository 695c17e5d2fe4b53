-- insert --
-- Keep a new customer.
INSERT INTO customers (tenant, livemode, id, email, doc) VALUES (:tenant, :livemode, :id, :email, :doc);

-- get --
-- One customer as the API writes it, unless it was deleted.
SELECT doc FROM customers WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND deleted = 0;

-- is_deleted --
-- Whether there was such a customer once.
SELECT 1 FROM customers WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND deleted = 1;

-- save --
-- Replace what the API writes.
UPDATE customers SET email = :email, doc = :doc
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND deleted = 0;

-- delete --
-- Forget everything of a customer but that it existed.
UPDATE customers SET deleted = 1, email = NULL, doc = :nothing
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND deleted = 0;

-- page_of_all_after --
-- A page of every customer, newest first, after a cursor.
SELECT doc FROM customers
 WHERE tenant = :tenant AND livemode = :livemode AND deleted = 0 AND id < :cursor
 ORDER BY id DESC LIMIT :limit;

-- page_of_all_before --
-- The page before a cursor, nearest first.
SELECT doc FROM customers
 WHERE tenant = :tenant AND livemode = :livemode AND deleted = 0 AND id > :cursor
 ORDER BY id ASC LIMIT :limit;

-- page_of_email_after --
-- The same for the customers with one e-mail address.
SELECT doc FROM customers
 WHERE tenant = :tenant AND livemode = :livemode AND deleted = 0 AND email = :email AND id < :cursor
 ORDER BY id DESC LIMIT :limit;

-- page_of_email_before --
-- The page before a cursor, nearest first.
SELECT doc FROM customers
 WHERE tenant = :tenant AND livemode = :livemode AND deleted = 0 AND email = :email AND id > :cursor
 ORDER BY id ASC LIMIT :limit;
