"""A mailbox that appends its signature: once, to what leaves, before what is quoted.

covers: src/store/submission.c src/message/signature.c
"""
import pytest

from people import new_user
from shapes import said

SIGNATURE = {"signatureHtml": "<p>Ann, <b>Legal</b></p>", "signatureText": "Ann, Legal"}


@pytest.fixture
def ann(server):
    user = new_user(server)
    user.account = said(user.get("/api/email/accounts"))["accounts"][0]["_id"]
    return user


def sign(user, **fields):
    said(user.patch(f"/api/email/accounts/{user.account}",
                    json={"appendSignature": True, **fields}))


def send(server, user, **fields):
    said(user.post("/api/email/send", json={"from_account_id": user.account,
                                            "to": ["a@example.com"], "subject": "s", **fields}))
    mail = server.mails(user.address)[-1]
    parts = {part.get_content_type(): part.get_content() for part in mail.walk()
             if not part.is_multipart()}
    return parts.get("text/plain", ""), parts.get("text/html", "")


def test_the_mailboxes_own(server, ann):
    sign(ann, **SIGNATURE)
    text, html = send(server, ann, body_text="Hello", body_html="<p>Hello</p>")
    assert text.count("Ann, Legal") == 1 and "\n-- \n" in text.replace("\r\n", "\n")
    assert html.count("<b>Legal</b>") == 1 and html.index("Hello") < html.index("Legal")


def test_its_users_when_it_has_none(server, ann):
    said(ann.put("/api/v1/email/outbound/signature", json={"signature_text": "The user"}))
    sign(ann)
    text, _ = send(server, ann, body_text="Hello")
    assert text.count("The user") == 1


def test_not_when_the_mailbox_does_not_say_so(server, ann):
    said(ann.put("/api/v1/email/outbound/signature", json={"signature_text": "The user"}))
    assert "The user" not in send(server, ann, body_text="Hello")[0]


def test_once_when_the_caller_has_put_it_in(server, ann):
    sign(ann, **SIGNATURE)
    text, html = send(server, ann, body_text="Hello\n\n-- \nAnn, Legal",
                      body_html="<p>Hello</p><p>Ann, <b>Legal</b></p>")
    assert text.count("Ann, Legal") == 1 and html.count("<b>Legal</b>") == 1


def test_before_the_quote(server, ann):
    sign(ann, **SIGNATURE)
    raw = (b"From: j@client.example\r\nTo: x@y.example\r\nSubject: Q\r\n"
           b"Message-ID: <signature@client.example>\r\n\r\nWhat about Tuesday?\r\n")
    got = said(ann.post(f"/api/email/messages/import?account={ann.account}", data=raw,
                        headers={"Content-Type": "message/rfc822"}), 201)
    envelope = said(ann.post("/api/v1/email/outbound/reply-envelope",
                             json={"correspondence_id": got["message"]["_id"]}))
    envelope["body_html"] = "<p>Fine.</p>" + envelope["body_html"]
    said(ann.post("/api/v1/email/outbound/send", json=envelope))
    mail = server.mails(ann.address)[-1]
    html = mail.get_body(("html",)).get_content()
    assert html.index("Fine.") < html.index("Legal") < html.index("What about Tuesday?")
    text = mail.get_body(("plain",)).get_content()
    assert text.index("Ann, Legal") < text.index("What about Tuesday?")
    assert text.count("Ann, Legal") == html.count("<b>Legal</b>") == 1


def test_a_later_signature_changes_nothing_that_was_queued(server, ann):
    sign(ann, **SIGNATURE)
    sent = said(ann.post("/api/email/send", json={
        "from_account_id": ann.account, "to": ["a+later@example.com"], "subject": "s",
        "body_text": "Hello"}, headers={"Prefer": "respond-async"}), 202)["outbound_email_uid"]
    before = ann.get(f"/api/email/outbound/{sent}/raw").content
    sign(ann, signatureText="Somebody else", signatureHtml=None)
    assert ann.get(f"/api/email/outbound/{sent}/raw").content == before
    assert b"Ann, Legal" in before
