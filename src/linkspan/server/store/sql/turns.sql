-- ask_for --
-- Let an authorization have a turn; one that waits already comes no later than before.
UPDATE authorizations
   SET read_rank = CASE WHEN read_at IS NOT NULL AND read_rank < :rank THEN read_rank ELSE :rank END,
       read_at = coalesce(read_at, :now)
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- waiting --
-- Institutions at which a turn may be taken, everybody's.
SELECT DISTINCT institution FROM authorizations WHERE read_at IS NOT NULL AND read_at <= :now;

-- taken --
-- How many turns are taken at an institution, everybody's.
SELECT count(*) FROM authorizations
 WHERE institution = :institution AND read_at IS NOT NULL AND read_at > :now;

-- take --
-- Take turns at an institution, the most urgent first; a second taker finds none of them.
WITH next AS MATERIALIZED
     (SELECT tenant, livemode, id FROM authorizations
       WHERE institution = :institution AND read_at IS NOT NULL AND read_at <= :now
       ORDER BY read_rank, id LIMIT :limit /* FOR UPDATE SKIP LOCKED */)
UPDATE authorizations SET read_at = :until, read_tries = read_tries + 1, turn = turn + 1
 WHERE (tenant, livemode, id) IN (SELECT tenant, livemode, id FROM next)
RETURNING tenant, livemode, id, turn, read_tries;

-- keep --
-- Keep a turn until then; nothing when somebody else has it.
UPDATE authorizations SET read_at = :until
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND turn = :turn AND read_at IS NOT NULL;

-- give_back --
-- Somebody else may take the turn; nothing when somebody has.
UPDATE authorizations SET read_at = :now, turn = turn + 1
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND turn = :turn AND read_at IS NOT NULL;

-- end --
-- End a turn; what was asked for meanwhile waits for the next one. Nothing when somebody else has it.
UPDATE authorizations
   SET read_tries = 0, read_rank = :now,
       read_at = (SELECT min(started_at) FROM refreshes
                   WHERE refreshes.tenant = :tenant AND refreshes.livemode = :livemode
                     AND refreshes.authorization = :id)
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND turn = :turn AND read_at IS NOT NULL;
