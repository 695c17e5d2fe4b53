-- Which Sessions repaired which accounts. An account stays with the Session that
-- collected it, and is shown by these too.

CREATE TABLE relinks (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, account TEXT NOT NULL, session TEXT NOT NULL,
    PRIMARY KEY (tenant, livemode, account, session)
) WITHOUT ROWID, STRICT;

CREATE INDEX relinks_by_session ON relinks (tenant, livemode, session);
