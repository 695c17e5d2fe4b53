-- insert --
-- Keep a new customer.
INSERT INTO customers (tenant, livemode, id, doc) VALUES (:tenant, :livemode, :id, :doc);

-- get --
-- One customer as the API writes it.
SELECT doc FROM customers WHERE tenant = :tenant AND livemode = :livemode AND id = :id;
