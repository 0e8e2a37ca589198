"""Conversations, as the messages and the email family show them.

covers: src/api/conversing.c src/api/conversation_view.c src/api/messages_conversations.c
covers: src/api/email_conversations.c src/store/conversation_list.c src/api/messages_view.c
"""
import pytest

from people import new_token, new_user
from received import letter, receive, take_in, user_with_mailbox
from shapes import (CONTACT_ID, DOC_ID, MESSAGE_ID, MILLISECONDS, SECONDS, UID, email_error, holding,
                    messages_error, said)

MESSAGES, EMAIL = "/api/conversation", "/api/conversations"
SEND = "/api/email/messages/send"
NOBODYS = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def user(server):
    return user_with_mailbox(server)


def send(user, **fields):
    return said(user.post(SEND, json={"from": user.address, "to": ["a@example.com"],
                                      "subject": "s", "body": "b", **fields}))


def listed(user, **query):
    return said(user.get(MESSAGES, params=query))


def opened(user, conversation, **query):
    return said(user.get(f"{MESSAGES}/{conversation}", params=query))


def email_listed(user, **query):
    reply = said(user.get(EMAIL, params=query))
    assert reply["status"] == "success"
    return reply["data"]


def email_opened(user, conversation, **query):
    reply = said(user.get(f"{EMAIL}/{conversation}", params=query))
    assert reply["status"] == "success"
    return reply["data"]


# What they look like

def test_nothing_yet(user):
    assert listed(user) == {"conversations": [], "page": 1, "size": 20, "total": 0,
                            "totalPages": 0}
    assert email_listed(user) == {"conversations": [], "pagination": {
        "page": 1, "per_page": 20, "total": 0, "total_pages": 0}}


def test_a_conversation_of_both_directions(user):
    got = receive(user, text="Where is it?\n", Cc="Tim <tim@client.example>")
    sent = send(user, threadId=got["emailMetadata"]["threadId"], to=["jane@client.example"],
                subject=None, body="Here.")
    conversation = {
        "_id": got["conversationId"], "organizationId": UID, "userId": UID, "channelType": "email",
        "channelIdentifier": sent["threadId"], "subject": "Contract",
        "participants": ['"Jane Doe" <jane@client.example>', '"Tim" <tim@client.example>'],
        "isResolved": False, "messageCount": 2, "lastMessageAt": MILLISECONDS,
        "emailAccountId": user.account, "createdAt": MILLISECONDS, "updatedAt": MILLISECONDS}
    assert listed(user) == {"conversations": [conversation], "page": 1, "size": 20, "total": 1,
                            "totalPages": 1}
    incoming = {
        "_id": got["_id"], "organizationId": UID, "conversationId": conversation["_id"],
        "contactId": CONTACT_ID, "userId": UID, "channelType": "email", "isIncoming": True,
        "isInternal": False, "status": "received", "body": "Where is it?\n", "attachments": [],
        "kind": "mail",
        "emailMetadata": {
            "threadId": sent["threadId"], "messageId": got["id"], "inReplyTo": None,
            "references": None, "from": ['"Jane Doe" <jane@client.example>'],
            "to": [user.address], "cc": ['"Tim" <tim@client.example>'], "subject": "Contract",
            "provider": "sandbox"},
        "createdAt": MILLISECONDS, "updatedAt": MILLISECONDS}
    assert opened(user, conversation["_id"]) == {
        "conversation": conversation, "messages": [incoming, sent["message"]]}
    assert sent["message"]["emailMetadata"]["inReplyTo"] == got["id"]
    assert got == {**incoming, "id": got["id"]}


