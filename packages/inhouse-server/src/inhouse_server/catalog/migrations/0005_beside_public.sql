-- Whether versions of ours are meant to stand beside public ones. Of what is there already: where public versions came in,
-- and where a package that was published here has been opened since.

ALTER TABLE package ADD COLUMN beside_public INTEGER NOT NULL DEFAULT 0 CHECK (beside_public IN (0, 1));

UPDATE package SET beside_public = 1
WHERE
    upstream = 'ALLOW'
    AND EXISTS (
        SELECT 1
        FROM package_version
        INNER JOIN repository ON repository.id = package.repository_id
        WHERE
            package_version.package_id = package.id
            AND (package_version.origin_type = 'EXTERNAL' OR package_version.origin_repository = repository.name)
    );
