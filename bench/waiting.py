"""What waits: the cost of a claim, and how late mail leaves when much of it is due at once, beside a
million emails that are stored and 100,000 that wait in 10,000 mailboxes."""
import contextlib
import re
import sqlite3
import time
import urllib.request

import many_emails
from loading import scaled
from running import ROOT, wait_until
from served import SETTLE_SECONDS, Sink, served

STORED, WAITING, WAITING_MAILBOXES = 1_000_000, 100_000, 10_000
AT_ONCE, NEXT, MAILBOXES = 10_000, 100, 32
NOT_YET_MS = 30 * 86_400_000
START_MS = 6000  # until the server that is started now is ready, whatever this machine does
LOOKS = 200

COUNTED = ("WITH RECURSIVE counted(n) AS"
           " (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n < :count - 1)")
EMAILS = COUNTED + """
    INSERT INTO emails (id, organization_id, user_id, account_id, state, version, from_email,
                        to_recipients, subject, message_id, message_date, attempts, claim, provider,
                        next_attempt_at, planned_send_at, created_at, updated_at)
    SELECT :kind || printf('-0000-7000-9000-%012x', n), organization_id, user_id, accounts.id,
           :state, 1, email_address, '[{"email":"client@example.com"}]', 'Due', NULL, NULL, 0, 0,
           provider, :attempt_at, :planned_at, 1700000000000, 1700000000000
    FROM counted JOIN chosen ON place = n % (SELECT COUNT(*) FROM chosen)
    JOIN accounts ON accounts.id = chosen.id"""


def fill(path, kind, count, state, accounts, at_ms):
    """Emails whose ids begin with kind, spread over the mailboxes."""
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("CREATE TEMP TABLE chosen (place INTEGER PRIMARY KEY, id TEXT)")
        db.executemany("INSERT INTO chosen VALUES (?, ?)", enumerate(accounts))
        planned = state == "draft"
        db.execute(EMAILS,
                   {"kind": kind, "count": count, "state": state,
                    "attempt_at": None if planned else at_ms,
                    "planned_at": at_ms if planned else None})
        db.execute("INSERT INTO email_bodies (email_id, body_text) SELECT id, 'Due.' FROM emails"
                   " WHERE id GLOB ?", (f"{kind}-*",))


def add_mailboxes(path, kind, count):
    """Copies of the sandbox mailbox that is there, with other addresses; their ids."""
    values = {"id": f"'{kind}' || printf('-0000-7000-8000-%012x', n)", "is_default": "0",
              "email_address": f"n || '@{kind}.example'"}
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(accounts)")]
        db.execute(f"{COUNTED} INSERT INTO accounts ({', '.join(columns)})"
                   f" SELECT {', '.join(values.get(name, name) for name in columns)} FROM counted,"
                   " (SELECT * FROM accounts WHERE provider = 'sandbox' LIMIT 1)", {"count": count})
        return [row[0] for row in db.execute("SELECT id FROM accounts WHERE id GLOB ?",
                                             (f"{kind}-*",))]


def metrics(server):
    url = f"http://127.0.0.1:{server.port}/metrics"
    with urllib.request.urlopen(url, timeout=SETTLE_SECONDS) as reply:
        return {name: float(value)
                for name, value in re.findall(r"^(\S+) (\S+)$", reply.read().decode(), re.M)}


def has_claimed(server, count):
    time.sleep(0.2)  # looking must not cost what is measured
    return metrics(server)["outtray_claims_total"] == count


def lateness_ms(path, kind, due_ms):
    """Of each mail: when it was claimed, less when it was due."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        return sorted(row[0] - due_ms for row in db.execute(
            "SELECT MIN(at) FROM events WHERE event = 'claim' AND email_id GLOB ?"
            " GROUP BY email_id", (f"{kind}-*",)))


def at_share(numbers, share):
    return numbers[int((len(numbers) - 1) * share)]


def deliver(table, name, server, accounts, others, at_once):
    """at_once mails planned for one moment, and a few for a second later in mailboxes that are free."""
    path = server.data / "outtray.db"
    due_ms = int(time.time() * 1000) + START_MS
    kinds = [f"{name.encode().hex():.7}{number}" for number in (1, 2)]
    fill(path, kinds[0], at_once, "draft", accounts, due_ms)
    fill(path, kinds[1], NEXT, "draft", others, due_ms + 1000)
    assert time.time() * 1000 < due_ms - START_MS / 2, "this machine is too busy"
    with server:
        wait_until(lambda: has_claimed(server, at_once + NEXT), SETTLE_SECONDS, "all claims")
        found = metrics(server)
        server.wait_until_all_sent(kinds)
    cost_ms = 1000 * found["outtray_claim_seconds_total"] / found["outtray_claims_total"]
    table.add(f"claim, {name}", cost_ms, "ms", aim="< 1 ms")
    for what, kind, due in ((f"{at_once:,} at once", kinds[0], due_ms),
                            ("due a second later", kinds[1], due_ms + 1000)):
        late = lateness_ms(path, kind, due)
        table.add(f"lateness, {what}, {name}", at_share(late, 0.5), "ms",
                  p50=at_share(late, 0.5), p99=at_share(late, 0.99), aim="p99 < 1 s")


def resolver_look_ms(path):
    """What it asks in each round, with 100,000 mails that it is not yet time to ask about."""
    text = (ROOT / "sql/email.sql").read_text()
    queries = [re.search(rf"-- query: {name}\n(.*?);", text, re.S)[1]
               for name in ("accounts_to_probe", "email_next_probe")]
    with contextlib.closing(sqlite3.connect(path)) as db:
        began = time.monotonic()
        for _ in range(LOOKS):
            for query in queries:
                given = {"now": int(time.time() * 1000), "limit": 100}
                names = re.findall(r":(\w+)", query)
                db.execute(query, {name: given.get(name) for name in names}).fetchall()
        return 1000 * (time.monotonic() - began) / LOOKS


def waiting(table, folder, scale):
    waiting_count, at_once = scaled(WAITING, scale), scaled(AT_ONCE, scale)
    path = folder / "data/outtray.db"
    with Sink() as sink:
        with served(folder) as server:
            smtp = sink.connect_mailboxes(server)
        many_emails.fill(path, scaled(STORED, scale))
        later_ms = int(time.time() * 1000) + NOT_YET_MS
        fill(path, "aaaaaaaa", waiting_count, "queued",
             add_mailboxes(path, "aaaaaaaa", scaled(WAITING_MAILBOXES, scale)), later_ms)
        fill(path, "bbbbbbbb", waiting_count, "unknown", smtp[:1], later_ms)
        table.add(f"look of the resolver, {waiting_count:,} unknown", resolver_look_ms(path), "ms")
        others = add_mailboxes(path, "cccccccc", NEXT)
        deliver(table, "sandbox", server, add_mailboxes(path, "dddddddd", MAILBOXES), others,
                at_once)
        deliver(table, "SMTP", server, smtp, others, at_once)
