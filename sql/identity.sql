-- query: organization_insert
INSERT INTO organizations (id, name, created_at) VALUES (:id, :name, :created_at);

-- query: user_insert
INSERT INTO users (id, organization_id, email, name, signature_html, signature_text,
    requires_approval, created_at)
VALUES (:id, :organization_id, :email, :name, :signature_html, :signature_text,
    :requires_approval, :created_at);

-- query: user_by_id
SELECT * FROM users WHERE id = :id AND organization_id = :organization_id;

-- query: user_by_email
SELECT * FROM users WHERE email = :email;

-- query: user_count
SELECT COUNT(*) AS number FROM users;

-- query: user_change_signature
UPDATE users SET signature_html = :signature_html, signature_text = :signature_text
WHERE id = :id AND organization_id = :organization_id;

-- query: user_change_approval
UPDATE users SET requires_approval = :requires_approval WHERE id = :id;

-- query: token_insert
INSERT INTO tokens (id, organization_id, user_id, hash, label, scopes, requests_per_minute,
    created_at, expires_at, last_used_at, revoked_at)
VALUES (:id, :organization_id, :user_id, :hash, :label, :scopes, :requests_per_minute, :created_at,
    :expires_at, :last_used_at, :revoked_at);

-- query: token_by_hash
SELECT * FROM tokens WHERE hash = :hash;

-- query: token_by_id
SELECT * FROM tokens WHERE id = :id;

-- query: token_list
SELECT * FROM tokens ORDER BY id;

-- query: token_list_of_organization
SELECT tokens.*, users.email AS user_email FROM tokens JOIN users ON users.id = tokens.user_id
WHERE tokens.organization_id = :organization_id AND tokens.id < :before_id
ORDER BY tokens.id DESC LIMIT :limit;

-- :organization_id NULL: whoever's, for the operator.
-- query: token_revoke
UPDATE tokens SET revoked_at = :revoked_at WHERE id = :id AND revoked_at IS NULL
    AND (:organization_id IS NULL OR organization_id = :organization_id);

-- One that is revoked counts no more.
-- query: token_count_no_more
UPDATE tokens SET is_counted = 0 WHERE id = :id AND is_counted = 1 RETURNING organization_id;

-- query: token_used
UPDATE tokens SET last_used_at = :last_used_at WHERE id = :id;
