-- Businesses connected to a platform. What belongs to one has the account's own
-- id as its tenant; the account itself belongs to its platform.

CREATE TABLE connected_accounts (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, id TEXT NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, id)
) STRICT;

CREATE UNIQUE INDEX connected_accounts_by_id ON connected_accounts (id);
