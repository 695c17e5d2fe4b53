-- Endpoints as the second generation of the API sees them, and events by what they are about.
--
-- An event destination is a webhook endpoint with a name, and one choice more:
-- whether it is told of events with their object or thin. `doc` stays what the
-- first generation writes; it shows no endpoint whose events are thin.

ALTER TABLE webhook_endpoints ADD COLUMN payload TEXT NOT NULL DEFAULT 'snapshot';

ALTER TABLE webhook_endpoints ADD COLUMN name TEXT NOT NULL DEFAULT '';

ALTER TABLE webhook_endpoints ADD COLUMN updated INTEGER NOT NULL DEFAULT 0;

-- Null for what happened before this step.
ALTER TABLE events ADD COLUMN about TEXT;
