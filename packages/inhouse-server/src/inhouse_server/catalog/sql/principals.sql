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
