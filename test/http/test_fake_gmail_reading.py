"""What the faked Gmail shows, to whom, and how it refuses."""
import base64
import datetime
import re

import pytest

from gmail_client import ANN, PARENT, Client, base64url, mail, refused
from shapes import said


@pytest.fixture
def client(gmail):
    return Client(gmail)


def test_history(gmail, client):
    start = said(client.get("/profile"))["historyId"]
    assert said(client.history(start)) == {"historyId": start}
    draft = client.draft()
    sent = said(client.send_draft(draft["id"]))
    received = gmail.receive(ANN, PARENT)
    everything = said(client.history(start))
    kinds = [[key for key in entry if key.startswith("messages") and key != "messages"][0]
             for entry in everything["history"]]
    assert kinds == ["messagesAdded", "messagesDeleted", "messagesAdded", "messagesAdded"]
    assert everything["historyId"] == everything["history"][-1]["id"]
    shown = said(client.history(start, historyTypes="messageAdded", labelId="SENT"))
    assert [entry["messagesAdded"] for entry in shown["history"]] == [[{"message": sent}]]
    shown = said(client.history(everything["history"][2]["id"]))
    assert [entry["messages"][0]["id"] for entry in shown["history"]] == [received.id]


def test_history_comes_in_pages(gmail, client):
    start = said(client.get("/profile"))["historyId"]
    sent = [said(client.send_raw(mail()))["id"] for _ in range(5)]
    found, token = [], None
    for size in (2, 2, 1):
        page = said(client.history(start, maxResults=2, pageToken=token))
        assert len(page["history"]) == size
        found += [entry["messages"][0]["id"] for entry in page["history"]]
        token = page.get("nextPageToken")
    assert (found, token) == (sent, None)


def test_old_history_is_gone(gmail, client):
    start = int(said(client.get("/profile"))["historyId"])
    gmail.forget_history(ANN)
    refused(client.history(start), "notFound", 404)
    refused(client.history(start + 100), "notFound", 404)
    said(client.history(said(client.get("/profile"))["historyId"]))
    refused(client.history("x"), "invalidArgument", 400)
    refused(client.history(start, historyTypes="all"), "invalidArgument", 400)


@pytest.mark.parametrize("looks", [0, 1, 3, None])
def test_sent_mail_is_seen_later(gmail, client, looks):
    start = said(client.get("/profile"))["historyId"]
    gmail.visible_after = looks
    sent = said(client.send_raw(mail()))
    said(client.get(f"/messages/{sent['id']}"))  # whoever knows the id sees it
    for number in range(5 if looks is None else looks):
        if number % 2:
            assert client.found("in:sent") == []
        else:
            assert said(client.history(start, labelId="SENT")) == {"historyId": start}
    if looks is None:
        gmail.reveal(ANN)
    shown = said(client.history(start, labelId="SENT"))
    assert [entry["messages"][0]["id"] for entry in shown["history"]] == [sent["id"]]
    assert client.found("in:sent") == [sent["id"]]


@pytest.mark.parametrize("query, count", [
    ("", 2), ("in:sent", 1), ("in:inbox", 1), ("in:anywhere", 2), ("in:drafts", 0),
    ("to:b@example.com", 1), ("in:sent newer_than:1d to:b@example.com", 1), ("older_than:1h", 0),
    ("-in:sent", 1), ("subject:matter", 1), ('subject:"a matter"', 1), ("hello", 1),
    ("from:bob@example.com hello", 0), ("rfc822msgid:<parent@example.com>", 1),
    ("rfc822msgid:parent@example.com", 1), ("after:1", 2), ("before:1", 0), ("label:sent", 1)])
def test_search(gmail, client, query, count):
    gmail.receive(ANN, PARENT)
    said(client.send_raw(mail()))
    assert len(client.found(query)) == count


@pytest.mark.parametrize("query", ["has:attachment", "in:nowhere", "newer_than:soon", "after:x"])
def test_unknown_searches_are_refused(client, query):
    refused(client.get("/messages", params={"q": query}), "invalidArgument", 400)


