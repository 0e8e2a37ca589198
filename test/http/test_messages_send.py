"""POST /api/email/messages/send: new mail through a connected mailbox, in the manner of messages.

covers: src/api/messages_send.c src/api/messages_view.c
"""
import base64
import os

import pytest

from mailboxes import connect
from people import new_user
from shapes import (CONTACT_ID, DOC_ID, MESSAGE_ID, MILLISECONDS, TEXT, UID, holding, messages_error,
                    said)

SEND = "/api/email/messages/send"


@pytest.fixture
def user(server):
    return new_user(server)


def send(user, status=200, headers=None, **fields):
    body = {"from": user.address, "to": ["a@example.com"], "subject": "s", "body": "b", **fields}
    return said(user.post(SEND, headers=headers,
                          json={name: value for name, value in body.items()
                                if value is not None}), status)


def message(user, sent, **fields):
    """The whole reply; what it may hold is in the document."""
    metadata = {"threadId": sent["threadId"], "messageId": MESSAGE_ID, "inReplyTo": None,
                "references": None, "from": [user.address], "to": ["a@example.com"], "cc": [],
                "subject": "s", "provider": "sandbox", **fields.pop("emailMetadata", {})}
    return {"message": {
        "_id": UID, "organizationId": UID, "conversationId": sent["conversationId"],
        "contactId": CONTACT_ID, "userId": UID, "channelType": "email", "isIncoming": False,
        "isInternal": False, "status": "delivered", "body": "b", "attachments": [],
        "emailMetadata": metadata, "createdAt": MILLISECONDS, "updatedAt": MILLISECONDS, **fields},
        "conversationId": UID, "threadId": UID}


def only_mail(server, user):
    [mail] = server.mails(user.address)
    return mail


def test_a_text(server, user):
    sent = send(user)
    assert sent == message(user, sent)
    mail = only_mail(server, user)
    assert mail.get_content_type() == "text/plain" and mail.get_content().strip() == "b"
    assert mail["Message-ID"] == sent["message"]["emailMetadata"]["messageId"]


def test_html(server, user):
    sent = send(user, isHtml=True, body="<p>Grüße</p>")
    assert sent == message(user, sent, body="<p>Grüße</p>")
    mail = only_mail(server, user)
    assert mail.get_body(("html",)).get_content().strip() == "<p>Grüße</p>"
    assert mail.get_body(("plain",)).get_content().strip() == "Grüße"


def test_all_fields(server, user):
    content = os.urandom(3000)
    sent = send(user, **{
        "from": f"Anne Me <{user.address}>", "to": '"Doe, Jane" <jane@example.com>',
        "cc": ["c@example.com"], "bcc": ["hidden@example.com"], "provider": "sandbox",
        "isInternal": False, "inReplyTo": "<x@example.com>",
        "references": "<w@example.com> <x@example.com>", "attachments": [
            {"filename": "größe.bin", "contentType": "application/x-thing",
             "data_base64": base64.b64encode(content).decode()}]})
    assert sent == message(user, sent, attachments=[
        {"storageKey": DOC_ID, "filename": "größe.bin", "contentType": "application/x-thing",
         "size": 3000}], emailMetadata={
             "from": [f'"Anne Me" <{user.address}>'], "to": ['"Doe, Jane" <jane@example.com>'],
             "cc": ["c@example.com"], "inReplyTo": "<x@example.com>",
             "references": "<w@example.com> <x@example.com>"})
    mail = only_mail(server, user)
    assert (mail["From"], mail["To"], mail["Cc"], mail["Bcc"]) == (
        f"Anne Me <{user.address}>", '"Doe, Jane" <jane@example.com>', "c@example.com", None)
    assert mail["In-Reply-To"] == "<x@example.com>"
    assert mail["References"] == "<w@example.com> <x@example.com>"
    [attached] = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("größe.bin", content)


def test_a_stored_file_is_attached_by_its_key(server, user):
    first = send(user, attachments=[{"filename": "a.bin", "data_base64": "AAEC"}])
    [file] = first["message"]["attachments"]
    second = send(user, subject="again", attachments=[
        {"storageKey": file["storageKey"], "filename": "b.bin", "contentType": "application/x-b"}])
    assert second["message"]["attachments"] == [
        {**file, "filename": "b.bin", "contentType": "application/x-b"}]
    third = send(user, attachments=[file["storageKey"], {"document_id": file["storageKey"]}, file])
    assert third["message"]["attachments"] == [file] * 3
    [mail] = [mail for mail in server.mails(user.address) if mail["Subject"] == "again"]
    assert [(part.get_filename(), part.get_content()) for part in mail.iter_attachments()] == [
        ("b.bin", b"\0\1\2")]


