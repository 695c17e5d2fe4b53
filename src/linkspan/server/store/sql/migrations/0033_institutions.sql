-- The directory: institutions that people may search for, as the files said that
-- were imported. They are nobody's in particular, like the names of the banks.
-- `gone_at` is when a later file of the same source had an institution no more.
-- The generation grows with every change, for whoever holds a copy.

CREATE TABLE institutions (
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    gone_at INTEGER,
    doc BLOB NOT NULL,
    PRIMARY KEY (id)
) WITHOUT ROWID, STRICT;

CREATE INDEX institutions_by_source ON institutions (source);

CREATE TABLE directories (
    id INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (id)
) WITHOUT ROWID, STRICT;

-- How institutions answered of late. In live mode everybody learns together, so
-- its rows have no tenant; in test mode each tenant's banks fail for it alone.

CREATE TABLE health (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, institution TEXT NOT NULL,
    doc BLOB NOT NULL,
    PRIMARY KEY (tenant, livemode, institution)
) WITHOUT ROWID, STRICT;
