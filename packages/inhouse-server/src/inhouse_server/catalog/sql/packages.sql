-- name: find_package
-- A package of one repository.
SELECT id, repository_id, format, namespace, name, publish, upstream, beside_public
FROM package
WHERE repository_id = :repository_id AND format = :format AND namespace = :namespace AND name = :name;

-- name: list_packages
-- A repository's packages in the order (format, namespace, name), after the last one of the page before; NULL filters nothing.
SELECT id, repository_id, format, namespace, name, publish, upstream, beside_public
FROM package
WHERE
    repository_id = :repository_id
    AND (:format IS NULL OR format = :format)
    AND substr(namespace, 1, length(:namespace)) = :namespace
    AND substr(name, 1, length(:prefix)) = :prefix
    AND (:publish IS NULL OR publish = :publish)
    AND (:upstream IS NULL OR upstream = :upstream)
    AND (:after_format IS NULL OR (format, namespace, name) > (:after_format, :after_namespace, :after_name))
ORDER BY format, namespace, name
LIMIT :limit;

-- name: list_names
-- The names of packages that any of the repositories, a JSON list, has.
SELECT DISTINCT name
FROM package
WHERE
    repository_id IN (SELECT value FROM json_each(:repositories))
    AND format = :format AND namespace = '' AND name > :after
ORDER BY name;

-- name: insert_package
-- A package's record, made by its first version or by setting its origin controls.
INSERT INTO package (repository_id, format, namespace, name, publish, upstream, beside_public, created_at)
VALUES (:repository_id, :format, :namespace, :name, :publish, :upstream, :beside_public, :created_at);

-- name: set_controls
-- Replaces a package's origin controls.
UPDATE package SET publish = :publish, upstream = :upstream, beside_public = :beside_public WHERE id = :id;

-- name: delete_package
-- Deletes a package's record; its versions and their files go with it, the bytes stay for whoever shares them.
DELETE FROM package WHERE id = :id;

-- name: find_version
-- A version by its PEP 440 identity.
SELECT
    id, version, status, origin_type, origin_repository, origin_connection, revision, published_at,
    CASE WHEN :metadata THEN metadata END AS metadata
FROM package_version
WHERE package_id = :package_id AND canonical_version = :canonical_version;

-- name: list_versions
-- A package's versions, the latest published first.
SELECT
    id, version, status, origin_type, origin_repository, origin_connection, revision, published_at,
    CASE WHEN :metadata THEN metadata END AS metadata
FROM package_version
WHERE package_id = :package_id
ORDER BY published_at DESC, id DESC;

-- name: insert_version
-- A version; its files follow in the same transaction.
INSERT INTO package_version (
    package_id, version, canonical_version, status, origin_type, origin_repository, origin_connection, revision,
    published_at, metadata
)
VALUES (
    :package_id, :version, :canonical_version, :status, :origin_type, :origin_repository, :origin_connection, :revision,
    :published_at, :metadata
);

-- name: set_version_content
-- What changes together: the revision, and the metadata it is computed from.
UPDATE package_version SET revision = :revision, metadata = :metadata WHERE id = :id;

-- name: set_status
-- What may be done with a version from now on; nothing else about it changes.
UPDATE package_version SET status = :status WHERE id = :id;

-- name: delete_version
-- Deletes a version; its files go with it, the bytes stay for whoever shares them.
DELETE FROM package_version WHERE id = :id;

-- name: delete_version_files
-- Takes a version's files away from it; the bytes stay for whoever shares them.
DELETE FROM asset WHERE version_id = :version_id;

-- name: list_version_files
-- The files of one version, by name. What the bytes say goes before what a public source says of them.
SELECT
    asset.version_id, asset.filename, asset.sha256, coalesce(blob.md5, asset.md5) AS md5, blob.sha1, blob.sha512,
    blob.blake2_256, coalesce(blob.size, asset.size) AS size, asset.requires_python, asset.upload_time, asset.yanked,
    asset.yanked_reason, asset.metadata_sha256, asset.url
FROM asset
LEFT JOIN blob ON blob.sha256 = asset.sha256
WHERE asset.version_id = :version_id
ORDER BY asset.filename;

-- name: list_package_files
-- The files of all versions of a package, by name.
SELECT
    asset.version_id, asset.filename, asset.sha256, coalesce(blob.md5, asset.md5) AS md5, blob.sha1, blob.sha512,
    blob.blake2_256, coalesce(blob.size, asset.size) AS size, asset.requires_python, asset.upload_time, asset.yanked,
    asset.yanked_reason, asset.metadata_sha256, asset.url
FROM asset
INNER JOIN package_version ON package_version.id = asset.version_id
LEFT JOIN blob ON blob.sha256 = asset.sha256
WHERE package_version.package_id = :package_id
ORDER BY asset.filename;

-- name: insert_file
-- A file of a version; its bytes are a blob, or are fetched from `url` when somebody asks for them.
INSERT INTO asset (
    version_id, filename, sha256, md5, size, requires_python, upload_time, yanked, yanked_reason, metadata_sha256, url
)
VALUES (
    :version_id, :filename, :sha256, :md5, :size, :requires_python, :upload_time, :yanked, :yanked_reason,
    :metadata_sha256, :url
);
