"""Sending, row by row: calls that are under way, files that are too large together, the mailbox
that mail leaves from, whole replies.

covers: src/api/sending.c src/api/drafting.c src/api/idempotency.c
"""
import itertools
import json

import pytest

from mailboxes import connect
from received import letter, receive, take_in, user_with_mailbox
from running import Server
from shapes import (CORR_ID, DRAFT_ID, SANDBOX_ID, SECONDS, TEXT, UID, email_error, holding,
                    messages_error, outbound_error, refusal, said)
from walking import (EMAIL, FAMILIES, MESSAGES, OUTBOUND, as_base64, outbound_id, send, shown,
                     uid_of)
from wire import Wire

MAIL = {"to": ["a@example.com"], "subject": "s"}
keys = itertools.count(1)


def new_key():
    return {"Idempotency-Key": f"sending-{next(keys)}"}


# Sends that take their time

SENDS = {"outbound": (f"{OUTBOUND}/send", {}), "email": (f"{EMAIL}/send", {}),
         "messages": (MESSAGES, {"body": "b"})}
CONFLICT = {"outbound": outbound_error("CONFLICT", holding("under way")),
            "email": email_error("conflict", holding("under way")),
            "messages": messages_error("CONFLICT", holding("under way"))}


@pytest.fixture
def slow(server, start_smtp):
    """A mailbox whose server says nothing until it is released."""
    peer = start_smtp(security="none")
    mailbox = connect(server, peer)
    mailbox.peer = peer
    peer.fail("data", "hang")
    return mailbox


def body_of(family, mailbox):
    sender = {"outbound": {"from_account_id": mailbox.id}, "email": {"from_account_id": mailbox.id},
              "messages": {"from": mailbox.address}}
    return {**MAIL, **sender[family], **SENDS[family][1]}


@pytest.mark.parametrize("family", SENDS)
def test_a_call_that_is_under_way(server, slow, family):
    """Its key is kept before anybody hears of the mail; whoever comes second is told to wait."""
    path, key, body = SENDS[family][0], new_key(), body_of(family, slow)
    with Wire(server) as wire:
        text = json.dumps(body)
        wire.say(f"POST {path}", Authorization=f"Bearer {slow.user.token}",
                 Content_Type="application/json", Content_Length=len(text),
                 Idempotency_Key=key["Idempotency-Key"])
        wire.send(text)
        slow.peer.wait_for_command("DATA")
        assert said(slow.user.post(path, json=body, headers=key), 409) == CONFLICT[family]
        slow.peer.release()
        assert wire.status() == 200
    assert len(slow.peer.accepted) == 1
    again = slow.user.post(path, json=body, headers=key)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (200, "true")
    assert len(slow.peer.accepted) == 1


@pytest.mark.parametrize("family", ["outbound", "email"])
def test_a_draft_that_is_being_sent(slow, family):
    """It is answered before it has ended, can no longer be changed, and ends all the same."""
    user = slow.user
    draft = said(user.post(f"{EMAIL}/drafts", json={"from_account_id": slow.id, **MAIL}), 201)
    uid = draft["uid"]
    send_path = {"outbound": f"{OUTBOUND}/drafts/{uid}/send", "email": f"{EMAIL}/send"}[family]
    body = {"draft_uid": uid} if family == "email" else {}
    queued = said(user.post(send_path, json=body, headers={"Prefer": "respond-async"}), 202)
    if family == "email":
        assert queued == {"outbound_email_uid": uid, "provider_message_id": None,
                          "provider_thread_id": None, "status": "queued", "sent_at": None,
                          "reason": TEXT}
    else:
        assert queued == {"id": outbound_id("corr", uid), "direction": "outbound",
                          "status": "queued", "sent_at": None, "subject": "s", "case_id": None,
                          "provider_message_id": None, "provider_thread_id": None,
                          "reason": TEXT}
    slow.peer.wait_for_command("DATA")
    late = f"{OUTBOUND}/drafts/{uid}", f"{EMAIL}/drafts/{uid}"
    for refused in (user.put(late[0], json={"subject": "x"}), user.delete(late[0])):
        assert said(refused, 409) == outbound_error("CONFLICT", holding("sending"))
    for refused in (user.patch(late[1], json={"subject": "x"}), user.delete(late[1]),
                    user.post(f"{EMAIL}/drafts", json={"uid": uid, "subject": "x"})):
        assert said(refused, 409) == email_error("conflict", holding("sending"))
    slow.peer.release()
    assert slow.wait_for(uid, "sent")["subject"] == "s"


