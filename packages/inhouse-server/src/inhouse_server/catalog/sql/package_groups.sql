-- name: insert
-- Makes a package group.
INSERT INTO package_group (
    domain_id, pattern, created_at, contact_info, description, publish, external_upstream, internal_upstream
)
VALUES (
    :domain_id, :pattern, :created_at, :contact_info, :description, :publish, :external_upstream, :internal_upstream
);

-- name: find
-- The package group of a pattern in a domain.
SELECT id, pattern, created_at, contact_info, description, publish, external_upstream, internal_upstream
FROM package_group
WHERE domain_id = :domain_id AND pattern = :pattern;

-- name: list
-- A page of a domain's package groups whose pattern begins with a prefix.
SELECT id, pattern, created_at, contact_info, description, publish, external_upstream, internal_upstream
FROM package_group
WHERE domain_id = :domain_id AND pattern > :after AND substr(pattern, 1, length(:prefix)) = :prefix
ORDER BY pattern
LIMIT :limit;

-- name: list_packages
-- A page of the packages of all repositories of a domain, each once: while `/*` is the only group, these are its own.
SELECT DISTINCT p.format, p.name
FROM package AS p JOIN repository AS r ON r.id = p.repository_id
WHERE r.domain_id = :domain_id AND (p.format, p.name) > (:after_format, :after_name)
ORDER BY p.format, p.name
LIMIT :limit;
