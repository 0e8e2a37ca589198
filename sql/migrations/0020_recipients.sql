-- What became of a mail at each of its recipients, where its server told that.
CREATE TABLE recipients (
    email_id TEXT NOT NULL,
    address TEXT NOT NULL,
    role TEXT NOT NULL,
    status TEXT NOT NULL,
    status_code TEXT,
    reply TEXT,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (email_id, address)
);
