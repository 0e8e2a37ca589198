-- What an invitation in a mail says: JSON, written once, as the mail comes in.
ALTER TABLE email_bodies ADD COLUMN calendar TEXT;
