-- insert --
-- Begin the linking attempt of a Session.
INSERT INTO links (tenant, livemode, session, step, version, host_origin, institution, errand)
VALUES (:tenant, :livemode, :session, :step, 1, :host_origin, :institution, :errand);

-- get --
-- Where the linking attempt of a Session stands.
SELECT step, version, host_origin, institution, attempt, consented_at, problem, tab, errand
  FROM links
 WHERE tenant = :tenant AND livemode = :livemode AND session = :session;

-- version --
-- How often the linking attempt has changed.
SELECT version FROM links WHERE tenant = :tenant AND livemode = :livemode AND session = :session;

-- save --
-- Write down where it stands now; readers see the version grow.
UPDATE links
   SET step = :step, version = version + 1, institution = :institution, attempt = :attempt,
       consented_at = :consented_at, problem = :problem
 WHERE tenant = :tenant AND livemode = :livemode AND session = :session;

-- stamp --
-- Which tab took the last step.
UPDATE links SET tab = :tab WHERE tenant = :tenant AND livemode = :livemode AND session = :session;

-- overtaken --
-- Linking attempts that were under way when the time of their Session passed, everybody's.
SELECT links.tenant, links.livemode, links.session
  FROM links JOIN sessions
    ON sessions.tenant = links.tenant AND sessions.livemode = links.livemode AND sessions.id = links.session
 WHERE links.step NOT IN ('done', 'closed') AND sessions.expires_at <= :now
 LIMIT :limit;
