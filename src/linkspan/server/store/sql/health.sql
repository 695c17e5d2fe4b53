-- get --
-- How an institution answered of late.
SELECT doc FROM health
 WHERE tenant = :tenant AND livemode = :livemode AND institution = :institution;

-- all_of --
-- How each of them did.
SELECT institution, doc FROM health WHERE tenant = :tenant AND livemode = :livemode ORDER BY institution;

-- save --
-- Keep how an institution answered.
INSERT INTO health (tenant, livemode, institution, doc)
VALUES (:tenant, :livemode, :institution, :doc)
    ON CONFLICT (tenant, livemode, institution) DO UPDATE SET doc = excluded.doc;
