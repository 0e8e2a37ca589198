"""The faked Graph takes mail as Graph is said to."""
import base64
import urllib.parse

import pytest

from graph_client import (ANN, IMMUTABLE, MIME, REF, Client, addresses, file, people, place_of,
                          refused)
from shapes import said


@pytest.fixture
def client(graph):
    return Client(graph)


def test_me(graph, client):
    assert said(client.get("")) == {"id": f"user-{ANN}", "displayName": ANN, "mail": ANN,
                                    "userPrincipalName": ANN}
    graph.has_mail = False
    assert said(client.get(f"{graph.url}/v1.0/users/{ANN}"))["mail"] is None


def test_a_draft_is_sent(graph, client):
    place = client.draft(
        subject="Grüße", ccRecipients=people("c@example.com", "b@example.com"),
        bccRecipients=people("d@example.com"), internetMessageId="<ours@example.com>",
        internetMessageHeaders=[{"name": "X-Ref", "value": "r7"}])
    reply = client.send_draft(place)
    assert (reply.status_code, reply.content) == (202, b"")
    [sent] = graph.sent
    assert sent.recipients == ["b@example.com", "c@example.com", "d@example.com"]
    assert (sent.address, sent.call) == (ANN, "messages.send")
    assert sent.message_id == "<ours@example.com>"
    assert sent.id == sent.draft_id == urllib.parse.unquote(place.removeprefix("/messages/"))
    assert sent.message["Subject"] == "Grüße" and sent.message["X-Ref"] == "r7"
    assert "Bcc" not in sent.message and sent.message.get_content() == "body\r\n"
    shown = said(client.get(place))
    assert (shown["isDraft"], shown["conversationId"]) == (False, sent.thread_id)
    refused(client.send_draft(place), "ErrorInvalidRequest")
    assert len(graph.sent) == 1


def test_mime_stays_as_it_was_given(graph, client):
    made = said(client.make_mime(), 201)
    assert (made["subject"], made["internetMessageId"]) == ("Grüße", "<ours@example.com>")
    assert addresses(made["bccRecipients"]) == ["d@example.com"]
    place = place_of(made["id"])
    assert client.get(f"{place}/$value").content == MIME
    client.send_draft(place)
    assert graph.sent[0].given == MIME
    assert graph.sent[0].content == MIME.replace(b"Bcc: d@example.com\r\n", b"")
    assert graph.sent[0].recipients == ["b@example.com", "d@example.com"]


def test_mime_can_be_changed(graph, client):
    place = place_of(said(client.make_mime(), 201)["id"])
    said(client.patch(place, json={
        "internetMessageId": "<new@example.com>", "toRecipients": people("e@example.com"),
        "subject": "süß", "singleValueExtendedProperties": [{"id": REF, "value": "r7"}]}))
    client.send_draft(place)
    sent = graph.sent[0].message
    assert (sent["Message-ID"], sent["To"], sent["Subject"]) == (
        "<new@example.com>", "e@example.com", "süß")
    assert sent.get_content() == "body\r\n"


@pytest.mark.parametrize("body", [b"not base64!", b"abc", base64.urlsafe_b64encode(b"\xff\xfe>>>")])
def test_mime_must_be_base64(graph, client, body):
    for path in ("/messages", "/sendMail"):
        reply = client.post(path, data=body, headers={"Content-Type": "text/plain"})
        refused(reply, "ErrorMimeContentInvalidBase64String")
    assert graph.sent == [] and graph.box(ANN).items == []


@pytest.mark.parametrize("given, code", [
    ({"subjekt": "x"}, "RequestBodyRead"), ({"subject": 7}, "RequestBodyRead"),
    ({"isDraft": False}, "RequestBodyRead"), ({"body": "x"}, "RequestBodyRead"),
    ({"body": {"contentType": "rtf", "content": ""}}, "RequestBodyRead"),
    ({"toRecipients": ["b@example.com"]}, "RequestBodyRead"),
    ({"toRecipients": [{"emailAddress": {"adress": "b@example.com"}}]}, "RequestBodyRead"),
    ({"subject": "two\nlines"}, "ErrorInvalidArgument"),
    ({"internetMessageId": "ours"}, "ErrorInvalidInternetMessageId"),
    ({"internetMessageHeaders": [{"name": "In-Reply-To", "value": "<a@b.c>"}]},
     "InvalidInternetMessageHeader"),
    ({"singleValueExtendedProperties": [{"id": "SendRef", "value": "x"}]}, "ErrorInvalidProperty"),
    ({"attachments": [{"name": "a", "contentBytes": "eA=="}]}, "RequestBodyRead"),
    ({"attachments": [file(b"x", contentBytes="!")]}, "RequestBodyRead")])
