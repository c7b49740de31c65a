CREATE TABLE domain_policy (
    domain_id INTEGER PRIMARY KEY REFERENCES domain (id) ON DELETE CASCADE,
    revision TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE repository_policy (
    repository_id INTEGER PRIMARY KEY REFERENCES repository (id) ON DELETE CASCADE,
    revision TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE user_policy (
    user_arn TEXT PRIMARY KEY REFERENCES user (arn) ON DELETE CASCADE,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE role (
    arn TEXT PRIMARY KEY,
    account TEXT NOT NULL CHECK (length(account) = 12),
    name TEXT NOT NULL,
    role_id TEXT NOT NULL UNIQUE,
    trust_policy TEXT NOT NULL,
    policy TEXT,
    maximum_seconds INTEGER NOT NULL CHECK (maximum_seconds BETWEEN 3600 AND 43200),
    created_at TEXT NOT NULL,
    UNIQUE (account, name)
) STRICT;

CREATE TABLE identity_provider (
    account TEXT NOT NULL CHECK (length(account) = 12),
    url TEXT NOT NULL,
    PRIMARY KEY (account, url)
) STRICT;

CREATE TABLE identity_provider_audience (
    account TEXT NOT NULL,
    url TEXT NOT NULL,
    audience TEXT NOT NULL,
    PRIMARY KEY (account, url, audience),
    FOREIGN KEY (account, url) REFERENCES identity_provider (account, url) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
