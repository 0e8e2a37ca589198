"""The faked Graph's replies and conversations, and how it searches."""
import pytest

from graph_client import ANN, MIME, PARENT, REF, Client, addresses, file, place_of, refused
from shapes import said


@pytest.fixture
def client(graph):
    return Client(graph)


def test_create_reply(graph, client):
    parent = graph.receive(ANN, PARENT)
    draft = said(client.post(place_of(parent.immutable_id) + "/createReply"), 201)
    assert (draft["subject"], draft["conversationId"]) == ("RE: A matter", parent.conversation_id)
    assert addresses(draft["toRecipients"]) == ["bob@example.com"] and draft["ccRecipients"] == []
    assert "<p>Well?</p>" in draft["body"]["content"] and draft["isDraft"]
    place = place_of(draft["id"])
    said(client.patch(place, json={"body": {"contentType": "html", "content": "<p>Yes</p>"}}))
    client.send_draft(place)
    [sent] = graph.sent
    assert sent.message["In-Reply-To"] == "<parent@example.com>"
    assert sent.message["References"] == "<root@example.com> <parent@example.com>"
    assert sent.thread_id == parent.conversation_id
    assert sent.message.get_content() == "<p>Yes</p>\r\n"


def test_create_reply_all(graph, client):
    raw = PARENT.replace(b"\r\nCc:", b"\r\nReply-To: desk@example.com\r\nCc:")
    parent = graph.receive(ANN, raw)
    place = place_of(parent.immutable_id)
    draft = said(client.post(place + "/createReplyAll", json={"comment": "Yes"}), 201)
    assert addresses(draft["toRecipients"]) == ["desk@example.com", "cee@example.com"]
    assert addresses(draft["ccRecipients"]) == ["dee@example.com"]
    assert draft["body"]["content"].startswith("<div>Yes</div>")
    changed = {"message": {"subject": "Re: mine", "body": {"contentType": "text", "content": "x"}}}
    assert said(client.post(place + "/createReply", json=changed), 201)["subject"] == "Re: mine"
    refused(client.post(place + "/createReply", json={"comment": "x", **changed}),
            "ErrorInvalidRequest")
    refused(client.post("/messages/none/createReply"), "ErrorItemNotFound", 404)


def test_create_reply_of_mime(graph, client):
    parent = graph.receive(ANN, PARENT)
    reply = client.make_mime(path=place_of(parent.immutable_id) + "/createReply")
    draft = said(reply, 201)
    assert draft["conversationId"] == parent.conversation_id and draft["subject"] == "Grüße"


def test_answering_oneself(graph, client):
    place = client.draft()
    client.send_draft(place)
    draft = said(client.post(place + "/createReply"), 201)
    assert addresses(draft["toRecipients"]) == ["b@example.com"]


def test_create_forward(graph, client):
    parent = graph.receive(ANN, PARENT)
    draft = said(client.post(place_of(parent.immutable_id) + "/createForward"), 201)
    assert draft["subject"] == "FW: A matter" and draft["toRecipients"] == []


def test_conversations(graph, client):
    parent = graph.receive(ANN, PARENT)
    answer = PARENT.replace(b"<parent@", b"<answer@").replace(b"<root@", b"<parent@")
    assert graph.receive(ANN, answer).conversation_id == parent.conversation_id
    torn = graph.receive(ANN, answer, new_conversation=True)
    assert torn.conversation_id != parent.conversation_id
    mime = MIME.replace(b"X-Ref: r7", b"In-Reply-To: <parent@example.com>")
    assert said(client.make_mime(mime), 201)["conversationId"] == parent.conversation_id
    assert said(client.make_mime(), 201)["conversationId"] != parent.conversation_id
    found = client.listed(f"conversationId eq '{parent.conversation_id}'")
    assert len(found) == 3


def test_parents_by_extended_properties(graph, client):
    place = client.draft(singleValueExtendedProperties=[
        {"id": "String 0x1042", "value": "<far@example.com>"},
        {"id": "String 0x1039", "value": "<root@example.com> <far@example.com>"}])
    client.send_draft(place)
    assert graph.sent[0].message["In-Reply-To"] == "<far@example.com>"
    assert graph.sent[0].message["References"] == "<root@example.com> <far@example.com>"


