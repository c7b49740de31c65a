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

-- name: list_for_format
-- The groups that packages of a format can belong to: `/*`, and those whose pattern begins with the format. '0' follows
-- '/' in the order of characters, which lets the index find them.
SELECT id, pattern, created_at, contact_info, description, publish, external_upstream, internal_upstream
FROM package_group
WHERE
    domain_id = :domain_id
    AND (pattern = '/*' OR (pattern >= '/' || :format || '/' AND pattern < '/' || :format || '0'))
ORDER BY pattern;

-- name: list_all
-- All package groups of a domain.
SELECT id, pattern, created_at, contact_info, description, publish, external_upstream, internal_upstream
FROM package_group
WHERE domain_id = :domain_id
ORDER BY pattern;

-- name: update
-- Writes all that can change of a package group.
UPDATE package_group
SET
    contact_info = :contact_info, description = :description, publish = :publish,
    external_upstream = :external_upstream, internal_upstream = :internal_upstream
WHERE id = :id;

-- name: delete
-- Deletes a package group; its lists of repositories go with it.
DELETE FROM package_group WHERE id = :id;

-- name: delete_tags
-- A group that is made later under the same pattern has none of this one's tags.
DELETE FROM tag WHERE resource_arn = :resource_arn;

-- name: allow_repository
-- Puts a repository on one of a group's lists, once.
INSERT INTO package_group_allowed_repository (group_id, restriction, repository_id)
VALUES (:group_id, :restriction, :repository_id)
ON CONFLICT DO NOTHING;

-- name: disallow_repository
-- Takes a repository off one of a group's lists.
DELETE FROM package_group_allowed_repository
WHERE group_id = :group_id AND restriction = :restriction AND repository_id = :repository_id;

-- name: clear_allowed
-- Empties one of a group's lists.
DELETE FROM package_group_allowed_repository WHERE group_id = :group_id AND restriction = :restriction;

-- name: list_allowed
-- A page of the repositories on one of a group's lists, by name.
SELECT r.name
FROM package_group_allowed_repository AS a INNER JOIN repository AS r ON r.id = a.repository_id
WHERE a.group_id = :group_id AND a.restriction = :restriction AND r.name > :after
ORDER BY r.name
LIMIT :limit;

-- name: list_packages
-- The packages of all repositories of a domain, each once, behind the last one of the page before.
SELECT DISTINCT p.format, p.namespace, p.name
FROM package AS p INNER JOIN repository AS r ON r.id = p.repository_id
WHERE
    r.domain_id = :domain_id
    AND (:format IS NULL OR p.format = :format)
    AND (p.format, p.namespace, p.name) > (:after_format, :after_namespace, :after_name)
ORDER BY p.format, p.namespace, p.name;
