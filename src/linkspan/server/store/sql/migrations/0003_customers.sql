-- Customers can be found by their e-mail address, and stay known when deleted.

ALTER TABLE customers ADD COLUMN email TEXT;

ALTER TABLE customers ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;

CREATE INDEX customers_by_email ON customers (tenant, livemode, email, id);
