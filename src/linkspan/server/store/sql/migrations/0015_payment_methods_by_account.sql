-- PaymentMethods are found by the linked account they were made from, to follow
-- what becomes of its numbers.

ALTER TABLE payment_methods ADD COLUMN account TEXT;

CREATE INDEX payment_methods_by_account ON payment_methods (tenant, livemode, account, id)
 WHERE account IS NOT NULL;
