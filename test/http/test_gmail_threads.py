"""Answers from a Gmail mailbox to mail whose Gmail thread nobody has told us: it is looked up, and
an answer that would begin another thread is refused.

What they watch: threading_find_thread in sending.c.
"""
import itertools

import pytest

from fake_gmail import FakeGmail
from gmail_mailbox import connect, sent_from, settings
from running import Server, wait_until
from shapes import email_error, holding, outbound_error, said

SEND, OUTBOUND, IMPORT = "/api/email/send", "/api/v1/email/outbound", "/api/email/messages/import"
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def fake():
    running = FakeGmail()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory, fake):
    with Server(tmp_path_factory.mktemp("server"),
                **settings(fake, send_wait="5s", web_timeout="5s")) as running:
        yield running


@pytest.fixture
def gmail(fake):
    fake.heal()
    fake.forget()
    yield fake


@pytest.fixture
def box(server, gmail):
    return connect(server, gmail)


def parent(gmail, box, is_there=True):
    """A mail that came in, imported without its thread; its uid, and the thread that Gmail has."""
    raw = (f"From: ida@kunde.example\r\nTo: {box.address}\r\nSubject: Frage\r\n"
           f"Message-ID: <p{next(numbers)}@kunde.example>\r\n"
           "Date: Mon, 16 Nov 2026 09:00:00 +0100\r\n\r\nHallo\r\n").encode()
    thread = gmail.receive(box.address, raw).thread_id if is_there else None
    got = said(box.user.post(IMPORT, params={"account": box.id}, data=raw,
                             headers={"Content-Type": "message/rfc822"}), 201)
    assert got["threadId"] is None
    return got["message"]["_id"], thread


def by_send(box, uid):
    return box.user.post(SEND, json={"to": ["ida@kunde.example"], "subject": "RE: Frage",
                                     "body_text": "t", "reply_to_message_uid": uid})


def by_outbound(box, uid):
    return box.user.post(f"{OUTBOUND}/send", json={
        "to": ["ida@kunde.example"], "subject": "RE: Frage", "reply_to_correspondence_id": uid})


def by_draft(box, uid):
    draft = said(box.user.post(f"{OUTBOUND}/drafts", json={
        "to": ["ida@kunde.example"], "subject": "RE: Frage", "reply_to_correspondence_id": uid}), 201)
    return box.user.post(f"{OUTBOUND}/drafts/{draft['id']}/send")


def by_draft_uid(box, uid):
    draft = said(box.user.post("/api/email/drafts", json={
        "to": ["ida@kunde.example"], "subject": "RE: Frage", "reply_to_message_uid": uid}), 201)
    return box.user.post(SEND, json={"draft_uid": draft["uid"]})


WAYS = [by_send, by_outbound, by_draft, by_draft_uid]


@pytest.mark.parametrize("answer", WAYS)
def test_it_is_looked_up(gmail, box, answer):
    uid, thread = parent(gmail, box)
    for _ in range(2):  # the second knows what the first has learned
        assert said(answer(box, uid))["provider_thread_id"] == thread
    assert [sent.thread_id for sent in sent_from(gmail, box)] == [thread, thread]


@pytest.mark.parametrize("answer", WAYS)
def test_what_is_in_no_thread_is_refused(gmail, box, answer):
    uid, _ = parent(gmail, box, is_there=False)
    said_so = holding("in the mailbox", box.address)
    if answer in (by_send, by_draft_uid):
        expected = email_error("validation_error", said_so, {
            "field": "reply_to_message_uid", "message": said_so})
    else:
        expected = outbound_error("VALIDATION_ERROR", said_so, field="reply_to_correspondence_id")
    assert said(answer(box, uid), 400) == expected
    assert sent_from(gmail, box) == []


@pytest.mark.parametrize("answer", WAYS)
def test_what_cannot_be_asked_now_may_be_later(gmail, box, answer):
    uid, thread = parent(gmail, box)
    gmail.fail("messages.list", status=503)
    reply = answer(box, uid)
    assert "messages.list" in str(said(reply, 503)) and reply.headers["Retry-After"]
    assert sent_from(gmail, box) == []
    gmail.heal()
    assert said(answer(box, uid))["provider_thread_id"] == thread


def test_a_plan_looks_it_up_when_its_time_comes(gmail, box):
    uid, thread = parent(gmail, box)
    draft = said(box.user.post("/api/email/drafts", json={
        "to": ["ida@kunde.example"], "subject": "RE: Frage", "reply_to_message_uid": uid,
        "planned_send_at": "2020-01-01T00:00:00Z"}), 201)
    assert box.wait_for(draft["uid"], "sent")["provider_thread_id"] == thread
    assert wait_until(lambda: sent_from(gmail, box), what="the mail")[0].thread_id == thread


def test_a_plan_whose_thread_is_not_there_fails(gmail, box):
    uid, _ = parent(gmail, box, is_there=False)
    draft = said(box.user.post("/api/email/drafts", json={
        "to": ["ida@kunde.example"], "subject": "RE: Frage", "reply_to_message_uid": uid,
        "planned_send_at": "2020-01-01T00:00:00Z"}), 201)
    failed = box.wait_for(draft["uid"], "failed")
    assert failed["error"] == (
        "the mail that it answers is not in this mailbox at Gmail: the answer would begin another "
        "thread there")
    assert sent_from(gmail, box) == [] and gmail.calls_of("drafts.create") == []
