"""The faked Gmail takes mail as Gmail is said to."""
import base64

import pytest

from gmail_client import ANN, PARENT, Client, base64url, mail, refused
from shapes import said

WAYS = ("send_raw", "send_media", "send_multipart", "send_resumable")


@pytest.fixture
def client(gmail):
    return Client(gmail)


@pytest.mark.parametrize("way", WAYS)
def test_four_ways_to_send(gmail, client, way):
    raw = mail(Cc="c@example.com, B <b@example.com>", Bcc="d@example.com")
    reply = said(getattr(client, way)(raw))
    assert reply == {"id": reply["id"], "threadId": reply["id"], "labelIds": ["SENT"]}
    [sent] = gmail.sent
    assert (sent.address, sent.id, sent.thread_id, sent.draft_id, sent.call) == (
        ANN, reply["id"], reply["threadId"], None, "messages.send")
    assert sent.recipients == ["b@example.com", "c@example.com", "d@example.com"]
    assert sent.given == raw
    assert b"d@example.com" not in sent.content and "Bcc" not in sent.message
    assert sent.message.get_content() == "body\r\n"
    assert sent.header("Date") == "Sat, 21 Nov 2026 11:47:35 +0000"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fields, message", [
    ({"To": None}, "Recipient address required"), ({"To": "nobody"}, "Invalid To header"),
    ({"To": "undisclosed-recipients:;"}, "Recipient address required")])
def test_refuses_bad_recipients(gmail, client, way, fields, message):
    reply = getattr(client, way)(mail(**fields))
    assert refused(reply, "invalidArgument", 400) == message
    assert gmail.sent == []


def test_bcc_alone_will_do(gmail, client):
    said(client.send_raw(mail(To="undisclosed-recipients:;", Bcc="d@example.com")))
    assert gmail.sent[0].recipients == ["d@example.com"]


def test_to_oneself(client):
    assert said(client.send_raw(mail(To=ANN)))["labelIds"] == ["SENT", "INBOX", "UNREAD"]


@pytest.mark.parametrize("raw", ["!", "a+b/", "a", 7])
def test_wants_base64url(gmail, client, raw):
    refused(client.post("/messages/send", json={"raw": raw}), "invalidArgument", 400)
    refused(client.post("/messages/send", json={}), "invalidArgument", 400)
    refused(client.post("/messages/send", data=b"{"), "invalidArgument", 400)
    padded = base64.urlsafe_b64encode(mail(body="body!")).decode()
    said(client.post("/messages/send", json={"raw": padded}))
    assert len(gmail.sent) == 1


def test_refuses_odd_uploads(gmail, client):
    headers = {"Content-Type": "text/plain"}
    for where in ("/upload/messages/send?uploadType=media", "/upload/messages/send",
                  "/resumable/upload/messages/send?uploadType=media"):
        refused(client.post(where, data=mail(), headers=headers), "badRequest", 400)
    refused(client.multipart("/messages/send", {}, mail(), media_type="text/plain"),
            "badRequest", 400)
    refused(client.multipart("/messages/send", [], mail()), "badRequest", 400)
    refused(client.multipart("/messages/send", {}, mail(), media_type="message/rfc822\r\n"
                             "Content-Transfer-Encoding: base64"), "badRequest", 400)
    assert gmail.sent == []


@pytest.mark.parametrize("keeps", [False, True])
def test_message_id(gmail, client, keeps):
    gmail.keeps_message_id = keeps
    sent_id = said(client.send_raw(mail()))["id"]
    stamped = gmail.sent[0].message_id
    assert (stamped == "<ours@example.com>") == keeps
    assert gmail.sent[0].header("Message-ID") == stamped
    assert client.found(f"rfc822msgid:{stamped} in:sent") == [sent_id]
    assert client.found("rfc822msgid:ours@example.com") == ([sent_id] if keeps else [])


def test_date_is_put_where_none_is(gmail, client):
    said(client.send_raw(mail(Date=None)))
    assert gmail.sent[0].header("Date")


@pytest.mark.parametrize("given, kept", [
    ("Ann <ANN@example.com>", "Ann <ANN@example.com>"),
    ("Team <team@example.com>", "Team <team@example.com>"),
    ("New <new@example.com>", "New <ann@example.com>"),
    ("Boss <boss@example.com>", "Boss <ann@example.com>"), (None, "ann@example.com")])
def test_from_must_be_verified(gmail, client, given, kept):
    gmail.box(ANN).aliases = {"team@example.com": "accepted", "new@example.com": "pending"}
    said(client.send_raw(mail(From=given)))
    assert gmail.sent[0].header("From") == kept


@pytest.mark.parametrize("fields, joins", [
    ({"References": "<parent@example.com>", "Subject": "Re: A matter"}, True),
    ({"In_Reply_To": "<parent@example.com>", "Subject": "RE: re: A matter"}, True),
    ({"In_Reply_To": "<parent@example.com>", "Subject": "A =?utf-8?q?matter?="}, True),
    ({"In_Reply_To": "<parent@example.com>", "Subject": "Another matter"}, False),
    ({"In_Reply_To": "<stranger@example.com>", "Subject": "Re: A matter"}, False),
    ({"Subject": "Re: A matter"}, False)])
