-- Which master key this database was sealed with: a digest by which the key is
-- known again, and nothing that leads to it. There is one row.

CREATE TABLE master_keys (
    number INTEGER NOT NULL PRIMARY KEY,
    digest BLOB NOT NULL
) WITHOUT ROWID, STRICT;