def test_refuses_what_is_no_message(graph, client, given, code):
    refused(client.make(**given), code)
    assert graph.box(ANN).items == []


def test_json_says_that_it_is(client):
    refused(client.post("/messages", data=b"{}"), "RequestBodyRead")
    refused(client.post("/messages", data=b"{", headers={"Content-Type": "application/json"}),
            "RequestBodyRead")


def test_a_draft_is_changed(client):
    place = client.draft()
    made = said(client.get(place))
    changed = said(client.patch(place, json={"subject": "changed"}))
    assert changed["subject"] == "changed" and changed["changeKey"] != made["changeKey"]
    stale = {"If-Match": made["@odata.etag"]}
    refused(client.patch(place, json={"subject": "x"}, headers=stale),
            "ErrorIrresolvableConflict", 412)
    fresh = {"If-Match": changed["@odata.etag"]}
    said(client.patch(place, json={"subject": "again"}, headers=fresh))
    refused(client.patch(place, json={"internetMessageHeaders": []}), "ErrorInvalidPropertySet")
    assert said(client.get(place))["subject"] == "again"
    client.send_draft(place)
    refused(client.patch(place, json={"subject": "late"}), "ErrorInvalidPropertySet")
    said(client.patch(place, json={"isRead": True}))
    assert client.delete(place).status_code == 204
    refused(client.get(place), "ErrorItemNotFound", 404)
    refused(client.send_draft(place), "ErrorItemNotFound", 404)


def test_ordinary_ids_change_when_it_is_sent(graph, client):
    del client.headers["Prefer"]
    reply = client.make()
    assert "Preference-Applied" not in reply.headers
    place = place_of(said(reply, 201)["id"])
    assert client.send_draft(place).status_code == 202
    refused(client.get(place), "ErrorItemNotFound", 404)
    [copy] = client.listed("isDraft eq false")
    client.headers.update(IMMUTABLE)
    assert client.get("").headers["Preference-Applied"] == 'IdType="ImmutableId"'
    assert said(client.get(place_of(copy["id"])))["id"] == graph.sent[0].id


def test_immutable_ids_stay(graph, client):
    made = said(client.make(), 201)
    client.send_draft(place_of(made["id"]))
    shown = said(client.get(place_of(made["id"])))
    folder = said(client.get("/mailFolders/SentItems"))
    assert (shown["id"], shown["parentFolderId"]) == (made["id"], folder["id"])
    assert folder["totalItemCount"] == 1 != made["parentFolderId"]
    refused(client.get(place_of(made["id"].swapcase())), "ErrorItemNotFound", 404)


def test_ids_must_be_encoded(graph, client):
    made = said(client.make(), 201)["id"]
    assert "/" in made and "+" in made
    assert client.get(f"/messages/{made}").status_code == 404
    graph.has_plain_ids = True
    said(client.get(f"/messages/{said(client.make(), 201)['id']}"))


@pytest.mark.parametrize("lingers, missing", [(0, 0), (2, 0), (0, 2), (1, 3)])
def test_the_way_to_sent_items(graph, client, lingers, missing):
    graph.lingers_in_drafts, graph.missing_for = lingers, missing
    place = client.draft()
    client.send_draft(place)
    drafts = said(client.get("/mailFolders/drafts"))["id"]
    for _ in range(lingers):
        shown = said(client.get(place))
        assert (shown["isDraft"], shown["parentFolderId"]) == (True, drafts)
    for _ in range(missing):
        refused(client.get(place), "ErrorItemNotFound", 404)
    assert said(client.get(place))["isDraft"] is False
    assert len(graph.sent) == 1


def test_it_waits_until_it_is_told(graph, client):
    graph.lingers_in_drafts = None
    place = client.draft(singleValueExtendedProperties=[{"id": REF, "value": "r7"}])
    client.send_draft(place)
    for _ in range(3):
        assert said(client.get(place))["isDraft"] is True
    graph.settle(ANN)
    assert said(client.get(place))["isDraft"] is False


def test_lists_are_looks_too(graph, client):
    graph.missing_for = 2
    client.send_draft(client.draft())
    assert [len(client.listed("isDraft eq false")) for _ in range(4)] == [0, 0, 1, 1]


def test_whoever_sends_twice_before_it_has_left(graph, client):
    graph.lingers_in_drafts = None
    place = client.draft()
    assert [client.send_draft(place).status_code for _ in range(2)] == [202, 202]
    assert len(graph.sent) == 2


