"""Answers: whatever the family, they leave with the right headers, from the right mailbox, and stay
in one conversation at both ends."""
import pytest

from people import new_user
from shapes import (email_error, holding, messages_error, outbound_error, said)

NO_ID = "01890000-0000-7000-8000-000000000000"
OUTBOUND, MESSAGES = "/api/v1/email/outbound", "/api/email/messages/send"
IMPORT = "/api/email/messages/import"
MAIL = """\
From: Jamie <jamie@client.example>
To: {to}
Subject: {subject}
Date: Tue, 3 Nov 2026 10:00:00 +0000
Message-ID: <{id}@client.example>
{more}
Could you send the contract?
"""


NO_PARENT = email_error(
    "validation_error", "reply_to_message_uid names no mail that is there",
    {"field": "reply_to_message_uid", "message": "names no mail that is there"})


@pytest.fixture
def ann(server):
    return with_account(new_user(server))


@pytest.fixture
def bob(server):
    return with_account(new_user(server))


def with_account(user):
    user.account = said(user.get("/api/email/accounts"))["accounts"][0]["_id"]
    return user


def take_in(user, id, subject="Contract", more="", account=None, status=201, to="ann@x.example"):
    raw = MAIL.format(id=id, subject=subject, to=to, more=more + "\n" if more else "")
    return said(user.post(f"{IMPORT}?account={account or user.account}",
                          data=raw.replace("\n", "\r\n").encode(),
                          headers={"Content-Type": "message/rfc822"}), status)


def reply_by_email(user, uid, **more):
    sent = said(user.post("/api/email/send", json={
        "reply_to_message_uid": uid, "to": ["jamie@client.example"], "subject": "RE: Contract",
        "body_text": "Here.", **more}))
    return sent["outbound_email_uid"]


def reply_by_outbound(user, uid, **more):
    sent = said(user.post(f"{OUTBOUND}/send", json={
        "reply_to_correspondence_id": uid, "to": "jamie@client.example", "subject": "AW: Contract",
        "body_text": "Here.", **more}))
    return sent["id"]


def reply_by_draft(user, uid, **more):
    draft = said(user.post(f"{OUTBOUND}/drafts", json={
        "reply_to_correspondence_id": uid, "to": "jamie@client.example", "body_text": "Here.",
        **more}), 201)
    return said(user.post(f"{OUTBOUND}/drafts/{draft['id']}/send"))["id"]


def reply_by_messages(user, uid, **more):
    conversation = record(user, uid)["provider_thread_id"]
    sent = said(user.post(MESSAGES, json={
        "from": user.address, "to": "jamie@client.example", "body": "Here.",
        "threadId": conversation, **more}))
    assert sent["threadId"] == conversation
    return sent["message"]["_id"]


def record(user, uid):
    return said(user.get(f"/api/email/outbound/{uid}"))


REPLIES = [reply_by_email, reply_by_outbound, reply_by_draft, reply_by_messages]


@pytest.mark.parametrize("reply", REPLIES)
def test_a_received_mail_is_answered(server, ann, reply):
    got = take_in(ann, f"q-{reply.__name__}")
    uid = reply(ann, got["message"]["_id"])
    sent = record(ann, uid)
    assert got["message"]["body"].strip() == "Could you send the contract?"
    assert sent["status"] == "sent" and sent["conversation_uid"] == got["conversationId"]
    [mail] = server.mails(ann.address)
    assert mail["In-Reply-To"] == mail["References"] == f"<q-{reply.__name__}@client.example>"
    assert mail["Subject"] in {"Re: Contract", "RE: Contract", "AW: Contract"}
    assert mail["From"].endswith(ann.address) or ann.address in mail["From"]


@pytest.mark.parametrize("reply", REPLIES)
def test_the_chain_of_references_grows(server, ann, reply):
    first = take_in(ann, f"a-{reply.__name__}")
    second = take_in(ann, f"b-{reply.__name__}", more=f"References: <a-{reply.__name__}@client.example>")
    assert second["conversationId"] == first["conversationId"]
    reply(ann, second["message"]["_id"])
    [mail] = server.mails(ann.address)
    assert mail["References"].split() == [f"<a-{reply.__name__}@client.example>",
                                          f"<b-{reply.__name__}@client.example>"]


