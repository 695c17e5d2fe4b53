-- insert --
-- Note whose data is to be erased.
INSERT INTO deletions (tenant, livemode, customer, deleted_at)
VALUES (:tenant, :livemode, :customer, :deleted_at) ON CONFLICT (tenant, livemode, customer) DO NOTHING;

-- due --
-- Whose data is to be erased now, everybody's: tenants at once, what hangs on customers a while later.
SELECT tenant, livemode, customer FROM deletions
 WHERE customer = '' OR deleted_at <= :customers_until
 ORDER BY tenant, livemode, customer;

-- is_before --
-- Whether it was said before then.
SELECT 1 FROM deletions
 WHERE tenant = :tenant AND livemode = :livemode AND customer = :customer AND deleted_at <= :at;

-- done --
-- Nothing is left.
DELETE FROM deletions WHERE tenant = :tenant AND livemode = :livemode AND customer = :customer;
