-- Events have a place in the order that lists show them in, and an age.
--
-- Ids follow the clock of the process that made them, and a transaction that
-- began earlier may commit later: neither tells what a reader has seen. `number`
-- is given to what is committed already, and so later ones are greater; it is
-- null until then, and 0 for what lists never show.

ALTER TABLE events ADD COLUMN number INTEGER;

-- What was recorded before is taken to be as old as this step.
ALTER TABLE events ADD COLUMN created INTEGER NOT NULL DEFAULT 1795392000;

UPDATE events SET number = 0 WHERE type LIKE 'linkspan.%';

CREATE UNIQUE INDEX events_by_number ON events (tenant, livemode, number) WHERE number > 0;

CREATE INDEX events_without_number ON events (tenant, livemode, id) WHERE number IS NULL;

CREATE INDEX events_by_age ON events (created);
