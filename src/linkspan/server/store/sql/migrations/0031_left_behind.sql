-- Grants that nobody chose accounts of are ended once their Session is over.

CREATE INDEX attempts_found ON attempts (tenant, livemode, session) WHERE status = 'found';
