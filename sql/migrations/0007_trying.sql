-- Mail is tried in vain for so long and no longer, not counting the time in which nobody tries it.
ALTER TABLE emails ADD COLUMN trying_since BIGINT;
