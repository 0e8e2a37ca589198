"""The examples of the published document of the outbound family as they stand: only the host, the
token, and ids and addresses that are placeholders are replaced.

covers: src/api/outbound_view.c
"""
import pytest

from people import new_user
from received import receive, user_with_mailbox
from shapes import (CORR_ID, DOC_ID, DRAFT_ID, SANDBOX_ID, SECONDS, UID, holding, outbound_error,
                    said)

CASE_ID = "550e8400-e29b-41d4-a716-446655440000"
OUTBOUND = "/api/v1/email/outbound"


@pytest.fixture
def account(api):
    return said(api.get("/api/email/accounts"))["accounts"][0]


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


@pytest.fixture
def contract(server):
    """A user who has got a mail of a case, with a file."""
    user = user_with_mailbox(server)
    asked = said(user.post(f"{OUTBOUND}/send", json={
        "to": ["client@example.com"], "subject": "Contract Review", "case_id": CASE_ID}))
    question = said(user.get(f"/api/v1/email/correspondence/{asked['id']}"))
    got = receive(user, From="Client <client@example.com>", Subject="Contract Review",
                  Cc="partner@example.com", text="Is it ready?\n",
                  answers=question["message_id"], files=[("contract_v2.pdf", b"%PDF")])
    user.inbound = said(user.get(f"/api/v1/email/correspondence/{got['_id']}"))["id"]
    return user


def envelope(user, **fields):
    """A draft that is kept nowhere."""
    return {"id": None, "from": user.address, "to": [], "cc": [], "bcc": [],
            "body_html": holding("Is it ready?"), "body_text": holding("Is it ready?"),
            "attachments": [], "case_id": CASE_ID, "from_account_id": user.account,
            "status": "draft", "version": 0, "created_at": None, "updated_at": None, **fields}


@pytest.mark.parametrize("reply_all, cc", [(False, []), (True, ["partner@example.com"])])
def test_a_reply_envelope(contract, reply_all, cc):
    body = {"correspondence_id": contract.inbound, "reply_all": reply_all}
    assert said(contract.post(f"{OUTBOUND}/reply-envelope", json=body)) == envelope(
        contract, to=['"Client" <client@example.com>'], cc=cc, subject="Re: Contract Review",
        reply_to_correspondence_id=contract.inbound)


def test_a_forward_envelope(contract):
    body = {"correspondence_id": contract.inbound}
    assert said(contract.post(f"{OUTBOUND}/forward-envelope", json=body)) == envelope(
        contract, subject="Fwd: Contract Review", attachments=[
            {"document_id": DOC_ID, "filename": "contract_v2.pdf",
             "content_type": "application/pdf", "size_bytes": 4}])


# The document's table of errors; ATTACHMENT_TOO_LARGE is in test_too_much.py.

@pytest.mark.parametrize("missing", ["to", "subject"])
def test_missing_required_fields(api, missing):
    body = {"to": ["client@example.com"], "subject": "Re: Contract Review"}
    del body[missing]
    assert said(api.post(f"{OUTBOUND}/send", json=body), 400) == outbound_error(
        "VALIDATION_ERROR", f"{missing} is required", field=missing)


@pytest.mark.parametrize("path", ["send", "drafts", "drafts/draft_01ABCDEFG/send",
                                  "reply-envelope", "forward-envelope"])
def test_missing_inbox_write_scope(server, path):
    reader = new_user(server, ["inbox:read"])
    assert said(reader.post(f"{OUTBOUND}/{path}", json={}), 403) == outbound_error(
        "AUTH_INSUFFICIENT_SCOPE", holding("inbox:write"))


@pytest.mark.parametrize("method, rest", [("GET", ""), ("PUT", ""), ("DELETE", ""),
                                          ("POST", "/send")])
def test_draft_id_does_not_exist(api, method, rest):
    reply = api.request(method, f"{OUTBOUND}/drafts/draft_01ABCDEFG{rest}",
                        json={} if method in ("PUT", "POST") else None)
    assert said(reply, 404) == outbound_error("DRAFT_NOT_FOUND")