@pytest.mark.parametrize("keeps", [True, False])
def test_message_id_at_transport(graph, client, keeps):
    graph.keeps_message_id = keeps
    place = client.draft(internetMessageId="<ours@example.com>")
    assert said(client.get(place))["internetMessageId"] == "<ours@example.com>"
    client.send_draft(place)
    shown = said(client.get(place))["internetMessageId"]
    assert shown == graph.sent[0].message_id == graph.sent[0].header("Message-ID")
    assert (shown == "<ours@example.com>") == keeps


def test_send_mail(graph, client):
    message = {"subject": "hello", "toRecipients": people("b@example.com")}
    reply = client.post("/sendMail", json={"message": message})
    assert (reply.status_code, reply.content) == (202, b"")
    assert client.make_mime(path="/sendMail").status_code == 202
    assert [sent.call for sent in graph.sent] == ["sendMail"] * 2
    assert len(said(client.get("/mailFolders/sentitems/messages"))["value"]) == 2
    client.post("/sendMail", json={"message": message, "saveToSentItems": False})
    assert len(graph.sent) == 3
    assert len(said(client.get("/mailFolders/sentitems/messages"))["value"]) == 2
    refused(client.post("/sendMail", json=message), "RequestBodyRead")


def test_recipients_are_needed(graph, client):
    refused(client.send_draft(client.draft(toRecipients=[])), "ErrorInvalidRecipients")
    assert graph.sent == []


@pytest.mark.parametrize("field", ["from", "sender"])
def test_send_as(graph, client, field):
    place = client.draft(**{field: people("team@example.com")[0]})
    refused(client.send_draft(place), "ErrorSendAsDenied", 403)
    assert graph.sent == []
    graph.box(ANN).may_send_as.add("team@example.com")
    assert client.send_draft(place).status_code == 202
    assert graph.sent[0].message[field].endswith("team@example.com")


def test_tokens_must_hold(graph, client):
    graph.oauth.expire(ANN)
    reply = client.get("")
    error = refused(reply, "InvalidAuthenticationToken", 401)
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert error["innerError"]["request-id"]
    reply = client.get("", headers={"client-request-id": "mine"})
    assert reply.headers["client-request-id"] == "mine"
    del client.headers["Authorization"]
    refused(client.get(""), "InvalidAuthenticationToken", 401)


@pytest.mark.parametrize("scopes, allowed", [
    ("Mail.Send", {"sendMail"}), ("https://graph.microsoft.com/Mail.Send", {"sendMail"}),
    ("Mail.ReadWrite", {"me", "list", "make"}), ("Mail.Read", {"list"}), ("User.Read", {"me"})])
def test_scopes(graph, scopes, allowed):
    client = Client(graph, scopes=scopes)
    message = {"toRecipients": people("b@example.com")}
    asked = {"me": lambda: client.get(""), "list": lambda: client.get("/messages"),
             "make": client.make,
             "sendMail": lambda: client.post("/sendMail", json={"message": message})}
    for name, ask in asked.items():
        reply = ask()
        if name in allowed:
            assert reply.status_code < 300, name
        else:
            refused(reply, "ErrorAccessDenied", 403)


def test_mailboxes_are_apart(graph, client):
    place, bob = client.draft(), Client(graph, "bob@example.com")
    refused(bob.get(place), "ErrorItemNotFound", 404)
    refused(bob.get(f"{graph.url}/v1.0/users/{ANN}/messages"), "ErrorAccessDenied", 403)


@pytest.mark.parametrize("how, code", [
    ({"status": 429, "retry_after": 30}, "ApplicationThrottled"),
    ({"status": 503, "retry_after": 30}, "ErrorServerBusy"),
    ({"status": 504}, "GatewayTimeout"), ({"status": 401}, "InvalidAuthenticationToken"),
    ({"status": 403, "reason": "ErrorSendAsDenied"}, "ErrorSendAsDenied"),
    ({"status": 500}, "ErrorInternalServerTransientError")])
def test_refuses_as_it_is_told(graph, client, how, code):
    place = client.draft()
    graph.fail("messages.send", **how)
    reply = client.send_draft(place)
    refused(reply, code, how["status"])
    wanted = str(how["retry_after"]) if "retry_after" in how else None
    assert reply.headers.get("Retry-After") == wanted
    assert client.send_draft(place).status_code == 202
    assert len(graph.sent) == 1


def test_challenges(graph, client):
    graph.fail("me", status=401, reason="claims")
    reply = client.get("")
    refused(reply, "InvalidAuthenticationToken", 401)
    assert 'claims="' in reply.headers["WWW-Authenticate"]
    said(client.get(""))
