-- insert --
-- Keep a newly linked account.
INSERT INTO accounts (tenant, livemode, id, session, holder, authorization, status, bank_details, doc)
VALUES (:tenant, :livemode, :id, :session, :holder, :authorization, :status, :bank_details, :doc);

-- get --
-- One account as the API writes it.
SELECT doc FROM accounts WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- get_whole --
-- One account with what it hangs on.
SELECT session, authorization, doc, inferred_balances_refresh FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- get_beside --
-- What preview versions show of one account besides.
SELECT authorization, inactive_cause, inferred_balances_refresh FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- first_of --
-- The oldest of the accounts that hang on a permission.
SELECT doc FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND authorization = :authorization
 ORDER BY id LIMIT 1;

-- note_inactive --
-- Why the bank gives nothing more.
UPDATE accounts SET inactive_cause = :cause
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- note_active --
-- The bank gives again.
UPDATE accounts SET inactive_cause = NULL WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- save --
-- Replace what the API writes.
UPDATE accounts SET status = :status, doc = :doc
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- save_beside --
-- Replace what the API writes in preview versions besides.
UPDATE accounts SET inferred_balances_refresh = :inferred_balances_refresh
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- get_bank_details --
-- What the bank told of an account beyond what the API shows, sealed.
SELECT bank_details FROM accounts WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- active_of --
-- The active accounts that hang on a permission.
SELECT id FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND authorization = :authorization AND status = 'active'
 ORDER BY id;

-- inactive_of --
-- The accounts that hang on a permission and may be back.
SELECT id FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND authorization = :authorization AND status = 'inactive'
 ORDER BY id;

-- is_any_connected --
-- Whether any account that a Session collected is not disconnected.
SELECT 1 FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND session = :session AND status <> 'disconnected'
 LIMIT 1;

-- connected_with --
-- The accounts of a holder that are not disconnected.
SELECT id FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND holder = :holder AND status <> 'disconnected'
 ORDER BY id;

-- connected_at --
-- What a holder has linked at an institution, beside the permission each hangs on.
SELECT id, authorization FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND holder = :holder AND status <> 'disconnected'
   AND authorization IN (
    SELECT id FROM authorizations
     WHERE tenant = :tenant AND livemode = :livemode AND institution = :institution
   )
 ORDER BY id;

-- connected_of --
-- The accounts that still need a permission.
SELECT id FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND authorization = :authorization
   AND status <> 'disconnected'
 ORDER BY id;

-- save_bank_details --
-- Replace what the bank told of an account beyond what the API shows, sealed.
UPDATE accounts SET bank_details = :bank_details
 WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- forget_bank_details --
-- Destroy the numbers and the bank's own id of an account.
UPDATE accounts SET bank_details = NULL WHERE tenant = :tenant AND livemode = :livemode AND id = :id;

-- count_connected --
-- How many accounts still need this permission.
SELECT count(*) FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND authorization = :authorization
   AND status <> 'disconnected';

-- page_of_all_after --
-- A page of every account, newest first, after a cursor.
SELECT id, doc FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND id < :cursor
 ORDER BY id DESC LIMIT :limit;

-- page_of_all_before --
-- The page before a cursor, nearest first.
SELECT id, doc FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND id > :cursor
 ORDER BY id ASC LIMIT :limit;

-- page_of_session_after --
-- The same for the accounts one Session collected.
SELECT id, doc FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND session = :filter AND id < :cursor
 ORDER BY id DESC LIMIT :limit;

-- page_of_session_before --
-- The page before a cursor, nearest first.
SELECT id, doc FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND session = :filter AND id > :cursor
 ORDER BY id ASC LIMIT :limit;

-- page_of_repaired_after --
-- The same for the accounts one Session repaired.
SELECT id, doc FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND id IN
       (SELECT account FROM relinks
         WHERE tenant = :tenant AND livemode = :livemode AND session = :filter AND account < :cursor
         ORDER BY account DESC LIMIT :limit)
 ORDER BY id DESC;

-- page_of_repaired_before --
-- The page before a cursor, nearest first.
SELECT id, doc FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND id IN
       (SELECT account FROM relinks
         WHERE tenant = :tenant AND livemode = :livemode AND session = :filter AND account > :cursor
         ORDER BY account ASC LIMIT :limit)
 ORDER BY id ASC;

-- page_of_holder_after --
-- The same for the accounts of one account holder.
SELECT id, doc FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND holder = :filter AND id < :cursor
 ORDER BY id DESC LIMIT :limit;

-- page_of_holder_before --
-- The page before a cursor, nearest first.
SELECT id, doc FROM accounts
 WHERE tenant = :tenant AND livemode = :livemode AND holder = :filter AND id > :cursor
 ORDER BY id ASC LIMIT :limit;
