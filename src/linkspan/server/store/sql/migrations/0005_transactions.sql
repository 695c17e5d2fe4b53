-- What moved on an account, and the refreshes that told of it.
--
-- `source_id` and `former_source_id` are the bank's ids, only to know a row
-- again: empty, or null, where it has none. The API shows `doc` alone.

CREATE TABLE transactions (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, id TEXT NOT NULL,
    account TEXT NOT NULL,
    status TEXT NOT NULL,
    transacted_at INTEGER NOT NULL,
    refresh TEXT NOT NULL,
    source_id TEXT NOT NULL,
    former_source_id TEXT,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

-- The order of lists.
CREATE INDEX transactions_by_time ON transactions (tenant, livemode, account, transacted_at, id);

-- What changed since a refresh.
CREATE INDEX transactions_by_refresh ON transactions (tenant, livemode, account, refresh);

CREATE INDEX transactions_by_source ON transactions (tenant, livemode, account, source_id);

CREATE INDEX transactions_by_former_source ON transactions (tenant, livemode, account, former_source_id)
 WHERE former_source_id IS NOT NULL;

-- What a walk could void: few rows of many.
CREATE INDEX transactions_pending ON transactions (tenant, livemode, account, transacted_at)
 WHERE status = 'pending';

-- `number` counts the refreshes of an account: ids follow a clock, which may be
-- set back, and then would not tell which refresh was later.
CREATE TABLE transaction_refreshes (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, id TEXT NOT NULL,
    account TEXT NOT NULL,
    number INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    succeeded INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

CREATE UNIQUE INDEX transaction_refreshes_by_number ON transaction_refreshes (tenant, livemode, account, number);
