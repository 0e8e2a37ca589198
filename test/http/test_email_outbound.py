"""The records of outbound mail: list, get, audit trail, and the exact message.

covers: src/api/email_outbound.c src/model/email_state.c
"""
import email
import email.policy
import hashlib

import pytest

from people import new_user
from shapes import (MESSAGE_ID, MILLISECONDS, SANDBOX_ID, SECONDS, SHA256, TEXT, UID, email_error,
                    holding, said)

RECORDS = "/api/email/outbound"


@pytest.fixture
def user(server):
    user = new_user(server)
    [account] = said(user.get("/api/email/accounts"))["accounts"]
    user.account = account["_id"]
    return user


def send(user, **fields):
    reply = user.post("/api/email/send", json={"from_account_id": user.account,
                                               "to": ["a@example.com"], "subject": "s", **fields})
    body = reply.json()
    return body if reply.ok else body["error"]["details"][0]


def test_a_record(user):
    sent = send(user, body_text="t", context_type="invoice", context_id="7")
    record = said(user.get(f"{RECORDS}/{sent['outbound_email_uid']}"))
    assert record == {
        "uid": sent["outbound_email_uid"], "from_account_id": user.account,
        "from_email": user.address, "to": ["a@example.com"], "cc": [], "bcc": [], "subject": "s",
        "body_text": "t", "body_html": None, "attachments": [], "context_type": "invoice",
        "context_id": "7", "status": "sent", "error": None, "attempts": 1, "conversation_uid": UID,
        "message_id": MESSAGE_ID, "provider": "sandbox", "provider_message_id": SANDBOX_ID,
        "provider_thread_id": UID, "mail_sha256": SHA256, "planned_send_at": None,
        "asked_by": UID, "next_attempt_at": SECONDS, "committed_at": SECONDS, "sent_at": SECONDS,
        "erased_at": None,
        "recipients": [{"address": "a@example.com", "role": "to", "status": "accepted",
                        "status_code": None, "reply": None, "updated_at": SECONDS}],
        "created_at": SECONDS, "updated_at": SECONDS}


def test_lists_and_filters(user):
    draft = said(user.post("/api/email/drafts", json={"from_account_id": user.account}), 201)
    sent = send(user, context_type="case", context_id="1")
    failed = send(user, to="a+refused@example.com")
    lost = send(user, to="a+lost@example.com")
    uids = [failed["outbound_email_uid"], sent["outbound_email_uid"], draft["uid"]]
    uids.insert(0, lost["outbound_email_uid"])
    for params, expected in [
            ({}, uids), ({"status": "sent"}, uids[2:3]), ({"status": "failed"}, uids[1:2]),
            ({"status": "unknown"}, uids[:1]), ({"status": "draft"}, uids[3:]),
            ({"status": "queued"}, []), ({"context_type": "case"}, uids[2:3]),
            ({"context_id": "1"}, uids[2:3]), ({"from_account_id": user.account}, uids),
            ({"from_account_id": draft["uid"]}, []), ({"from_account_id": "x"}, [])]:
        page = said(user.get(RECORDS, params=params))
        assert [record["uid"] for record in page["items"]] == expected, params
        assert page["count"] == len(expected)
    page = said(user.get(RECORDS, params={"page": 2, "per_page": 3}))
    assert [record["uid"] for record in page["items"]] == uids[3:] and page["count"] == 4


def event(name, before, after, actor="system", **more):
    return {"number": None, "at": MILLISECONDS, "event": name, "from": before, "to": after,
            "actor": actor, "token_id": None, "reason": None, "detail": None, "mail_sha256": None, "hash": SHA256,
            **more}


def events_of(user, sent):
    page = said(user.get(f"{RECORDS}/{sent['outbound_email_uid']}/events"))
    assert page["count"] == len(page["items"])
    numbers = [item["number"] for item in page["items"]]
    assert numbers == sorted(set(numbers))
    return [{**item, "number": None} for item in page["items"]]


def test_the_audit_trail_of_a_mail_that_was_sent(user):
    draft = said(user.post("/api/email/drafts", json={
        "from_account_id": user.account, "to": ["a@example.com"], "subject": "s"}), 201)
    sent = said(user.post("/api/email/send", json={"draft_uid": draft["uid"]}))
    assert events_of(user, sent) == [
        event("created", "draft", "draft", actor=UID, token_id=UID),
        event("send", "draft", "queued", actor=UID, token_id=UID),
        event("claim", "queued", "sending"),
        event("accepted", "sending", "sent", mail_sha256=SHA256)]


@pytest.mark.parametrize("tag, last", [
    ("refused", event("refused", "sending", "failed", reason=TEXT, mail_sha256=SHA256)),
    ("lost", event("lost", "sending", "unknown", reason=TEXT, mail_sha256=SHA256)),
    ("later", event("try_later", "sending", "queued", reason=TEXT, mail_sha256=SHA256)),
])
def test_the_audit_trail_of_a_mail_that_was_not(user, tag, last):
    events = events_of(user, send(user, to=f"a+{tag}@example.com"))
    assert [each["event"] for each in events[:2]] == ["send", "claim"] and events[2] == last


def test_the_raw_message(server, user):
    sent = send(user, body_text="t", bcc="hidden@example.com", attachments=[
        {"filename": "a.bin", "data_base64": "AAEC"}])
    path = f"{RECORDS}/{sent['outbound_email_uid']}"
    reply = user.get(f"{path}/raw")
    assert (reply.status_code, reply.headers["Content-Type"]) == (200, "message/rfc822")
    [delivered] = (server.data / "sandbox" / user.address / "new").iterdir()
    assert reply.content == delivered.read_bytes()
    record = said(user.get(path))
    assert hashlib.sha256(reply.content).hexdigest() == record["mail_sha256"]
    mail = email.message_from_bytes(reply.content, policy=email.policy.default)
    assert mail["Message-ID"] == record["message_id"] and mail["Bcc"] is None
    head = user.head(f"{path}/raw")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(reply.content))


def test_a_draft_has_no_message_yet(user):
    draft = said(user.post("/api/email/drafts", json={"from_account_id": user.account}), 201)
    refused = said(user.get(f"{RECORDS}/{draft['uid']}/raw"), 409)
    assert refused == email_error("conflict", holding("draft"))


def test_a_failed_mail_keeps_its_message(user):
    failed = send(user, to="a+refused@example.com", body_text="kept")
    raw = user.get(f"{RECORDS}/{failed['outbound_email_uid']}/raw")
    assert raw.status_code == 200 and b"kept" in raw.content