def test_the_same_in_the_email_family(user):
    got = receive(user, text="Where is it?\n", html="<p>Where is it?</p>", at=-60,
                  Reply_To="Desk <desk@client.example>", Cc="tim@client.example")
    sent = send(user, threadId=got["emailMetadata"]["threadId"], to=["desk@client.example"],
                bcc=["boss@example.com"], subject=None, body="Here.")
    conversation = {
        "uid": got["conversationId"], "subject": "Contract",
        "participants": ['"Jane Doe" <jane@client.example>', "tim@client.example",
                         "desk@client.example"],
        "from_account_id": user.account, "conversation_owner_email": user.address,
        "provider_thread_id": sent["threadId"], "message_count": 2, "is_resolved": False,
        "context_type": None, "context_id": None, "last_message_at": SECONDS,
        "created_at": SECONDS}
    assert email_listed(user) == {"conversations": [conversation], "pagination": {
        "page": 1, "per_page": 20, "total": 1, "total_pages": 1}}
    data = email_opened(user, conversation["uid"])
    [incoming, outgoing] = data.pop("messages")
    assert data == {**conversation, "pagination": {
        "page": 1, "per_page": 200, "total": 2, "total_pages": 1}}
    assert incoming == {
        "uid": got["_id"], "direction": "inbound", "status": "received",
        "from": '"Jane Doe" <jane@client.example>', "to": [user.address],
        "cc": ["tim@client.example"], "bcc": [], "reply_to": ['"Desk" <desk@client.example>'],
        "subject": "Contract", "body_text": "Where is it?\n", "body_html": holding("Where is it?"),
        "attachments": [], "message_id": got["id"], "in_reply_to": None, "references": None,
        "context_type": None, "context_id": None, "sent_at": "2025-06-15T15:05:40Z",
        "received_at": SECONDS, "kind": "mail", "created_at": SECONDS}
    assert outgoing == {
        "uid": sent["message"]["_id"], "direction": "outbound", "status": "sent",
        "from": user.address, "to": ["desk@client.example"], "cc": [],
        "bcc": ["boss@example.com"], "reply_to": [], "subject": "Re: Contract",
        "body_text": "Here.", "body_html": None, "attachments": [], "message_id": MESSAGE_ID,
        "in_reply_to": got["id"], "references": got["id"],
        "reply_to_message_uid": got["_id"], "context_type": None, "context_id": None,
        "sent_at": SECONDS, "created_at": SECONDS}


def test_an_attachment_that_came_can_be_sent_on(server, user):
    got = receive(user, files=[("größe.pdf", b"%PDF-1")])
    [file] = opened(user, got["conversationId"])["messages"][0]["attachments"]
    assert file == {"storageKey": DOC_ID, "filename": "größe.pdf",
                    "contentType": "application/pdf", "size": 6}
    send(user, attachments=[file])
    [mail] = server.mails(user.address)
    [attached] = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("größe.pdf", b"%PDF-1")


def test_a_context(user):
    said(user.post("/api/email/send", json={
        "from_account_id": user.account, "to": ["a@example.com"], "subject": "s", "body_text": "t",
        "context_type": "invoice", "context_id": "7"}))
    [conversation] = listed(user)["conversations"]
    assert (conversation["contextType"], conversation["contextId"]) == ("invoice", "7")
    [conversation] = email_listed(user)["conversations"]
    assert (conversation["context_type"], conversation["context_id"]) == ("invoice", "7")


@pytest.mark.parametrize("headers, shown", [
    ({"From": None}, {"from": [], "to": ["{user}"]}),
    ({"From": "undisclosed", "To": None}, {"from": [], "to": []}),
    ({"Subject": None}, {"subject": None}),
    ({"Subject": "=?utf-8?B?R3LDvMOfZQ==?="}, {"subject": "Grüße"}),
    ({"From": "=?utf-8?q?J=C3=BCrgen?= <j@books.example>"},
     {"from": ['"Jürgen" <j@books.example>']}),
])
def test_odd_mail_is_shown(user, headers, shown):
    raw = letter(user, **headers)
    got = take_in(user, raw)
    [message] = opened(user, got["conversationId"])["messages"]
    expected = {name: [text.format(user=user.address) for text in value]
                if isinstance(value, list) else value for name, value in shown.items()}
    assert {name: message["emailMetadata"][name] for name in shown} == expected
    assert message["isIncoming"] and message["status"] == "received"
    assert email_opened(user, got["conversationId"])["messages"][0]["uid"] == got["_id"]


# Pages and filters

