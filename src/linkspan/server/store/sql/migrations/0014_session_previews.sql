-- What preview versions show of a Session besides: how it stands, and what only
-- they could ask of it.

ALTER TABLE sessions ADD COLUMN status TEXT NOT NULL DEFAULT 'pending';

ALTER TABLE sessions ADD COLUMN preview BLOB;

UPDATE sessions SET status = 'cancelled'
 WHERE EXISTS (SELECT 1 FROM links
                WHERE links.tenant = sessions.tenant AND links.livemode = sessions.livemode
                  AND links.session = sessions.id AND links.step = 'closed');

UPDATE sessions SET status = 'succeeded'
 WHERE EXISTS (SELECT 1 FROM accounts
                WHERE accounts.tenant = sessions.tenant AND accounts.livemode = sessions.livemode
                  AND accounts.session = sessions.id);
