"""What becomes of a mail when its SMTP server fails, at each point of a send.

covers: src/delivery/sender.c src/delivery/record.c src/delivery/dispatcher.c
"""
import base64
import datetime
import subprocess

import pytest

from mailboxes import ACCOUNTS, RECORDS, connect, moment
from people import new_user
from running import BUILD, Server
from shapes import said
from smtp_peer import DROP, HANG


@pytest.fixture(scope="module")
def server(tmp_path_factory, authority):
    with Server(tmp_path_factory.mktemp("server"), authority, send_wait="1s") as running:
        yield running


@pytest.fixture
def peer(start_smtp):
    return start_smtp(security="none")


@pytest.fixture
def mailbox(server, peer):
    return connect(server, peer)


def replies(mailbox, uid, name):
    """Who got which answer, as the event of that name has it."""
    [event] = [event for event in mailbox.events(uid) if event["event"] == name]
    return [(reply.get("recipient"), reply["code"]) for reply in event["detail"]["replies"]]


# Refused for good

@pytest.mark.parametrize("point, reply", [
    ("mail", "550 5.7.1 not you"), ("rcpt", "550 5.1.1 nobody here"),
    ("data", "554 5.5.0 no"), ("end", "554 5.6.0 spam")])
def test_a_refusal_fails_at_once(peer, mailbox, point, reply):
    peer.fail(point, reply)
    error = mailbox.send(502)["error"]
    [detail] = error["details"]
    assert error["code"] == "provider_error" and reply in error["message"]
    record = mailbox.record(detail["outbound_email_uid"])
    assert (record["status"], record["attempts"]) == ("failed", 1) and reply in record["error"]
    assert mailbox.steps(record["uid"]) == ["send", "claim", "refused"]
    assert peer.accepted == []
    peer.heal()
    mailbox.send()
    assert len(peer.accepted) == 1


def test_one_refused_recipient_refuses_the_mail(peer, mailbox):
    peer.fail("rcpt", "550 5.1.1 nobody here", address="c@example.com")
    error = mailbox.send(502, to=["b@example.com", "c@example.com"], bcc="d@example.com")["error"]
    uid = error["details"][0]["outbound_email_uid"]
    assert "c@example.com" in error["message"] and "550 5.1.1 nobody here" in error["message"]
    assert replies(mailbox, uid, "refused") == [
        ("b@example.com", 250), ("c@example.com", 550), ("d@example.com", 250)]
    assert peer.accepted == []


# Not now

LATER = [("connect", "421 4.3.2 busy"), ("mail", "451 4.3.0 later"),
         ("rcpt", "451 4.7.1 greylisted"), ("data", "451 4.3.0 later"),
         ("end", "452 4.3.1 no room"), ("connect", DROP), ("ehlo", DROP), ("mail", DROP),
         ("rcpt", DROP), ("data", DROP)]


def test_what_was_not_taken_leaves_later_by_itself(server, start_smtp):
    """Each in its own mailbox, all at the same time."""
    mailboxes = []
    for point, how in LATER:
        peer = start_smtp(security="none")
        mailboxes.append((point, how, peer, connect(server, peer)))
        peer.fail(point, how, times=1)
    uids = [mailbox.send_later() for *_, mailbox in mailboxes]
    for (point, how, peer, mailbox), uid in zip(mailboxes, uids):
        assert mailbox.wait_for(uid, "sent")["attempts"] == 2, point
        assert mailbox.steps(uid) == ["send", "claim", "try_later", "claim", "accepted"], point
        _, _, failed, claimed, _ = mailbox.events(uid)
        told = "421 4.3.2" if point == "connect" else how  # no words before the sign-in
        assert failed["reason"] and (how == DROP or told in failed["reason"]), point
        assert "busy" not in failed["reason"]
        assert (moment(claimed["at"]) - moment(failed["at"])).total_seconds() >= 1.5, point
        assert len(peer.accepted) == 1 and peer.accepted[0].content == mailbox.raw(uid), point


def test_a_drop_in_the_middle_of_the_content(peer, mailbox):
    """More than all buffers on the way can hold: the end of the mail has certainly not left."""
    peer.fail("body", DROP, times=1)
    content = base64.b64encode(bytes(12_000_000)).decode()
    uid = mailbox.send_later(attachments=[{"filename": "a", "data_base64": content}])
    assert mailbox.wait_for(uid, "sent")["attempts"] == 2
    assert mailbox.steps(uid) == ["send", "claim", "try_later", "claim", "accepted"]
    assert len(peer.accepted) == 1 and peer.accepted[0].content == mailbox.raw(uid)


def test_a_waiting_request_hears_of_what_waits(peer, mailbox):
    peer.fail("rcpt", "451 4.7.1 greylisted")
    seen = mailbox.send(202)
    assert seen["status"] == "queued" and seen["sent_at"] is None
    record = mailbox.record(seen["outbound_email_uid"])
    assert "451 4.7.1 greylisted" in record["error"] and record["next_attempt_at"]


