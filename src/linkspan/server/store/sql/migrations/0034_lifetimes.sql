-- A Session's time can be prolonged by whoever is in the modal, so many times.
-- Which tab of a browser took the last step, so that another one is told.

ALTER TABLE sessions ADD COLUMN extensions INTEGER NOT NULL DEFAULT 0;

ALTER TABLE links ADD COLUMN tab TEXT;

CREATE INDEX links_under_way ON links (tenant, livemode, session) WHERE step NOT IN ('done', 'closed');
