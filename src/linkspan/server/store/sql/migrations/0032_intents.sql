-- PaymentIntents and SetupIntents; `kind` says which. `tries` is how many wrong
-- answers were given about the small deposits. `due_at` is when what is under way
-- comes to its end by itself, null where nothing does. `page_digest` finds an intent
-- by the page on which deposits are told of. A bank account is verified once its
-- holder told of them; one that was linked is from the beginning.

CREATE TABLE intents (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, id TEXT NOT NULL,
    kind TEXT NOT NULL,
    customer TEXT,
    secret_digest BLOB NOT NULL,
    page_digest BLOB NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

CREATE INDEX intents_by_kind ON intents (tenant, livemode, kind, id);

CREATE INDEX intents_by_customer ON intents (tenant, livemode, kind, customer, id)
 WHERE customer IS NOT NULL;

CREATE UNIQUE INDEX intents_by_secret ON intents (secret_digest);

CREATE UNIQUE INDEX intents_by_page ON intents (page_digest);

CREATE INDEX intents_by_time ON intents (due_at) WHERE due_at IS NOT NULL;

ALTER TABLE payment_methods ADD COLUMN verified INTEGER NOT NULL DEFAULT 0;

UPDATE payment_methods SET verified = 1 WHERE account IS NOT NULL;
