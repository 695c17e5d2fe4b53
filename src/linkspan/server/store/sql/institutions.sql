-- all --
-- The whole directory, for whoever makes an index of it.
SELECT id, source, gone_at, doc FROM institutions ORDER BY id;

-- get --
-- One of them.
SELECT id, source, gone_at, doc FROM institutions WHERE id = :id;

-- save --
-- Keep what a file says of an institution.
INSERT INTO institutions (id, source, gone_at, doc) VALUES (:id, :source, NULL, :doc)
    ON CONFLICT (id) DO UPDATE SET source = excluded.source, gone_at = NULL, doc = excluded.doc;

-- mark_gone --
-- A file of its source has it no more.
UPDATE institutions SET gone_at = :gone_at WHERE id = :id;

-- forget --
-- Nothing is known of it any more.
DELETE FROM institutions WHERE id = :id;