# Attachments that are too large in all, and were stored before

@pytest.fixture(scope="module")
def files(tmp_path_factory, authority):
    """A server where a mail may have 1000 bytes of files, and a user with one of 600 and a draft
    that has it."""
    with Server(tmp_path_factory.mktemp("small"), authority, attachment_limit="1000") as server:
        user = user_with_mailbox(server)
        user.server = server
        draft = said(user.post(f"{EMAIL}/drafts", json={
            "from_account_id": user.account, **MAIL,
            "attachments": [{"data_base64": as_base64(bytes(600))}]}), 201)
        user.draft = draft
        user.file = draft["attachments"][0]["document_id"]
        yield user


TOO_LARGE = {
    "POST outbound drafts": ("outbound", "POST", f"{OUTBOUND}/drafts", {}),
    "PUT outbound draft": ("outbound", "PUT", f"{OUTBOUND}/drafts/{{uid}}", {}),
    "POST outbound send": ("outbound", "POST", f"{OUTBOUND}/send", MAIL),
    "POST email drafts": ("email", "POST", f"{EMAIL}/drafts", {"from_account_id": "{account}"}),
    "POST email drafts, change": ("email", "POST", f"{EMAIL}/drafts", {"uid": "{uid}"}),
    "PATCH email draft": ("email", "PATCH", f"{EMAIL}/drafts/{{uid}}", {}),
    "POST email send": ("email", "POST", f"{EMAIL}/send",
                        {"from_account_id": "{account}", **MAIL}),
    "POST messages send": ("messages", "POST", MESSAGES,
                           {"from": "{address}", "to": ["a@example.com"], "body": "b"}),
}


@pytest.mark.parametrize("row", TOO_LARGE)
def test_files_that_are_too_large_together(files, row):
    family, method, path, body = TOO_LARGE[row]
    given = {"uid": files.draft["uid"], "account": files.account, "address": files.address}
    body = {name: value.format(**given) if isinstance(value, str) else value
            for name, value in body.items()}
    body["attachments"] = [files.file, files.file]
    reply = files.request(method, path.format(**given), json=body)
    assert said(reply, 413) == refusal(family, 413, holding("1200", "1000"), "attachments")
    assert said(files.get(f"{EMAIL}/drafts")) == {"items": [files.draft], "count": 1}
    assert files.server.mails(files.address) == []


def test_a_stored_draft_over_a_limit_that_came_later(start_server):
    """It is refused before it is queued, in both families that send drafts, and stays as it is."""
    server = start_server(attachment_limit="1000")
    user = user_with_mailbox(server)
    made = said(user.post(f"{EMAIL}/drafts", json={
        "from_account_id": user.account, **MAIL,
        "attachments": [{"data_base64": as_base64(bytes(600))}]}), 201)
    server.stop()
    server.settings["attachment_limit"] = "500"
    server.start()
    token, address, uid = user.token, user.address, made["uid"]
    user = server.client(token)
    refused = user.post(f"{OUTBOUND}/drafts/{uid}/send")
    assert said(refused, 413) == refusal("outbound", 413, holding("600", "500"), "attachments")
    refused = user.post(f"{EMAIL}/send", json={"draft_uid": uid})
    assert said(refused, 413) == refusal("email", 413, holding("600", "500"), "attachments")
    assert said(user.get(f"{EMAIL}/drafts/{uid}")) == made
    assert server.mails(address) == []


