-- name: insert_role
-- Makes a role.
INSERT INTO role (arn, account, name, role_id, trust_policy, policy, maximum_seconds, created_at)
VALUES (:arn, :account, :name, :role_id, :trust_policy, :policy, :maximum_seconds, :created_at);

-- name: find_role
-- The role of an ARN.
SELECT account, name, role_id, trust_policy, policy, maximum_seconds, created_at FROM role WHERE arn = :arn;

-- name: list_roles
-- All roles by account and name.
SELECT account, name, role_id, trust_policy, policy, maximum_seconds, created_at FROM role ORDER BY account, name;

-- name: update_role
-- Changes a role's policies.
UPDATE role SET trust_policy = :trust_policy, policy = :policy WHERE arn = :arn;

-- name: delete_role
-- Removes a role.
DELETE FROM role WHERE arn = :arn;
