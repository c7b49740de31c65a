-- Packages get a namespace, empty where a format has none; it is part of what makes a package unique. SQLite cannot
-- change a UNIQUE constraint in place. The tables below it are dropped first: dropping `package` alone would delete
-- what refers to it.

CREATE TABLE package_before AS SELECT * FROM package;
CREATE TABLE package_version_before AS SELECT * FROM package_version;
CREATE TABLE asset_before AS SELECT * FROM asset;
DROP TABLE asset;
DROP TABLE package_version;
DROP TABLE package;

CREATE TABLE package (
    id INTEGER PRIMARY KEY,
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    format TEXT NOT NULL,
    namespace TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL,
    publish TEXT NOT NULL CHECK (publish IN ('ALLOW', 'BLOCK')),
    upstream TEXT NOT NULL CHECK (upstream IN ('ALLOW', 'BLOCK')),
    created_at TEXT NOT NULL,
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

INSERT INTO package (id, repository_id, format, name, publish, upstream, created_at)
SELECT id, repository_id, format, name, publish, upstream, created_at FROM package_before;
INSERT INTO package_version SELECT * FROM package_version_before;
INSERT INTO asset SELECT * FROM asset_before;
DROP TABLE package_before;
DROP TABLE package_version_before;
DROP TABLE asset_before;
