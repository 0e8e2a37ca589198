-- Texts with tokens, and the values that tokens take.

CREATE TABLE contexts (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    context_type TEXT NOT NULL,
    context_id TEXT NOT NULL,
    fields TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, context_type, context_id)
);
CREATE INDEX contexts_latest ON contexts (organization_id, context_type, updated_at, context_id);

CREATE TABLE templates (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    subject TEXT,
    body_text TEXT,
    body_html TEXT,
    context_type TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX templates_of_organization ON templates (organization_id, id);
