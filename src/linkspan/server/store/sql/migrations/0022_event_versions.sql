-- The version of the API that an event is told in.
--
-- `doc` is as the newest version writes it, and `api_version` the version that
-- the event's account spoke when it happened: null where that is the one of
-- `doc`. What only previews show changes with its object, so it is kept where a
-- preview is to be told: `previewed` is the event as the newest one writes it.
--
-- An endpoint's version is told apart from its document, where it has one; of
-- endpoints made before this step it is found in the document alone.

ALTER TABLE events ADD COLUMN api_version TEXT;

ALTER TABLE events ADD COLUMN previewed BLOB;

ALTER TABLE webhook_endpoints ADD COLUMN api_version TEXT;
