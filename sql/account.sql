-- Parameters and columns carry the names of struct account (src/model/account.h).

-- query: account_insert
INSERT INTO accounts (id, organization_id, user_id, provider, email_address, display_name,
    is_default, is_active, smtp_host, smtp_port, smtp_security, smtp_username, sealed_password,
    created_at, updated_at)
VALUES (:id, :organization_id, :user_id, :provider, :email_address, :display_name, :is_default,
    :is_active, :smtp_host, :smtp_port, :smtp_security, :smtp_username, :sealed_password,
    :created_at, :updated_at);

-- query: account_by_id
SELECT * FROM accounts WHERE id = :id AND organization_id = :organization_id
    AND (:seen_by IS NULL OR user_id = :seen_by);

-- For delivery, which serves everybody.
-- query: account_to_send_from
SELECT * FROM accounts WHERE id = :id;

-- query: account_by_address
SELECT * FROM accounts
WHERE user_id = :user_id AND LOWER(email_address) = LOWER(:email_address) AND is_active = 1
    AND (:provider IS NULL OR provider = :provider)
ORDER BY id LIMIT :limit;

-- query: account_default
SELECT * FROM accounts WHERE user_id = :user_id AND is_active = 1
ORDER BY is_default DESC, id LIMIT 1;

-- query: account_list
SELECT * FROM accounts
WHERE organization_id = :organization_id AND (:seen_by IS NULL OR user_id = :seen_by)
    AND is_active = 1
ORDER BY id LIMIT :limit;

-- query: account_active_count
SELECT COUNT(*) AS number FROM accounts WHERE user_id = :user_id AND is_active = 1;

-- query: account_clear_default
UPDATE accounts SET is_default = 0 WHERE user_id = :user_id AND is_default = 1;

-- query: account_change
UPDATE accounts SET display_name = :display_name, is_default = :is_default,
    is_active = :is_active, sealed_password = :sealed_password, updated_at = :updated_at
WHERE id = :id;