def test_lists_come_in_pages(gmail, client):
    ids = [gmail.receive(ANN, PARENT).id for _ in range(3)]
    first = said(client.get("/messages?maxResults=2"))
    assert [message["id"] for message in first["messages"]] == [ids[2], ids[1]]
    rest = said(client.get("/messages", params={"pageToken": first["nextPageToken"]}))
    assert [message["id"] for message in rest["messages"]] == [ids[0]]
    assert said(client.get("/messages?labelIds=INBOX&labelIds=SENT")) == {"resultSizeEstimate": 0}
    refused(client.get("/messages?pageToken=x"), "invalidArgument", 400)


def test_metadata(gmail, client):
    sent = said(client.send_raw(mail(X_Outtray_Ref="r7")))
    where = f"/messages/{sent['id']}"
    wanted = {"format": "metadata", "metadataHeaders": ["message-id", "X-OUTTRAY-REF", "From"]}
    gmail.message_id_name = "Message-Id"
    shown = said(client.get(where, params=wanted))
    assert {header["name"]: header["value"] for header in shown["payload"]["headers"]} == {
        "From": "Ann <ann@example.com>", "X-Outtray-Ref": "r7",
        "Message-Id": gmail.sent[0].message_id}
    assert shown["threadId"] == sent["threadId"] and "raw" not in shown
    everything = said(client.get(where, params={"format": "metadata"}))["payload"]["headers"]
    assert len(everything) == 6
    refused(client.get(where, params={"format": "all"}), "invalidArgument", 400)
    assert "payload" not in said(client.get(where, params={"format": "minimal"}))


def test_raw_and_full(gmail, client):
    raw = (b"From: bob@example.com\nTo: ann@example.com\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n"
           b"References: <a@b.c>\n <d@e.f>\nMIME-Version: 1.0\n"
           b"Content-Type: multipart/mixed; boundary=x\n\n--x\n"
           b"Content-Type: text/plain; charset=utf-8\n\nthe text\n--x\n"
           b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n"
           b"Content-Disposition: attachment; filename=a.pdf\n\naGVsbG8=\n--x--\n")
    where = f"/messages/{gmail.receive(ANN, raw).id}"
    assert base64.urlsafe_b64decode(said(client.get(where, params={"format": "raw"}))["raw"]) == raw
    payload = said(client.get(where))["payload"]
    headers = {header["name"]: header["value"] for header in payload["headers"]}
    assert headers["References"] == "<a@b.c> <d@e.f>"
    text, file = payload["parts"]
    assert base64.urlsafe_b64decode(text["body"]["data"]) == b"the text"
    assert (file["filename"], file["mimeType"], file["partId"], file["body"]["size"]) == (
        "a.pdf", "application/pdf", "1", 5)
    fetched = said(client.get(f"{where}/attachments/{file['body']['attachmentId']}"))
    assert base64.urlsafe_b64decode(fetched["data"]) == b"hello"
    refused(client.get(f"{where}/attachments/ANG-7"), "notFound", 404)


def test_send_as(gmail, client):
    box = gmail.box(ANN)
    box.aliases, box.signature = {"team@example.com": "accepted"}, "<p>Ann</p>"
    primary, alias = said(client.get("/settings/sendAs"))["sendAs"]
    assert (primary["sendAsEmail"], primary["isPrimary"], primary["signature"]) == (
        ANN, True, "<p>Ann</p>")
    assert (alias["sendAsEmail"], alias["verificationStatus"]) == ("team@example.com", "accepted")
    assert said(client.get("/settings/sendAs/team@example.com")) == alias
    refused(client.get("/settings/sendAs/other@example.com"), "notFound", 404)


def test_tokens_must_hold(gmail, client):
    gmail.oauth.expire(ANN)
    reply = client.get("/profile")
    refused(reply, "authError", 401)
    assert reply.json()["error"]["status"] == "UNAUTHENTICATED"
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    client.headers["Authorization"] = "Bearer stranger"
    refused(client.get("/profile"), "authError", 401)
    del client.headers["Authorization"]
    refused(client.send_raw(mail()), "authError", 401)
    assert gmail.sent == []


