-- How the people of a mailbox write: their language and their time zone; NULL: en, UTC.
ALTER TABLE accounts ADD COLUMN language TEXT;
ALTER TABLE accounts ADD COLUMN timezone TEXT;