def test_filters(graph, client):
    tag = [{"id": REF, "value": "it's r7"}]
    first = said(client.make(internetMessageId="<o'ne@example.com>",
                             singleValueExtendedProperties=tag), 201)
    said(client.make(), 201)

    def ids(query):
        return [item["id"] for item in client.listed(query)]
    assert ids("internetMessageId eq '<o''ne@example.com>'") == [first["id"]]
    assert ids("internetMessageId eq '<none@example.com>'") == []
    mine = (f"singleValueExtendedProperties/Any(ep: ep/id eq '{REF}' "
            "and ep/value eq 'it''s r7')")
    assert ids(mine) == [first["id"]]
    assert ids(f"{mine} and isDraft eq true") == [first["id"]]
    assert ids(f"isDraft eq false and {mine}") == []
    assert ids(mine.replace("r7", "r8")) == []
    assert len(ids("createdDateTime ge 2020-01-01T00:00:00Z")) == 2


def test_expands_and_selects(graph, client):
    place = client.draft(attachments=[file(b"hello")],
                         singleValueExtendedProperties=[{"id": REF, "value": "r7"}],
                         internetMessageHeaders=[{"name": "x-ref", "value": "r7"}])
    assert not set(said(client.get(place))) & {
        "attachments", "singleValueExtendedProperties", "internetMessageHeaders"}
    ids = f"id eq '{REF}' or id eq 'String 0x1042'"
    shown = said(client.get(place, params={
        "$expand": f"singleValueExtendedProperties($filter={ids})",
        "$select": "isDraft,internetMessageHeaders"}))
    assert shown["singleValueExtendedProperties"] == [{"id": REF, "value": "r7"}]
    assert shown["internetMessageHeaders"] == [{"name": "x-ref", "value": "r7"}]
    assert "subject" not in shown
    shown = said(client.get(place, params={"$expand": "attachments"}))
    assert shown["attachments"][0]["contentBytes"] == "aGVsbG8="


def test_raw_headers_of_what_was_sent(graph, client):
    place = client.draft()
    client.send_draft(place)
    expand = "singleValueExtendedProperties($filter=id eq 'String 0x007D')"
    [found] = said(client.get(place, params={"$expand": expand}))["singleValueExtendedProperties"]
    assert f"Message-ID: {graph.sent[0].message_id}\r\n" in found["value"]


@pytest.mark.parametrize("query, code", [
    ({"$filter": "categories eq 'x'"}, "BadRequest"), ({"$filter": "subject"}, "BadRequest"),
    ({"$filter": "isDraft eq true or isRead eq true"}, "BadRequest"), ({"$top": "x"}, "BadRequest"),
    ({"$search": "x"}, "BadRequest"), ({"$expand": "extensions"}, "BadRequest"),
    ({"$filter": "conversationId eq 'x'", "$orderby": "receivedDateTime desc"},
     "InefficientFilter"), ({"$select": "subjekt"}, "RequestBroker--ParseUri")])
def test_refuses_odd_queries(graph, client, query, code):
    graph.receive(ANN, PARENT)
    refused(client.get("/messages", params=query), code)


def test_lists_come_in_pages(graph, client):
    made = [said(client.make(), 201)["id"] for _ in range(5)]
    first = said(client.get("/messages", params={"$top": "2", "$select": "id"}))
    second = said(client.get(first["@odata.nextLink"]))
    third = said(client.get(second["@odata.nextLink"]))
    found = [item["id"] for page in (first, second, third) for item in page["value"]]
    assert (found, "@odata.nextLink" in third) == (made[::-1], False)
    ordered = said(client.get("/messages", params={
        "$filter": "createdDateTime ge 2020-01-01T00:00:00Z", "$orderby": "createdDateTime desc"}))
    assert len(ordered["value"]) == 5


def test_folders(graph, client):
    parent = graph.receive(ANN, PARENT)
    client.draft()
    listed = said(client.get("/mailFolders"))["value"]
    folders = {folder["displayName"]: folder for folder in listed}
    assert folders["Inbox"]["unreadItemCount"] == folders["Drafts"]["totalItemCount"] == 1
    [found] = said(client.get(f"/mailFolders/{folders['Inbox']['id']}/messages"))["value"]
    assert found["id"] == parent.immutable_id
    assert said(client.get("/mailFolders/sentitems/messages"))["value"] == []
    refused(client.get("/mailFolders/elsewhere"), "ErrorItemNotFound", 404)
