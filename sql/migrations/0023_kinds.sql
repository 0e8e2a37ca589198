-- What a received mail is (model/email_kind.h), and where its list takes posts.
ALTER TABLE emails ADD COLUMN kind TEXT NOT NULL DEFAULT 'mail';
ALTER TABLE emails ADD COLUMN list_post TEXT;
