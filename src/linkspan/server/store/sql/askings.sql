-- insert --
-- A bank is about to be asked.
INSERT INTO askings (tenant, livemode, subject, kind, asked_at, daily, times)
VALUES (:tenant, :livemode, :subject, :kind, :asked_at, :daily, 1)
    ON CONFLICT (tenant, livemode, subject, kind, asked_at, daily) DO UPDATE SET times = askings.times + 1;

-- since --
-- When it was asked, as far as that still counts.
SELECT asked_at, daily, times FROM askings
 WHERE tenant = :tenant AND livemode = :livemode AND subject = :subject AND kind = :kind
   AND asked_at > :since;

-- prune --
-- What counts no more.
DELETE FROM askings
 WHERE tenant = :tenant AND livemode = :livemode AND subject = :subject AND kind = :kind
   AND asked_at <= :before;

-- forget --
-- Destroy what is known of an account that was disconnected, or of a sign-in that ended.
DELETE FROM askings WHERE tenant = :tenant AND livemode = :livemode AND subject = :subject;
