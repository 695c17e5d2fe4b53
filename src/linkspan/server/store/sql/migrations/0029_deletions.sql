-- Whose data is to be erased: a whole tenant's in one mode, or what hangs on one of its
-- customers. A row goes when nothing is left, which waits for banks to be told.

CREATE TABLE deletions (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    customer TEXT NOT NULL,
    deleted_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, livemode, customer)
) WITHOUT ROWID, STRICT;

-- Of the customers that a former release deleted everything else has stayed.
INSERT INTO deletions (tenant, livemode, customer, deleted_at)
SELECT tenant, livemode, id, 0 FROM customers WHERE deleted = 1;

-- Evidence is kept for as long as an operator wants, counted from its end.
CREATE INDEX consents_by_end ON consents (ended_at) WHERE ended_at IS NOT NULL;

-- Whose a payment method was, once its customer was deleted.
ALTER TABLE payment_methods ADD COLUMN former_customer TEXT;

CREATE INDEX payment_methods_by_former_customer ON payment_methods (tenant, livemode, former_customer, id)
 WHERE former_customer IS NOT NULL;
