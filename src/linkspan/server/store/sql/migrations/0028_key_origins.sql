-- The sites that may show the modal with a publishable key, separated by spaces.

ALTER TABLE keys ADD COLUMN origins TEXT NOT NULL DEFAULT '';