def test_given_up_in_the_end(start_server, start_smtp):
    server = start_server(give_up_after="1s", send_wait="1s")
    peer = start_smtp(security="none")
    mailbox = connect(server, peer)
    peer.fail("rcpt", "451 4.7.1 greylisted")
    record = mailbox.wait_for(mailbox.send_later(), "failed")
    assert "given up after 2 attempts" in record["error"] and "greylisted" in record["error"]
    assert mailbox.steps(record["uid"])[-1] == "refused" and mailbox.raw(record["uid"])


def test_what_waited_for_its_time_is_not_given_up(start_server, start_smtp):
    """It is queued from its approval on. Seen to fail with the time counted from there: given up
    after one attempt."""
    server = start_server(give_up_after="1s")
    peer = start_smtp(security="none")
    mailbox = connect(server, peer)
    said(mailbox.user.patch(f"{ACCOUNTS}/{mailbox.id}", json={"requiresApproval": True}))
    approver = new_user(server, ["inbox:read", "inbox:approve"], mailbox=False)
    peer.fail("rcpt", "451 4.7.1 greylisted", times=1)
    planned = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3)
    draft = mailbox.body(planned_send_at=planned.isoformat())
    uid = said(mailbox.user.post("/api/email/drafts", json=draft), 201)["uid"]
    asked = said(mailbox.user.post(f"{RECORDS}/{uid}/submit"))
    said(approver.post(f"{RECORDS}/{uid}/approve",
                       json={"content_sha256": asked["content_sha256"]}))
    assert mailbox.record(uid)["status"] == "queued"
    mailbox.wait_for(uid, "sent", attempts=2)
    assert mailbox.steps(uid)[-5:] == ["approve", "claim", "try_later", "claim", "accepted"]


def test_an_old_date_is_no_reason_to_give_up(server, peer, mailbox):
    """A mail that the command line takes over keeps the Date that it had."""
    peer.fail("rcpt", "451 4.7.1 greylisted", times=1)
    mail = (f"From: {mailbox.address}\nTo: b@example.com\nSubject: s\n"
            "Message-ID: <old@example.com>\nDate: Wed, 20 May 2020 14:10:00 +0000\n\nt\n")
    said_no_more = subprocess.run(
        [BUILD / "outtray", "--data", server.data, "send", "--eml", "--wait", "1s"],
        input=mail.encode(), capture_output=True, check=False, env=server.environment)
    assert said_no_more.returncode == 75, said_no_more.stderr
    [record] = said(mailbox.user.get(RECORDS, params={"from_account_id": mailbox.id}))["items"]
    mailbox.wait_for(record["uid"], "sent", attempts=2)
    assert len(peer.accepted) == 1


def test_a_mailbox_is_disconnected_while_a_mail_waits(peer, mailbox):
    peer.fail("rcpt", "451 4.7.1 greylisted")
    uid = mailbox.send_later()
    mailbox.wait_for(uid, "queued", attempts=1)
    said(mailbox.user.delete(f"{ACCOUNTS}/{mailbox.id}"))
    peer.heal()
    assert "disconnected" in mailbox.wait_for(uid, "failed")["error"]
    assert peer.accepted == []


# Nobody knows

def test_a_drop_after_the_final_dot_is_unknown(peer, mailbox):
    """It was accepted, and only we cannot know: the mail is not sent a second time.

    Seen to fail with OUTCOME_UNKNOWN led to try_later in model/outcome.c: accepted twice."""
    peer.fail("end", DROP, times=1)
    seen = mailbox.send(202)
    assert seen["status"] == "unknown" and len(peer.accepted) == 1
    uid = seen["outbound_email_uid"]
    assert mailbox.record(uid)["error"]
    mailbox.send()  # the next mail of the mailbox leaves, and this one does not
    assert mailbox.record(uid)["status"] == "unknown" and len(peer.accepted) == 2
    assert mailbox.steps(uid) == ["send", "claim", "lost"]


@pytest.mark.parametrize("point, status", [("mail", "queued"), ("rcpt", "queued"),
                                           ("data", "queued"), ("end", "unknown")])
def test_no_answer_in_time(start_server, start_smtp, point, status):
    server = start_server(smtp_reply_timeout="1s", send_wait="1s")
    peer = start_smtp(security="none")
    mailbox = connect(server, peer)
    peer.fail(point, HANG)
    record = mailbox.wait_for(mailbox.send_later(), status, attempts=1)
    assert "in time" in record["error"]
    assert len(peer.accepted) == (point == "end")
    peer.release()


# Slow

@pytest.mark.parametrize("point", ["mail", "data", "end"])
def test_a_slow_server_does_not_hold_the_request(peer, mailbox, point):
    peer.fail(point, HANG)
    seen = mailbox.send(202)
    assert seen["status"] == "sending"
    peer.release()
    mailbox.wait_for(seen["outbound_email_uid"], "sent")
    assert len(peer.accepted) == 1
