-- What seals a tenant's values in one mode, wrapped by a master key. A key of a later
-- generation takes the place of one of an earlier one, which stays until nothing needs it.

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

-- One of each generation: of two that are made at once one is given up.
CREATE UNIQUE INDEX data_keys_by_generation ON data_keys (tenant, livemode, generation);

-- What digests are made with is a secret of its own, wrapped like the rest: until now it
-- was derived from the master key, so that no key could have been known after a rotation.
ALTER TABLE master_keys ADD COLUMN master BLOB;

ALTER TABLE master_keys ADD COLUMN pepper BLOB;

-- Which generation of data keys seals now, and up to which one everything has been sealed
-- anew: 0 where values of the first format may be left.
ALTER TABLE master_keys ADD COLUMN generation INTEGER NOT NULL DEFAULT 1;

ALTER TABLE master_keys ADD COLUMN resealed INTEGER NOT NULL DEFAULT 0;
