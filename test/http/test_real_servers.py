"""Signing in to, and sending through, mail servers that nobody here wrote.

covers: src/net/sign_in.c src/net/sasl.c src/net/hello.c src/net/dial.c
"""
import pytest

from mailboxes import ACCOUNTS, Mailbox, refuse
from people import ALL, new_user
from real_servers import Dovecot, Exim, Postfix, Sink, unpack_exim
from running import wait_until
from shapes import said

SECURE = pytest.mark.parametrize("security", ["tls", "starttls"])


@pytest.fixture
def user(server):
    return new_user(server, scopes=ALL, mailbox=False)


@pytest.fixture(scope="module")
def exim_program(tmp_path_factory):
    return unpack_exim(tmp_path_factory.mktemp("exim"))


@pytest.fixture
def start(request, authority):
    def begin(kind, *arguments, **options):
        running = kind(authority, *arguments, **options)
        request.addfinalizer(running.stop)
        return running
    return begin


def connected(user, peer, security):
    body = peer.mailbox(user.address, security)
    return Mailbox(user, said(user.post(ACCOUNTS, json=body), 201)["account"])


def replies(mailbox, uid):
    [event] = [event for event in mailbox.events(uid) if event["event"] == "accepted"]
    return [reply["code"] for reply in event["detail"]["replies"]]


def sends(mailbox, count=3):
    for _ in range(count):
        sent = mailbox.send(to=["b@example.com", "c@example.com"], body_text=".\nGrüße\n")
        assert sent["status"] == "sent"
        assert replies(mailbox, sent["outbound_email_uid"]) == [250, 250, 250]


@SECURE
@pytest.mark.parametrize("ways, secret", [
    (["PLAIN"], True),               # only with its secret in AUTH itself
    (["LOGIN"], True),
    (["CRAM-MD5"], True),
    (["CRAM-MD5", "PLAIN"], False),  # CRAM-MD5 never succeeds
    (["CRAM-MD5", "LOGIN"], False)])
def test_exim(user, start, exim_program, security, ways, secret):
    peer = start(Exim, exim_program, ways=ways, secret=secret)
    mailbox = connected(user, peer, security)
    sends(mailbox)
    assert peer.taken() == 3


def test_exim_and_a_wrong_password(user, start, exim_program):
    peer = start(Exim, exim_program, ways=["PLAIN", "LOGIN"])
    refuse(user, peer.mailbox(user.address, "tls", password="wrong"), 502, "BAD_GATEWAY",
           "refused the user name or password: 535; tried PLAIN")


def test_exim_that_takes_two_mails_a_connection(user, start, exim_program):
    peer = start(Exim, exim_program, mails=2)
    mailbox = connected(user, peer, "starttls")
    uids = [mailbox.send_later() for _ in range(12)]
    for uid in uids:
        mailbox.wait_for(uid, "sent")
    assert peer.taken() == 12


@SECURE
@pytest.mark.parametrize("ways", ["plain login", "cram-md5 plain"])
def test_postfix_with_the_sasl_of_dovecot(user, start, security, ways):
    peer = start(Postfix, ways=ways)
    refuse(user, peer.mailbox(user.address, security, password="wrong"), 502, "BAD_GATEWAY",
           "535 5.7.8; tried")
    mailbox = connected(user, peer, security)
    sends(mailbox, 2)
    sent = mailbox.send(to=["jörg@example.com"])  # SMTPUTF8
    assert sent["status"] == "sent"
    wait_until(lambda: peer.taken() == 5, what="five recipients in the log")


def test_postfix_says_its_size(user, start):
    peer = start(Postfix)
    mailbox = connected(user, peer, "tls")
    uid = mailbox.send_later(body_text="x" * 78 + "\n" + "0123456789abcde\n" * 70000)
    assert "takes mail of at most 1000000" in mailbox.wait_for(uid, "failed")["error"]
    assert peer.taken() == 0


@SECURE
@pytest.mark.parametrize("ways", ["plain", "login", "cram-md5"])
def test_dovecot_submission(user, start, security, ways):
    relay = start(Sink)
    peer = start(Dovecot, relay=relay.port, ways=ways)
    refuse(user, peer.mailbox(user.address, security, password="wrong"), 502, "BAD_GATEWAY",
           "535 5.7.8; tried")
    mailbox = connected(user, peer, security)
    sends(mailbox, 2)
    [first, second] = relay.taken()
    for recipient in ("b@example.com", "c@example.com"):
        assert recipient in first and recipient in second
