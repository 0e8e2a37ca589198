-- How much the bodies of a mail are: known before they are read.
ALTER TABLE emails ADD COLUMN body_bytes BIGINT NOT NULL DEFAULT 0;
UPDATE emails SET body_bytes = COALESCE((
    SELECT COALESCE(LENGTH(CAST(body_text AS BLOB)), 0) + COALESCE(LENGTH(CAST(body_html AS BLOB)), 0)
    FROM email_bodies WHERE email_bodies.email_id = emails.id), 0);
