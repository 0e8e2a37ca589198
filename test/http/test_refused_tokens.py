"""Access tokens that a provider refuses though it has just given them: a permission that was taken
away, a challenge that only a new sign-in answers. The mailbox waits for its user, and nobody asks
in the meantime.

covers: src/grant/renewal.c src/delivery/record.c src/delivery/sender.c
"""
import sqlite3

import pytest

import gmail_mailbox
import outlook_mailbox
from mailboxes import ACCOUNTS
from running import SECONDS, Server, wait_until
from shapes import said

MAILBOX = {"gmail": gmail_mailbox, "outlook": outlook_mailbox}
REFUSALS = [("gmail", {"status": 401}),
            ("gmail", {"status": 403, "reason": "insufficientPermissions"}),
            ("outlook", {"status": 401}), ("outlook", {"status": 401, "reason": "claims"})]


@pytest.fixture(scope="module")
def server(tmp_path_factory, fakes):
    given = {}
    for name, fake in fakes.items():
        given |= MAILBOX[name].settings(fake)
    with Server(tmp_path_factory.mktemp("server"), **given) as running:
        yield running


def shown(mailbox):
    accounts = said(mailbox.user.get(ACCOUNTS))["accounts"]
    return next(account for account in accounts if account["_id"] == mailbox.id)


def sign_in_again(fake, name, mailbox):
    body = {"provider": name, "refreshToken": fake.connect(mailbox.address).refresh_token,
            "emailAddress": mailbox.address}
    said(mailbox.user.post(ACCOUNTS, json=body), 201)


def calls_of(fake, mailbox):
    return [call.name for call in list(fake.calls) if call.address == mailbox.address]


@pytest.mark.parametrize("name, refusal", REFUSALS)
def test_a_grant_that_gives_no_access_waits_for_its_user(server, fakes, name, refusal):
    """P13. Seen to fail where the refusal of a fresh token buries nothing: the mail is tried some
    200 times a second."""
    fake = fakes[name]
    mailbox = MAILBOX[name].connect(server, fake)
    fake.fail("*", **refusal, times=None, address=mailbox.address)
    refreshes = mailbox.grant.refreshes
    uids = [mailbox.send_later()]
    record = mailbox.wait_for(uids[0], "queued", attempts=1)
    account = shown(mailbox)
    assert account["status"] == "reauth_required" and account["reason"] == record["error"]
    assert str(refusal["status"]) in record["error"]
    asked = calls_of(fake, mailbox)
    uids += [mailbox.send_later() for _ in range(3)]
    record = mailbox.wait_for(uids[-1], "queued")
    assert record["error"] == account["reason"] and record["attempts"] == 0
    # Another mailbox sends what came later: whatever might have left of this one would have.
    another = MAILBOX[name].connect(server, fake)
    another.wait_for(another.send_later(), "sent")
    assert [mailbox.record(uid)["attempts"] for uid in uids] == [1, 0, 0, 0]
    assert calls_of(fake, mailbox) == asked and mailbox.grant.refreshes - refreshes <= 2
    fake.heal()
    sign_in_again(fake, name, mailbox)
    for uid in uids:
        mailbox.wait_for(uid, "sent")
    assert shown(mailbox)["status"] == "connected"
    assert len(MAILBOX[name].sent_from(fake, mailbox)) == 4


@pytest.mark.parametrize("name", MAILBOX)
def test_what_its_mailbox_held_is_tried_for_as_long_as_other_mail(start_server, fakes, name):
    """P4, P13: what failed before a sign-in says nothing of how long it is tried after. Seen to fail
    with the time counted since the mail was queued, and with a held mail given up."""
    fake = fakes[name]
    server = start_server(**MAILBOX[name].settings(fake, give_up_after="1s"))
    mailbox = MAILBOX[name].connect(server, fake)
    fake.fail("*", status=503, address=mailbox.address)
    uid = mailbox.send_later()
    mailbox.wait_for(uid, "queued", attempts=1)
    fake.oauth.kill(mailbox.address)
    fake.fail("*", status=401, times=None, address=mailbox.address)
    mailbox.wait_for(uid, "queued", attempts=2)
    assert shown(mailbox)["status"] == "reauth_required"
    fake.heal()
    fake.fail("*", status=503, address=mailbox.address, skip=1)  # connecting asks once
    sign_in_again(fake, name, mailbox)
    wait_until(lambda: mailbox.record(uid)["attempts"] == 3 and
               mailbox.record(uid)["status"] != "sending", what="the third attempt")
    record = mailbox.record(uid)
    assert (record["status"], record["attempts"]) == ("queued", 3) and "503" in record["error"]


@pytest.mark.parametrize("name, send", [("gmail", "drafts.send"), ("outlook", "messages.send")])
def test_an_unknown_mail_is_asked_about_after_a_sign_in(start_server, fakes, name, send):
    """P2: what could not be asked was no question, however often its time came. Seen to fail where
    it counts as one, and without the look for it in connecting_keep."""
    fake = fakes[name]
    server = start_server(**MAILBOX[name].settings(fake))
    mailbox = MAILBOX[name].connect(server, fake)
    fake.fail(send, "hang_after", address=mailbox.address)
    uid = mailbox.send_later()
    fake.wait_for_hanging()
    server.kill()
    fake.release()
    fake.oauth.kill(mailbox.address)
    mailbox.after_restart(server.start())
    wait_until(lambda: shown(mailbox)["status"] == "reauth_required", what="the end of the grant")
    wait_until(lambda: "invalid_grant" in mailbox.record(uid)["error"], what="a look at the mail")
    with sqlite3.connect(server.data / "outtray.db", timeout=SECONDS) as database:
        [(probes, next_at)] = database.execute(
            "SELECT probes, next_attempt_at FROM emails WHERE id = ?", [uid])
        assert probes == 0
        database.execute("UPDATE emails SET next_attempt_at = ? WHERE id = ?",
                         [next_at + 3600 * 1000, uid])
    sign_in_again(fake, name, mailbox)
    mailbox.wait_for(uid, "sent")
    assert len(MAILBOX[name].sent_from(fake, mailbox)) == 1


@pytest.mark.parametrize("name, send, look", [("gmail", "drafts.send", "messages.get"),
                                              ("outlook", "messages.send", "messages.get")])
def test_a_question_refreshes_its_token_once(server, fakes, name, send, look):
    """As a send does. Seen to fail where the refusal is taken for an answer."""
    fake = fakes[name]
    fake.heal()
    mailbox = MAILBOX[name].connect(server, fake)
    mailbox.send()
    refreshes = mailbox.grant.refreshes
    fake.fail(send, "reset_after", address=mailbox.address)
    refusal = fake.fail(look, status=401, address=mailbox.address)
    uid = mailbox.send_later()
    mailbox.wait_for(uid, "sent")
    with sqlite3.connect(server.data / "outtray.db", timeout=SECONDS) as database:
        probes = "SELECT probes FROM emails WHERE id = ?"
        assert database.execute(probes, [uid]).fetchall() == [(0,)]
    assert refusal.hits == 1 and mailbox.grant.refreshes == refreshes + 1
    assert len(MAILBOX[name].sent_from(fake, mailbox)) == 2
