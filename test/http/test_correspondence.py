"""Sent and received mail of the outbound family.

covers: src/api/outbound_correspondence.c src/api/outbound_cursor.c src/api/outbound_view.c
covers: src/store/correspondence_list.c
"""
import pytest

from people import ALL, new_token, new_user
from received import receive, user_with_mailbox
from shapes import (CORR_ID, DOC_ID, MESSAGE_ID, SANDBOX_ID, SECONDS, UID, holding,
                    outbound_error, said)

CORRESPONDENCE = "/api/v1/email/correspondence"
OUTBOUND = "/api/v1/email/outbound"
NOBODYS = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def user(server):
    return user_with_mailbox(server)


def send(user, status=200, headers=None, **fields):
    body = {"to": ["a@example.com"], "subject": "s", "body_text": "t", **fields}
    return said(user.post(f"{OUTBOUND}/send", json=body, headers=headers), status)


def listed(user, **query):
    return said(user.get(CORRESPONDENCE, params=query))


def shown(user, identifier, status=200):
    return said(user.get(f"{CORRESPONDENCE}/{identifier}"), status)


def summary(record):
    """What a list says of it: all but the bodies."""
    return {name: value for name, value in record.items() if not name.startswith("body_")}


def corr(user, message):
    """The id that this family gives a message of another."""
    return shown(user, message["_id"])["id"]


# What a record looks like

def test_nothing_yet(user):
    assert listed(user) == {"data": [], "next_cursor": None, "has_more": False}


def test_what_was_sent(user):
    sent = send(user, to=["Jane <j@example.com>"], cc=["c@example.com"], bcc=["b@example.com"],
                body_html="<p>h</p>", case_id="7", attachments=[
                    {"filename": "a.txt", "content_type": "text/plain", "data_base64": "YQ=="}])
    record = shown(user, sent["id"])
    assert record == {
        "id": sent["id"], "direction": "outbound", "status": "sent", "from": user.address,
        "to": ['"Jane" <j@example.com>'], "cc": ["c@example.com"], "bcc": ["b@example.com"],
        "subject": "s", "body_html": "<p>h</p>", "body_text": "t",
        "attachments": [{"document_id": DOC_ID, "filename": "a.txt", "content_type": "text/plain",
                         "size_bytes": 1}],
        "case_id": "7", "conversation_id": UID, "message_id": MESSAGE_ID,
        "provider_message_id": SANDBOX_ID, "provider_thread_id": UID, "sent_at": sent["sent_at"],
        "created_at": SECONDS}
    assert {name: record[name] for name in sent} == sent
    assert listed(user) == {"data": [summary(record)], "next_cursor": None, "has_more": False}
    assert listed(user, view="full") == {"data": [record], "next_cursor": None, "has_more": False}


def test_what_came_in(user):
    first = receive(user)
    got = receive(user, text="Hi.\n", html="<b>Hi.</b>", at=-60, answers=first["id"],
                  Reply_To="desk@client.example", Cc="Tim <t@client.example>",
                  Bcc="someone@else.example", files=[("a.pdf", b"%PDF")])
    record = shown(user, got["_id"])
    assert record == {
        "id": CORR_ID, "direction": "inbound", "status": "received",
        "from": '"Jane Doe" <jane@client.example>', "to": [user.address],
        "cc": ['"Tim" <t@client.example>'], "bcc": [], "reply_to": ["desk@client.example"],
        "subject": "Contract", "body_html": holding("Hi."), "body_text": "Hi.\n",
        "attachments": [{"document_id": DOC_ID, "filename": "a.pdf",
                         "content_type": "application/pdf", "size_bytes": 4}],
        "case_id": None, "conversation_id": got["conversationId"],
        "reply_to_correspondence_id": corr(user, first), "message_id": got["id"],
        "provider_message_id": None, "provider_thread_id": got["emailMetadata"]["threadId"],
        "sent_at": "2025-06-15T15:05:40Z", "received_at": SECONDS, "kind": "mail",
        "created_at": SECONDS}
    records = [shown(user, first["_id"]), record]
    assert listed(user, view="full")["data"] == records
    assert listed(user)["data"] == [summary(each) for each in records]


def test_any_spelling_of_an_id(user):
    record = shown(user, receive(user)["_id"])
    ulid = record["id"].split("_")[1]
    for spelling in (ulid, ulid.lower(), f"draft_{ulid}"):
        assert shown(user, spelling) == record


def test_a_context_that_is_no_case(user):
    said(user.post("/api/email/send", json={
        "from_account_id": user.account, "to": ["a@example.com"], "subject": "s", "body_text": "t",
        "context_type": "invoice", "context_id": "7"}))
    [record] = listed(user)["data"]
    assert record["case_id"] is None
    assert listed(user, case_id="7")["data"] == []


def test_drafts_are_no_correspondence(user):
    draft = said(user.post(f"{OUTBOUND}/drafts", json={"subject": "s"}), 201)
    assert shown(user, draft["id"], 404) == outbound_error("CORRESPONDENCE_NOT_FOUND")
    assert listed(user)["data"] == []


@pytest.mark.parametrize("tag, sent_status, status", [
    ("refused", 502, "failed"), ("later", 202, "queued"), ("unknown", 202, "unknown")])