def test_two_sandboxes_talk(server, ann, bob):
    """A whole conversation without an account anywhere."""
    sent = said(ann.post(MESSAGES, json={"from": ann.address, "to": bob.address,
                                         "subject": "Lunch?", "body": "At noon?"}))
    [theirs] = said(bob.get("/api/conversation"))["conversations"]
    [question] = said(bob.get(f"/api/conversation/{theirs['_id']}"))["messages"]
    assert question["isIncoming"] and question["body"].strip() == "At noon?"
    answer = said(bob.post(MESSAGES, json={"from": bob.address, "to": ann.address,
                                           "threadId": theirs["channelIdentifier"],
                                           "body": "Yes."}))
    assert answer["conversationId"] == theirs["_id"]
    mine = said(ann.get(f"/api/conversation/{sent['conversationId']}"))
    assert [message["body"].strip() for message in mine["messages"]] == ["At noon?", "Yes."]
    assert mine["messages"][1]["emailMetadata"]["subject"] == "Re: Lunch?"
    assert mine["messages"][1]["emailMetadata"]["inReplyTo"] == \
        mine["messages"][0]["emailMetadata"]["messageId"]
    again = said(ann.post("/api/email/send", json={
        "reply_to_message_uid": mine["messages"][1]["_id"], "to": [bob.address],
        "subject": "Re: Lunch?", "body_text": "See you."}))
    assert record(ann, again["outbound_email_uid"])["conversation_uid"] == sent["conversationId"]
    assert said(bob.get(f"/api/conversation/{theirs['_id']}"))["conversation"]["messageCount"] == 3


def test_a_blind_copy_arrives_and_shows_nobody(ann, bob):
    said(ann.post("/api/email/send", json={
        "from_account_id": ann.account, "to": ["someone@elsewhere.example"], "bcc": [bob.address],
        "subject": "Secretly", "body_text": "psst"}))
    [theirs] = said(bob.get("/api/conversation?search=secretly"))["conversations"]
    [message] = said(bob.get(f"/api/conversation/{theirs['_id']}"))["messages"]
    assert bob.address not in str(message["emailMetadata"])


def test_mail_to_oneself_comes_once(ann):
    sent = said(ann.post(MESSAGES, json={"from": ann.address, "to": ann.address, "subject": "Note",
                                         "body": "to self"}))
    seen = said(ann.get(f"/api/conversation/{sent['conversationId']}"))
    assert len(seen["messages"]) == 1 and seen["conversation"]["messageCount"] == 1
    assert said(ann.get("/api/conversation?search=note"))["total"] == 1


def test_attachments_arrive(ann, bob):
    said(ann.post("/api/email/send", json={
        "from_account_id": ann.account, "to": [bob.address], "subject": "File",
        "attachments": [{"filename": "a.txt", "content_type": "text/plain",
                         "data_base64": "aGVsbG8="}]}))
    [theirs] = said(bob.get("/api/conversation?search=file"))["conversations"]
    [message] = said(bob.get(f"/api/conversation/{theirs['_id']}"))["messages"]
    [attached] = message["attachments"]
    assert (attached["filename"], attached["contentType"], attached["size"]) == \
        ("a.txt", "text/plain; charset=utf-8", 5)


def test_the_same_mail_again(ann):
    first = take_in(ann, "twice")
    assert take_in(ann, "twice", status=200) == first
    other = take_in(ann, "twice", subject="Contract", more="Reply-To: x@y.example", status=200)
    assert other["message"]["_id"] == first["message"]["_id"]


def test_a_reply_leaves_from_its_conversations_mailbox(server, ann):
    other = said(ann.post("/api/email/accounts", json={
        "provider": "sandbox", "emailAddress": "second-" + ann.address}), 201)["account"]
    got = take_in(ann, "second", account=other["_id"])
    uid = reply_by_email(ann, got["message"]["_id"], from_account_id=ann.account)
    assert record(ann, uid)["from_account_id"] == other["_id"]
    assert server.mails(ann.address) == []


# What cannot be answered

@pytest.mark.parametrize("path, body, error", [
    ("/api/email/send", {"reply_to_message_uid": NO_ID, "to": "a@b.example", "subject": "s"},
     NO_PARENT),
    ("/api/email/send", {"reply_to_message_uid": "oe-uuid", "to": "a@b.example", "subject": "s"},
     NO_PARENT),
    ("/api/email/drafts", {"reply_to_message_uid": NO_ID}, NO_PARENT),
    (f"{OUTBOUND}/send", {"reply_to_correspondence_id": NO_ID, "to": "a@b.example", "subject": "s"},
     outbound_error("CORRESPONDENCE_NOT_FOUND")),
    (f"{OUTBOUND}/drafts", {"reply_to_correspondence_id": NO_ID},
     outbound_error("CORRESPONDENCE_NOT_FOUND")),
    (MESSAGES, {"from": None, "to": "a@b.example", "body": "b", "threadId": "no-such-thread"},
     messages_error("NOT_FOUND")),
])
def test_unknown(ann, path, body, error):
    if "from" in body:
        body = {**body, "from": ann.address}
    assert said(ann.post(path, json=body), 400 if error == NO_PARENT else 404) == error


