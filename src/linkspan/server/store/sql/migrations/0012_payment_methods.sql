-- What customers pay with, and tokens of bank accounts. `numbers` are the digits,
-- sealed; a spent PaymentMethod was detached or turned into a token, and is kept
-- to be read.

CREATE TABLE payment_methods (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, id TEXT NOT NULL,
    customer TEXT,
    spent INTEGER NOT NULL DEFAULT 0,
    numbers BLOB NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

CREATE INDEX payment_methods_by_customer ON payment_methods (tenant, livemode, customer, id)
 WHERE customer IS NOT NULL;

CREATE TABLE tokens (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, id TEXT NOT NULL,
    numbers BLOB NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;
