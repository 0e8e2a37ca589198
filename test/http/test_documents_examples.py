"""The examples of the published documents of the email and the messages family as they stand: only
the host, the token, and ids and addresses that are placeholders are replaced.

covers: src/api/email_view.c src/api/messages_view.c
"""
import pytest

from people import new_user
from received import receive, user_with_mailbox
from running import wait_until
from shapes import (CONTACT_ID, DOC_ID, MESSAGE_ID, MILLISECONDS, SANDBOX_ID, SECONDS, TEXT, UID,
                    email_error, holding, messages_error, said)

CONTEXT_UID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"


@pytest.fixture
def account(api):
    return said(api.get("/api/email/accounts"))["accounts"][0]


def email_draft(account, **fields):
    """The whole draft record of the document, and what this server adds to it."""
    return {"uid": UID, "from_account_id": account["_id"], "from_email": account["emailAddress"],
            "to": [], "cc": [], "bcc": [], "subject": None, "body_text": None, "body_html": None,
            "attachments": [], "context_type": None, "context_id": None, "planned_send_at": None,
            "status": "draft", "version": 1, "created_at": SECONDS, "updated_at": SECONDS,
            **fields}


# POST /api/email/drafts

def test_create_outbound_email_draft(api, account):
    body = {
        "from_account_id": account["_id"],
        "to": ["to@example.com"],
        "cc": ["cc@example.com"],
        "bcc": ["bcc@example.com"],
        "subject": "<string>",
        "body_text": "<string>",
        "body_html": "<string>",
        "attachments": [
            {"filename": "<string>", "content_type": "text/plain", "data_base64": "SGVsbG8="}],
        "context_type": "<string>",
        "context_id": CONTEXT_UID,
        "planned_send_at": "2053-11-07T05:31:56Z",
    }
    assert said(api.post("/api/email/drafts", json=body), 201) == email_draft(account, **{
        **body, "attachments": [{"document_id": DOC_ID, "filename": "<string>",
                                 "content_type": "text/plain", "size_bytes": 5}]})


def test_create_a_new_draft_and_update_it(api, account):
    made = said(api.post("/api/email/drafts", json={
        "from_account_id": account["_id"],
        "to": ["customer@example.com"],
        "subject": "Follow-up on our conversation",
        "body_text": "Hi, just wanted to check in..."}), 201)
    assert made == email_draft(account, to=["customer@example.com"],
                               subject="Follow-up on our conversation",
                               body_text="Hi, just wanted to check in...")
    changed = said(api.post("/api/email/drafts", json={
        "uid": made["uid"], "subject": "Updated subject", "body_text": "Updated body"}))
    assert changed == {**made, "subject": "Updated subject", "body_text": "Updated body",
                       "version": 2, "updated_at": SECONDS}


def test_minimal_create_payload(api, account):
    made = said(api.post("/api/email/drafts", json={"from_account_id": account["_id"]}), 201)
    assert made == email_draft(account)


def test_scheduling(api, account):
    body = {
        "from_account_id": account["_id"],
        "to": ["customer@example.com"],
        "subject": "Follow-up on our conversation",
        "body_text": "Hi, just wanted to check in...",
        "planned_send_at": "2024-03-26T09:00:00Z"}
    made = said(api.post("/api/email/drafts", json=body), 201)
    assert made == email_draft(account, **body)


def test_linking_to_context(api, account):
    body = {
        "from_account_id": account["_id"],
        "context_type": "invoice",
        "context_id": "invoice-uuid",
        "subject": "Regarding Invoice {invoice_number}"}
    assert said(api.post("/api/email/drafts", json=body), 201) == email_draft(account, **body)


def test_the_full_draft_record(server):
    """Its time has come long ago, and still it is shown as a draft first."""
    user = user_with_mailbox(server)
    [account] = said(user.get("/api/email/accounts"))["accounts"]
    body = {
        "from_account_id": user.account,
        "to": ["customer@example.com"],
        "subject": "Follow-up on our conversation",
        "body_text": "Hi, just wanted to check in...",
        "context_type": "invoice",
        "context_id": "invoice-uuid",
        "planned_send_at": "2024-03-26T09:00:00Z"}
    made = said(user.post("/api/email/drafts", json=body), 201)
    assert made == email_draft(account, **body)
    path = f"/api/email/drafts/{made['uid']}"
    sent = wait_until(lambda: (now := said(user.get(path)))["status"] == "sent" and now)
    assert sent == {**made, "status": "sent", "version": sent["version"], "updated_at": SECONDS}


# POST /api/email/send

SENT = {"outbound_email_uid": UID, "provider_message_id": SANDBOX_ID, "provider_thread_id": UID,
        "status": "sent", "sent_at": SECONDS}


def test_send_outbound_email(api, account):
    assert said(api.post("/api/email/send", json={
        "from_account_id": account["_id"],
        "to": ["to@example.com"],
        "subject": "<string>",
        "cc": ["cc@example.com"],
        "bcc": ["bcc@example.com"],
        "body_text": "<string>",
        "body_html": "<string>",
        "attachments": [
            {"filename": "<string>", "content_type": "text/plain", "data_base64": "SGVsbG8="}],
        "context_type": "<string>",
        "context_id": CONTEXT_UID,
        "idempotency_key": "<string>"})) == SENT


