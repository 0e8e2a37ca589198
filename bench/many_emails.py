"""Fills a database with emails that were sent, some drafts among them, and their conversations,
straight through SQL."""
import sqlite3

DRAFT_OF = 50  # every so many is a draft
CONVERSATION_OF = 5  # so many emails answer one another

TALLIES = {"drafts": "emails WHERE state = 'draft'", "emails": "emails WHERE state <> 'received'",
           "conversations": "conversations"}


def last_event(db, organization_id):
    """The number of the organization's newest event."""
    return db.execute("SELECT COALESCE(MAX(number), 0) FROM events WHERE organization_id = ?",
                      (organization_id,)).fetchone()[0]


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
            INSERT INTO emails (id, organization_id, user_id, account_id, conversation_id, state,
                                version,
                                from_email, to_recipients, subject, message_id, message_date,
                                attempts, claim, sent_at, provider, created_at, updated_at)
            SELECT printf('%08x-%04x-7%03x-8000-%012x', n / 65536, n % 65536, n % 4096, n), ?, ?, ?,
                   printf('%08x-0000-7000-9000-000000000000', n / ?),
                   CASE n % ? WHEN 0 THEN 'draft' ELSE 'sent' END, 1, 'you@outtray.example',
                   '[{"email":"client@example.com"}]', 'Contract ' || n,
                   '<' || n || '@outtray.example>', 1700000000000 + n, 1, 1, 1700000000000 + n,
                   'sandbox', 1700000000000 + n, 1700000000000 + n
            FROM counted
            """, (count, *owner, CONVERSATION_OF, DRAFT_OF))
        db.execute("INSERT INTO email_bodies (email_id, body_text)"
                   " SELECT id, 'The text of ' || subject FROM emails"
                   " WHERE id NOT IN (SELECT email_id FROM email_bodies)")
        db.execute("INSERT INTO events (organization_id, number, email_id, at, event, from_state,"
                   " to_state, actor) SELECT organization_id, ROW_NUMBER() OVER (ORDER BY id) + ?,"
                   " id, created_at, 'accepted', 'sending', 'sent', 'system' FROM emails"
                   " WHERE state = 'sent'", (last_event(db, owner[0]),))
        db.execute("INSERT INTO chains (organization_id, number) VALUES (?, ?)"
                   " ON CONFLICT (organization_id) DO UPDATE SET number = excluded.number",
                   (owner[0], last_event(db, owner[0])))
        db.execute(
            """
            INSERT INTO conversations (id, organization_id, user_id, account_id, thread_id, subject,
                                       participants, message_count, created_at, last_message_at)
            SELECT conversation_id, organization_id, user_id, account_id, conversation_id,
                   MIN(subject), '[{"email":"client@example.com"}]', COUNT(*), MIN(created_at),
                   MAX(created_at)
            FROM emails GROUP BY conversation_id
            """)
        db.execute("DELETE FROM tallies")
        for what, counted in TALLIES.items():
            db.execute("INSERT INTO tallies (user_id, what, organization_id, number)"
                       f" SELECT user_id, ?, organization_id, COUNT(*) FROM {counted}"
                       " GROUP BY user_id, organization_id", (what,))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
