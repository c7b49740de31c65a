-- name: insert
-- Makes a domain; the UNIQUE constraint refuses a second one of the same region, owner and name.
INSERT INTO domain (id, region, owner, name, created_at, encryption_key)
VALUES (:id, :region, :owner, :name, :created_at, :encryption_key);

-- name: find
-- The domain of a name; names are unique by region and owner.
SELECT id, region, owner, name, created_at, encryption_key
FROM domain
WHERE region = :region AND owner = :owner AND name = :name;

-- name: list_owned
-- A page of an account's domains in a region, by name, after the last one of the page before.
SELECT id, region, owner, name, created_at, encryption_key
FROM domain
WHERE region = :region AND owner = :owner AND name > :after
ORDER BY name
LIMIT :limit;

-- name: repository_count
-- How many repositories a domain has.
SELECT count(*) FROM repository WHERE domain_id = :domain_id;

-- name: delete
-- Deletes a domain with its package groups; the foreign key refuses it while it has repositories.
DELETE FROM domain WHERE id = :id;
