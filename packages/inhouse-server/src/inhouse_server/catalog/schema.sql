-- The readable picture of the catalog. A test proves that it equals all migrations in order.

CREATE TABLE user (
    arn TEXT PRIMARY KEY,
    account TEXT NOT NULL CHECK (length(account) = 12),
    user_id TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE access_key (
    id TEXT PRIMARY KEY,
    secret TEXT NOT NULL,
    user_arn TEXT NOT NULL REFERENCES user (arn) ON DELETE CASCADE,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE domain (
    id INTEGER PRIMARY KEY,
    region TEXT NOT NULL,
    owner TEXT NOT NULL CHECK (length(owner) = 12),
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    encryption_key TEXT NOT NULL,
    UNIQUE (region, owner, name)
) STRICT;

CREATE TABLE package_group (
    id INTEGER PRIMARY KEY,
    domain_id INTEGER NOT NULL REFERENCES domain (id) ON DELETE CASCADE,
    pattern TEXT NOT NULL,
    created_at TEXT NOT NULL,
    contact_info TEXT,
    description TEXT,
    publish TEXT NOT NULL CHECK (publish IN ('ALLOW', 'ALLOW_SPECIFIC_REPOSITORIES', 'BLOCK', 'INHERIT')),
    external_upstream TEXT NOT NULL
        CHECK (external_upstream IN ('ALLOW', 'ALLOW_SPECIFIC_REPOSITORIES', 'BLOCK', 'INHERIT')),
    internal_upstream TEXT NOT NULL
        CHECK (internal_upstream IN ('ALLOW', 'ALLOW_SPECIFIC_REPOSITORIES', 'BLOCK', 'INHERIT')),
    UNIQUE (domain_id, pattern)
) STRICT;

CREATE TABLE repository (
    id INTEGER PRIMARY KEY,
    domain_id INTEGER NOT NULL REFERENCES domain (id),
    name TEXT NOT NULL,
    administrator TEXT NOT NULL CHECK (length(administrator) = 12),
    description TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (domain_id, name)
) STRICT;

CREATE TABLE repository_upstream (
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    upstream_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    PRIMARY KEY (repository_id, position),
    UNIQUE (repository_id, upstream_id),
    CHECK (repository_id <> upstream_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE external_connection (
    repository_id INTEGER PRIMARY KEY REFERENCES repository (id) ON DELETE CASCADE,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE tag (
    resource_arn TEXT NOT NULL,
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 128),
    value TEXT NOT NULL CHECK (length(value) <= 256),
    PRIMARY KEY (resource_arn, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE blob (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    size INTEGER NOT NULL CHECK (size >= 0),
    md5 TEXT NOT NULL CHECK (length(md5) = 32),
    sha1 TEXT NOT NULL CHECK (length(sha1) = 40),
    sha512 TEXT NOT NULL CHECK (length(sha512) = 128),
    blake2_256 TEXT NOT NULL CHECK (length(blake2_256) = 64),
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE package (
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    format TEXT NOT NULL,
    namespace TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL,
    publish TEXT NOT NULL CHECK (publish IN ('ALLOW', 'BLOCK')),
    upstream TEXT NOT NULL CHECK (upstream IN ('ALLOW', 'BLOCK')),
    created_at TEXT NOT NULL,
    beside_public INTEGER NOT NULL DEFAULT 0 CHECK (beside_public IN (0, 1)),
    UNIQUE (repository_id, format, namespace, name)
) STRICT;

CREATE TABLE package_version (
    id INTEGER PRIMARY KEY,
    package_id INTEGER NOT NULL REFERENCES package (id) ON DELETE CASCADE,
    version TEXT NOT NULL,
    canonical_version TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('Published', 'Unfinished', 'Unlisted', 'Archived', 'Disposed')),
    origin_type TEXT NOT NULL CHECK (origin_type IN ('INTERNAL', 'EXTERNAL', 'UNKNOWN')),
    origin_repository TEXT,
    origin_connection TEXT,
    revision TEXT NOT NULL,
    published_at TEXT NOT NULL,
    metadata TEXT CHECK (metadata IS NULL OR json_valid(metadata)),
    UNIQUE (package_id, canonical_version)
) STRICT;

CREATE TABLE asset (
    id INTEGER PRIMARY KEY,
    version_id INTEGER NOT NULL REFERENCES package_version (id) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    md5 TEXT,
    size INTEGER,
    requires_python TEXT,
    upload_time TEXT,
    yanked INTEGER NOT NULL DEFAULT 0 CHECK (yanked IN (0, 1)),
    yanked_reason TEXT,
    metadata_sha256 TEXT,
    url TEXT,
    UNIQUE (version_id, filename)
) STRICT;

CREATE INDEX asset_by_sha256 ON asset (sha256);

CREATE TABLE package_group_allowed_repository (
    group_id INTEGER NOT NULL REFERENCES package_group (id) ON DELETE CASCADE,
    restriction TEXT NOT NULL CHECK (restriction IN ('PUBLISH', 'EXTERNAL_UPSTREAM', 'INTERNAL_UPSTREAM')),
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, restriction, repository_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX package_group_allowed_repository_by_repository ON package_group_allowed_repository (repository_id);

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