def test_no_subject(server, user):
    sent = send(user, subject=None)
    assert sent == message(user, sent, emailMetadata={"subject": "(no subject)"})
    assert only_mail(server, user)["Subject"] == "(no subject)"


def test_the_same_contact_and_never_the_same_conversation(user):
    first, second = send(user), send(user, to="A@example.com")
    assert first["message"]["contactId"] == second["message"]["contactId"]
    assert first["conversationId"] != second["conversationId"]


def test_the_sender_in_another_case(user):
    assert send(user, **{"from": user.address.upper()})["message"]["status"] == "delivered"


def test_an_address_under_two_providers(server, start_smtp):
    peer = start_smtp(security="none")
    mailbox = connect(server, peer)
    user, address = mailbox.user, mailbox.address
    body = {"from": address, "to": "a@example.com", "body": "b"}
    assert said(user.post(SEND, json=body))["message"]["emailMetadata"]["provider"] == "smtp"
    sandbox = {"provider": "sandbox", "emailAddress": address}
    said(user.post("/api/email/accounts", json=sandbox), 201)
    refused = messages_error("AMBIGUOUS_PROVIDER", holding(address))
    assert said(user.post(SEND, json=body), 409) == refused
    for provider in ("smtp", "sandbox"):
        sent = said(user.post(SEND, json={**body, "provider": provider}))
        assert sent["message"]["emailMetadata"]["provider"] == provider
    assert (len(peer.accepted), len(server.mails(address))) == (2, 1)


def test_a_provider_decides_ties_only(user):
    for provider in ("gmail", "outlook", "smtp", "sandbox", None, ""):
        sent = send(user, provider=provider)
        assert sent["message"]["emailMetadata"]["provider"] == "sandbox"


def test_no_provider_of_several_is_named(server, start_smtp):
    mailbox = connect(server, start_smtp(security="none"))
    sandbox = {"provider": "sandbox", "emailAddress": mailbox.address}
    said(mailbox.user.post("/api/email/accounts", json=sandbox), 201)
    body = {"from": mailbox.address, "to": "a@example.com", "body": "b", "provider": "gmail"}
    assert said(mailbox.user.post(SEND, json=body), 409) == messages_error(
        "AMBIGUOUS_PROVIDER", holding(mailbox.address))


def test_a_reply_without_a_subject_has_the_conversations(user):
    first = send(user, subject="First")
    second = send(user, subject="Second", threadId=first["threadId"])
    third = send(user, subject=None, threadId=first["threadId"])
    assert third["conversationId"] == second["conversationId"]
    assert third["message"]["emailMetadata"]["subject"] == "Re: First"
    shown = said(user.get(f"/api/conversation/{first['conversationId']}"))["conversation"]
    assert shown["subject"] == "First"


def test_given_ids_leave_as_they_are(server, user):
    chain = "<a+1@kunde.example>  <b@[10.0.0.1]>"
    sent = send(user, inReplyTo="<me=x@kunde.example>", references=chain)
    metadata = sent["message"]["emailMetadata"]
    assert (metadata["inReplyTo"], metadata["references"]) == ("<me=x@kunde.example>", chain)
    mail = only_mail(server, user)
    assert mail["In-Reply-To"] == "<me=x@kunde.example>" and mail["References"].split() == chain.split()


# What does not work

