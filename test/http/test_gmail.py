"""Mail that leaves through Gmail: what arrives there, in which thread, and what becomes of it when
Gmail fails. Gmail is a fake of ours (fake_gmail.py).

covers: src/provider/gmail_call.c
"""
import base64
import os

import pytest

from fake_gmail import FakeGmail
from gmail_mailbox import connect, sent_from, settings
from mailboxes import moment
from running import Server, wait_until

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def fake():
    running = FakeGmail()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory, fake):
    folder = tmp_path_factory.mktemp("server")
    with Server(folder, **settings(fake, send_wait="3s", web_timeout="20s")) as running:
        yield running
        assert "access-" not in running.said() and "refresh-" not in running.said()


@pytest.fixture
def gmail(fake):
    fake.heal()
    fake.forget()
    fake.visible_after, fake.keeps_message_id, fake.draft_outlives_send = 0, False, False
    fake.message_id_name = "Message-ID"
    yield fake
    fake.release()


@pytest.fixture
def mailbox(server, gmail):
    return connect(server, gmail)


def only_sent(gmail, mailbox):
    [sent] = sent_from(gmail, mailbox)
    return sent


def detail_of(mailbox, uid, name="accepted"):
    [event] = [event for event in mailbox.events(uid) if event["event"] == name]
    return event["detail"]


def calls_of(gmail, mailbox):
    return [call.name for call in list(gmail.calls) if call.address == mailbox.address]


def attachment(size, name="a.bin"):
    content = os.urandom(size)
    return content, {"filename": name, "content_type": "application/octet-stream",
                     "data_base64": base64.b64encode(content).decode()}


# What arrives

def test_a_mail_as_it_is(gmail, mailbox):
    gmail.message_id_name = "Message-Id"
    gmail.forget()
    reply = mailbox.send(to=["b@example.com"], cc=["c@example.com"], bcc=["hidden@example.com"],
                         subject="Grüße", body_text="Hallo", body_html="<p>Hallo</p>")
    sent, uid = only_sent(gmail, mailbox), reply["outbound_email_uid"]
    assert sorted(sent.recipients) == ["b@example.com", "c@example.com", "hidden@example.com"]
    assert b"hidden@example.com" not in sent.content
    assert sent.header("Subject") == "Grüße" and sent.header("X-Outtray-Ref") == uid
    assert (reply["provider_message_id"], reply["provider_thread_id"]) == (sent.id, sent.thread_id)
    record = mailbox.record(uid)
    assert (record["status"], record["attempts"]) == ("sent", 1)
    assert mailbox.steps(uid) == ["send", "claim", "accepted"]
    assert detail_of(mailbox, uid) == {
        "call": "drafts.send", "status": 200, "draft_id": sent.draft_id, "id": sent.id,
        "thread_id": sent.thread_id, "message_id": sent.message_id}
    assert calls_of(gmail, mailbox) == ["profile", "drafts.create", "drafts.send", "messages.get"]
    assert gmail.box(mailbox.address).drafts == {}


def test_the_second_mail_needs_a_call_less(gmail, mailbox):
    mailbox.send()
    gmail.forget()
    mailbox.send()
    assert calls_of(gmail, mailbox) == ["drafts.create", "drafts.send", "messages.get"]
    assert len(sent_from(gmail, mailbox)) == 2


# Threads

def answer(mailbox, uid, **more):
    return mailbox.send(reply_to_message_uid=uid, subject="Re: s", **more)


def test_an_answer_stays_in_the_thread(gmail, mailbox):
    """By the Message-ID that Gmail has put in the place of ours."""
    first = mailbox.send()
    second = answer(mailbox, first["outbound_email_uid"])
    third = answer(mailbox, second["outbound_email_uid"])
    one, two, three = sent_from(gmail, mailbox)
    assert b"@mail.gmail.com" in one.message_id.encode()
    assert two.header("In-Reply-To") == one.message_id
    assert three.header("In-Reply-To") == two.message_id
    assert three.header("References").split() == [one.message_id, two.message_id]
    assert one.thread_id == two.thread_id == three.thread_id
    assert {reply["provider_thread_id"] for reply in (first, second, third)} == {one.thread_id}


@pytest.mark.parametrize("size", [10, 200_000, 6 * MIB])
def test_a_thread_that_is_gone(gmail, mailbox, size):
    """Whoever gets the mail still sees what it answers."""
    first = mailbox.send()
    before = only_sent(gmail, mailbox)
    box = gmail.box(mailbox.address)
    gmail.thread.do(lambda: box.messages.clear())
    _, file = attachment(size)
    second = answer(mailbox, first["outbound_email_uid"], attachments=[file])
    _, after = sent_from(gmail, mailbox)
    assert after.header("In-Reply-To") == before.message_id
    assert after.thread_id != before.thread_id
    assert second["provider_thread_id"] == after.thread_id


