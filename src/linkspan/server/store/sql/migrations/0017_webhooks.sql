-- Who is told of events, and how far each telling has come.
--
-- A delivery belongs to the tenant its event happened to; `owner` is the tenant
-- of the endpoint, another one where a platform is told of its connected
-- accounts. A delivery that is under way is due again when its lease has run
-- out, so that one whose process died is found again.

CREATE TABLE webhook_endpoints (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, id TEXT NOT NULL,
    status TEXT NOT NULL,
    connect INTEGER NOT NULL,
    enabled_events TEXT NOT NULL,
    secret BLOB NOT NULL,
    former_secret BLOB,
    former_until INTEGER NOT NULL DEFAULT 0,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

CREATE TABLE deliveries (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, event TEXT NOT NULL, endpoint TEXT NOT NULL,
    owner TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, livemode, event, endpoint)
) WITHOUT ROWID, STRICT;

CREATE INDEX deliveries_due ON deliveries (owner, livemode, endpoint, due_at) WHERE status = 'pending';

CREATE INDEX deliveries_by_age ON deliveries (created);

CREATE TABLE delivery_attempts (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, id TEXT NOT NULL,
    event TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    created INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL,
    status INTEGER,
    problem TEXT,
    answer BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

CREATE INDEX delivery_attempts_by_event ON delivery_attempts (tenant, livemode, event, id);

CREATE INDEX delivery_attempts_by_age ON delivery_attempts (created);
