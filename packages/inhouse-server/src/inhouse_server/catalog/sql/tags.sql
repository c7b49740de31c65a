-- name: put
-- Gives a resource a tag, in place of one of the same key.
INSERT INTO tag (resource_arn, key, value) VALUES (:resource_arn, :key, :value)
ON CONFLICT (resource_arn, key) DO UPDATE SET value = excluded.value;

-- name: list
-- A resource's tags, by key.
SELECT key, value FROM tag WHERE resource_arn = :resource_arn ORDER BY key;

-- name: remove
-- Takes one tag away from a resource, if it has it.
DELETE FROM tag WHERE resource_arn = :resource_arn AND key = :key;

-- name: clear
-- Takes all tags away from a resource that is deleted.
DELETE FROM tag WHERE resource_arn = :resource_arn;

-- name: clear_below
-- Takes all tags away from the resources whose ARN begins so.
DELETE FROM tag WHERE substr(resource_arn, 1, length(:prefix)) = :prefix;