def test_option_a_send_an_existing_draft(api, account):
    draft = said(api.post("/api/email/drafts", json={
        "from_account_id": account["_id"], "to": ["a@example.com"], "subject": "s"}), 201)
    sent = said(api.post("/api/email/send", json={"draft_uid": draft["uid"]}))
    assert sent == {**SENT, "outbound_email_uid": draft["uid"]}


def test_option_b_send_a_newly_composed_email(api, account):
    body = {
        "from_account_id": account["_id"],
        "to": ["customer@example.com"],
        "cc": ["accounting@mycompany.com"],
        "subject": "Invoice INV-2024-001 - Payment Reminder",
        "body_text": "Hi,\n\nThis is a friendly reminder...",
        "body_html": "<html><body><p>Hi,</p><p>This is a friendly reminder...</p></body></html>",
        "context_type": "invoice",
        "context_id": "invoice-uuid-here",
        "idempotency_key": "reminder-inv-2024-001-attempt-1"}
    sent = said(api.post("/api/email/send", json=body))
    assert sent == SENT
    assert said(api.post("/api/email/send", json=body)) == sent


@pytest.mark.parametrize("more", [{}, {"from_account_id": CONTEXT_UID}], ids=["", "ignored"])
def test_option_c_reply_in_an_existing_thread(server, more):
    user = user_with_mailbox(server)
    got = receive(user, From="customer@example.com",
                  Subject="Invoice INV-2024-001 - Payment Reminder")
    sent = said(user.post("/api/email/send", json={
        "to": ["customer@example.com"],
        "subject": "RE: Invoice INV-2024-001 - Payment Reminder",
        "body_html": "<p>Following up here…</p>",
        "reply_to_message_uid": got["_id"], **more}))
    assert sent == {**SENT, "provider_thread_id": got["emailMetadata"]["threadId"]}
    [mail] = server.mails(user.address)
    assert (mail["In-Reply-To"], mail["References"], mail["From"], mail["Subject"]) == (
        got["id"], got["id"], user.address, "RE: Invoice INV-2024-001 - Payment Reminder")


REQUIRED = {  # the document's table of modes
    "fresh": {"from_account_id": CONTEXT_UID, "to": ["a@example.com"], "subject": "s"},
    "reply": {"reply_to_message_uid": CONTEXT_UID, "to": ["a@example.com"], "subject": "s"},
}


@pytest.mark.parametrize("mode, missing", [
    ("fresh", "from_account_id"), ("fresh", "to"), ("fresh", "subject"), ("reply", "to"),
    ("reply", "subject")])
def test_required_fields_of_a_mode(api, mode, missing):
    body = {name: value for name, value in REQUIRED[mode].items() if name != missing}
    assert said(api.post("/api/email/send", json=body), 400) == email_error(
        "validation_error", f"{missing} is required",
        {"field": missing, "message": "is required"})


# POST /api/email/messages/send

def test_send_an_email_message(api, account):
    body = "Hi Jamie — attaching this week's report."
    sent = said(api.post("/api/email/messages/send", json={
        "from": account["emailAddress"],
        "to": ["jamie.lee@example.com"],
        "subject": "Weekly report",
        "body": body,
        "isHtml": False}))
    assert sent == {
        "message": {
            "_id": UID, "organizationId": UID, "conversationId": sent["conversationId"],
            "contactId": CONTACT_ID, "userId": UID, "channelType": "email", "isIncoming": False,
            "isInternal": False, "status": "delivered", "body": body, "attachments": [],
            "emailMetadata": {
                "threadId": sent["threadId"], "messageId": MESSAGE_ID, "inReplyTo": None,
                "references": None, "from": [account["emailAddress"]],
                "to": ["jamie.lee@example.com"], "cc": [], "subject": "Weekly report",
                "provider": "sandbox"},
            "createdAt": MILLISECONDS, "updatedAt": MILLISECONDS},
        "conversationId": UID,
        "threadId": TEXT}


def test_the_three_ways_to_a_thread_id(server):
    """From the reply to the first send, from the conversation, from a stored message."""
    user = new_user(server)
    first = said(user.post("/api/email/messages/send", json={
        "from": user.address, "to": "recipient@example.com", "subject": "Weekly report",
        "body": "Hi — here is the report you asked for."}))
    [conversation] = said(user.get("/api/conversation"))["conversations"]
    stored = said(user.get(f"/api/conversation/{first['conversationId']}"))["messages"][0]
    previous = first["message"]["emailMetadata"]["messageId"]
    chain = previous
    for thread in (first["threadId"], conversation["channelIdentifier"],
                   stored["emailMetadata"]["threadId"]):
        sent = said(user.post("/api/email/messages/send", json={
            "from": user.address, "to": ["recipient@example.com"], "body": "And more.",
            "threadId": thread}))
        metadata = sent["message"]["emailMetadata"]
        assert (sent["conversationId"], sent["threadId"]) == (
            first["conversationId"], first["threadId"])
        assert (metadata["subject"], metadata["inReplyTo"], metadata["references"]) == (
            "Re: Weekly report", previous, chain)
        previous = metadata["messageId"]
        chain += " " + previous


def test_a_private_note_is_no_mail(api, account):
    body = {"from": account["emailAddress"], "to": "a@example.com", "body": "b"}
    assert said(api.post("/api/email/messages/send", json={**body, "isInternal": True}), 400) == (
        messages_error("BAD_REQUEST", holding("isInternal must be false")))
    sent = said(api.post("/api/email/messages/send", json={**body, "isInternal": False}))
    assert sent["message"]["isInternal"] is False