@pytest.mark.parametrize("way", ["send", "draft", "multipart"])
def test_threads_when_all_three_fit(gmail, client, fields, joins, way):
    thread = gmail.receive(ANN, PARENT).thread_id
    if way == "send":
        reply = said(client.send_raw(mail(**fields), thread))
    elif way == "multipart":
        reply = said(client.multipart("/messages/send", {"threadId": thread}, mail(**fields)))
    else:
        reply = said(client.send_draft(client.draft(mail(**fields), thread)["id"]))
    assert (reply["threadId"] == thread) == joins
    assert gmail.sent[0].thread_id == reply["threadId"]
    shown = said(client.get(f"/threads/{thread}?format=minimal"))
    assert len(shown["messages"]) == 1 + joins


def test_without_a_thread_id_it_is_a_new_thread(gmail, client):
    thread = gmail.receive(ANN, PARENT).thread_id
    fields = {"In_Reply_To": "<parent@example.com>", "Subject": "Re: A matter"}
    assert said(client.send_raw(mail(**fields)))["threadId"] != thread


def test_an_unknown_thread_is_not_found(gmail, client):
    refused(client.send_raw(mail(), "17f"), "notFound", 404)
    refused(client.post("/drafts", json={"message": {"raw": base64url(mail()), "threadId": "17f"}}),
            "notFound", 404)
    refused(client.send_raw(mail(), 7), "invalidArgument", 400)
    refused(client.get("/threads/17f"), "notFound", 404)
    assert (gmail.sent, gmail.box(ANN).drafts) == ([], {})


def test_answers_find_their_thread(gmail, client):
    said(client.send_raw(mail()))
    [sent] = gmail.sent
    answer = mail(From="b@example.com", To=ANN, In_Reply_To=sent.message_id, Message_ID="<a@b.c>")
    assert gmail.receive(ANN, answer).thread_id == sent.thread_id
    assert gmail.receive(ANN, PARENT).thread_id != sent.thread_id


# Drafts.

@pytest.mark.parametrize("outlives", [False, True])
def test_a_draft_is_sent_once(gmail, client, outlives):
    gmail.draft_outlives_send = outlives
    draft = client.draft()
    assert draft["message"]["labelIds"] == ["DRAFT"]
    sent = said(client.send_draft(draft["id"]))
    assert sent["id"] != draft["message"]["id"]
    assert (gmail.sent[0].draft_id, gmail.sent[0].given) == (draft["id"], mail())
    again = client.send_draft(draft["id"])
    if outlives:  # what a client must not rely on not happening
        assert said(again)["id"] != sent["id"] and len(gmail.sent) == 2
        return
    refused(again, "notFound", 404)
    refused(client.get(f"/drafts/{draft['id']}"), "notFound", 404)
    refused(client.get(f"/messages/{draft['message']['id']}"), "notFound", 404)
    assert len(gmail.sent) == 1


@pytest.mark.parametrize("way", ["json", "multipart", "resumable"])
def test_a_draft_is_updated(gmail, client, way):
    draft, raw = client.draft(), mail(Subject="changed")
    path = f"/drafts/{draft['id']}"
    if way == "json":
        reply = client.request("PUT", path, json={"message": {"raw": base64url(raw)}})
    elif way == "multipart":
        reply = client.multipart(path, {"message": {}}, raw, method="PUT")
    else:
        started = client.request("PUT", f"/upload{path}?uploadType=resumable")
        reply = client.put(started.headers["Location"], raw)
    changed = said(reply)
    assert changed["id"] == draft["id"] and changed["message"]["id"] != draft["message"]["id"]
    shown = said(client.get(path, params={"format": "raw"}))
    assert base64.urlsafe_b64decode(shown["message"]["raw"]) == raw
    refused(client.get(f"/messages/{draft['message']['id']}"), "notFound", 404)
    said(client.send_draft(draft["id"]))
    assert gmail.sent[0].header("Subject") == "changed"


def test_a_draft_is_listed_and_deleted(gmail, client):
    first, second = client.draft(mail(Subject="one")), client.draft(mail(Subject="two"))
    listed = said(client.get("/drafts"))["drafts"]
    assert [draft["id"] for draft in listed] == [second["id"], first["id"]]
    assert [draft["id"] for draft in said(client.get("/drafts?q=subject:one"))["drafts"]] == [
        first["id"]]
    assert client.delete(f"/drafts/{first['id']}").status_code == 204
    refused(client.delete(f"/drafts/{first['id']}"), "notFound", 404)
    refused(client.send_draft(first["id"]), "notFound", 404)
    refused(client.send_draft(None), "invalidArgument", 400)
    assert gmail.sent == []


def test_a_draft_without_recipients_cannot_be_sent(gmail, client):
    draft = client.draft(mail(To=None))
    refused(client.send_draft(draft["id"]), "invalidArgument", 400)
    said(client.get(f"/drafts/{draft['id']}"))
    assert gmail.sent == []
