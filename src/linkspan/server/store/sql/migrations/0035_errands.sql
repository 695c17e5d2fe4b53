-- What a page wants of a linking besides the accounts themselves (`errand`): a token
-- of one of them, or one for an intent. `session` is the Session under way for an
-- intent, null while none is.

ALTER TABLE links ADD COLUMN errand BLOB;

ALTER TABLE intents ADD COLUMN session TEXT;
