-- What `outtray audit` reads: rows as they are, whoever may have had his hands on them.

-- Every organization that has, or once had, a trail, and the server itself if it has one. :wanted:
-- its id or name; NULL: all.
-- query: audit_organizations
SELECT found.id AS organization_id, CASE found.id
        WHEN '00000000-0000-0000-0000-000000000000' THEN 'server'
        ELSE organizations.name END AS organization,
    chains.number AS end_number, chains.hash AS end_hash
FROM (SELECT id FROM organizations UNION SELECT organization_id FROM chains
    UNION SELECT organization_id FROM events) AS found
LEFT JOIN organizations ON organizations.id = found.id
LEFT JOIN chains ON chains.organization_id = found.id
WHERE :wanted IS NULL OR found.id = :wanted OR organizations.name = :wanted
    OR (:wanted = 'server' AND found.id = '00000000-0000-0000-0000-000000000000')
ORDER BY found.id;

-- Email by email, and each as it is now.
-- query: audit_trails
SELECT events.*, emails.id AS id, emails.state AS state, emails.erased_at AS erased_at,
    emails.mail_sha256 AS present_sha256
FROM events LEFT JOIN emails ON emails.id = events.email_id
WHERE (events.email_id, events.position) > (:email_id, :position)
    AND (:organization_id IS NULL OR events.organization_id = :organization_id)
ORDER BY events.email_id, events.position LIMIT :limit;

-- Emails that no event tells of.
-- query: audit_untold
SELECT id AS email_id, organization_id FROM emails
WHERE (:organization_id IS NULL OR organization_id = :organization_id)
    AND NOT EXISTS (SELECT 1 FROM events WHERE email_id = emails.id)
ORDER BY id LIMIT :limit;
