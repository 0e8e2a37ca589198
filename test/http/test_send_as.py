"""Addresses and signatures that a mailbox's owner has set at Gmail: asked for, taken over, used.

covers: src/api/messages_send_as.c src/provider/send_as.c
"""
import hashlib

import pytest

from fake_gmail import FakeGmail
from gmail_mailbox import connect, sent_from, settings
from people import new_user
from running import Server
from shapes import messages_error, said

ALIAS, PENDING = "sales@example.com", "pending@example.com"


@pytest.fixture(scope="module")
def fake():
    running = FakeGmail()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory, fake):
    with Server(tmp_path_factory.mktemp("server"), **settings(fake, send_wait="5s")) as running:
        yield running


@pytest.fixture
def mailbox(server, fake):
    fake.heal()
    mailbox = connect(server, fake)
    box = fake.box(mailbox.address)
    box.aliases = {ALIAS: "accepted", PENDING: "pending"}
    box.signature = "<b>Ann</b><script>alert(1)</script>"
    return mailbox


def path(mailbox):
    return f"/api/email/accounts/{mailbox.id}/send-as"


def shown(mailbox):
    accounts = said(mailbox.user.get("/api/email/accounts"))["accounts"]
    return next(account for account in accounts if account["_id"] == mailbox.id)


def send(mailbox, sender, status=200):
    return said(mailbox.user.post("/api/email/messages/send", json={
        "from": sender, "to": "b@example.com", "subject": "s", "body": "t"}), status)


def test_what_is_set_there(mailbox):
    listed = {one["emailAddress"]: one for one in said(mailbox.user.get(path(mailbox)))["sendAs"]}
    assert {address: one["isVerified"] for address, one in listed.items()} == {
        mailbox.address: True, ALIAS: True, PENDING: False}
    assert listed[mailbox.address]["isPrimary"] and "Ann" in str(listed)
    assert "script" not in str(listed)


def test_taken_over_and_used(fake, mailbox):
    assert send(mailbox, ALIAS, 404) == messages_error("EMAIL_ACCOUNT_NOT_FOUND")
    account = said(mailbox.user.post(path(mailbox)))["account"]
    assert [ALIAS in alias for alias in account["aliases"]] == [True]
    assert account["signatureHtml"] == "<b>Ann</b>"
    said(mailbox.user.patch(f"/api/email/accounts/{mailbox.id}", json={"appendSignature": True}))
    sent = send(mailbox, ALIAS)
    [mail] = sent_from(fake, mailbox)
    assert ALIAS in mail.header("From") and b"Ann" in mail.content
    assert sent["message"]["emailMetadata"]["from"] == [ALIAS]
    assert send(mailbox, PENDING, 404) == messages_error("EMAIL_ACCOUNT_NOT_FOUND")
    send(mailbox, mailbox.address)
    assert mailbox.address in sent_from(fake, mailbox)[-1].header("From")


def test_the_exact_mail_stays_the_one_that_was_sent(mailbox):
    """Gmail has put another Message-ID in the place of ours."""
    sent = send(mailbox, mailbox.address)["message"]["_id"]
    record = said(mailbox.user.get(f"/api/email/outbound/{sent}"))
    raw = mailbox.user.get(f"/api/email/outbound/{sent}/raw").content
    assert record["message_id"].encode() not in raw
    assert record["mail_sha256"] == hashlib.sha256(raw).hexdigest()


def test_too_large_for_gmail(fake, mailbox):
    """P11: known before anything is queued, and whose limit it is."""
    upload = said(mailbox.user.post("/api/v1/documents", files={"file": ("a", b"x" * 25 * 2**20)}),
                  201)["id"]
    refused = said(mailbox.user.post("/api/email/send", json=mailbox.body(
        attachments=[upload], body_text="y" * 2**20)), 413)
    assert "gmail takes at most 36700160" in refused["error"]["message"]
    assert sent_from(fake, mailbox) == []


def test_a_mailbox_without_such_settings(server):
    user = new_user(server)
    account = said(user.get("/api/email/accounts"))["accounts"][0]["_id"]
    assert said(user.get(f"/api/email/accounts/{account}/send-as")) == {"sendAs": []}


def test_somebody_elses(server, mailbox):
    assert said(new_user(server).get(path(mailbox)), 404) == messages_error(
        "EMAIL_ACCOUNT_NOT_FOUND")


def test_gmail_says_no(fake, mailbox):
    fake.fail("sendAs.list", status=500, times=None)
    refused = mailbox.user.get(path(mailbox))
    assert refused.status_code in (502, 503), refused.text


# A mailbox that is held

def test_what_waits_says_until_when_and_why(fake, mailbox):
    """Gmail asks for a pause in answer to one mail; the other says so too."""
    fake.fail("drafts.send", status=429, reason="rateLimitExceeded", retry_after=600,
              address=mailbox.address, times=None)
    first = mailbox.send_later()
    mailbox.wait_for(first, "queued", attempts=1)
    second = mailbox.record(mailbox.send_later())
    assert second["status"] == "queued" and second["attempts"] == 0
    assert second["error"] == mailbox.record(first)["error"] and second["error"]
    assert second["next_attempt_at"] >= mailbox.record(first)["next_attempt_at"][:16]
    account = shown(mailbox)
    assert (account["status"], account["reason"]) == ("paused", second["error"])


def test_a_dead_grant_holds_and_says_so(fake, mailbox):
    fake.oauth.kill(mailbox.address)
    uid = mailbox.send_later()
    waiting = mailbox.wait_for(uid, "queued", attempts=1)
    account = shown(mailbox)
    assert account["status"] == "reauth_required" and account["reason"] == waiting["error"]
    assert sent_from(fake, mailbox) == []
