-- What accounts held at the end of each day, a row a day, and how the refresh
-- that works it out stands, which only preview versions show.

CREATE TABLE inferred_balances (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, id TEXT NOT NULL,
    account TEXT NOT NULL,
    as_of INTEGER NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

CREATE UNIQUE INDEX inferred_balances_by_day ON inferred_balances (tenant, livemode, account, as_of);

ALTER TABLE accounts ADD COLUMN inferred_balances_refresh BLOB;
