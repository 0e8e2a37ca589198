"""Fills a database with emails that were sent, some drafts among them, straight through SQL."""
import sqlite3

DRAFT_OF = 50  # every so many is a draft


def fill(path, count):
    """The emails belong to the organization, user and mailbox that are there."""
    db = sqlite3.connect(path)
    owner = db.execute("SELECT organization_id, user_id, id FROM accounts LIMIT 1").fetchone()
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -262144")
    with db:
        db.execute(
            """
            WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?)
            INSERT INTO emails (id, organization_id, user_id, account_id, state, version,
                                from_email, to_recipients, subject, message_id, message_date,
                                attempts, claim, sent_at, provider, created_at, updated_at)
            SELECT printf('%08x-%04x-7%03x-8000-%012x', n / 65536, n % 65536, n % 4096, n), ?, ?, ?,
                   CASE n % ? WHEN 0 THEN 'draft' ELSE 'sent' END, 1, 'you@outtray.example',
                   '[{"email":"client@example.com"}]', 'Contract ' || n,
                   '<' || n || '@outtray.example>', 1700000000000 + n, 1, 1, 1700000000000 + n,
                   'sandbox', 1700000000000 + n, 1700000000000 + n
            FROM counted
            """, (count, *owner, DRAFT_OF))
        db.execute("INSERT INTO email_bodies (email_id, body_text)"
                   " SELECT id, 'The text of ' || subject FROM emails"
                   " WHERE id NOT IN (SELECT email_id FROM email_bodies)")
        db.execute("INSERT INTO events (organization_id, email_id, at, event, from_state, to_state,"
                   " actor) SELECT organization_id, id, created_at, 'accepted', 'sending', 'sent',"
                   " 'outtrayd' FROM emails WHERE state = 'sent'")
    db.close()
