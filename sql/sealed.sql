-- What is sealed under the key file, wherever it lies (store/sealed_store.h). Each is changed only
-- if it still is what was read: a provider may have given a new token meanwhile.

-- query: sealed_list
SELECT place, id, sealed FROM (
    SELECT 'account_password' AS place, id, sealed_password AS sealed FROM accounts
    UNION ALL SELECT 'account_imap_password', id, sealed_imap_password FROM accounts
    UNION ALL SELECT 'account_refresh_token', id, sealed_refresh_token FROM accounts
    UNION ALL SELECT 'sign_in', state_hash, sealed_verifier FROM sign_ins
    UNION ALL SELECT 'sign_in_code', state_hash, sealed_code FROM sign_ins
    UNION ALL SELECT 'sign_in_refresh_token', state_hash, sealed_refresh_token FROM sign_ins
    UNION ALL SELECT 'webhook', id, sealed_secret FROM webhooks
    UNION ALL SELECT 'webhook_former', id, sealed_former_secret FROM webhooks
) AS everything
WHERE sealed IS NOT NULL AND (place > :place OR (place = :place AND id > :id))
ORDER BY place, id LIMIT :most;

-- query: sealed_account_password
UPDATE accounts SET sealed_password = :sealed WHERE id = :id AND sealed_password = :former;

-- query: sealed_account_imap_password
UPDATE accounts SET sealed_imap_password = :sealed
WHERE id = :id AND sealed_imap_password = :former;

-- query: sealed_account_refresh_token
UPDATE accounts SET sealed_refresh_token = :sealed
WHERE id = :id AND sealed_refresh_token = :former;

-- query: sealed_sign_in
UPDATE sign_ins SET sealed_verifier = :sealed
WHERE state_hash = :id AND sealed_verifier = :former;

-- query: sealed_sign_in_code
UPDATE sign_ins SET sealed_code = :sealed WHERE state_hash = :id AND sealed_code = :former;

-- query: sealed_sign_in_refresh_token
UPDATE sign_ins SET sealed_refresh_token = :sealed
WHERE state_hash = :id AND sealed_refresh_token = :former;

-- query: sealed_webhook
UPDATE webhooks SET sealed_secret = :sealed WHERE id = :id AND sealed_secret = :former;

-- query: sealed_webhook_former
UPDATE webhooks SET sealed_former_secret = :sealed
WHERE id = :id AND sealed_former_secret = :former;