def test_every_page_of_the_list(user):
    ids = [send(user, subject=str(number))["conversationId"] for number in range(7)][::-1]
    for size in (1, 2, 3, 7, 100):
        for page in range(1, 9):
            expected = ids[(page - 1) * size:page * size]
            got = listed(user, page=page, size=size)
            assert [one["_id"] for one in got["conversations"]] == expected
            assert (got["page"], got["size"], got["total"]) == (page, size, 7)
            assert got["totalPages"] == -(-7 // size)
            data = email_listed(user, page=page, per_page=size)
            assert [one["uid"] for one in data["conversations"]] == expected
            assert data["pagination"] == {"page": page, "per_page": size, "total": 7,
                                          "total_pages": -(-7 // size)}


def test_the_latest_comes_first(user):
    first, second = receive(user, at=0), receive(user, at=10)
    assert [one["_id"] for one in listed(user)["conversations"]] == [
        second["conversationId"], first["conversationId"]]
    receive(user, at=20, answers=first["id"])
    assert [one["_id"] for one in listed(user)["conversations"]] == [
        first["conversationId"], second["conversationId"]]


def test_every_page_of_messages(user):
    """Oldest first, but the first page has the newest; they came in any order."""
    first = receive(user, at=0)
    ids = {0: first["_id"], **{at: receive(user, at=at, answers=first["id"])["_id"]
                               for at in (40, 10, 60, 20, 50, 30)}}
    ids = [ids[at] for at in sorted(ids)]
    for size in (1, 2, 3, 7, 200):
        for page in range(1, 9):
            end = max(0, 7 - (page - 1) * size)
            expected = ids[max(0, end - size):end]
            got = opened(user, first["conversationId"], page=page, size=size)
            assert [message["_id"] for message in got["messages"]] == expected
            assert got["conversation"]["messageCount"] == 7
            data = email_opened(user, first["conversationId"], page=page, per_page=size)
            assert [message["uid"] for message in data["messages"]] == expected
            assert data["pagination"] == {"page": page, "per_page": size, "total": 7,
                                          "total_pages": -(-7 // size)}


def test_drafts_are_not_shown(user):
    got = receive(user)
    draft = said(user.post("/api/email/drafts", json={
        "reply_to_message_uid": got["_id"], "to": ["a@example.com"], "subject": "s"}), 201)
    shown = opened(user, got["conversationId"])
    assert [message["_id"] for message in shown["messages"]] == [got["_id"]]
    assert shown["conversation"]["messageCount"] == 1
    said(user.post("/api/email/send", json={"draft_uid": draft["uid"]}))
    shown = opened(user, got["conversationId"])
    assert [message["_id"] for message in shown["messages"]] == [got["_id"], draft["uid"]]
    assert shown["conversation"]["messageCount"] == 2


@pytest.mark.parametrize("search, finds", [
    ("Invoice", True), ("INVOICE", True), ("100%", True), ("jane doe", True), ("client.ex", True),
    ("a_b", True), ("%", True), ("in%ice", False), ("a%b", False), ("inv_ice", False),
    ("other", False), ("email", False), ("{", False), ("\\", False), ("'; --", False),
])
def test_search(user, search, finds):
    wanted = receive(user, Subject="Invoice 100% a_b")
    send(user, subject="nothing", to=["bob@nowhere.test"])
    expected = [wanted["conversationId"]] if finds else []
    got = listed(user, search=search)
    assert [one["_id"] for one in got["conversations"]] == expected
    assert (got["total"], got["totalPages"]) == (len(expected), len(expected))
    data = email_listed(user, search=search)
    assert [one["uid"] for one in data["conversations"]] == expected
    assert data["pagination"]["total"] == len(expected)


@pytest.mark.parametrize("channel, count", [("email", 1), ("sms", 0), ("whatsapp", 0), ("", 1)])
def test_channel_type(user, channel, count):
    send(user)
    got = listed(user, channelType=channel)
    assert (len(got["conversations"]), got["total"], got["page"], got["size"]) == (
        count, count, 1, 20)


@pytest.mark.parametrize("path, name, value", [
    (MESSAGES, "page", "0"), (MESSAGES, "page", "x"), (MESSAGES, "size", "0"),
    (MESSAGES, "size", "101"), (MESSAGES, "isResolved", "maybe"), (MESSAGES, "search", "x" * 256),
    (MESSAGES, "page", "9" * 30), (EMAIL, "page", "-1"), (EMAIL, "per_page", "101"),
    (EMAIL, "status", "closed"), (EMAIL, "search", "x" * 256),
    (f"{MESSAGES}/{NOBODYS}", "size", "201"), (f"{EMAIL}/{NOBODYS}", "per_page", "201"),
    (f"{EMAIL}/{NOBODYS}", "page", "0"),
])
def test_parameters_are_checked(user, path, name, value):
    refused = said(user.get(path, params={name: value}), 400)
    if path.startswith(EMAIL):
        assert refused == email_error("validation_error", holding(name),
                                      {"field": name, "message": holding()})
    else:
        assert refused == messages_error("BAD_REQUEST", holding(name))


# Resolved or open

def change(user, conversation, body, status=200):
    return said(user.patch(f"{MESSAGES}/{conversation}", json=body), status)


def test_resolving_and_what_opens_it_again(user):
    got, other = receive(user), receive(user)
    conversation = got["conversationId"]
    changed = change(user, conversation, {"isResolved": True})
    [before] = [one for one in listed(user)["conversations"] if one["_id"] == conversation]
    assert changed == {"conversation": before} and before["isResolved"]
    assert [one["_id"] for one in listed(user, isResolved="true")["conversations"]] == [conversation]
    assert [one["uid"] for one in email_listed(user, status="resolved")["conversations"]] == [
        conversation]
    assert [one["_id"] for one in listed(user, isResolved="false")["conversations"]] == [
        other["conversationId"]]
    assert email_listed(user, status="open")["pagination"]["total"] == 1
    assert listed(user, isResolved="true", search="nothing")["total"] == 0
    receive(user, answers=got["id"])
    assert listed(user, isResolved="false")["total"] == 2
    assert not opened(user, conversation)["conversation"]["isResolved"]


def test_what_was_read_can_be_sent_back(user):
    conversation = receive(user)["conversationId"]
    before = opened(user, conversation)["conversation"]
    assert change(user, conversation, {**before, "isResolved": True}) == {
        "conversation": {**before, "isResolved": True}}
    assert change(user, conversation, {"isResolved": False}) == {"conversation": before}


@pytest.mark.parametrize("body, words", [
    ({}, ["isResolved", "required"]), ({"isResolved": "yes"}, ["isResolved"]),
    ({"isResolved": 1}, ["isResolved"]), ({"isResolved": True, "title": "x"}, ["title"]),
])
def test_changes_are_checked(user, body, words):
    conversation = receive(user)["conversationId"]
    assert change(user, conversation, body, 400) == messages_error("BAD_REQUEST", holding(*words))
    assert not opened(user, conversation)["conversation"]["isResolved"]


# Whose they are

def test_somebody_elses_are_not_there(server, user):
    conversation = receive(user)["conversationId"]
    for other in (new_user(server), new_user(server, organization="Elsewhere")):
        assert listed(other)["total"] == 0 and email_listed(other)["pagination"]["total"] == 0
        for identifier in (conversation, NOBODYS, "x"):
            reply = other.get(f"{MESSAGES}/{identifier}")
            assert said(reply, 404) == messages_error("NOT_FOUND")
            reply = other.get(f"{EMAIL}/{identifier}")
            assert said(reply, 404) == email_error("not_found")
            assert change(other, identifier, {"isResolved": True}, 404) == messages_error(
                "NOT_FOUND")
    assert not opened(user, conversation)["conversation"]["isResolved"]


def test_scopes(server, user):
    conversation = receive(user)["conversationId"]
    reader = server.client(new_token(server, user.address, "inbox:read"))
    writer = server.client(new_token(server, user.address, "inbox:draft"))
    assert opened(reader, conversation)["conversation"]["_id"] == conversation
    assert change(reader, conversation, {"isResolved": True}, 403) == messages_error("FORBIDDEN")
    assert said(writer.get(MESSAGES), 403) == messages_error("FORBIDDEN")
    assert said(writer.get(f"{EMAIL}/{conversation}"), 403) == email_error("forbidden")


def test_long_bodies_do_not_fill_the_memory(user):
    """P10: what a page holds does not depend on what is stored; the newest are whole."""
    text = "x" * 76 + "\n"
    first = receive(user, text=text * 60000)
    for at in (1, 2):
        receive(user, text=text * 60000, at=at, answers=first["id"])
    messages = opened(user, first["conversationId"])["messages"]
    assert [message.get("isTruncated", False) for message in messages] == [True, False, False]
    assert [len(message["body"]) for message in messages] == [0, 4620000, 4620000]
    messages = email_opened(user, first["conversationId"], per_page=1, page=3)["messages"]
    assert [len(message["body_text"]) for message in messages] == [4620000]
