-- What end users agreed to, kept as evidence: the words they read, for which bank,
-- accounts and permissions, from when until when. Disconnecting leaves it here.

CREATE TABLE consents (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    session TEXT NOT NULL,
    authorization TEXT,
    ended_at INTEGER,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

CREATE INDEX consents_by_session ON consents (tenant, livemode, session);

CREATE INDEX consents_by_authorization ON consents (tenant, livemode, authorization)
 WHERE authorization IS NOT NULL;
