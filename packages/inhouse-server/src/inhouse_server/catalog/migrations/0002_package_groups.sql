-- The repositories that a package group lets one way in through, where its mode is ALLOW_SPECIFIC_REPOSITORIES.

CREATE TABLE package_group_allowed_repository (
    group_id INTEGER NOT NULL REFERENCES package_group (id) ON DELETE CASCADE,
    restriction TEXT NOT NULL CHECK (restriction IN ('PUBLISH', 'EXTERNAL_UPSTREAM', 'INTERNAL_UPSTREAM')),
    repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, restriction, repository_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX package_group_allowed_repository_by_repository ON package_group_allowed_repository (repository_id);
