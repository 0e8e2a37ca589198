"""What may happen to one mail, one thing after another: tried, recalled for approval, edited, rejected,
moved, planned, retried, restored. Each of these sequences once ended wrong.

covers: src/store/submission.c src/api/editing.c src/api/sending.c src/store/restoration.c
"""
import email
import threading

import pytest

import gmail_mailbox
from clock import Clock
from fake_gmail import FakeGmail
from mailboxes import ACCOUNTS, RECORDS, SEND, connect, moment
from people import ALL, new_token, new_user
from restoring import Restored, change
from running import Server, wait_until
from shapes import email_error, holding, said
from tooling import objects

DRAFTS = "/api/email/drafts"
FAR = "2053-11-07T05:31:56Z"
HOUR = 3600
ROUNDS = 40


@pytest.fixture(scope="module")
def server(tmp_path_factory, authority):
    clock = Clock(tmp_path_factory.mktemp("clock"))
    with Server(tmp_path_factory.mktemp("server"), authority, send_wait="3s",
                clock_ahead=clock.file) as running:
        running.clock = clock
        yield running
        clock.set(0)


@pytest.fixture
def peer(start_smtp):
    return start_smtp(security="none")


@pytest.fixture
def box(server, peer):
    mailbox = connect(server, peer)
    mailbox.boss = new_user(server, ALL, mailbox=False)
    return mailbox


def another(box, peer, **fields):
    """A second mailbox of the same user; its id."""
    body = {**peer.mailbox(f"second.{box.address}"), **fields}
    return said(box.user.post(ACCOUNTS, json=body), 201)["account"]["_id"]


def change_account(box, uid=None, **fields):
    said(box.user.patch(f"{ACCOUNTS}/{uid or box.id}", json=fields))


def decide(box, uid, what, by=None, **body):
    return said((by or box.user).post(f"{RECORDS}/{uid}/{what}", json=body))


def approve(box, uid):
    return decide(box, uid, "approve", by=box.boss,
                  content_sha256=box.record(uid)["content_sha256"])


def draft(box, **fields):
    return said(box.user.post(DRAFTS, json=box.body(**fields)), 201)["uid"]


def recalled(box, peer):
    """Tried once, and in need of approval by now."""
    peer.fail("rcpt", "451 4.7.1 greylisted")
    uid = box.send_later(body_text="before")
    box.wait_for(uid, "queued", attempts=1)
    change_account(box, requiresApproval=True)
    decide(box, uid, "retry")
    box.wait_for(uid, "pending_approval")
    peer.heal()
    return uid


def mails(peer, count):
    return [email.message_from_bytes(mail.content) for mail in peer.wait_for_mails(count)]


@pytest.mark.parametrize("requires", [False, True])
def test_moved_to_another_mailbox_while_it_is_sent(server, box, peer, requires):
    """Whoever is first: what leaves is what the record says, and from where it says."""
    other = another(box, peer)
    change_account(box, other, requiresApproval=requires)
    clients = [server.client(box.user.token) for _ in range(2)]
    for number in range(ROUNDS):
        uid, barrier, status = draft(box, subject=str(number)), threading.Barrier(2), []

        def move():
            barrier.wait()
            status.append(clients[0].patch(f"{DRAFTS}/{uid}", json={
                "from_account_id": other, "body_text": "moved"}).status_code)

        mover = threading.Thread(target=move)
        mover.start()
        barrier.wait()
        clients[1].post(SEND, json={"draft_uid": uid})
        mover.join()
        record = wait_until(lambda: box.record(uid)["status"] in ("sent", "pending_approval")
                            and box.record(uid), what="the end of it")
        is_moved = status == [200]
        assert record["from_account_id"] == (other if is_moved else box.id)
        assert record["body_text"] == ("moved" if is_moved else "t")
        assert record["status"] == ("pending_approval" if is_moved and requires else "sent")


def test_what_was_queued_stays_in_its_mailbox(box, peer):
    uid, other = recalled(box, peer), another(box, peer)
    refused = box.user.patch(f"{DRAFTS}/{uid}", json={"from_account_id": other})
    assert said(refused, 409) == email_error("conflict", holding("stays there"))
    said(box.user.patch(f"{DRAFTS}/{uid}", json={"from_account_id": box.id, "subject": "same"}))
    approve(box, uid)
    box.wait_for(uid, "sent")
    assert [mail["Subject"] for mail in mails(peer, 1)] == ["same"]


def test_autosave_of_what_was_queued(box, peer):
    """All of it is sent back, what is not set included: it stays where it is."""
    uid = recalled(box, peer)
    conversation = box.record(uid)["conversation_uid"]
    for path, method in ((f"/api/v1/email/outbound/drafts/{uid}", box.user.put),
                         (f"{DRAFTS}/{uid}", box.user.patch)):
        whole = said(box.user.get(path))
        said(method(path, json={**whole, "body_text": f"by {method.__name__}"}))
        said(method(path, json={"reply_to_correspondence_id" if method == box.user.put
                                else "reply_to_message_uid": None}))
    record = box.record(uid)
    assert (record["body_text"], record["conversation_uid"]) == ("by patch", conversation)


def test_the_name_is_the_mailboxes(box, peer):
    other = another(box, peer, displayName="Bob of second")
    change_account(box, displayName="Alice of first")
    uid = draft(box)
    decide(box, uid, "submit")
    said(box.user.patch(f"{DRAFTS}/{uid}", json={"from_account_id": other}))
    approve(box, uid)
    box.wait_for(uid, "sent")
    assert mails(peer, 1)[0]["From"] == f"Bob of second <second.{box.address}>"


