"""A server with mailboxes of each kind, on providers that record what they accept."""
import collections
import contextlib
import re
import sqlite3

import gmail_mailbox
import outlook_mailbox
from fake_gmail import FakeGmail
from fake_graph import FakeGraph
from mailboxes import ACCOUNTS
from running import Killed, Server, wait_until
from shapes import said
from smtp_peer import HANG, SmtpPeer

KINDS = ("sandbox", "smtp", "gmail", "outlook")
CAN_BE_ASKED = ("gmail", "outlook")  # whether a mail was sent
ALL = "all"  # recipients, where a provider takes a mail for all of them
REFERENCE = re.compile(rb"^X-Outtray-Ref: (\S+)\r$", re.MULTILINE)
DEATH_SECONDS = 20
SETTLING_SECONDS = 60
WITHOUT_LIMIT = 10_000  # mails a minute: the pace is not what is tried here


class World:
    """accounts[kind] are the ids of the mailboxes. What is taken is kept apart from the server."""

    def __init__(self, folder, authority, kinds=KINDS, mailboxes=1, recipients_max=None,
                 **settings):
        """recipients_max: that the SMTP server takes in one transaction."""
        self._ending = contextlib.ExitStack()
        self.peer = self._add(SmtpPeer(authority, security="none", recipients_max=recipients_max))
        self.gmail = self._add(FakeGmail())
        self.graph = self._add(FakeGraph())
        self.graph.oauth.grace_uses = 1000  # Microsoft's former refresh tokens hold on for a while
        settings = {"send_wait": "5s", **settings}
        settings = gmail_mailbox.settings(self.gmail, **settings)
        settings = outlook_mailbox.settings(self.graph, **settings)
        self.server = Server(folder, authority, **settings)
        self.server.start()
        self.client = self.server.client(self.server.token)
        self.accounts = {kind: [self._connect(kind, number) for number in range(mailboxes)]
                         for kind in kinds}
        self.kills = collections.Counter()

    def _add(self, running):
        self._ending.callback(running.stop)
        return running

    def _connect(self, kind, number):
        address = f"{kind}{number}@torture.example"
        if kind == "smtp":
            body = self.peer.mailbox(address)
        elif kind == "sandbox":
            body = {"provider": kind, "emailAddress": address}
        else:
            grant = {"gmail": self.gmail, "outlook": self.graph}[kind].connect(address)
            body = {"provider": kind, "refreshToken": grant.refresh_token, "emailAddress": address}
        account = said(self.client.post(ACCOUNTS, json=body), 201)["account"]["_id"]
        said(self.client.patch(f"{ACCOUNTS}/{account}", json={"sendsPerMinute": WITHOUT_LIMIT}))
        return account

    # Its life and its deaths.

    def start(self, fault=None):
        """fault: "claimed:2" ends it there. False when it came to that before it was ready."""
        self.server.settings.pop("fault", None)
        if fault:
            self.server.settings["fault"] = fault
        try:
            self.server.start()
        except Killed:
            self.kills[fault.partition(":")[0]] += 1
            return False
        finally:
            self.server.settings.pop("fault", None)
        self.client = self.server.client(self.server.token)
        return True

    def kill(self):
        self.server.kill()
        self.kills["at random"] += 1

    def wait_for_death(self, fault, is_over=lambda: False):
        """Whether the fault has struck before is_over()."""
        process = self.server.process
        wait_until(lambda: process.poll() is not None or is_over(), DEATH_SECONDS, fault)
        if process.poll() is None:
            return False
        assert process.returncode == -9, self.server.said()
        self.server.kill()
        self.kills[fault.partition(":")[0]] += 1
        return True

    def end(self):
        try:
            self.server.stop()
        finally:
            self.server.kill()
            self._ending.close()

    def leave_without_answer(self):
        """The next mail at each provider is accepted, and nobody hears of it before forget_it()."""
        self.peer.fail("end", HANG, times=1)
        self.gmail.fail("drafts.send", "hang_after")
        self.graph.fail("messages.send", "hang_after")

    def forget_it(self):
        for provider in self.peer, self.gmail, self.graph:
            provider.release()

    # What is known of its mail.

    def accepted(self):
        """Every mail as often as it was accepted: the id that it carries, its bytes, and for whom;
        ALL: where one acceptance is for all."""
        found = [(mail.content, mail.recipients) for mail in list(self.peer.accepted)]
        found += [(mail.content, [ALL]) for fake in (self.gmail, self.graph)
                  for mail in list(fake.sent)]
        found += [(path.read_bytes(), [ALL])
                  for path in (self.server.data / "sandbox").glob("*/new/*")]
        return [(REFERENCE.search(content)[1].decode(), content, recipients)
                for content, recipients in found]

    def reached(self):
        """How often each mail was accepted for each recipient: {uid: {address: times}}."""
        reached = collections.defaultdict(collections.Counter)
        for uid, _, recipients in self.accepted():
            reached[uid].update(recipients)
        return reached

    def taken(self):
        """How often each mail was accepted, for whom it was most often."""
        return collections.Counter({uid: max(times.values())
                                    for uid, times in self.reached().items()})

    def records(self):
        """All of them, by their uid."""
        records, page = {}, 1
        while True:
            found = said(self.client.get("/api/email/outbound",
                                         params={"page": page, "per_page": 100,
                                                 "view": "full"}))["items"]
            records.update((record["uid"], record) for record in found)
            if len(found) < 100:
                return records
            page += 1

    def record(self, uid):
        return said(self.client.get(f"/api/email/outbound/{uid}"))

    def events(self, uid):
        return said(self.client.get(f"/api/email/outbound/{uid}/events"))["items"]

    def count(self, status):
        return said(self.client.get("/api/email/outbound", params={"status": status}))["count"]

    def _open_database(self):
        return sqlite3.connect(self.server.data / "outtray.db", timeout=30)

    def hurry(self):
        """The server's waits come to their end, as they would in time: for its next attempts, and
        for its questions to a provider, which it asks often enough before it says "not sent"."""
        with contextlib.closing(self._open_database()) as db:
            db.execute("UPDATE emails SET next_attempt_at = 1 WHERE state = 'queued'")
            db.execute("UPDATE emails SET next_attempt_at = 1, probes = MAX(probes, 4)"
                       " WHERE state = 'unknown' AND next_attempt_at > 0")
            db.execute("UPDATE accounts SET paused_until = NULL WHERE paused_until > 0")
            db.commit()

    def planned(self):
        with contextlib.closing(self._open_database()) as db:
            return db.execute("SELECT count(*) FROM emails"
                              " WHERE state = 'draft' AND planned_send_at > 0").fetchone()[0]

    def unknown(self):
        return said(self.client.get("/api/email/outbound",
                                    params={"status": "unknown", "per_page": 100}))["items"]

    def is_moving(self):
        """Something is on its way, or is about to be: nobody else needs to be asked."""
        return (self.planned() + self.count("queued") + self.count("sending") or
                any(not record["committed_at"] for record in self.unknown()))

    def settle(self, seconds=SETTLING_SECONDS):
        """Until nothing is on its way, and no provider is asked any more. A resolver that starts
        anew looks at once."""
        def check():
            if self.is_moving():
                return False
            if not any(record["next_attempt_at"] for record in self.unknown()):
                return not self.is_moving()
            self.server.kill()
            self.hurry()
            self.start()
            return False
        wait_until(check, seconds, "the end of all sending and asking")