# Sizes

@pytest.mark.parametrize("size, calls", [
    (60_000, ["drafts.create"]), (100_000, ["drafts.create"]), (3 * MIB, ["drafts.create"]),
    (5 * MIB, ["upload.start", "upload.put"]), (20 * MIB, ["upload.start", "upload.put"]),
    (25 * MIB, ["upload.start", "upload.put"])])
def test_mails_of_any_size(gmail, mailbox, size, calls):
    gmail.keeps_message_id = True
    mailbox.send()  # so that the history is known
    gmail.forget()
    content, file = attachment(size)
    uid = mailbox.send_later(attachments=[file])
    mailbox.wait_for(uid, "sent")
    _, sent = sent_from(gmail, mailbox)
    assert sent.given == mailbox.raw(uid)
    [found] = sent.message.iter_attachments()
    assert found.get_payload(decode=True) == content
    assert calls_of(gmail, mailbox) == [*calls, "drafts.send", "messages.get"]


@pytest.mark.parametrize("fault, details", [
    ("reset_during", {"after_bytes": 3 * MIB}), ("reset_during", {"after_bytes": 10}),
    ("reset_before", {}), ("reset_after", {}), ("half_reply", {}),
    ("status", {"status": 503}), ("status", {"status": 500, "acts": True})])
def test_an_upload_that_breaks_off_goes_on(gmail, mailbox, fault, details):
    gmail.keeps_message_id = True
    content, file = attachment(6 * MIB)
    gmail.fail("upload.put", fault, address=mailbox.address, **details)
    uid = mailbox.send_later(attachments=[file])
    assert mailbox.wait_for(uid, "sent")["attempts"] == 1
    sent = only_sent(gmail, mailbox)
    assert sent.given == mailbox.raw(uid)
    assert calls_of(gmail, mailbox).count("upload.start") == 1


def test_an_upload_that_has_expired_begins_anew(gmail, mailbox):
    """And still goes into its thread."""
    first = mailbox.send()
    _, file = attachment(6 * MIB)
    gmail.fail("upload.put", "reset_during", address=mailbox.address, after_bytes=10)
    gmail.fail("upload.put", status=404, address=mailbox.address)
    second = mailbox.send_later(reply_to_message_uid=first["outbound_email_uid"], subject="Re: s",
                                attachments=[file])
    assert mailbox.wait_for(second, "sent")["attempts"] == 2
    one, two = sent_from(gmail, mailbox)
    assert one.thread_id == two.thread_id


# Limits, grants, connections

def test_a_limit_holds_the_mailbox(gmail, mailbox):
    gmail.fail("drafts.send", status=429, retry_after=4, address=mailbox.address)
    one = mailbox.send_later()
    record = mailbox.wait_for(one, "queued", attempts=1)
    assert "429" in record["error"]
    two = mailbox.send_later()
    records = [mailbox.wait_for(uid, "sent") for uid in (one, two)]
    assert len(sent_from(gmail, mailbox)) == 2
    held = moment(mailbox.events(one)[-3]["at"])
    for uid in (one, two):
        assert (moment(mailbox.events(uid)[-1]["at"]) - held).total_seconds() >= 3
    assert [record["attempts"] for record in records] == [2, 1]


def test_a_token_that_has_run_out_is_refreshed_once(gmail, mailbox):
    mailbox.send()
    before = mailbox.grant.refreshes
    gmail.fail("drafts.send", status=401, address=mailbox.address)
    uid = mailbox.send()["outbound_email_uid"]
    assert mailbox.record(uid)["attempts"] == 1
    assert mailbox.grant.refreshes == before + 1
    assert len(sent_from(gmail, mailbox)) == 2


def test_connections_that_died_while_nobody_used_them(gmail, mailbox):
    mailbox.send()
    gmail.fail("*", "close_idle", address=mailbox.address)
    uid = mailbox.send()["outbound_email_uid"]
    assert mailbox.record(uid)["status"] == "sent"
    assert len(sent_from(gmail, mailbox)) == 2
    assert gmail.box(mailbox.address).drafts == {}


# What is not known is found out

