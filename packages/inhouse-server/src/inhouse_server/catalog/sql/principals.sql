-- name: insert_user
-- Makes an IAM user.
INSERT INTO user (arn, account, user_id, created_at) VALUES (:arn, :account, :user_id, :created_at);

-- name: find_user
-- The IAM user of an ARN.
SELECT arn, account, user_id FROM user WHERE arn = :arn;

-- name: list_users
-- All IAM users, the oldest first.
SELECT arn, account, user_id FROM user ORDER BY created_at, arn;

-- name: insert_key
-- Gives a user an access key.
INSERT INTO access_key (id, secret, user_arn, created_at) VALUES (:id, :secret, :user_arn, :created_at);

-- name: find_key
-- An access key with the user it belongs to.
SELECT k.id, k.secret, u.arn, u.account, u.user_id
FROM access_key AS k JOIN user AS u ON u.arn = k.user_arn
WHERE k.id = :id;

-- name: list_keys
-- A user's access keys, the oldest first.
SELECT k.id, k.secret, u.arn, u.account, u.user_id
FROM access_key AS k JOIN user AS u ON u.arn = k.user_arn
WHERE k.user_arn = :user_arn
ORDER BY k.created_at, k.id;

-- name: delete_user
-- Removes a user with its keys and its policy.
DELETE FROM user WHERE arn = :arn;

-- name: delete_keys
-- Takes all access keys of a user away.
DELETE FROM access_key WHERE user_arn = :user_arn;

-- name: user_policy
-- The policy of a user.
SELECT document FROM user_policy WHERE user_arn = :user_arn;

-- name: put_user_policy
-- Gives a user its policy, in place of the one it has.
INSERT INTO user_policy (user_arn, document) VALUES (:user_arn, :document)
ON CONFLICT (user_arn) DO UPDATE SET document = excluded.document;
