-- What is expected to end: an access, whose subject is an authorization, or a
-- stand-in number, whose subject is an account. `warn_at` is null once programs
-- were warned.

CREATE TABLE endings (
    tenant TEXT NOT NULL, livemode INTEGER NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL,
    ends_at INTEGER NOT NULL,
    warn_at INTEGER,
    PRIMARY KEY (tenant, livemode, subject, kind)
) WITHOUT ROWID, STRICT;

CREATE INDEX endings_by_time ON endings (warn_at) WHERE warn_at IS NOT NULL;
