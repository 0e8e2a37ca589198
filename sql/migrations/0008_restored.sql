-- Unknown mail of a server that was restored from a backup: what has been decided about it since is not
-- known, so it does not leave by itself, whatever its provider says.
ALTER TABLE emails ADD COLUMN is_restored INTEGER NOT NULL DEFAULT 0;
