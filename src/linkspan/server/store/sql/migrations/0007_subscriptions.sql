-- What is refreshed every day, and when next. A row is moved to its next day in
-- the transaction that starts the refresh, so no two processes start it twice.

CREATE TABLE subscriptions (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, account TEXT NOT NULL, feature TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, livemode, account, feature)
) WITHOUT ROWID, STRICT;

CREATE INDEX subscriptions_by_time ON subscriptions (due_at);
