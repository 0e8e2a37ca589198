CREATE TABLE things (
    id TEXT PRIMARY KEY,
    parent_id TEXT REFERENCES things (id),
    label TEXT UNIQUE,
    number BIGINT NOT NULL CHECK (number <> -13),
    is_good INTEGER NOT NULL,
    happened_at BIGINT,
    color TEXT,
    tags TEXT
);
