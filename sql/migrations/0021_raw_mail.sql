-- Mail that comes in is kept as it came: small mail here, with its bodies, the rest as a document.
ALTER TABLE email_bodies ADD COLUMN raw BLOB;
ALTER TABLE email_bodies ADD COLUMN raw_document_id TEXT;
