-- insert --
-- Prepare a way to the bank.
INSERT INTO attempts (tenant, livemode, id, session, institution, status, expires_at,
                      bridge_digest, state_digest, kept)
VALUES (:tenant, :livemode, :id, :session, :institution, 'ready', :expires_at,
        :bridge_digest, :state_digest, :kept);

-- get --
-- One attempt of a Session.
SELECT tenant, livemode, id, session, institution, status, expires_at, browser_digest, kept, found, granted
  FROM attempts
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- by_bridge --
-- The attempt a bridge address names, and whose it is.
SELECT tenant, livemode, id, session, institution, status, expires_at, browser_digest, kept, found, granted
  FROM attempts
 WHERE bridge_digest = :digest;

-- by_state --
-- The attempt an answer from a bank names, and whose it is.
SELECT tenant, livemode, id, session, institution, status, expires_at, browser_digest, kept, found, granted
  FROM attempts
 WHERE state_digest = :digest;

-- open --
-- The person's browser is on its way to the bank; a second browser finds nothing to open.
UPDATE attempts
   SET status = 'opened', browser_digest = :browser_digest, expires_at = :expires_at
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND status = 'ready';

-- extend --
-- Ways that nobody has gone yet stay open for as long as their Session.
UPDATE attempts
   SET expires_at = :expires_at
 WHERE tenant = :tenant AND livemode = :livemode AND session = :session AND status = 'ready';

-- claim --
-- The bank has answered; only one answer is ever taken.
UPDATE attempts
   SET status = 'claimed'
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND status = 'opened';

-- claim_form --
-- What a person entered in the modal is on its way to the bank; a second click finds nothing to send.
UPDATE attempts
   SET status = 'claimed'
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND status = 'ready';

-- ask_again --
-- The bank asks back, or did not take the answer.
UPDATE attempts
   SET status = 'ready', kept = :kept, wrong_answers = wrong_answers + :wrong
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND status = 'claimed';

-- wrong_answers --
-- How many answers an institution did not take, by attempt.
SELECT wrong_answers FROM attempts
 WHERE tenant = :tenant AND livemode = :livemode AND session = :session AND institution = :institution
   AND wrong_answers > 0;

-- finish --
-- Write down what the bank gave, sealed.
UPDATE attempts
   SET status = :status, found = :found, granted = :granted, kept = :nothing
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id AND status = 'claimed';

-- found --
-- A tenant's attempts whose accounts nobody has chosen.
SELECT id, session FROM attempts
 WHERE tenant = :tenant AND livemode = :livemode AND status = 'found';

-- left_behind --
-- Attempts whose accounts nobody chose before their Session was over, everybody's.
SELECT attempts.tenant, attempts.livemode, attempts.id
  FROM attempts JOIN sessions
    ON sessions.tenant = attempts.tenant AND sessions.livemode = attempts.livemode
   AND sessions.id = attempts.session
 WHERE attempts.status = 'found' AND sessions.expires_at <= :now
 LIMIT :limit;

-- void --
-- No attempt of this Session may come back any more, except one.
UPDATE attempts
   SET status = 'void', kept = :nothing, found = NULL, granted = NULL
 WHERE tenant = :tenant AND livemode = :livemode AND session = :session AND id <> :except;

-- count --
-- How often a Session has set out for a bank.
SELECT count(*) FROM attempts WHERE tenant = :tenant AND livemode = :livemode AND session = :session;

-- is_away --
-- Whether a person of this Session is at a bank.
SELECT 1 FROM attempts
 WHERE tenant = :tenant AND livemode = :livemode AND session = :session
   AND status IN ('opened', 'claimed') LIMIT 1;