# The mailbox that mail leaves from

@pytest.fixture
def user(server):
    """With two mailboxes; .account is the default one."""
    user = user_with_mailbox(server)
    user.second_address = f"second.{user.address}"
    user.second = said(user.post(f"{EMAIL}/accounts", json={
        "provider": "sandbox", "emailAddress": user.second_address}), 201)["account"]["_id"]
    return user


@pytest.mark.parametrize("named", [None, "account", "second"])
def test_the_outbound_family_leaves_from_the_default_or_a_named_mailbox(server, user, named):
    """Whether it is drafted or sent at once."""
    account = getattr(user, named) if named else user.account
    address = user.second_address if named == "second" else user.address
    body = {**MAIL, **({"from_account_id": account} if named else {})}
    draft = said(user.post(f"{OUTBOUND}/drafts", json=body), 201)
    assert draft == {"id": DRAFT_ID, "from": address, "cc": [], "bcc": [], "body_html": None,
                     "body_text": None, "attachments": [], "case_id": None,
                     "from_account_id": account, "status": "draft", "version": 1,
                     "created_at": SECONDS, "updated_at": SECONDS, **MAIL}
    record = {"id": CORR_ID, "direction": "outbound", "status": "sent", "sent_at": SECONDS,
              "subject": "s", "case_id": None, "provider_message_id": SANDBOX_ID,
              "provider_thread_id": UID}
    assert said(user.post(f"{OUTBOUND}/drafts/{draft['id']}/send")) == record
    assert said(user.post(f"{OUTBOUND}/send", json=body)) == record
    assert [mail["From"] for mail in server.mails(address)] == [address] * 2


@pytest.mark.parametrize("whose", ["nobody's", "a colleague's", "a stranger's"])
def test_a_mailbox_that_is_not_his(server, user, whose):
    other = {"a colleague's": lambda: user_with_mailbox(server).account,
             "a stranger's": lambda: user_with_mailbox(server, organization="Else").account,
             "nobody's": lambda: user.account[:-4] + "0000"}[whose]()
    outbound, email = outbound_error("ACCOUNT_NOT_FOUND"), email_error("not_found")
    draft = said(user.post(f"{OUTBOUND}/drafts", json=MAIL), 201)
    body = {**MAIL, "from_account_id": other}
    for method, path, body, missing in [
            ("POST", f"{OUTBOUND}/drafts", body, outbound),
            ("PUT", f"{OUTBOUND}/drafts/{draft['id']}", body, outbound),
            ("POST", f"{OUTBOUND}/send", body, outbound),
            ("POST", f"{EMAIL}/drafts", body, email),
            ("POST", f"{EMAIL}/drafts", {**body, "uid": uid_of(draft["id"])}, email),
            ("PATCH", f"{EMAIL}/drafts/{draft['id']}", body, email),
            ("POST", f"{EMAIL}/send", body, email)]:
        assert said(user.request(method, path, json=body), 404) == missing
    assert said(user.get(f"{OUTBOUND}/drafts"))["data"] == [draft]
    assert said(user.get(f"{EMAIL}/outbound"))["count"] == 1


def test_a_thread_of_another_mailbox(user):
    """It could not be continued from this one: never silently a new thread."""
    got = receive(user)
    body = {"from": user.second_address, "to": "jane@client.example", "body": "b",
            "threadId": got["emailMetadata"]["threadId"]}
    assert said(user.post(MESSAGES, json=body), 404) == messages_error("NOT_FOUND",
                                                                       holding("thread"))
    sent = said(user.post(MESSAGES, json={**body, "from": user.address}))
    assert sent["conversationId"] == got["conversationId"]


# Whole replies

