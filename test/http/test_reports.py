"""Bounces, receipts and automatic replies: where they belong, and what they are called.

covers: src/mime/report.c src/mime/automatic.c
"""
import itertools

import pytest

from received import IMPORT, user_with_mailbox
from shapes import said

OUTBOUND = "/api/v1/email/outbound"
numbers = itertools.count(1)

STATUS = "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; a@x.example\r\nAction: failed\r\n"


@pytest.fixture(scope="module")
def user(server):
    return user_with_mailbox(server)


@pytest.fixture
def sent(server, user):
    """(the Message-ID, the conversation) of a mail that was sent."""
    record = said(user.post(f"{OUTBOUND}/send", json={
        "to": ["a@x.example"], "subject": f"Offer {next(numbers)}", "body_text": "t"}))
    shown = said(user.get(f"/api/v1/email/correspondence/{record['id']}"))
    return shown["message_id"], shown["conversation_id"]


def take(user, raw):
    head = (f"From: mailer-daemon@x.example\r\nTo: {user.address}\r\nSubject: Undeliverable\r\n"
            f"Message-ID: <{next(numbers)}@report.example>\r\nMIME-Version: 1.0\r\n")
    return said(user.post(IMPORT, params={"account": user.account}, data=(head + raw).encode(),
                          headers={"Content-Type": "message/rfc822"}), 201)


def multipart(kind, *parts):
    """Parts are (type, content)."""
    lines = [f"Content-Type: {kind}; boundary=b", ""]
    for part_type, content in [("text/plain", "Sorry.\r\n"), *parts]:
        lines += ["--b", f"Content-Type: {part_type}", "", content]
    return "\r\n".join([*lines, "--b--", ""])


def kinds(user, got):
    """What each family calls it."""
    uid = got["message"]["_id"]
    conversation = said(user.get(f"/api/conversations/{got['conversationId']}"))["data"]
    [of_email] = [each["kind"] for each in conversation["messages"] if each["uid"] == uid]
    return {got["message"]["kind"], of_email,
            said(user.get(f"/api/v1/email/correspondence/{uid}"))["kind"]}


@pytest.mark.parametrize("report", [
    lambda id: multipart("multipart/report; report-type=delivery-status", (
        "message/delivery-status", STATUS), ("text/rfc822-headers", f"Message-ID: {id}\r\n")),
    lambda id: multipart("MULTIPART/REPORT", ("Message/Delivery-Status", STATUS), (
        "message/rfc822", f"Subject: s\r\nMESSAGE-ID:\r\n {id}\r\n\r\nt\r\n")),
    lambda id: multipart("multipart/report", (
        "message/delivery-status", f"X-Original-Message-ID: {id}\r\n{STATUS}")),
    lambda id: multipart("multipart/mixed", ("message/delivery-status", STATUS), (
        "message/rfc822", f"Message-ID: {id}\r\n\r\nt\r\n")),
    lambda id: multipart("multipart/report; report-type=disposition-notification", (
        "message/disposition-notification", f"Original-Message-ID: {id}\r\nDisposition: x\r\n")),
    lambda id: multipart("multipart/report; report-type=feedback-report", (
        "message/feedback-report", "Feedback-Type: abuse\r\n"), (
        "message/rfc822", f"Message-ID: {id}\r\n\r\nt\r\n")),
    lambda id: f"X-Original-Message-ID: {id}\r\n" + multipart("multipart/report", (
        "message/delivery-status", STATUS)),
    lambda id: "Auto-Submitted: auto-replied\r\n" + multipart("multipart/report", (
        "message/delivery-status", STATUS), ("text/rfc822-headers", f"Message-ID: {id}\r\n")),
])
def test_a_report_joins_the_mail_it_is_about(user, sent, report):
    message_id, conversation = sent
    got = take(user, report(message_id))
    assert got["conversationId"] == conversation
    assert kinds(user, got) == {"report"}


def test_a_mail_that_is_attached_is_no_report(user, sent):
    message_id, conversation = sent
    got = take(user, multipart("multipart/mixed", (
        "message/rfc822", f"Message-ID: {message_id}\r\n\r\nt\r\n")))
    assert got["conversationId"] != conversation and kinds(user, got) == {"mail"}


def test_a_report_about_a_strangers_mail_stands_alone(user, sent):
    got = take(user, multipart("multipart/report", ("message/delivery-status", STATUS), (
        "text/rfc822-headers", "Message-ID: <stranger@x.example>\r\n")))
    assert got["conversationId"] != sent[1] and kinds(user, got) == {"report"}


@pytest.mark.parametrize("field, kind", [
    ("Auto-Submitted: auto-replied (vacation); owner-email=\"a@x.example\"", "auto_reply"),
    ("auto-submitted: auto-generated", "auto_reply"),
    ("X-Autoreply: yes", "auto_reply"),
    ("Precedence: auto_reply", "auto_reply"),
    ("Auto-Submitted: no", "mail"),
    ("X-Auto-Response-Suppress: All", "mail"),
    ("Precedence: bulk", "mail"),
])
def test_automatic_replies_are_marked(user, sent, field, kind):
    message_id, conversation = sent
    got = take(user, f"{field}\r\nIn-Reply-To: {message_id}\r\n\r\nI am away.\r\n")
    assert got["conversationId"] == conversation
    assert kinds(user, got) == {kind}


@pytest.mark.parametrize("fields, cc", [
    ("List-Post: <mailto:list@x.example>", ["b@x.example", "list@x.example"]),
    ("List-Post: <mailto:List@x.example?subject=x> (all)\r\nCc: list@x.example",
     ["b@x.example", "list@x.example"]),
    ("List-Post: NO", ["b@x.example"]),
])
def test_an_answer_to_all_reaches_the_list_once(user, fields, cc):
    raw = (f"From: a@x.example\r\nTo: {user.address}, b@x.example\r\nSubject: s\r\n"
           f"Message-ID: <{next(numbers)}@list.example>\r\n{fields}\r\n\r\nHi.\r\n")
    got = said(user.post(IMPORT, params={"account": user.account}, data=raw.encode(),
                         headers={"Content-Type": "message/rfc822"}), 201)["message"]["_id"]
    one, to_all = [said(user.post(f"{OUTBOUND}/reply-envelope", json={
        "correspondence_id": got, "reply_all": flag})) for flag in (False, True)]
    assert (one["to"], one["cc"]) == (["a@x.example"], [])
    assert (to_all["to"], to_all["cc"]) == (["a@x.example"], cc)
