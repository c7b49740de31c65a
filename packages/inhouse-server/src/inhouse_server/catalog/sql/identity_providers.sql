-- name: insert_provider
-- Lets an account believe an identity provider.
INSERT INTO identity_provider (account, url) VALUES (:account, :url);

-- name: insert_audience
-- Adds an audience that a provider's tokens may be made for.
INSERT INTO identity_provider_audience (account, url, audience) VALUES (:account, :url, :audience);

-- name: list_providers
-- All providers with their audiences, by account and URL.
SELECT p.account, p.url, a.audience
FROM identity_provider AS p JOIN identity_provider_audience AS a ON a.account = p.account AND a.url = p.url
ORDER BY p.account, p.url, a.audience;

-- name: delete_provider
-- Stops an account from believing an identity provider.
DELETE FROM identity_provider WHERE account = :account AND url = :url;
