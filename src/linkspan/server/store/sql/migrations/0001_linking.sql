-- The first schema: who is linked, what they shared, what happened.
--
-- Every table is keyed by tenant and mode first: a query that forgets either
-- cannot use the key. `doc` is the object as the newest API version writes it.
-- Ids follow time, so the key is also the order of creation. Tables of documents
-- keep SQLite's own row ids: clustered by the key, a document of a kilobyte made
-- an insert cost three times as much.

CREATE TABLE customers (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, id TEXT NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

CREATE TABLE sessions (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, id TEXT NOT NULL,
    secret_digest BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

-- The one look-up that starts without a tenant: a client secret names a Session.
CREATE UNIQUE INDEX sessions_by_secret ON sessions (secret_digest);

-- The linking attempt of a Session, from the moment its modal first opens.
CREATE TABLE links (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, session TEXT NOT NULL,
    step TEXT NOT NULL,
    version INTEGER NOT NULL,
    host_origin TEXT NOT NULL,
    institution TEXT,
    attempt TEXT,
    consented_at INTEGER,
    problem BLOB,
    PRIMARY KEY (tenant, livemode, session)
) WITHOUT ROWID, STRICT;

-- One way to the bank and back. Digests of what the browser carries, and
-- sealed what only we may know.
CREATE TABLE attempts (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, id TEXT NOT NULL,
    session TEXT NOT NULL,
    institution TEXT NOT NULL,
    status TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    bridge_digest BLOB NOT NULL,
    state_digest BLOB NOT NULL,
    browser_digest BLOB,
    kept BLOB NOT NULL,
    found BLOB,
    granted BLOB,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

CREATE UNIQUE INDEX attempts_by_bridge ON attempts (bridge_digest);
CREATE UNIQUE INDEX attempts_by_state ON attempts (state_digest);
CREATE INDEX attempts_by_session ON attempts (tenant, livemode, session);

CREATE TABLE authorizations (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, id TEXT NOT NULL,
    institution TEXT NOT NULL,
    status TEXT NOT NULL,
    granted BLOB,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

CREATE INDEX authorizations_to_revoke ON authorizations (status) WHERE status = 'revoking';

CREATE TABLE accounts (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, id TEXT NOT NULL,
    session TEXT NOT NULL,
    holder TEXT NOT NULL,
    authorization TEXT NOT NULL,
    status TEXT NOT NULL,
    bank_details BLOB,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

CREATE INDEX accounts_by_session ON accounts (tenant, livemode, session, id);
CREATE INDEX accounts_by_holder ON accounts (tenant, livemode, holder, id);
CREATE INDEX accounts_by_authorization ON accounts (tenant, livemode, authorization, id);

CREATE TABLE ownerships (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, id TEXT NOT NULL,
    account TEXT NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

CREATE TABLE events (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, id TEXT NOT NULL,
    type TEXT NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

CREATE TABLE idempotency (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, key TEXT NOT NULL,
    request_digest BLOB NOT NULL,
    created INTEGER NOT NULL,
    status INTEGER NOT NULL,
    answer BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, key)
) STRICT;

CREATE INDEX idempotency_by_age ON idempotency (created);
