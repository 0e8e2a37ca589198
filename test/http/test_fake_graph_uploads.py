"""The faked Graph's attachments: small ones, and large ones in pieces."""
import base64
import urllib.parse

import pytest
import requests

from fake_graph import ATTACHMENT_LIMIT, RANGE_LIMIT, REQUEST_LIMIT
from fake_graph_uploads import ADVISED
from graph_client import ANN, MIME, Client, file, put, refused
from shapes import said

PIECE = 3 * 1024 * 1024


@pytest.fixture
def client(graph):
    return Client(graph)


def test_attachments(graph, client):
    place = client.draft(attachments=[file(b"one")])
    image = file(b"<image>", name="logo.png", contentType="image/png", isInline=True,
                 contentId="logo")
    made = said(client.post(f"{place}/attachments", json=image), 201)
    listed = said(client.get(f"{place}/attachments"))["value"]
    assert [one["name"] for one in listed] == ["a.txt", "logo.png"]
    first = f"{place}/attachments/{urllib.parse.quote(listed[0]['id'], safe='')}"
    assert said(client.get(first))["size"] == 3
    assert client.delete(first).status_code == 204
    refused(client.get(first), "ErrorItemNotFound", 404)
    client.send_draft(place)
    [part] = [part for part in graph.sent[0].message.walk() if part.get_filename()]
    assert (part.get_filename(), part.get_content(), part["Content-ID"]) == (
        "logo.png", b"<image>", "<logo>")
    assert part.get_content_disposition() == "inline" and made["isInline"]
    refused(client.post(f"{place}/attachments", json=file(b"late")), "ErrorInvalidRequest")


def test_the_cliff_at_three_megabytes(graph, client):
    place = client.draft()
    said(client.post(f"{place}/attachments", json=file(b"x" * (ATTACHMENT_LIMIT - 1))), 201)
    refused(client.post(f"{place}/attachments", json=file(b"x" * ATTACHMENT_LIMIT)),
            "RequestEntityTooLarge", 413)
    assert len(graph.box(ANN).items[0].attachments) == 1


@pytest.mark.parametrize("path", ["/messages", "/sendMail"])
def test_the_cliff_at_four_megabytes(graph, client, path):
    text = {"Content-Type": "text/plain"}
    room = REQUEST_LIMIT // 4 * 3
    raw = MIME + b"x" * (room - len(MIME))
    assert client.post(path, data=base64.b64encode(raw), headers=text).status_code < 300
    raw += b"x"
    refused(client.post(path, data=base64.b64encode(raw), headers=text),
            "RequestEntityTooLarge", 413)


@pytest.mark.parametrize("status", [200, 202])
def test_an_upload_in_pieces(graph, client, status):
    graph.range_status = status
    place, content = client.draft(), bytes(range(256)) * 30000
    size = len(content)
    started = said(client.start_upload(place, size, contentType="image/png", isInline=True,
                                       contentId="logo"), 201)
    assert started["nextExpectedRanges"] == ["0-"] and started["expirationDateTime"]
    where = started["uploadUrl"]
    for first in (0, PIECE):
        reply = put(where, content[first:first + PIECE], first, size)
        assert said(reply, status)["nextExpectedRanges"] == [str(first + PIECE)]
    reply = put(where, content[2 * PIECE:], 2 * PIECE, size)
    assert (reply.status_code, reply.content) == (201, b"")
    [made] = said(client.get(f"{place}/attachments"))["value"]
    assert made["id"] in urllib.parse.unquote(reply.headers["Location"])
    assert (made["size"], made["contentType"], made["contentId"]) == (size, "image/png", "logo")
    refused(put(where, content[:PIECE], 0, size), "ErrorItemNotFound", 404)
    client.send_draft(place)
    [part] = [part for part in graph.sent[0].message.walk() if part.get_filename()]
    assert part.get_content() == content


@pytest.mark.parametrize("keeps", [False, True])
def test_an_upload_goes_on_after_it_broke_off(graph, client, keeps):
    graph.keeps_partial_ranges = keeps
    place, content = client.draft(), b"x" * (4 * PIECE // 3)
    size = len(content)
    where = said(client.start_upload(place, size), 201)["uploadUrl"]
    graph.fail("upload.put", "reset_during", after_bytes=1000)
    with pytest.raises(requests.ConnectionError):
        put(where, content[:PIECE], 0, size)
    [expected] = said(requests.get(where))["nextExpectedRanges"]
    assert expected == ("1000" if keeps else "0")
    first = int(expected)
    said(put(where, content[first:PIECE], first, size), 200)
    assert put(where, content[PIECE:], PIECE, size).status_code == 201
    assert graph.box(ANN).items[0].attachments[0].content == content


def test_an_upload_whose_answer_was_lost(graph, client):
    place, size = client.draft(), PIECE + 1
    where = said(client.start_upload(place, size), 201)["uploadUrl"]
    graph.fail("upload.put", "reset_after")
    with pytest.raises(requests.ConnectionError):
        put(where, b"x" * PIECE, 0, size)
    refused(put(where, b"x" * PIECE, 0, size), "InvalidRange", 416)
    assert said(requests.get(where))["nextExpectedRanges"] == [str(PIECE)]
    assert put(where, b"x", PIECE, size).status_code == 201
    graph.has_upload_status = False
    refused(requests.get(where), "MethodNotAllowed", 405)


@pytest.mark.parametrize("span", [
    "bytes 1-1000/SIZE", "bytes 0-1000/SIZE", "bytes 0-999/7", "bytes 0-999/*", "0-999", ""])
def test_a_range_must_be_the_next_one(graph, client, span):
    where = said(client.start_upload(client.draft(), PIECE), 201)["uploadUrl"]
    headers = {"Content-Range": span.replace("SIZE", str(PIECE))}
    refused(requests.put(where, data=b"x" * 1000, headers=headers), "InvalidRange", 416)


def test_an_upload_takes_no_token_but_its_own(graph, client):
    where = said(client.start_upload(client.draft(), PIECE), 201)["uploadUrl"]
    bearer = {"Authorization": client.headers["Authorization"]}
    refused(put(where, b"x" * 10, 0, PIECE, **bearer), "InvalidAuthenticationToken", 401)
    refused(put(where[:-1], b"x" * 10, 0, PIECE), "InvalidAuthenticationToken", 401)
    said(put(where, b"x" * 10, 0, PIECE))
    assert requests.delete(where).status_code == 204
    refused(put(where, b"x" * 10, 10, PIECE), "ErrorItemNotFound", 404)


def test_limits_of_uploads(graph, client):
    place = client.draft()
    refused(client.start_upload(place, ATTACHMENT_LIMIT - 1),
            "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize")
    refused(client.start_upload(place, 151 * 1024 * 1024), "ErrorAttachmentSizeLimitExceeded")
    refused(client.start_upload(place, "7"), "RequestBodyRead")
    where = said(client.start_upload(place, 3 * PIECE), 201)["uploadUrl"]
    refused(put(where, b"x" * (RANGE_LIMIT + 1), 0, 3 * PIECE), "RequestEntityTooLarge", 413)
    graph.wants_advised_ranges = True
    refused(put(where, b"x" * 1000, 0, 3 * PIECE), "InvalidRange", 416)
    said(put(where, b"x" * ADVISED, 0, 3 * PIECE))
    client.send_draft(place)
    refused(put(where, b"x" * ADVISED, ADVISED, 3 * PIECE), "ErrorItemNotFound", 404)
