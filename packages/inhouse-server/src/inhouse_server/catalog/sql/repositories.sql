-- name: insert
-- Makes a repository, without upstreams and external connection.
INSERT INTO repository (id, domain_id, name, administrator, description, created_at)
VALUES (:id, :domain_id, :name, :administrator, :description, :created_at);

-- name: find
-- The repository of a name in a domain. Upstreams come as [[position, name], …]: SQLite promises an aggregate no order.
SELECT
    r.id, r.name, r.administrator, r.description, r.created_at,
    d.id AS domain_id, d.region, d.owner, d.name AS domain_name, d.created_at AS domain_created_at, d.encryption_key,
    (SELECT json_group_array(json_array(e.position, u.name))
     FROM repository_upstream AS e JOIN repository AS u ON u.id = e.upstream_id
     WHERE e.repository_id = r.id) AS upstreams,
    c.name AS external_connection
FROM repository AS r
JOIN domain AS d ON d.id = r.domain_id
LEFT JOIN external_connection AS c ON c.repository_id = r.id
WHERE r.domain_id = :domain_id AND r.name = :name;

-- name: list_in_domain
-- A page of a domain's repositories whose name begins with a prefix, perhaps only those that one account administers.
SELECT
    r.id, r.name, r.administrator, r.description, r.created_at,
    d.id AS domain_id, d.region, d.owner, d.name AS domain_name, d.created_at AS domain_created_at, d.encryption_key,
    (SELECT json_group_array(json_array(e.position, u.name))
     FROM repository_upstream AS e JOIN repository AS u ON u.id = e.upstream_id
     WHERE e.repository_id = r.id) AS upstreams,
    c.name AS external_connection
FROM repository AS r
JOIN domain AS d ON d.id = r.domain_id
LEFT JOIN external_connection AS c ON c.repository_id = r.id
WHERE r.domain_id = :domain_id
    AND r.name > :after
    AND substr(r.name, 1, length(:prefix)) = :prefix
    AND (:administrator IS NULL OR r.administrator = :administrator)
ORDER BY r.name
LIMIT :limit;

-- name: list_administered
-- A page of the repositories that an account administers in a region, over all domains.
SELECT
    r.id, r.name, r.administrator, r.description, r.created_at,
    d.id AS domain_id, d.region, d.owner, d.name AS domain_name, d.created_at AS domain_created_at, d.encryption_key,
    (SELECT json_group_array(json_array(e.position, u.name))
     FROM repository_upstream AS e JOIN repository AS u ON u.id = e.upstream_id
     WHERE e.repository_id = r.id) AS upstreams,
    c.name AS external_connection
FROM repository AS r
JOIN domain AS d ON d.id = r.domain_id
LEFT JOIN external_connection AS c ON c.repository_id = r.id
WHERE d.region = :region
    AND r.administrator = :administrator
    AND (d.name, d.owner, r.name) > (:after_domain, :after_owner, :after_name)
    AND substr(r.name, 1, length(:prefix)) = :prefix
ORDER BY d.name, d.owner, r.name
LIMIT :limit;

-- name: set_description
-- Replaces a repository's description.
UPDATE repository SET description = :description WHERE id = :id;

-- name: clear_upstreams
-- Takes all upstreams away, before the new list is written.
DELETE FROM repository_upstream WHERE repository_id = :id;

-- name: insert_upstream
-- Adds one upstream at its place in the order of priority.
INSERT INTO repository_upstream (repository_id, position, upstream_id) VALUES (:id, :position, :upstream_id);

-- name: reaches
-- Whether a repository is, or has somewhere behind it, another one; UNION ends even where upstreams form a ring.
WITH RECURSIVE behind (id) AS (
    VALUES (:start)
    UNION
    SELECT e.upstream_id FROM repository_upstream AS e JOIN behind ON e.repository_id = behind.id
)
SELECT EXISTS (SELECT 1 FROM behind WHERE id = :target);

-- name: set_external_connection
-- Gives a repository its one external connection.
INSERT INTO external_connection (repository_id, name) VALUES (:id, :name);

-- name: delete
-- Deletes a repository with all it holds; it is nobody's upstream any more.
DELETE FROM repository WHERE id = :id;

-- name: clear_external_connection
-- Takes a repository's external connection away.
DELETE FROM external_connection WHERE repository_id = :id;
