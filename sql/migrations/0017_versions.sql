-- Of two who change the same template, or the values of the same context, none overwrites the other unseen.
ALTER TABLE templates ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE contexts ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
