"""What a provider has against the account holds the mailbox and fails no mail: it shows why and what
is to be done, one mail tries again, and then all leave.

covers: src/provider/smtp.c src/provider/web_mail.c src/net/account_trouble.c
"""
import sqlite3

import pytest

import gmail_mailbox
import outlook_mailbox
from mailboxes import ACCOUNTS, connect
from running import SECONDS, Server, wait_until
from shapes import said

MAILBOX = {"gmail": gmail_mailbox, "outlook": outlook_mailbox}
NEWER = (b'{"error":{"code":403,"message":"no","status":"PERMISSION_DENIED","details":[{"@type":'
         b'"type.googleapis.com/google.rpc.ErrorInfo","reason":"%s"}]}}')


@pytest.fixture(scope="module")
def server(tmp_path_factory, fakes, authority):
    given = {}
    for name, fake in fakes.items():
        given |= MAILBOX[name].settings(fake)
    with Server(tmp_path_factory.mktemp("server"), authority, **given) as running:
        yield running


def shown(mailbox):
    return next(account for account in said(mailbox.user.get(ACCOUNTS))["accounts"]
                if account["_id"] == mailbox.id)


def is_held(mailbox, uids, status, *words):
    """One mail tried; none has failed; the reason says what is to be done."""
    wait_until(lambda: shown(mailbox)["status"] == status, what=status)
    account = shown(mailbox)
    assert all(word in account["reason"] for word in words), account["reason"]
    for uid in uids:
        record = mailbox.wait_for(uid, "queued")
        assert record["error"] == account["reason"]
    return account


def go_on(server, mailbox):
    with sqlite3.connect(server.data / "outtray.db", timeout=SECONDS) as database:
        database.execute("UPDATE accounts SET paused_until = 1 WHERE id = ?", [mailbox.id])


@pytest.mark.parametrize("point, reply, words", [
    ("mail", "550 5.7.60 SMTP; Client does not have permissions to send as this sender", "Send As"),
    ("mail", "550 5.1.8 Access denied, bad outbound sender", "blocked"),
    ("end", "550 5.7.501 Access denied, spam abuse detected", "blocked"),
    ("data", "550 5.7.705 Access denied, tenant has exceeded threshold", "organization"),
    ("end", "554 5.2.252 SendAsDenied", "Send As"),
    ("end", "550 5.4.5 Daily user sending limit exceeded", "by itself"),
    ("mail", "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", "sendsAtOnce"),
    ("end", "421 4.7.28 unusual rate", "by itself")])
def test_smtp(server, start_smtp, point, reply, words):
    peer = start_smtp(security="none")
    mailbox = connect(server, peer)
    said(mailbox.user.patch(f"{ACCOUNTS}/{mailbox.id}", json={"sendsAtOnce": 1}))
    peer.fail(point, reply)
    uids = [mailbox.send_later() for _ in range(5)]
    account = is_held(mailbox, uids, "paused", reply.split(" ")[1], words)
    assert account["pausedUntil"]
    assert sum(mailbox.record(uid)["attempts"] for uid in uids) == 1
    peer.heal()
    go_on(server, mailbox)
    for uid in uids:
        mailbox.wait_for(uid, "sent")
    assert shown(mailbox)["status"] == "connected" and len(peer.accepted) == 5


@pytest.mark.parametrize("name, fault, words", [
    ("gmail", {"status": 400, "reason": "failedPrecondition"}, "Workspace"),
    ("gmail", {"status": 403, "reason": "domainPolicy"}, "Workspace"),
    ("gmail", {"status": 403, "reason": "forbidden"}, "sign in"),
    ("gmail", {"status": 403, "body": NEWER % b"SERVICE_DISABLED"}, "operator"),
    ("outlook", {"status": 403, "reason": "ErrorAccessDenied"}, "administrator"),
    ("outlook", {"status": 404, "reason": "MailboxNotEnabledForRESTAPI"}, "licence"),
    ("outlook", {"status": 400, "reason": "ErrorSubmissionQuotaExceeded"}, "by itself"),
    ("outlook", {"status": 403, "reason": "ErrorMailboxMoveInProgress"}, "by itself"),
    ("outlook", {"status": 403, "reason": "ErrorSendAsDenied"}, "administrator")])
@pytest.mark.parametrize("is_at_send", [False, True])
def test_web(server, fakes, name, fault, words, is_at_send):
    fake = fakes[name]
    mailbox = MAILBOX[name].connect(server, fake)
    said(mailbox.user.patch(f"{ACCOUNTS}/{mailbox.id}", json={"sendsAtOnce": 1}))
    send = {"gmail": "drafts.send", "outlook": "messages.send"}[name]
    fake.fail(send if is_at_send else "*", times=None, address=mailbox.address, **fault)
    uids = [mailbox.send_later() for _ in range(3)]
    is_held(mailbox, uids, "paused", str(fault["status"]), words)
    assert sum(mailbox.record(uid)["attempts"] for uid in uids) == 1
    fake.heal()
    go_on(server, mailbox)
    for uid in uids:
        mailbox.wait_for(uid, "sent")
    assert shown(mailbox)["status"] == "connected"
    assert len(MAILBOX[name].sent_from(fake, mailbox)) == 3


def test_scopes_as_newer_services_say_it(server, fakes):
    fake = fakes["gmail"]
    mailbox = gmail_mailbox.connect(server, fake)
    fake.fail("*", times=None, address=mailbox.address, status=403,
              body=NEWER % b"ACCESS_TOKEN_SCOPE_INSUFFICIENT")
    is_held(mailbox, [mailbox.send_later()], "reauth_required", "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
    fake.heal()


@pytest.mark.parametrize("name", MAILBOX)
@pytest.mark.parametrize("reason, words", [
    ("admin_policy_enforced", "administrator"), ("unauthorized_client", "operator"),
    ("invalid_client", "operator"), ("org_internal", "organization")])
def test_the_sign_in_names_what_is_wrong(start_server, fakes, name, reason, words):
    """Not for each mail, and for as long as it takes."""
    fake = fakes[name]
    server = start_server(**MAILBOX[name].settings(fake, give_up_after="1s"))
    mailbox = MAILBOX[name].connect(server, fake)
    server.stop()  # its access tokens are forgotten
    mailbox.after_restart(server.start())
    fake.oauth.fail("token.refresh", times=None, status=400, reason=reason)
    try:
        uids = [mailbox.send_later() for _ in range(3)]
        is_held(mailbox, uids, "paused", reason, words)
    finally:
        fake.oauth.heal()
    go_on(server, mailbox)
    for uid in uids:
        mailbox.wait_for(uid, "sent")
