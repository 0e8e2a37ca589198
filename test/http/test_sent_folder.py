"""A mail that SMTP may have taken is looked for in its mailbox's Sent folder, over IMAP.

Every SMTP server here takes the mail and hangs up instead of saying so: the mail must be `sent`
where its Sent folder has it, else stay `unknown`; and nothing may ever be sent a second time.

covers: src/provider/smtp_sent.c src/delivery/resolver.c src/delivery/settling.c
"""
import json
import sqlite3

import pytest

from imap_peer import DROP, HANG
from mailboxes import ACCOUNTS, connect, refuse
from people import ALL, new_user
from reading import read_python, with_header
from running import SECONDS, Server, wait_until
from shapes import said
from smtp_peer import PASSWORD, USER

REFERENCE = "X-Outtray-Ref"


@pytest.fixture(scope="module")
def server(tmp_path_factory, authority):
    with Server(tmp_path_factory.mktemp("server"), authority, send_wait="1s",
                imap_timeout="1s") as running:
        yield running


class Case:
    """A mailbox with a mail that is unknown, and what its Sent folder had when it was looked at."""

    def __init__(self, server, start_smtp, start_imap, **imap):
        self.smtp = start_smtp(security="none")
        self.imap = start_imap(**imap)
        self.mailbox = connect(server, self.smtp, imap=self.imap.settings())
        self.smtp.fail("end", DROP)

    def send(self):
        """The mail as it went out."""
        self.uid = self.mailbox.send_later()
        return self.smtp.wait_for_mails(1)[0].content

    def is_sent(self):
        record = self.mailbox.wait_for(self.uid, "sent")
        assert self.mailbox.steps(self.uid) == ["send", "claim", "lost", "found"]
        assert len(self.smtp.accepted) == 1
        return record

    def is_unknown(self, looks=1):
        """Once it was looked for so often; returns what is said of it."""
        def looked():
            record = self.mailbox.record(self.uid)
            return record["status"] == "unknown" and "Sent" in (record["error"] or "") and record
        wait_until(lambda: self.imap.connections >= 1 + looks, what="a look into the folder")
        record = wait_until(looked, what="what came of it")
        assert self.mailbox.steps(self.uid) == ["send", "claim", "lost"]
        assert len(self.smtp.accepted) == 1
        return record["error"]


@pytest.fixture
def case(server, start_smtp, start_imap):
    return lambda **imap: Case(server, start_smtp, start_imap, **imap)


# Found

def test_what_is_in_the_sent_folder_was_sent(case):
    """In each way that it can be there: in plain sight, under a name of its own, behind mail that
    only looks like it, or without the reference."""
    plain, tls, named, stamped, hidden, bare = (
        case(security="none"), case(security="tls"), case(security="starttls", delimiter="."),
        case(), case(), case())
    named.imap.special.clear()
    named.imap.folders = {"INBOX": [], "INBOX.gesendete objekte": []}
    cases = [plain, tls, named, stamped, hidden, bare]
    mails = {one: one.send() for one in cases}
    plain.imap.folders["Sent"].append(mails[plain])
    tls.imap.folders["Sent"].append(mails[tls])
    named.imap.folders["INBOX.gesendete objekte"].append(mails[named])
    stamped.imap.folders["Sent"].append(with_header(mails[stamped], Message_ID="<its-own@peer>"))
    message_id = read_python(mails[hidden])["Message-ID"]
    hidden.imap.folders["Sent"] += [
        with_header(mails[hidden], Message_ID=f"{message_id}.not", X_Outtray_Ref=None),
        with_header(mails[hidden], X_Outtray_Ref="of-another-mail"), mails[hidden]]
    bare.imap.folders["Sent"].append(with_header(mails[bare], X_Outtray_Ref=None))
    for one in cases:
        record = one.is_sent()
        read = read_python(mails[one])
        wanted = "<its-own@peer>" if one is stamped else read["Message-ID"]
        assert record["provider_message_id"] == record["message_id"] == wanted
        assert record["sent_at"] and not record["error"] and not record["next_attempt_at"]
        assert read[REFERENCE] == record["uid"]
    [found] = [event for event in named.mailbox.events(named.uid) if event["event"] == "found"]
    assert found["reason"] == 'it is in the folder "INBOX.gesendete objekte" at 127.0.0.1'


# Not found