def test_mailboxes_are_apart(gmail, client):
    sent = said(client.send_raw(mail()))
    bob = Client(gmail, "bob@example.com")
    refused(bob.get(f"/messages/{sent['id']}"), "notFound", 404)
    refused(bob.get(f"{gmail.url}/gmail/v1/users/{ANN}/profile"), "forbidden", 403)
    own = f"{gmail.url}/gmail/v1/users/bob%40example.com/profile"
    assert said(bob.get(own))["emailAddress"] == "bob@example.com"


@pytest.mark.parametrize("scopes, allowed", [
    ("gmail.send", {"send"}),
    ("gmail.compose", {"send", "draft", "profile"}),
    ("gmail.readonly", {"profile", "list", "search", "history", "read", "sendAs"}),
    ("gmail.metadata", {"profile", "list", "history"}),
    ("gmail.modify", {"send", "draft", "profile", "list", "search", "history", "read", "sendAs"}),
    ("https://mail.google.com/",
     {"send", "draft", "profile", "list", "search", "history", "read", "sendAs"}),
    ("openid", set())])
def test_scopes(gmail, scopes, allowed):
    if not scopes.startswith("https:") and scopes != "openid":
        scopes = f"https://www.googleapis.com/auth/{scopes}"
    message, client = gmail.receive(ANN, PARENT), Client(gmail, scopes=scopes)
    asked = {"send": lambda: client.send_raw(mail()),
             "draft": lambda: client.post("/drafts", json={"message": {"raw": base64url(mail())}}),
             "profile": lambda: client.get("/profile"), "list": lambda: client.get("/messages"),
             "search": lambda: client.get("/messages?q=in:sent"),
             "history": lambda: client.history(1000),
             "sendAs": lambda: client.get("/settings/sendAs"),
             "read": lambda: client.get(f"/messages/{message.id}")}
    for name, ask in asked.items():
        reply = ask()
        assert reply.status_code == (200 if name in allowed else 403), name
        if reply.status_code == 403:
            refused(reply, "insufficientPermissions", 403)


@pytest.mark.parametrize("how, reason, status", [
    ({"status": 403}, "rateLimitExceeded", 403),
    ({"status": 403, "reason": "userRateLimitExceeded"}, "userRateLimitExceeded", 403),
    ({"status": 403, "reason": "insufficientPermissions"}, "insufficientPermissions", 403),
    ({"status": 401}, "authError", 401), ({"status": 404}, "notFound", 404),
    ({"status": 400, "reason": "failedPrecondition"}, "failedPrecondition", 400),
    ({"status": 500}, "backendError", 500), ({"status": 504}, "backendError", 504)])
def test_refuses_as_it_is_told(gmail, client, how, reason, status):
    gmail.fail("messages.send", **how)
    refused(client.send_raw(mail()), reason, status)
    said(client.send_raw(mail()))
    assert len(gmail.sent) == 1


def test_says_when_to_come_again(gmail, client):
    gmail.fail("messages.send", status=429, retry_after=90)
    reply = client.send_raw(mail())
    said_moment = re.search(r"Retry after (\S+Z)  \(Mail sending\)",
                            refused(reply, "rateLimitExceeded", 429))[1]
    moment = datetime.datetime.fromisoformat(said_moment.replace("Z", "+00:00"))
    left = moment - datetime.datetime.now(datetime.timezone.utc)
    assert 0 < left.total_seconds() <= 90 and "Retry-After" not in reply.headers
    gmail.fail("messages.send", status=429, retry_after=90, retry_in="header")
    reply = client.send_raw(mail())
    assert reply.headers["Retry-After"] == "90" and "Retry after" not in reply.text
    gmail.fail("messages.send", status=503, retry_after=5)
    assert client.send_raw(mail()).headers["Retry-After"] == "5"
    gmail.fail("messages.send", status=429)
    assert "Retry" not in client.send_raw(mail()).text


def test_a_refusal_after_the_act(gmail, client):
    draft = client.draft()
    gmail.fail("drafts.send", status=503, acts=True)
    refused(client.send_draft(draft["id"]), "backendError", 503)
    assert len(gmail.sent) == 1
    refused(client.send_draft(draft["id"]), "notFound", 404)
    assert len(gmail.sent) == 1
