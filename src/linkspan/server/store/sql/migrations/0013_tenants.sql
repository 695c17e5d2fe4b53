-- What a tenant chose for itself in one mode. Whoever chose nothing has no row.

CREATE TABLE tenants (
    tenant      TEXT    NOT NULL,
    livemode    INTEGER NOT NULL,
    api_version TEXT    NOT NULL,
    PRIMARY KEY (tenant, livemode)
) WITHOUT ROWID, STRICT;
