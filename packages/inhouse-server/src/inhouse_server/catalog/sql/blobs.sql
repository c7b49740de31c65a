-- name: insert_blob
-- Bytes that are on disk; the same bytes have one row, however many files they are.
INSERT INTO blob (sha256, size, md5, sha1, sha512, blake2_256, created_at)
VALUES (:sha256, :size, :md5, :sha1, :sha512, :blake2_256, :created_at)
ON CONFLICT (sha256) DO NOTHING;

-- name: stored_size
-- Whether bytes are on disk, and how many.
SELECT size FROM blob WHERE sha256 = :sha256;

-- name: domain_asset_bytes
-- The bytes that a domain's files take, the same bytes once.
SELECT coalesce(sum(size), 0)
FROM blob
WHERE sha256 IN (
    SELECT asset.sha256
    FROM asset
    INNER JOIN package_version ON package_version.id = asset.version_id
    INNER JOIN package ON package.id = package_version.package_id
    INNER JOIN repository ON repository.id = package.repository_id
    WHERE repository.domain_id = :domain_id
);