def test_what_is_not_there_is_not_sent_again(case):
    """Seen to fail with PROBE_NOT_SENT in the place of PROBE_ASK_AGAIN, and with smtp_sent.c taking
    whatever SEARCH finds for the mail."""
    empty, similar, another, elsewhere, nowhere = (case() for _ in range(5))
    cases = [empty, similar, another, elsewhere, nowhere]
    mails = {one: one.send() for one in cases}
    message_id = read_python(mails[similar])["Message-ID"]
    similar.imap.folders["Sent"] += [
        with_header(mails[similar], Message_ID=f"{message_id}2", X_Outtray_Ref=None),
        with_header(mails[similar], Message_ID="<x@y>", X_Outtray_Ref=f"{similar.uid}2")]
    another.imap.folders["Sent"].append(with_header(mails[another], X_Outtray_Ref="other"))
    elsewhere.imap.folders["INBOX"].append(mails[elsewhere])  # a Bcc to oneself proves nothing
    nowhere.imap.folders = {"INBOX": [mails[nowhere]]}
    for one in cases[:-1]:
        assert one.is_unknown() == ('it is not in the folder "Sent" at 127.0.0.1, which does not '
                                    'prove that it was not sent')
    wait_until(lambda: "no folder of sent mail" in nowhere.mailbox.record(nowhere.uid)["error"])
    assert similar.imap.said("UID FETCH") and not elsewhere.imap.said('EXAMINE "INBOX"')
    # It is looked for again, ten seconds later.
    empty.imap.folders["Sent"].append(mails[empty])
    empty.is_sent()
    for one in cases:
        assert len(one.smtp.accepted) == 1


BROKEN = [("connect", DROP, "closed"), ("connect", HANG, "took too long"),
          ("connect", "BYE no room", "the server refused: BYE"), ("login", "NO not you", "was refused"),
          ("login", DROP, "closed"), ("list", "NO later", "NO later"), ("list", DROP, "closed"),
          ("examine", "BAD what", "BAD what"), ("search", "NO later", "NO later"),
          ("search", HANG, "in time"), ("fetch", DROP, "closed")]


def test_a_server_that_fails_tells_nothing(server, case):
    cases = [case(security="none") for _ in BROKEN]
    for one, (point, how, _) in zip(cases, BROKEN):
        mail = one.send()
        one.imap.folders["Sent"].append(mail)
        one.imap.fail(point, how)
    for one, (point, how, words) in zip(cases, BROKEN):
        reason = one.is_unknown()
        assert "could not be looked into: 127.0.0.1:" in reason and words in reason, (point, how)
        one.imap.release()


def test_what_nobody_answers_is_no_question(server, case):
    """A server that is down for days uses up none of the questions: P2. Seen to fail where each is
    counted."""
    one = case(security="none")
    mail = one.send()
    one.imap.folders["Sent"].append(mail)
    one.imap.fail("connect", DROP)
    one.is_unknown(looks=2)
    with sqlite3.connect(server.data / "outtray.db", timeout=SECONDS) as database:
        probes = "SELECT probes FROM emails WHERE id = ?"
        assert database.execute(probes, [one.uid]).fetchall() == [(0,)]
    one.imap.heal()
    one.is_sent()


LIES = [("search", ["* SEARCH 1 2 3 4"]), ("search", ["* SEARCH 0 -1 x"]),
        ("search", ["* SEARCH " + "7 " * 30000]), ("search", ["* SEARCH"] * 30000),
        ("list", ["* LIST (\\Sent) \"/\" \"" + "x" * 100000 + '"']),
        ("list", ["* LIST (\\Sent) NIL {99999999999}", "* LIST (\\Sent) NIL Sent"]),
        ("fetch", ["* 1 FETCH (BODY[HEADER.FIELDS (MESSAGE-ID)] {60000}", "x"]),
        ("fetch", ["* 1 FETCH (BODY[HEADER.FIELDS (X)] {4}", "X: y)", "* 2 FETCH ((((("]),
        ("fetch", ["y OK done", "* BYE", "* 1 FETCH NIL"])]


def test_a_server_that_lies_tells_nothing(case):
    """Whatever it says is bounded, and says nothing of a mail that cannot be seen."""
    cases = [case(security="none") for _ in LIES]
    for one, (point, lines) in zip(cases, LIES):
        mail = one.send()
        one.imap.folders["Sent"] += [with_header(mail, X_Outtray_Ref="no")] * 4
        one.imap.answer(point, lines)
    for one in cases:
        one.is_unknown()


# Slow

def test_a_server_that_hangs_holds_up_nobody_else(start_server, start_smtp, start_imap):
    """Seen to fail with ASKED_AT_ONCE 1."""
    server = start_server(send_wait="1s", imap_timeout="600s", smtp_connect_timeout="600s")
    hanging, other = [Case(server, start_smtp, start_imap, security="none") for _ in range(2)]
    hanging.imap.fail("connect", HANG)
    hanging.send()
    wait_until(lambda: hanging.imap.connections == 2, what="a look that hangs")
    other.imap.folders["Sent"].append(other.send())
    other.is_sent()
    assert hanging.mailbox.record(hanging.uid)["status"] == "unknown"
    hanging.imap.folders["Sent"].append(hanging.smtp.accepted[0].content)
    hanging.imap.release()
    hanging.is_sent()


def test_a_server_that_hangs_is_not_asked_about_each_mail(server, case):
    """Not about what became due while it was hanging. Seen to fail without is_silent."""
    one = case(security="none")
    one.imap.fail("connect", HANG)
    uids = [one.mailbox.send_later() for _ in range(8)]
    for uid in uids:
        wait_until(lambda: "could not be looked into" in (one.mailbox.record(uid)["error"] or ""))
    assert one.imap.connections <= 4
    one.imap.release()


