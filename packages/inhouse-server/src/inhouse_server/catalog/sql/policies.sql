-- name: domain_policy
-- The permissions policy of a domain, by its names.
SELECT p.revision, p.document
FROM domain_policy AS p JOIN domain AS d ON d.id = p.domain_id
WHERE d.region = :region AND d.owner = :owner AND d.name = :domain;

-- name: repository_policy
-- The permissions policy of a repository, by its names.
SELECT p.revision, p.document
FROM repository_policy AS p
JOIN repository AS r ON r.id = p.repository_id
JOIN domain AS d ON d.id = r.domain_id
WHERE d.region = :region AND d.owner = :owner AND d.name = :domain AND r.name = :repository;

-- name: put_domain_policy
-- Gives a domain its permissions policy, in place of the one it has.
INSERT INTO domain_policy (domain_id, revision, document) VALUES (:id, :revision, :document)
ON CONFLICT (domain_id) DO UPDATE SET revision = excluded.revision, document = excluded.document;

-- name: put_repository_policy
-- Gives a repository its permissions policy, in place of the one it has.
INSERT INTO repository_policy (repository_id, revision, document) VALUES (:id, :revision, :document)
ON CONFLICT (repository_id) DO UPDATE SET revision = excluded.revision, document = excluded.document;

-- name: delete_domain_policy
-- Takes a domain's permissions policy away.
DELETE FROM domain_policy WHERE domain_id = :id;

-- name: delete_repository_policy
-- Takes a repository's permissions policy away.
DELETE FROM repository_policy WHERE repository_id = :id;
