ALTER TABLE things ADD COLUMN extra TEXT DEFAULT 'a column that struct thing does not have';
