"""Which mail servers a mailbox may have: those of the public internet, on ports of mail, unless the
operator allows others; and nothing is told of what a server says that was not signed in to.

covers: src/net/mail_guard.c src/provider/smtp.c src/provider/smtp_sent.c
"""
import contextlib
import json
import socket
import sqlite3
import subprocess

import pytest

from mailboxes import ACCOUNTS, connect, refuse
from people import ALL, new_user
from running import BUILD, SECONDS, Server
from shapes import holding, messages_error, said
from smtp_peer import PASSWORD, USER

SECRET = "inner-greeting-4711"
PRIVATE = ["127.0.0.1", "127.1", "127.0.0.1.", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.1",
           "017700000001", "0177.0.0.1", "localhost", "LOCALHOST", "::1", "[::1]", "::",
           "::ffff:127.0.0.1", "[::ffff:7f00:1]", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1",
           "fd00::5", "10.0.0.5", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"]
REASON = "leads to no place on the public internet; only the operator's setting " \
         "allow_private_mail_hosts lets mailboxes use it"


@pytest.fixture(name="strict", scope="module")
def fixture_strict(tmp_path_factory, authority):
    """A server with the setting that it comes with."""
    with Server(tmp_path_factory.mktemp("strict"), authority, allow_private_mail_hosts="no",
                allow_plain_smtp="yes") as running:
        yield running


@pytest.fixture(name="user")
def fixture_user(strict):
    return new_user(strict, mailbox=False)


class Listener:
    """Takes nobody, on any address of this machine, and knows whether anybody came."""

    def __init__(self):
        self.socket = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        self.socket.settimeout(0)
        self.port = self.socket.getsockname()[1]

    def is_reached(self):
        with contextlib.suppress(BlockingIOError):
            self.socket.accept()
            return True
        return False


@pytest.fixture(name="listener")
def fixture_listener():
    listener = Listener()
    yield listener
    listener.socket.close()


def body(address, host, port, security="starttls", imap=None):
    made = {"provider": "smtp", "emailAddress": address, "smtp": {
        "host": host, "port": port, "security": security, "username": USER, "password": PASSWORD}}
    return {**made, "imap": imap} if imap else made


def bare(host):
    """As it is kept: without the brackets of an address."""
    return host.strip("[]")


@pytest.mark.parametrize("host", PRIVATE)
def test_smtp_hosts_that_are_not_public(user, listener, host):
    for security in ("tls", "starttls", "none"):
        refused = said(user.post(ACCOUNTS, json=body(user.address, host, listener.port, security)),
                       400)
        assert refused == messages_error("BAD_REQUEST", f"smtp.host {bare(host)} {REASON}")
    assert not listener.is_reached() and said(user.get(ACCOUNTS)) == {"accounts": []}


@pytest.mark.parametrize("host", PRIVATE)
def test_imap_hosts_that_are_not_public(user, listener, host):
    """Then the SMTP server is not connected to either."""
    for security in ("tls", "starttls", "none"):
        imap = {"host": host, "port": listener.port, "security": security}
        refused = said(user.post(ACCOUNTS, json=body(user.address, "9.9.9.9", 587, imap=imap)), 400)
        assert refused == messages_error("BAD_REQUEST", f"imap.host {bare(host)} {REASON}")
    assert not listener.is_reached() and said(user.get(ACCOUNTS)) == {"accounts": []}


@pytest.mark.parametrize("port", [1, 22, 24, 80, 110, 443, 995, 1023])
@pytest.mark.parametrize("which", ["smtp", "imap"])
def test_ports_that_are_not_of_mail(server, user, port, which):
    """Also where private hosts are allowed."""
    words = f"{which}.port is none of mail: 25, 143, 465, 587, 993, or from 1024 on"
    for one in (user, new_user(server, mailbox=False)):
        asked = body(one.address, "9.9.9.9", port) if which == "smtp" else \
            body(one.address, "9.9.9.9", 587, imap={"host": "9.9.9.9", "port": port})
        refused = said(one.post(ACCOUNTS, json=asked), 400)
        assert refused == messages_error("BAD_REQUEST", words)
        assert said(one.get(ACCOUNTS)) == {"accounts": []}


@pytest.mark.parametrize("host", ["10.0.0.5", "192.168.1.1", "mail.example.com", "2130706433"])
def test_private_hosts_in_the_clear_need_more(server, host):
    user = new_user(server, mailbox=False)
    refused = said(user.post(ACCOUNTS, json=body(user.address, host, 2525, "none")), 400)
    assert refused == messages_error("BAD_REQUEST", holding("smtp.security", "this machine only"))


@pytest.mark.parametrize("point, reply, told", [
    ("connect", f"554 5.7.1 {SECRET}", "refused the connection for now: 554 5.7.1"),
    ("connect", f"554 {SECRET}", "refused the connection for now: 554"),
    ("ehlo", f"550 {SECRET}", "refused the connection: 530"),
    ("auth", f"535 5.7.8 {SECRET}", "refused the user name or password: 535 5.7.8; tried PLAIN"),
    ("auth", f"454 {SECRET}", "refused the user name or password for now: 454; tried PLAIN"),
])
def test_no_word_of_a_server_that_was_not_signed_in_to(server, smtp_server, point, reply, told):
    user = new_user(server, mailbox=False)
    smtp_server.fail(point, reply)
    refused = said(user.post(ACCOUNTS, json=smtp_server.mailbox(user.address)), 502)
    assert refused == messages_error("BAD_GATEWAY", f"127.0.0.1:{smtp_server.port} {told}")


@pytest.mark.parametrize("point, reply, told", [
    ("connect", f"554 5.7.1 {SECRET}", "554 5.7.1"), ("auth", f"454 {SECRET}", "454")])
def test_nor_in_a_mails_record(server, smtp_server, point, reply, told):
    mailbox = connect(server, smtp_server)
    smtp_server.fail(point, reply)
    uid = mailbox.send_later()
    record = mailbox.wait_for(uid, "queued", attempts=1)
    assert told in record["error"] and SECRET not in record["error"]
    assert SECRET not in json.dumps(mailbox.events(uid))


@pytest.mark.parametrize("point, told", [
    ("login", "imap.password: 127.0.0.1:{}: the user name or password was refused: NO"),
    ("capability", "imap.host: 127.0.0.1:{}: the server refused: NO")])
def test_no_word_of_an_imap_server_either(server, smtp_server, start_imap, point, told):
    user, imap = new_user(server, mailbox=False), start_imap(security="starttls")
    imap.fail(point, f"NO [ALERT] {SECRET}")
    asked = {**smtp_server.mailbox(user.address),
             "imap": {"host": "127.0.0.1", "port": imap.port, "security": "starttls"}}
    refused = said(user.post(ACCOUNTS, json=asked), 502)
    assert refused["error"] == "BAD_GATEWAY" and SECRET not in refused["message"]
    if point == "login":
        assert refused["message"] == told.format(imap.port)


def test_once_it_was_signed_in_to_its_words_are_told(server, smtp_server):
    mailbox = connect(server, smtp_server)
    smtp_server.fail("rcpt", "550 5.1.1 nobody of this name")
    assert "550 5.1.1 nobody of this name" in str(mailbox.send(502))


def test_without_a_sign_in_only_an_administrator_connects(server, start_smtp):
    """Nothing else would prove the address."""
    peer = start_smtp(security="none", user=None)
    user = new_user(server, mailbox=False)
    for given in ({}, {"username": ""}, {"username": None}):
        refuse(user, peer.mailbox(user.address, **given), 403, "FORBIDDEN", "smtp.username",
               "administrator")
    assert peer.connections == 0
    admin = new_user(server, ALL, mailbox=False)
    made = said(admin.post(ACCOUNTS, json=peer.mailbox(admin.address)), 201)["account"]
    assert made["smtp"]["username"] is None


# Mailboxes that were connected while it was allowed

def change(server, statement, *values):
    with contextlib.closing(sqlite3.connect(server.data / "outtray.db")) as database:
        database.execute(statement, values)
        database.commit()


def test_mail_of_a_mailbox_that_may_not_be_connected_to_any_more(start_server, start_smtp):
    server, peer = start_server(send_wait="2s"), start_smtp(security="starttls")
    mailbox = connect(server, peer)
    server.stop()
    server.settings["allow_private_mail_hosts"] = "no"
    server.start()
    mailbox.after_restart(server)
    before = peer.connections
    uid = mailbox.send_later()
    record = mailbox.wait_for(uid, "queued", attempts=1)
    reason = f"127.0.0.1:{peer.port}: the host {REASON}"
    assert record["error"] == reason
    [account] = [one for one in said(mailbox.user.get(ACCOUNTS))["accounts"]
                 if one["_id"] == mailbox.id]
    assert (account["status"], account["reason"]) == ("paused", reason)
    # However long: that is no reason to give up.
    change(server, "UPDATE emails SET trying_since = 1, next_attempt_at = 1 WHERE id = ?", uid)
    change(server, "UPDATE accounts SET paused_until = 1")
    assert mailbox.send(202)["status"] == "queued"
    mailbox.wait_for(uid, "queued", attempts=2)
    assert peer.connections == before and peer.accepted == []
    server.stop()
    server.settings["allow_private_mail_hosts"] = "yes"
    change(server, "UPDATE emails SET next_attempt_at = 1 WHERE state = 'queued'")
    change(server, "UPDATE accounts SET paused_until = 1")
    server.start()
    mailbox.after_restart(server)
    mailbox.wait_for(uid, "sent")
    assert len(peer.wait_for_mails(2)) == 2


def tool(server, *arguments):
    done = subprocess.run([BUILD / "outtray", "--data", server.data, *arguments], text=True,
                          capture_output=True, timeout=SECONDS, check=False, env=server.environment,
                          stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


def test_the_operators_tools_go_by_the_same_setting(start_server, start_smtp, tmp_path):
    server, peer = start_server(), start_smtp(security="starttls")
    mailbox = connect(server, peer)
    server.settings["allow_private_mail_hosts"] = "no"
    before = peer.connections
    password = tmp_path / "password"
    password.write_text(PASSWORD)
    status, _, errors = tool(
        server, "account", "add", "smtp", "--user", mailbox.user.address, "--email",
        "other@example.com", "--host", "localhost", "--port", str(peer.port), "--security",
        "starttls", "--username", USER, "--password-file", password)
    assert status == 2 and errors.startswith("outtray: ") and f"localhost {REASON}" in errors
    status, _, errors = tool(server, "account", "test", mailbox.id)
    assert status == 2 and f"127.0.0.1 {REASON}" in errors
    status, output, _ = tool(server, "doctor", "--json")
    [finding] = [one for one in map(json.loads, output.splitlines()) if one["check"] == "mailboxes"]
    assert status == 1 and finding["level"] == "fail"
    assert finding["finding"] == f"{mailbox.address} ({mailbox.id}): smtp.host 127.0.0.1 {REASON}"
    assert peer.connections == before


def test_doctor_names_the_setting_also_while_the_mailbox_is_paused(start_server, start_smtp):
    server, peer = start_server(), start_smtp(security="starttls")
    mailbox = connect(server, peer)
    server.stop()
    server.settings["allow_private_mail_hosts"] = "no"
    server.start()
    mailbox.after_restart(server)
    mailbox.wait_for(mailbox.send_later(), "queued", attempts=1)
    _, output, _ = tool(server, "doctor", "--json")
    [finding] = [one for one in map(json.loads, output.splitlines()) if one["check"] == "mailboxes"]
    assert finding["level"] == "warn" and REASON in finding["finding"]
    assert finding["finding"].startswith(f"{mailbox.address} ({mailbox.id}) is held, and its mail waits")
