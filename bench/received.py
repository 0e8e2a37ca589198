"""What a full store costs a reader and a writer, and how fast received mail comes in."""
import many_emails
from loading import load, scaled, write_bodies
from served import served

DRAFTS = "/api/v1/email/outbound/drafts"
EMAILS = 1_000_000
FEW = 2000  # as good as none, though every page is full
READS, SAVES, MAILS = 6000, 6000, 4000
CONNECTIONS = 16
TEXT = "The quick brown fox jumps over the lazy dog. " * 45  # about 2 KB
PAGES = {"conversation pages, email family": "/api/conversations?page=1",
         "conversation pages, messages family": "/api/conversation?page=1",
         "drafts, first page": "/api/email/drafts?page=1",
         "drafts, last page": "/api/email/drafts?page={last}"}


def stored(table, folder, scale):
    """Each figure with a million emails, its limit the same with an empty store."""
    rates = {}
    full = scaled(EMAILS, scale)
    for count in 0, full:
        with served(folder / str(count)) as server:
            many_emails.fill(server.data / "outtray.db", max(count, FEW))
            rates[count] = measure_stored(server, folder, scale)
    for name, (found, unit) in rates[full].items():
        table.add(f"{name}, {full:,} stored", found["per_second"], unit,
                  rates[0][name][0]["per_second"], "1/1.5 of the empty store", found["p50_ms"],
                  found["p99_ms"])


def measure_stored(server, folder, scale):
    client = server.client(server.token)
    reply = client.post(DRAFTS, json={"to": ["client@example.com"], "subject": "Contract"})
    body = write_bodies(folder, "save", [{"body_text": TEXT, "subject": "Contract, again"}])
    drafts = client.get("/api/email/drafts?per_page=1").json()["count"]
    found = {"autosave": (
        load(server, f"{DRAFTS}/{reply.json()['id']}", body, CONNECTIONS, scaled(SAVES, scale),
             method="PUT"), "/s")}
    for name, path in PAGES.items():
        found[name] = (
            load(server, path.format(last=max(1, drafts // 20)), [], CONNECTIONS,
                 scaled(READS, scale), method="GET"), "/s")
    return found


def imports(table, folder, scale):
    with served(folder) as server:
        account = server.client(server.token).get("/api/email/accounts").json()["accounts"][0]
        mails = []
        for number in range(scaled(MAILS, scale)):
            mails.append(folder / f"mail{number}.eml")
            mails[-1].write_text(
                f"From: Client <client{number % 50}@example.com>\r\nTo: {account['emailAddress']}\r\n"
                f"Subject: Re: Contract {number // 10}\r\nDate: Tue, 3 Nov 2026 10:00:00 +0000\r\n"
                f"Message-ID: <{number}@example.com>\r\n"
                f"References: <{number - number % 10}@example.com>\r\n"
                f"Content-Type: text/plain; charset=utf-8\r\n\r\n{TEXT}\r\n", encoding="utf-8")
        measured = load(server, f"/api/email/messages/import?account={account['_id']}", mails,
                        CONNECTIONS, len(mails), content_type="message/rfc822")
        table.add("received mail imported", measured["per_second"], "/s",
                  p50=measured["p50_ms"], p99=measured["p99_ms"])