def test_a_mail_that_comes_in(user):
    mail = letter(user)
    posted = {"params": {"account": user.account}, "data": mail.as_bytes(),
              "headers": {"Content-Type": "message/rfc822"}}
    first = user.post(f"{EMAIL}/messages/import", **posted)
    message = take_in(user, mail, 200)
    del message["id"]
    assert said(first, 201) == {"message": message, "conversationId": message["conversationId"],
                                "threadId": message["emailMetadata"]["threadId"]}
    assert said(user.post(f"{EMAIL}/messages/import", **posted)) == said(first, 201)


@pytest.mark.parametrize("family", FAMILIES)
def test_lists_show_what_is_shown_alone(user, family):
    uid = send(family, user, to=["a@example.com"], cc=["c@example.com"], subject="s", text="t")
    views = shown(user, uid)
    for view, left_out in ("view=full", ()), ("", ("body_text", "body_html", "recipients")):
        record, correspondence = ({name: value for name, value in views[which].items()
                                   if name not in left_out} for which in ("record", "correspondence"))
        assert said(user.get(f"{EMAIL}/outbound?{view}")) == {"items": [record], "count": 1}
        assert said(user.get(f"/api/v1/email/correspondence?{view}")) == {
            "data": [correspondence], "next_cursor": None, "has_more": False}
    [conversation] = said(user.get("/api/conversation"))["conversations"]
    assert said(user.get(f"/api/conversation/{conversation['_id']}")) == {
        "conversation": conversation, "messages": [views["messages"]]}
    [other] = said(user.get("/api/conversations"))["data"]["conversations"]
    assert said(user.get(f"/api/conversations/{other['uid']}")) == {
        "status": "success", "data": {**other, "messages": [views["email"]], "pagination": {
            "page": 1, "per_page": 200, "total": 1, "total_pages": 1}}}


# What was received is neither changed nor sent

def test_a_received_mail_is_no_draft(server, user):
    uid = receive(user)["_id"]
    before = said(user.get(f"/api/v1/email/correspondence/{uid}"))
    paths = f"{OUTBOUND}/drafts/{uid}", f"{EMAIL}/drafts/{uid}"
    words = holding("received")
    for reply in (user.put(paths[0], json={"subject": "x"}), user.delete(paths[0]),
                  user.post(f"{paths[0]}/send")):
        assert said(reply, 409) == outbound_error("CONFLICT", words)
    for reply in (user.patch(paths[1], json={"subject": "x"}), user.delete(paths[1]),
                  user.post(f"{EMAIL}/drafts", json={"uid": uid, "subject": "x"}),
                  user.post(f"{EMAIL}/send", json={"draft_uid": uid})):
        assert said(reply, 409) == email_error("conflict", words)
    assert said(user.get(f"/api/v1/email/correspondence/{uid}")) == before
    assert said(user.get(f"{EMAIL}/outbound"))["count"] == 0
    assert server.mails(user.address) == []


# Images in the HTML

@pytest.mark.parametrize("family", FAMILIES)
def test_an_image_in_the_html(server, user, family):
    names = ("contentType", "contentId") if family == "messages" else ("content_type", "content_id")
    image = {"filename": "logo.png", names[0]: "image/png", names[1]: "logo@here", "inline": True}
    uid = send(family, user, to=["a@example.com"], subject="s", html='<img src="cid:logo@here">',
               attachments=[{**image, "data_base64": as_base64(b"\x89PNG")}])
    views = shown(user, uid)
    [kept] = views["correspondence"]["attachments"]
    assert kept == {"document_id": kept["document_id"], "filename": "logo.png",
                    "content_type": "image/png", "size_bytes": 4, "content_id": "logo@here",
                    "inline": True}
    assert views["record"]["attachments"] == views["email"]["attachments"] == [kept]
    assert views["messages"]["attachments"] == [{
        "storageKey": kept["document_id"], "filename": "logo.png", "contentType": "image/png",
        "size": 4, "contentId": "logo@here", "inline": True}]
    [mail] = server.mails(user.address)
    [part] = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert (part["Content-ID"], part.get_content_disposition(), part.get_content()) == (
        "<logo@here>", "inline", b"\x89PNG")