def test_somebody_elses(ann, bob):
    got = take_in(ann, "private")
    refused = said(bob.post("/api/email/send", json={
        "reply_to_message_uid": got["message"]["_id"], "to": ["a@b.example"], "subject": "s"}), 400)
    assert refused == NO_PARENT
    refused = said(bob.post(MESSAGES, json={"from": bob.address, "to": "a@b.example", "body": "b",
                                            "threadId": got["threadId"]}), 404)
    assert refused == messages_error("NOT_FOUND")


def test_without_a_message_id(ann):
    raw = b"From: a@b.example\r\nSubject: x\r\n\r\nno id\r\n"
    got = said(ann.post(f"{IMPORT}?account={ann.account}", data=raw,
                        headers={"Content-Type": "message/rfc822"}), 201)
    refused = said(ann.post("/api/email/send", json={
        "reply_to_message_uid": got["message"]["_id"], "to": ["a@b.example"], "subject": "s"}), 400)
    assert refused == email_error("validation_error", holding("Message-ID"),
                                  {"field": "reply_to_message_uid",
                                   "message": holding("Message-ID")})
    again = said(ann.post(f"{IMPORT}?account={ann.account}", data=raw,
                          headers={"Content-Type": "message/rfc822"}), 200)
    assert again["message"]["_id"] == got["message"]["_id"]


def test_a_mailbox_that_is_gone(server, ann):
    got = take_in(ann, "gone")
    said(ann.delete(f"/api/email/accounts/{ann.account}"))
    refused = said(ann.post(f"{OUTBOUND}/send", json={
        "reply_to_correspondence_id": got["message"]["_id"], "to": ["a@b.example"],
        "subject": "s"}), 400)
    assert refused == outbound_error("VALIDATION_ERROR", holding("disconnected"),
                                     field="reply_to_correspondence_id")


# A draft's parent

def test_a_drafts_parent_comes_and_goes(ann):
    got = take_in(ann, "coming")
    draft = said(ann.post(f"{OUTBOUND}/drafts", json={"to": ["a@b.example"]}), 201)
    path = f"{OUTBOUND}/drafts/{draft['id']}"
    changed = said(ann.put(path, json={"reply_to_correspondence_id": got["message"]["_id"]}))
    assert changed["reply_to_correspondence_id"].startswith("corr_")
    assert changed["subject"] == "Re: Contract" and changed["to"] == ["a@b.example"]
    changed = said(ann.put(path, json={"reply_to_correspondence_id": None}))
    assert "reply_to_correspondence_id" not in changed
    said(ann.post(path + "/send"))
    assert record(ann, draft["id"])["conversation_uid"] != got["conversationId"]


# What is no mail

@pytest.mark.parametrize("raw, status, words", [
    (b"", 400, ""), (b"\r\n\r\nbody only", 400, ""), (b"\xff\xfe\x00", 400, ""),
    (b"Subject: " + b"x" * (300 * 1024) + b"\r\n\r\nb", 413, ""),
    (b"X: y\r\n" * 100_000 + b"\r\nb", 413, ""),
], ids=["nothing", "no header", "no text", "a long line", "many lines"])
def test_no_mail_at_all(ann, raw, status, words):
    refused = ann.post(f"{IMPORT}?account={ann.account}", data=raw,
                       headers={"Content-Type": "message/rfc822"})
    code = {400: "BAD_REQUEST", 413: "PAYLOAD_TOO_LARGE"}[status]
    assert said(refused, status) == messages_error(code, holding(words))
    assert said(ann.get("/api/conversation"))["total"] == 0


def test_which_mailbox(ann, bob):
    def post(account):
        return ann.post(f"{IMPORT}{account}", data=b"Subject: x\r\n\r\ny",
                        headers={"Content-Type": "message/rfc822"})
    assert said(post(""), 400) == messages_error("BAD_REQUEST", holding("account"))
    for account in bob.account, NO_ID, "x":
        assert said(post(f"?account={account}"), 404) == messages_error("EMAIL_ACCOUNT_NOT_FOUND")
    wrong = ann.post(f"{IMPORT}?account={ann.account}", json={})
    assert said(wrong, 415) == messages_error("UNSUPPORTED_MEDIA_TYPE")