@pytest.mark.parametrize("fields, status, expected", [
    ({"from": "nobody@example.com"}, 404,
     messages_error("EMAIL_ACCOUNT_NOT_FOUND", holding("nobody@example.com"))),
    *[({"provider": provider}, 400, messages_error(
        "BAD_REQUEST", "provider must be one of: gmail, outlook, smtp, sandbox"))
      for provider in ("yahoo", "Gmail", "GMAIL", " gmail", 7, ["gmail"])],
    ({"provider": "outlook", "from": "nobody@example.com"}, 404,
     messages_error("EMAIL_ACCOUNT_NOT_FOUND", holding("nobody@example.com"))),
    *[({"inReplyTo": text}, 400, messages_error("BAD_REQUEST", holding("inReplyTo", "Message-ID")))
      for text in ("hello world", "x@y.example", "<x y@z>", "<ä@x.example>", "<a@b> <c@d>", "<a@b>,",
                   "<x y>", "<@>", "<a@b>x", 5, ["<a@b>"], "<" + "x" * 980 + "@y>")],
    *[({"references": text}, 400, messages_error("BAD_REQUEST", holding("references", "Message-IDs")))
      for text in ("hello world", "<a@b>,<c@d>", "<a@b>, <c@d>", "<a@b> c@d", "<a@b><c@d>", "<ä@x>", 5,
                   ["<a@b>"])],
    ({"isInternal": True}, 400, messages_error("BAD_REQUEST", holding("isInternal"))),
    ({"threadId": "gthread-1902a9f3c4b1e0d5"}, 404,
     messages_error("NOT_FOUND", holding("thread"))),
    ({"from": None}, 400, messages_error("BAD_REQUEST", "from is required")),
    ({"to": None}, 400, messages_error("BAD_REQUEST", "to is required")),
    ({"body": None}, 400, messages_error("BAD_REQUEST", "body is required")),
    ({"to": []}, 400, messages_error("BAD_REQUEST", "to is required")),
    ({"body": ""}, 400, messages_error("BAD_REQUEST", "body is required")),
    ({"isHtml": "yes"}, 400, messages_error("BAD_REQUEST", holding("isHtml", "true or false"))),
    ({"from": ["a@example.com", "b@example.com"]}, 400,
     messages_error("BAD_REQUEST", holding("from"))),
    ({"attachments": [{"storageKey": "doc_" + "0" * 26}]}, 404, messages_error("NOT_FOUND")),
    ({"attachments": [{"filename": "a"}]}, 400,
     messages_error("BAD_REQUEST", holding("attachments[0]"))),
    ({"inReplyTo": "<x@y>\r\nBcc: z@example.com"}, 400,
     messages_error("BAD_REQUEST", holding("inReplyTo", "one line"))),
    ({"references": "<x@y>\nBcc: z@example.com"}, 400,
     messages_error("BAD_REQUEST", holding("references", "one line"))),
])
def test_what_is_refused(server, user, fields, status, expected):
    assert send(user, status, **fields) == expected
    assert server.mails(user.address) == []
    assert said(user.get("/api/email/outbound"))["count"] == 0


def test_somebody_elses_mailbox(server, user):
    other = new_user(server)
    refused = send(user, 404, **{"from": other.address})
    assert refused == messages_error("EMAIL_ACCOUNT_NOT_FOUND", holding(other.address))


def test_a_refusal_carries_the_record(user):
    refused = send(user, 502, to="a+refused@example.com")
    assert refused == messages_error("BAD_GATEWAY", holding("550 5.1.1"), messageId=UID)
    seen = said(user.get(f"/api/email/outbound/{refused['messageId']}"))
    assert seen["status"] == "failed"


@pytest.mark.parametrize("tag, status", [("later", "queued"), ("signin", "queued"),
                                         ("unknown", "unknown"), ("lost", "unknown")])
def test_what_is_not_settled_in_time(user, tag, status):
    sent = send(user, 202, to=f"a+{tag}@example.com")
    assert sent == {**message(user, sent, status=status,
                              emailMetadata={"to": [f"a+{tag}@example.com"]}),
                    "threadId": None, "reason": TEXT}


def test_respond_async(user):
    sent = send(user, 202, headers={"Prefer": "respond-async"})
    assert sent == {**message(user, sent, status="queued"), "threadId": None, "reason": TEXT}
    again = said(user.post("/api/email/send", json={"draft_uid": sent["message"]["_id"]}))
    assert again["status"] == "sent"


def test_long_references(server, user):
    """As long as a thread of a year; no line of the mail may be longer than SMTP allows."""
    ids = " ".join(f"<{number:030}@mail.example.com>" for number in range(500))
    send(user, references=ids)
    [path] = (server.data / "sandbox" / user.address / "new").iterdir()
    assert max(map(len, path.read_bytes().split(b"\r\n"))) <= 998
    assert only_mail(server, user)["References"].split() == ids.split()
