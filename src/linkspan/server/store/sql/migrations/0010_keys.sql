-- API keys by their digests. A key itself is shown once and kept nowhere.

CREATE TABLE keys (
    tenant     TEXT    NOT NULL,
    livemode   INTEGER NOT NULL,
    id         TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    digest     BLOB    NOT NULL,
    hint       TEXT    NOT NULL,
    name       TEXT,
    rights     TEXT    NOT NULL,
    addresses  TEXT    NOT NULL,
    created    INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (tenant, livemode, id)
) WITHOUT ROWID, STRICT;

-- A request brings nothing but its key.
CREATE UNIQUE INDEX keys_by_digest ON keys (digest);

-- An operator names a key by its id alone.
CREATE UNIQUE INDEX keys_by_id ON keys (id);