def test_a_rejected_one_is_nobodys_business(box, peer):
    """It was queued once, so it has a conversation, which does not show what is a draft again."""
    uid = recalled(box, peer)
    decide(box, uid, "reject", by=box.boss, reason="no")
    said(box.user.patch(f"{DRAFTS}/{uid}", json={"body_text": "private thoughts"}))
    [listed] = said(box.user.get("/api/conversation"))["conversations"]
    opened = said(box.user.get(f"/api/conversation/{listed['_id']}"))
    assert opened["messages"] == []


def test_the_hash_of_what_it_said_before(box, peer):
    """An event names the exact mail only where there is one."""
    uid = recalled(box, peer)
    said(box.user.patch(f"{DRAFTS}/{uid}", json={"body_text": "after"}))
    approve(box, uid)
    box.wait_for(uid, "sent")
    hashes = {event["event"]: event["mail_sha256"] for event in box.events(uid)}
    assert hashes["try_later"] and hashes["accepted"] != hashes["try_later"]
    assert [hashes[step] for step in ("submit", "changed", "approve")] == [None] * 3


def test_a_retry_keeps_the_time_that_was_approved(server, box):
    change_account(box, requiresApproval=True)
    uid = draft(box, planned_send_at=FAR)
    decide(box, uid, "submit")
    approve(box, uid)
    assert decide(box, uid, "retry")["planned_send_at"] == FAR
    record = box.record(uid)
    assert (record["status"], record["next_attempt_at"]) == ("queued", FAR)


def test_an_undo_time_beyond_the_plan(server, box):
    change_account(box, requiresApproval=True, undoSeconds=HOUR)
    uid = draft(box, planned_send_at=server.clock.now(60))
    decide(box, uid, "submit")
    approve(box, uid)
    record = box.record(uid)
    assert moment(record["next_attempt_at"]) > moment(record["planned_send_at"])
    assert "undo" in record["error"]
    assert decide(box, uid, "cancel")["status"] == "canceled"


def test_an_expired_one_is_signed_when_it_is_retried(server, box, peer):
    change_account(box, appendSignature=True, signatureText="Ann, Legal")
    uid = draft(box, planned_send_at=server.clock.now(HOUR), if_missed="expire",
                expire_after_seconds=60)
    server.clock.set(3 * HOUR)
    try:
        box.wait_for(uid, "failed")
    finally:
        server.clock.set(0)
    decide(box, uid, "retry")
    box.wait_for(uid, "sent")
    assert b"Ann, Legal" in peer.accepted[0].content


def test_the_date_is_when_it_leaves(server, box, peer):
    plan = server.clock.now(50 * HOUR)  # later than any other here, so that the clock goes forward
    change_account(box, requiresApproval=True)
    uid = draft(box, planned_send_at=plan)
    decide(box, uid, "submit")
    approve(box, uid)
    server.clock.set(50 * HOUR + 5)
    try:
        box.wait_for(uid, "sent")
    finally:
        server.clock.set(0)
    date = email.utils.parsedate_to_datetime(mails(peer, 1)[0]["Date"])
    assert abs((date - moment(plan)).total_seconds()) < 60


def test_autosave_of_an_answer_to_what_was_erased(server, box):
    parent = box.send()["outbound_email_uid"]
    uid = said(box.user.post(DRAFTS, json={"reply_to_message_uid": parent, "subject": "Re: s",
                                           "to": ["b@example.com"], "body_text": "one"}), 201)["uid"]
    assert server.tool("erase", "--email-id", parent)
    for path, method in ((f"/api/v1/email/outbound/drafts/{uid}", box.user.put),
                         (f"{DRAFTS}/{uid}", box.user.patch)):
        whole = said(box.user.get(path))
        said(method(path, json={**whole, "body_text": f"by {method.__name__}"}))
        assert said(box.user.get(path))["body_text"] == f"by {method.__name__}"


def test_a_plan_that_was_approved_comes_back(server, box, tmp_path):
    """From a backup: what is still ahead cannot have been sent."""
    agent = server.client(new_token(server, box.user.address, "inbox:read", "inbox:draft"))
    uid = said(agent.post(DRAFTS, json=box.body(planned_send_at=FAR)), 201)["uid"]
    decide(box, uid, "submit", by=agent)
    approve(box, uid)
    objects(server.data, "backup", tmp_path / "backup.tar")
    objects(tmp_path / "restored", "restore", tmp_path / "backup.tar")
    [shown] = [row for row in objects(tmp_path / "restored", "outbox", "--state", "queued")
               if row["id"] == uid]
    assert shown["reason"] is None


def test_canceled_since_the_backup(start_server, tmp_path):
    """What was unknown then does not leave by itself, though its provider says that it was not sent."""
    fake = FakeGmail()
    try:
        server = start_server(**gmail_mailbox.settings(fake, send_wait="3s", web_timeout="20s"))
        box = gmail_mailbox.connect(server, fake)
        fake.fail("drafts.send", "reset_before", address=box.address)
        uid = box.send_later()
        box.wait_for(uid, "unknown")
        objects(server.data, "backup", tmp_path / "backup.tar", "--with-key")
        decide(box, uid, "cancel")
        server.stop()
        objects(tmp_path / "restored", "restore", tmp_path / "backup.tar")
        change(tmp_path / "restored",  # it has been asked often enough
               ("UPDATE emails SET probes = 3, next_attempt_at = 1 WHERE id = ?", (uid,)))
        with Restored(tmp_path / "restored", server) as other:
            box.after_restart(other)
            record = box.wait_for(uid, "queued")
            assert record["next_attempt_at"] is None and "a person decides" in record["error"]
            assert gmail_mailbox.sent_from(fake, box) == []
            decide(box, uid, "retry")
            box.wait_for(uid, "sent")
    finally:
        fake.stop()