def test_a_mail_that_shows_late(gmail, mailbox):
    gmail.visible_after = 1
    gmail.fail("drafts.send", "reset_after", address=mailbox.address)
    uid = mailbox.send(202)["outbound_email_uid"]
    assert mailbox.record(uid)["status"] in ("unknown", "sent")
    record = mailbox.wait_for(uid, "sent")
    sent = only_sent(gmail, mailbox)
    assert (record["provider_message_id"], record["provider_thread_id"]) == (sent.id,
                                                                            sent.thread_id)
    again = answer(mailbox, uid)
    assert again["provider_thread_id"] == sent.thread_id
    assert sent_from(gmail, mailbox)[1].header("In-Reply-To") == sent.message_id


def test_drafts_that_could_be_sent_again(server, gmail):
    """That Gmail does away with a draft once it is sent is not what this relies on."""
    gmail.draft_outlives_send = True
    user, rows = connect(server, gmail).user, []
    for fault in ("reset_after", "half_reply", "garbage", "500_after_acting", "redirect"):
        mailbox = connect(server, gmail, user)
        gmail.fail("drafts.send", **{**FakeGmail.FAULTS[fault], "address": mailbox.address})
        rows.append((mailbox, mailbox.send_later(), fault))
    for mailbox, uid, fault in rows:
        mailbox.wait_for(uid, "unknown" if fault == "redirect" else "sent")
        assert len(sent_from(gmail, mailbox)) == (fault != "redirect"), fault


def test_a_history_that_does_not_go_back_so_far(gmail, mailbox):
    gmail.fail("drafts.send", "reset_after", address=mailbox.address)
    uid = mailbox.send_later()
    wait_until(lambda: sent_from(gmail, mailbox), what="the mail")
    gmail.forget_history(mailbox.address)
    mailbox.wait_for(uid, "sent")
    assert len(sent_from(gmail, mailbox)) == 1
    assert "messages.list" in calls_of(gmail, mailbox)


@pytest.mark.parametrize("kind, count", [("hang_before", 0), ("hang_after", 1)])
def test_killed_while_gmail_is_asked_to_send(start_server, gmail, kind, count):
    server = start_server(**settings(gmail, web_timeout="20s"))
    mailbox = connect(server, gmail)
    gmail.fail("drafts.send", kind, address=mailbox.address)
    uid = mailbox.send_later()
    gmail.wait_for_hanging()
    server.kill()
    gmail.release()
    server.start()
    mailbox.after_restart(server)
    if count:
        mailbox.wait_for(uid, "sent")
    else:
        wait_until(lambda: gmail.counts["history.list"], what="asking Gmail")
        assert mailbox.record(uid)["status"] == "unknown"
    assert gmail.counts["drafts.send"] == 1
    assert len(sent_from(gmail, mailbox)) == count


# Every fault at every call

CALLS = ["profile", "drafts.create", "upload.start", "upload.put", "drafts.send", "messages.get"]
HELD = {"403_daily", "403_policy"}  # for an hour; until an administrator has mended it
MATRIX = [(call, fault) for call in CALLS for fault in FakeGmail.FAULTS]


def test_every_fault_at_every_call(start_server, gmail):
    """Each in its own mailbox, all at the same time: one mail at Gmail or none, and what is said of
    it is so."""
    server = start_server(**settings(gmail, web_timeout="3s"))
    user = connect(server, gmail).user
    content = {False: {}, True: {"attachments": [attachment(5 * MIB)[1]]}}
    rows = []
    for call, fault in MATRIX:
        mailbox = connect(server, gmail, user)
        gmail.fail(call, **{**FakeGmail.FAULTS[fault], "address": mailbox.address})
        uid = mailbox.send_later(**content[call.startswith("upload")])
        rows.append((call, fault, mailbox, uid))
    for call, fault, mailbox, uid in rows:
        wait_until(lambda: is_settled(gmail, mailbox, uid, fault), what=f"{fault} at {call}")
    gmail.release()
    for row in rows:
        check_row(gmail, *row)
    assert gmail.elsewhere == [], "a redirect was followed"


def is_settled(gmail, mailbox, uid, fault):
    record = mailbox.record(uid)
    is_out = bool(sent_from(gmail, mailbox))
    if record["status"] == "queued":
        return record["attempts"] > 0 and fault in HELD
    return (record["status"] in ("sent", "failed") or
            record["status"] == "unknown" and not is_out)


def check_row(gmail, call, fault, mailbox, uid):
    status, count = mailbox.record(uid)["status"], len(sent_from(gmail, mailbox))
    where = f"{fault} at {call}: {status}, {count} at Gmail, {mailbox.events(uid)}"
    assert count <= 1, where
    assert count == {"sent": 1, "failed": 0, "queued": 0}.get(status, count), where
    if call != "messages.get":
        assert status != "failed", where
        assert (status == "queued") == (fault in HELD), where
    else:
        assert status == "sent", where
    assert status != "unknown" or call == "drafts.send", where
