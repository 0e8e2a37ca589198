-- One row: when a server was last seen running. What fell due later was missed.
CREATE TABLE presence (seen_at BIGINT NOT NULL);
INSERT INTO presence (seen_at) VALUES (0);
