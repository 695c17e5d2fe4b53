-- Refreshes that were started and have not ended. A row goes away in the
-- transaction that writes down what came of it; a process that died in the
-- middle leaves it, and its lease runs out.

CREATE TABLE refreshes (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, account TEXT NOT NULL, feature TEXT NOT NULL,
    authorization TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    PRIMARY KEY (tenant, livemode, account, feature)
) WITHOUT ROWID, STRICT;

CREATE INDEX refreshes_by_lease ON refreshes (leased_until);
