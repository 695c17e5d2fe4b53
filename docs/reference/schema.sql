-- The schema of this release in SQLite's words; PostgreSQL's differ as store/dialect.py says.
-- Written by tools/schema.py from the migrations, which say why each thing is there.

CREATE TABLE accounts (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    session TEXT NOT NULL,
    holder TEXT NOT NULL,
    authorization TEXT NOT NULL,
    status TEXT NOT NULL,
    bank_details BLOB,
    doc BLOB NOT NULL,
    inactive_cause TEXT,
    inferred_balances_refresh BLOB,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;
CREATE INDEX accounts_by_authorization ON accounts (tenant, livemode, authorization, id);
CREATE INDEX accounts_by_holder ON accounts (tenant, livemode, holder, id);
CREATE INDEX accounts_by_session ON accounts (tenant, livemode, session, id);

CREATE TABLE askings (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    daily INTEGER NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (tenant, livemode, subject, kind, asked_at, daily)
) WITHOUT ROWID, STRICT;

CREATE TABLE attempts (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
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
    wrong_answers INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;
CREATE UNIQUE INDEX attempts_by_bridge ON attempts (bridge_digest);
CREATE INDEX attempts_by_session ON attempts (tenant, livemode, session);
CREATE UNIQUE INDEX attempts_by_state ON attempts (state_digest);
CREATE INDEX attempts_found ON attempts (tenant, livemode, session) WHERE status = 'found';

CREATE TABLE authorizations (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    institution TEXT NOT NULL,
    status TEXT NOT NULL,
    granted BLOB,
    revoke_at INTEGER NOT NULL DEFAULT 0,
    revoke_tries INTEGER NOT NULL DEFAULT 0,
    inactive_cause TEXT,
    version INTEGER NOT NULL DEFAULT 0,
    rests_until INTEGER NOT NULL DEFAULT 0,
    read_at INTEGER,
    read_rank INTEGER NOT NULL DEFAULT 0,
    read_tries INTEGER NOT NULL DEFAULT 0,
    turn INTEGER NOT NULL DEFAULT 0,
    revoked_by TEXT,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;
CREATE INDEX authorizations_to_read ON authorizations (institution, read_rank) WHERE read_at IS NOT NULL;
CREATE INDEX authorizations_to_revoke ON authorizations (revoke_at) WHERE status = 'revoking';

CREATE TABLE chores (
    name TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    PRIMARY KEY (name)
) WITHOUT ROWID, STRICT;

CREATE TABLE connected_accounts (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;
CREATE UNIQUE INDEX connected_accounts_by_id ON connected_accounts (id);

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
CREATE INDEX consents_by_authorization ON consents (tenant, livemode, authorization) WHERE authorization IS NOT NULL;
CREATE INDEX consents_by_end ON consents (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX consents_by_session ON consents (tenant, livemode, session);

CREATE TABLE customers (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    doc BLOB NOT NULL,
    email TEXT,
    deleted INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;
CREATE INDEX customers_by_email ON customers (tenant, livemode, email, id);

CREATE TABLE data_keys (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id BLOB NOT NULL,
    generation INTEGER NOT NULL,
    master BLOB NOT NULL,
    wrapped BLOB NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX data_keys_by_generation ON data_keys (tenant, livemode, generation);

CREATE TABLE deletions (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    customer TEXT NOT NULL,
    deleted_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, livemode, customer)
) WITHOUT ROWID, STRICT;

CREATE TABLE deliveries (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    event TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    owner TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, livemode, event, endpoint)
) WITHOUT ROWID, STRICT;
CREATE INDEX deliveries_by_age ON deliveries (created);
CREATE INDEX deliveries_due ON deliveries (owner, livemode, endpoint, due_at) WHERE status = 'pending';

CREATE TABLE delivery_attempts (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    event TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    created INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL,
    status INTEGER,
    problem TEXT,
    answer BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;
CREATE INDEX delivery_attempts_by_age ON delivery_attempts (created);
CREATE INDEX delivery_attempts_by_event ON delivery_attempts (tenant, livemode, event, id);

CREATE TABLE directories (
    id INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (id)
) WITHOUT ROWID, STRICT;

CREATE TABLE endings (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    ends_at INTEGER NOT NULL,
    warn_at INTEGER,
    PRIMARY KEY (tenant, livemode, subject, kind)
) WITHOUT ROWID, STRICT;
CREATE INDEX endings_by_time ON endings (warn_at) WHERE warn_at IS NOT NULL;
CREATE INDEX endings_of_numbers ON endings (ends_at) WHERE kind = 'number';

CREATE TABLE events (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    doc BLOB NOT NULL,
    number INTEGER,
    created INTEGER NOT NULL DEFAULT 1795392000,
    api_version TEXT,
    previewed BLOB,
    about TEXT,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;
CREATE INDEX events_by_age ON events (created);
CREATE UNIQUE INDEX events_by_number ON events (tenant, livemode, number) WHERE number > 0;
CREATE INDEX events_without_number ON events (tenant, livemode, id) WHERE number IS NULL;

CREATE TABLE health (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    institution TEXT NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, institution)
) WITHOUT ROWID, STRICT;

CREATE TABLE idempotency (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    key TEXT NOT NULL,
    request_digest BLOB NOT NULL,
    created INTEGER NOT NULL,
    status INTEGER NOT NULL,
    answer BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, key)
) STRICT;
CREATE INDEX idempotency_by_age ON idempotency (created);

CREATE TABLE inferred_balances (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    account TEXT NOT NULL,
    as_of INTEGER NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;
CREATE UNIQUE INDEX inferred_balances_by_day ON inferred_balances (tenant, livemode, account, as_of);

CREATE TABLE institutions (
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    gone_at INTEGER,
    doc BLOB NOT NULL,
    PRIMARY KEY (id)
) WITHOUT ROWID, STRICT;
CREATE INDEX institutions_by_source ON institutions (source);

CREATE TABLE intents (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    customer TEXT,
    secret_digest BLOB NOT NULL,
    page_digest BLOB NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER,
    doc BLOB NOT NULL,
    session TEXT,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;
CREATE INDEX intents_by_customer ON intents (tenant, livemode, kind, customer, id) WHERE customer IS NOT NULL;
CREATE INDEX intents_by_kind ON intents (tenant, livemode, kind, id);
CREATE UNIQUE INDEX intents_by_page ON intents (page_digest);
CREATE UNIQUE INDEX intents_by_secret ON intents (secret_digest);
CREATE INDEX intents_by_time ON intents (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE keys (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    digest BLOB NOT NULL,
    hint TEXT NOT NULL,
    name TEXT,
    rights TEXT NOT NULL,
    addresses TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    origins TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (tenant, livemode, id)
) WITHOUT ROWID, STRICT;
CREATE UNIQUE INDEX keys_by_digest ON keys (digest);
CREATE UNIQUE INDEX keys_by_id ON keys (id);

CREATE TABLE links (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    session TEXT NOT NULL,
    step TEXT NOT NULL,
    version INTEGER NOT NULL,
    host_origin TEXT NOT NULL,
    institution TEXT,
    attempt TEXT,
    consented_at INTEGER,
    problem BLOB,
    tab TEXT,
    errand BLOB,
    PRIMARY KEY (tenant, livemode, session)
) WITHOUT ROWID, STRICT;
CREATE INDEX links_under_way ON links (tenant, livemode, session) WHERE step NOT IN ('done', 'closed');

CREATE TABLE master_keys (
    number INTEGER NOT NULL,
    digest BLOB NOT NULL,
    master BLOB,
    pepper BLOB,
    generation INTEGER NOT NULL DEFAULT 1,
    resealed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (number)
) WITHOUT ROWID, STRICT;

CREATE TABLE ownerships (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    account TEXT NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

CREATE TABLE payment_methods (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    customer TEXT,
    spent INTEGER NOT NULL DEFAULT 0,
    numbers BLOB NOT NULL,
    doc BLOB NOT NULL,
    account TEXT,
    former_customer TEXT,
    verified INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;
CREATE INDEX payment_methods_by_account ON payment_methods (tenant, livemode, account, id) WHERE account IS NOT NULL;
CREATE INDEX payment_methods_by_customer ON payment_methods (tenant, livemode, customer, id) WHERE customer IS NOT NULL;
CREATE INDEX payment_methods_by_former_customer ON payment_methods (tenant, livemode, former_customer, id) WHERE former_customer IS NOT NULL;

CREATE TABLE refreshes (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    account TEXT NOT NULL,
    feature TEXT NOT NULL,
    authorization TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    daily INTEGER NOT NULL DEFAULT 0,
    request TEXT,
    PRIMARY KEY (tenant, livemode, account, feature)
) WITHOUT ROWID, STRICT;

CREATE TABLE relinks (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    account TEXT NOT NULL,
    session TEXT NOT NULL,
    PRIMARY KEY (tenant, livemode, account, session)
) WITHOUT ROWID, STRICT;
CREATE INDEX relinks_by_session ON relinks (tenant, livemode, session);

CREATE TABLE sessions (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    secret_digest BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    doc BLOB NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending',
    preview BLOB,
    extensions INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;
CREATE UNIQUE INDEX sessions_by_secret ON sessions (secret_digest);

CREATE TABLE subscriptions (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    account TEXT NOT NULL,
    feature TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, livemode, account, feature)
) WITHOUT ROWID, STRICT;
CREATE INDEX subscriptions_by_time ON subscriptions (due_at);

CREATE TABLE tenants (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    api_version TEXT NOT NULL,
    PRIMARY KEY (tenant, livemode)
) WITHOUT ROWID, STRICT;

CREATE TABLE tokens (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    numbers BLOB NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

CREATE TABLE transaction_refreshes (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    account TEXT NOT NULL,
    number INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    succeeded INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;
CREATE UNIQUE INDEX transaction_refreshes_by_number ON transaction_refreshes (tenant, livemode, account, number);

CREATE TABLE transactions (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    account TEXT NOT NULL,
    status TEXT NOT NULL,
    transacted_at INTEGER NOT NULL,
    refresh TEXT NOT NULL,
    source_id TEXT NOT NULL,
    former_source_id TEXT,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;
CREATE INDEX transactions_by_former_source ON transactions (tenant, livemode, account, former_source_id) WHERE former_source_id IS NOT NULL;
CREATE INDEX transactions_by_refresh ON transactions (tenant, livemode, account, refresh);
CREATE INDEX transactions_by_source ON transactions (tenant, livemode, account, source_id);
CREATE INDEX transactions_by_time ON transactions (tenant, livemode, account, transacted_at, id);
CREATE INDEX transactions_pending ON transactions (tenant, livemode, account, transacted_at) WHERE status = 'pending';

CREATE TABLE webhook_endpoints (
    tenant TEXT NOT NULL,
    livemode INTEGER NOT NULL,
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    connect INTEGER NOT NULL,
    enabled_events TEXT NOT NULL,
    secret BLOB NOT NULL,
    former_secret BLOB,
    former_until INTEGER NOT NULL DEFAULT 0,
    doc BLOB NOT NULL,
    api_version TEXT,
    payload TEXT NOT NULL DEFAULT 'snapshot',
    name TEXT NOT NULL DEFAULT '',
    updated INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;