# Restarted, and without a Sent folder

def test_a_crash_in_the_middle_of_it(start_server, start_smtp, start_imap):
    server = start_server(send_wait="1s")
    one = Case(server, start_smtp, start_imap)
    one.smtp.heal()
    one.smtp.fail("end", HANG)
    one.imap.folders["Sent"].append(one.send())
    server.kill()
    server.start()
    one.mailbox.after_restart(server)
    one.is_sent()
    one.smtp.release()


def test_without_imap_a_person_decides(server, start_smtp):
    peer = start_smtp(security="none")
    mailbox = connect(server, peer)
    peer.fail("end", DROP)
    uid = mailbox.send(202)["outbound_email_uid"]
    record = mailbox.record(uid)
    assert record["status"] == "unknown" and record["next_attempt_at"] is None
    assert "imap" not in mailbox.account


# Connecting

def test_it_is_shown_without_its_password(server, start_smtp, start_imap):
    smtp, imap = start_smtp(security="tls"), start_imap(security="tls", password="another")
    mailbox = connect(server, smtp, imap=imap.settings())
    assert mailbox.account["imap"] == {"host": "127.0.0.1", "port": imap.port, "security": "tls",
                                       "username": USER}
    assert "another" not in json.dumps(said(mailbox.user.get(ACCOUNTS)))
    assert imap.said("AUTHENTICATE") and not imap.said("LIST")


def test_name_and_password_are_those_of_smtp(server, start_smtp, start_imap):
    smtp, imap = start_smtp(security="tls"), start_imap(security="tls")
    given = {"host": "localhost", "port": imap.port}
    mailbox = connect(server, smtp, imap=given)
    assert mailbox.account["imap"] == {**given, "security": "tls", "username": None}


def test_by_the_command_line(server, start_smtp, start_imap, tmp_path):
    smtp, imap = start_smtp(security="tls"), start_imap(security="starttls", password="another")
    user = new_user(server, scopes=ALL, mailbox=False)
    passwords = tmp_path / "smtp", tmp_path / "imap"
    passwords[0].write_text(PASSWORD)
    passwords[1].write_text("another\n")
    made = json.loads(server.tool(
        "account", "add", "smtp", "--user", user.address, "--email", user.address, "--host",
        "localhost", "--port", str(smtp.port), "--username", USER, "--password-file", passwords[0],
        "--imap-host", "localhost", "--imap-port", str(imap.port), "--imap-security", "starttls",
        "--imap-password-file", passwords[1], "--json"))
    assert made["imap_host"] == "localhost"
    assert "works" in server.tool("account", "test", made["id"])
    assert len(imap.said("AUTHENTICATE")) == 2
    imap.password = "changed meanwhile"
    with pytest.raises(AssertionError, match="imap.password: localhost:.*was refused"):
        server.tool("account", "test", made["id"])


@pytest.mark.parametrize("peer, imap, status, error, words", [
    ({}, {"password": "wrong"}, 502, "BAD_GATEWAY", ["imap.password", "was refused: NO"]),
    ({}, {"port": 1029}, 502, "BAD_GATEWAY", ["imap.host", "nobody answers there"]),
    ({}, {"host": "no-such-host.invalid"}, 502, "BAD_GATEWAY", ["imap.host", "was not found"]),
    ({"certificate": "stranger"}, {}, 502, "BAD_GATEWAY", ["imap.host", "not trusted"]),
    ({"security": "none"}, {"security": "starttls"}, 502, "BAD_GATEWAY",
     ["imap.security", "STARTTLS is not offered"]),
    ({"security": "starttls"}, {"security": "none"}, 502, "BAD_GATEWAY", ["imap.security"]),
    ({}, {"host": "mail.example.com", "security": "none"}, 400, "BAD_REQUEST",
     ["imap.security", "in the clear"]),
    ({}, {"host": "a/b"}, 400, "BAD_REQUEST", ["imap.host"]),
    ({}, {"port": 65536}, 400, "BAD_REQUEST", ["imap.port"]),
    ({}, {"username": "a\r\nb LOGOUT"}, 400, "BAD_REQUEST", ["imap.username"]),
    ({}, {"security": "ssl"}, 400, "BAD_REQUEST", ["imap.security"]),
])
def test_what_is_wrong_is_named(server, start_smtp, start_imap, peer, imap, status, error, words):
    user = new_user(server, scopes=ALL, mailbox=False)
    body = start_smtp(security="tls").mailbox(user.address)
    body["imap"] = start_imap(**peer).settings(**imap)
    refuse(user, body, status, error, *words)


def test_only_an_smtp_mailbox_has_one(server, start_imap):
    user = new_user(server, scopes=ALL, mailbox=False)
    body = {"provider": "sandbox", "emailAddress": user.address, "imap": start_imap().settings()}
    refuse(user, body, 400, "BAD_REQUEST", "imap", "smtp")
