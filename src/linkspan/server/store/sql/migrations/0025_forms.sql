-- Forms in the modal: how many answers to one the bank did not take.

ALTER TABLE attempts ADD COLUMN wrong_answers INTEGER NOT NULL DEFAULT 0;
