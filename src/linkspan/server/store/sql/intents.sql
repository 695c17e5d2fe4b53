-- insert --
-- Keep a new intent.
INSERT INTO intents (tenant, livemode, id, kind, customer, secret_digest, page_digest, doc)
VALUES (:tenant, :livemode, :id, :kind, :customer, :secret_digest, :page_digest, :doc);

-- get --
-- One intent as the API writes it, without its client secret, with what stands beside it.
SELECT doc, tries, due_at, session FROM intents
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND kind = :kind;

-- by_secret --
-- The intent a client secret names, and whose it is.
SELECT tenant, livemode, kind, id FROM intents WHERE secret_digest = :secret_digest;

-- by_page --
-- The intent whose deposits are told of on a page, and whose it is.
SELECT tenant, livemode, kind, id FROM intents WHERE page_digest = :page_digest;

-- save --
-- Replace what the API writes, and when it comes to its end.
UPDATE intents SET customer = :customer, tries = :tries, due_at = :due_at, doc = :doc
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- begin --
-- The Session that collects an account for it.
UPDATE intents SET session = :session WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- due --
-- What comes to its end by itself, of every tenant, the longest due first.
SELECT tenant, livemode, kind, id, due_at FROM intents
 WHERE due_at <= :now
 ORDER BY due_at LIMIT :limit;

-- settled --
-- Take one up once; a second one to take it up finds nothing.
UPDATE intents SET due_at = NULL
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND due_at = :due_at;

-- page_of_all_after --
-- A page of every intent of a kind, newest first, after a cursor.
SELECT doc FROM intents
 WHERE tenant = :tenant AND livemode = :livemode AND kind = :kind AND id < :cursor
 ORDER BY id DESC LIMIT :limit;

-- page_of_all_before --
-- The page before a cursor, nearest first.
SELECT doc FROM intents
 WHERE tenant = :tenant AND livemode = :livemode AND kind = :kind AND id > :cursor
 ORDER BY id ASC LIMIT :limit;

-- page_of_customer_after --
-- The same for those of one customer.
SELECT doc FROM intents
 WHERE tenant = :tenant AND livemode = :livemode AND kind = :kind AND customer = :customer
   AND id < :cursor
 ORDER BY id DESC LIMIT :limit;

-- page_of_customer_before --
-- The page before a cursor, nearest first.
SELECT doc FROM intents
 WHERE tenant = :tenant AND livemode = :livemode AND kind = :kind AND customer = :customer
   AND id > :cursor
 ORDER BY id ASC LIMIT :limit;
