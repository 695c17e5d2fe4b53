-- insert --
-- Begin the linking attempt of a Session.
INSERT INTO links (tenant, livemode, session, step, version, host_origin, institution)
VALUES (:tenant, :livemode, :session, :step, 1, :host_origin, :institution);

-- get --
-- Where the linking attempt of a Session stands.
SELECT step, version, host_origin, institution, attempt, consented_at, problem
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