def test_what_did_not_get_out_is_shown_but_not_listed(user, tag, sent_status, status):
    reply = send(user, sent_status, to=[f"a+{tag}@example.com"])
    identifier = reply["error"]["details"]["id"] if sent_status == 502 else reply["id"]
    record = shown(user, identifier)
    assert (record["id"], record["status"], record["sent_at"]) == (identifier, status, None)
    assert record["reason"]
    assert listed(user)["data"] == []


# Pages and filters

def pages(user, **query):
    """All records of all pages."""
    seen, cursor, first = [], None, True
    while cursor or first:
        page = listed(user, cursor=cursor, **query)
        assert page["has_more"] == bool(page["next_cursor"])
        seen += page["data"]
        cursor, first = page["next_cursor"], False
    return seen


@pytest.mark.parametrize("limit", [1, 2, 5, 11, 100])
def test_every_page(user, limit):
    """Newest first, by the time of the mail; three have the same."""
    ats = [30, 10, 20, 10, 40, 10, 50, 0]
    times = {corr(user, receive(user, at=at)): at for at in ats}
    sent = [send(user)["id"] for _ in range(3)][::-1]
    seen = [record["id"] for record in pages(user, limit=limit)]
    assert seen[:3] == sent and len(seen) == len(set(seen)) == 11
    assert [times[one] for one in seen[3:]] == sorted(ats, reverse=True)


def test_a_mail_that_comes_meanwhile_disturbs_nothing(user):
    ids = [corr(user, receive(user, at=at)) for at in range(4)][::-1]
    page = listed(user, limit=2)
    receive(user, at=100)
    rest = listed(user, limit=2, cursor=page["next_cursor"])
    assert [one["id"] for one in page["data"] + rest["data"]] == ids
    assert rest["next_cursor"] is None


def test_filters(user):
    first = receive(user, at=0)
    got = corr(user, first)
    answer = send(user, reply_to_correspondence_id=got, case_id="7")["id"]
    other = send(user, case_id="8")["id"]
    late = corr(user, receive(user, at=5, answers=first["id"]))
    conversation = first["conversationId"]
    expected = {
        (): [other, answer, late, got],
        (("direction", "inbound"),): [late, got],
        (("direction", "outbound"),): [other, answer],
        (("direction", "INBOUND"),): [late, got],
        (("case_id", "7"),): [answer],
        (("case_id", "7"), ("direction", "inbound")): [],
        (("case_id", "9"),): [],
        (("conversation_id", conversation),): [answer, late, got],
        (("conversation_id", conversation), ("direction", "outbound")): [answer],
        (("conversation_id", conversation), ("case_id", "8")): [],
        (("conversation_id", NOBODYS),): [],
        (("conversation_id", "x"),): [],
    }
    for query, ids in expected.items():
        for limit in (1, 50):
            seen = [record["id"] for record in pages(user, limit=limit, **dict(query))]
            assert seen == ids, query


def test_an_answer_is_of_its_conversations_case(user):
    sent = send(user, case_id="7")
    got = receive(user, answers=shown(user, sent["id"])["message_id"])
    record = shown(user, got["_id"])
    assert (record["case_id"], record["reply_to_correspondence_id"]) == ("7", sent["id"])
    assert [one["id"] for one in listed(user, case_id="7")["data"]] == [record["id"], sent["id"]]
    assert record["sent_at"] >= sent["sent_at"]  # whatever the sender's clock says


@pytest.mark.parametrize("name, value", [
    ("limit", "0"), ("limit", "101"), ("limit", "x"), ("cursor", "x"), ("cursor", "1_"),
    ("cursor", "_" + "0" * 26), ("cursor", "9" * 30 + "_" + "0" * 26), ("direction", "sideways"),
    ("case_id", "x" * 256),
])
def test_parameters_are_checked(user, name, value):
    refused = said(user.get(CORRESPONDENCE, params={name: value}), 400)
    assert refused == outbound_error("VALIDATION_ERROR", holding(name), field=name)


# Whose it is

def test_somebody_elses_is_not_there(server, user):
    got = receive(user)
    sent = send(user, case_id="7")
    strangers = [new_user(server), new_user(server, organization="Elsewhere"),
                 new_user(server, scopes=ALL, organization="Nowhere")]
    for other in strangers:
        for identifier in (got["_id"], sent["id"], NOBODYS, "x"):
            refused = shown(other, identifier, 404)
            assert refused == outbound_error("CORRESPONDENCE_NOT_FOUND")
        for query in ({}, {"case_id": "7"}, {"conversation_id": got["conversationId"]}):
            assert listed(other, **query)["data"] == []


def test_scopes(server, user):
    got = receive(user)
    reader = server.client(new_token(server, user.address, "inbox:read"))
    writer = server.client(new_token(server, user.address, "inbox:write", "inbox:draft"))
    assert shown(reader, got["_id"]) == shown(user, got["_id"])
    for path in (CORRESPONDENCE, f"{CORRESPONDENCE}/{got['_id']}"):
        refused = said(writer.get(path), 403)
        assert refused == outbound_error("AUTH_INSUFFICIENT_SCOPE", holding("inbox:read"))
