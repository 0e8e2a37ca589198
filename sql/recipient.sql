-- What became of an email at each recipient. Parameters and columns carry the names of struct recipient
-- (src/model/recipient.h).

-- query: recipient_save
INSERT INTO recipients (email_id, address, role, status, status_code, reply, updated_at)
VALUES (:email_id, :address, :role, :status, :status_code, :reply, :updated_at)
ON CONFLICT (email_id, address) DO UPDATE SET role = excluded.role, status = excluded.status,
    status_code = excluded.status_code, reply = excluded.reply, updated_at = excluded.updated_at;

-- query: recipient_list
SELECT * FROM recipients WHERE email_id = :email_id LIMIT :limit;

-- It is to be tried anew: what kept it from whom it has not reached is forgotten; what is in doubt
-- only where somebody has said that it was not sent.
-- query: recipient_forget
DELETE FROM recipients WHERE email_id = :email_id
    AND (status IN ('pending', 'refused', 'delayed') OR (status = 'unknown' AND :was_not_sent = 1));

-- What was in doubt was sent.
-- query: recipient_found
UPDATE recipients SET status = 'accepted', updated_at = :now
WHERE email_id = :email_id AND status = 'unknown';

-- query: recipient_count_accepted
SELECT COUNT(*) AS number FROM recipients
WHERE email_id = :email_id AND status IN ('accepted', 'delivered');

-- query: recipient_delete
DELETE FROM recipients WHERE email_id = :email_id;
