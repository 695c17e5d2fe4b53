-- insert --
-- Keep a tenant's key of a generation.
INSERT INTO data_keys (tenant, livemode, id, generation, master, wrapped, created)
VALUES (:tenant, :livemode, :id, :generation, :master, :wrapped, :created);

-- of_generation --
-- The key of a tenant that is of a generation.
SELECT id, master, wrapped FROM data_keys
 WHERE tenant = :tenant AND livemode = :livemode AND generation = :generation;

-- get --
-- One key of a tenant.
SELECT id, master, wrapped FROM data_keys
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- wrap --
-- Another master key wraps it from now on.
UPDATE data_keys SET master = :master, wrapped = :wrapped
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- not_wrapped_by --
-- Keys that another master key wraps, everybody's.
SELECT tenant, livemode, id, master, wrapped FROM data_keys
 WHERE master <> :master
 LIMIT :limit;

-- wrapped_by_each --
-- How many keys each master key wraps.
SELECT master, count(*) FROM data_keys GROUP BY master ORDER BY master;

-- everybodys --
-- All keys there are, without the keys themselves.
SELECT tenant, livemode, id, generation, created FROM data_keys ORDER BY tenant, livemode, generation;

-- remove --
-- Forget a key that nothing is sealed with.
DELETE FROM data_keys
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;
