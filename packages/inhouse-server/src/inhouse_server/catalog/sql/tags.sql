-- name: put
-- Gives a resource a tag, in place of one of the same key.
INSERT INTO tag (resource_arn, key, value) VALUES (:resource_arn, :key, :value)
ON CONFLICT (resource_arn, key) DO UPDATE SET value = excluded.value;

-- name: list
-- A resource's tags, by key.
SELECT key, value FROM tag WHERE resource_arn = :resource_arn ORDER BY key;
