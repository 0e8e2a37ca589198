"""The examples of the three published documents as they stand: only the host, the token, and ids
and addresses that are placeholders are replaced.

covers: src/api/email_view.c src/api/messages_view.c src/api/outbound_view.c
"""
import pytest

from shapes import (CONTACT_ID, CORR_ID, DOC_ID, DRAFT_ID, MESSAGE_ID, MILLISECONDS, SANDBOX_ID,
                    SECONDS, TEXT, UID, said)

CONTEXT_UID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
CASE_ID = "550e8400-e29b-41d4-a716-446655440000"
OUTBOUND = "/api/v1/email/outbound"


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
        "context_id": CONTEXT_UID})) == SENT


def test_option_a_send_an_existing_draft(api, account):
    draft = said(api.post("/api/email/drafts", json={
        "from_account_id": account["_id"], "to": ["a@example.com"], "subject": "s"}), 201)
    sent = said(api.post("/api/email/send", json={"draft_uid": draft["uid"]}))
    assert sent == {**SENT, "outbound_email_uid": draft["uid"]}


def test_option_b_send_a_newly_composed_email(api, account):
    assert said(api.post("/api/email/send", json={
        "from_account_id": account["_id"],
        "to": ["customer@example.com"],
        "cc": ["accounting@mycompany.com"],
        "subject": "Invoice INV-2024-001 - Payment Reminder",
        "body_text": "Hi,\n\nThis is a friendly reminder...",
        "body_html": "<html><body><p>Hi,</p><p>This is a friendly reminder...</p></body></html>",
        "context_type": "invoice",
        "context_id": "invoice-uuid-here"})) == SENT


# The outbound family

@pytest.fixture
def document(api, account):
    """A document's id: what was attached inline once can be attached by it again."""
    draft = said(api.post("/api/email/drafts", json={
        "from_account_id": account["_id"],
        "attachments": [{"filename": "contract_v2.pdf", "content_type": "application/pdf",
                         "data_base64": "JVBERg=="}]}), 201)
    return draft["attachments"][0]["document_id"]


@pytest.fixture
def draft(api, document):
    return said(api.post(f"{OUTBOUND}/drafts", json={
        "to": ["client@example.com"],
        "subject": "Re: Contract Review",
        "body_html": "<p>Dear Mr. Smith,</p><p>Please find the updated contract attached.</p>",
        "case_id": CASE_ID,
        "attachments": [document]}), 201)


def test_the_draft_object(draft, account, document):
    assert draft == {
        "id": DRAFT_ID,
        "from": account["emailAddress"],
        "to": ["client@example.com"],
        "cc": [],
        "bcc": [],
        "subject": "Re: Contract Review",
        "body_html": "<p>Dear Mr. Smith,</p><p>Please find the updated contract attached.</p>",
        "body_text": None,
        "attachments": [{"document_id": document, "filename": "contract_v2.pdf",
                         "content_type": "application/pdf", "size_bytes": 4}],
        "case_id": CASE_ID,
        "from_account_id": account["_id"],
        "status": "draft",
        "version": 1,
        "created_at": SECONDS,
        "updated_at": SECONDS}


def test_list_get_update_and_delete(api, draft):
    path = f"{OUTBOUND}/drafts/{draft['id']}"
    page = said(api.get(f"{OUTBOUND}/drafts"))
    assert page["data"][0] == draft and set(page) == {"data", "next_cursor", "has_more"}
    assert said(api.get(path)) == draft
    changed = said(api.put(path, json={"body_html": "<p>Dear Mr. Smith,</p><p>...</p>"}))
    assert changed == {**draft, "body_html": "<p>Dear Mr. Smith,</p><p>...</p>", "version": 2,
                       "updated_at": SECONDS}
    assert said(api.delete(path), 204) is None
    assert api.get(path).status_code == 404


CORRESPONDENCE = {"id": CORR_ID, "direction": "outbound", "status": "sent", "sent_at": SECONDS,
                  "provider_message_id": SANDBOX_ID, "provider_thread_id": UID}


def test_send_an_existing_draft(api, draft):
    sent = said(api.post(f"{OUTBOUND}/drafts/{draft['id']}/send"))
    assert sent == {**CORRESPONDENCE, "id": draft["id"].replace("draft_", "corr_"),
                    "subject": "Re: Contract Review", "case_id": CASE_ID}


def test_send_directly(api, document):
    sent = said(api.post(f"{OUTBOUND}/send", json={
        "to": ["opposing.counsel@lawfirm.de"],
        "cc": ["partner@optimaite.eu"],
        "subject": "Response to Your Letter dated May 15",
        "body_html": "<p>Dear Colleague,</p><p>...</p>",
        "case_id": "550e8400-...",
        "attachments": [document]}))
    assert sent == {**CORRESPONDENCE, "subject": "Response to Your Letter dated May 15",
                    "case_id": "550e8400-..."}


def test_signature(api):
    signature = said(api.get(f"{OUTBOUND}/signature"))
    assert set(signature) == {"signature_html", "signature_text"}
    assert all(isinstance(text, str) for text in signature.values())


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
