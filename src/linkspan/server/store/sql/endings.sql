-- save --
-- When something is expected to end, and when programs are warned of that.
INSERT INTO endings (tenant, livemode, subject, kind, ends_at, warn_at)
VALUES (:tenant, :livemode, :subject, :kind, :ends_at, :warn_at)
    ON CONFLICT (tenant, livemode, subject, kind) DO UPDATE SET ends_at = :ends_at, warn_at = :warn_at;

-- get --
-- When something is expected to end.
SELECT ends_at FROM endings
 WHERE tenant = :tenant AND livemode = :livemode AND subject = :subject AND kind = :kind;

-- due --
-- What programs are to be warned of, of every tenant, the longest due first.
SELECT tenant, livemode, subject, kind, ends_at, warn_at FROM endings
 WHERE warn_at <= :now
 ORDER BY warn_at LIMIT :limit;

-- ended_numbers --
-- The accounts whose stand-in has come to its end, of every tenant, the longest ago first.
SELECT tenant, livemode, subject FROM endings
 WHERE kind = 'number' AND ends_at <= :now
 ORDER BY ends_at LIMIT :limit;

-- warned --
-- Programs are warned once; a second one to warn finds nothing.
UPDATE endings SET warn_at = NULL
 WHERE tenant = :tenant AND livemode = :livemode AND subject = :subject AND kind = :kind
   AND warn_at = :warn_at;

-- forget --
-- Nothing of it is expected to end any more.
DELETE FROM endings WHERE tenant = :tenant AND livemode = :livemode AND subject = :subject;
