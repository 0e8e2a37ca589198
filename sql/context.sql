-- Parameters and columns carry the names of struct context (src/model/context.h).

-- query: context_save
INSERT INTO contexts (organization_id, context_type, context_id, fields, version, created_at,
    updated_at)
VALUES (:organization_id, :context_type, :context_id, :fields, :version, :created_at, :updated_at)
ON CONFLICT (organization_id, context_type, context_id) DO UPDATE SET fields = excluded.fields,
    version = excluded.version, updated_at = excluded.updated_at;

-- What it is counted for in the organization's quota; see quota_recount.
-- query: context_bytes
SELECT 1024 + LENGTH(CAST(fields AS BLOB)) AS number FROM contexts
WHERE organization_id = :organization_id AND context_type = :context_type
    AND context_id = :context_id;

-- query: context_find
SELECT * FROM contexts WHERE organization_id = :organization_id
    AND context_type = :context_type AND context_id = :context_id;

-- query: context_remove
DELETE FROM contexts WHERE organization_id = :organization_id
    AND context_type = :context_type AND context_id = :context_id;

-- Latest change first.
-- query: context_list_of_type
SELECT * FROM contexts WHERE organization_id = :organization_id AND context_type = :context_type
ORDER BY updated_at DESC, context_id DESC LIMIT :limit OFFSET :offset;
