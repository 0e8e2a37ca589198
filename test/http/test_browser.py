"""What browsers and proxies expect beside the API itself: pages of other origins (CORS), packed
replies, and an answer that a client reads who is still sending.

covers: src/api/cors.c src/api/composing.c src/http/gzip.c
"""
import gzip
import http.client
import json
import random

import pytest
import requests

from mailboxes import SEND
from people import ALL, new_user
from shapes import email_error, said

DRAFTS, PAGE = "/api/email/drafts", "https://app.example.com"
ASKED = {"Origin": PAGE, "Access-Control-Request-Method": "PATCH",
         "Access-Control-Request-Headers": "authorization,content-type"}
ALLOWED, EXPOSED = "Access-Control-Allow-Origin", "Access-Control-Expose-Headers"


@pytest.fixture(scope="module")
def open_server(tmp_path_factory, authority):
    from running import Server
    folder = tmp_path_factory.mktemp("server")
    with Server(folder, authority, cors_origins="https://App.example.com:443/ http://localhost:5173") as one:
        yield one


def cors_of(reply):
    return {name: value for name, value in reply.headers.items()
            if name.startswith("Access-Control-")}


# Pages of other origins

def test_a_browser_asks_first(open_server):
    """No token: a browser sends none with this question (fetch.spec.whatwg.org, 4.8)."""
    reply = requests.options(open_server.url + f"{DRAFTS}/{'0' * 32}", headers=ASKED, timeout=60)
    assert (reply.status_code, reply.content) == (204, b"")
    assert cors_of(reply) == {
        ALLOWED: PAGE, EXPOSED: reply.headers[EXPOSED],
        "Access-Control-Allow-Methods": "GET, PATCH, DELETE",
        "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match, If-None-Match, "
                                        "Idempotency-Key, Prefer, X-Request-Id",
        "Access-Control-Max-Age": "600"}
    assert reply.headers["Vary"] == "Origin"


def test_then_it_may_read_the_reply(open_server):
    """Also one that refuses, or the page would never learn why."""
    client = open_server.client(open_server.token)
    client.headers["Origin"] = "http://localhost:5173"
    for reply in (client.get(DRAFTS), client.post(DRAFTS, json={"to": 5}), client.get("/nowhere"),
                  requests.get(open_server.url + DRAFTS, timeout=60,
                               headers={"Origin": "http://localhost:5173"})):
        assert cors_of(reply)[ALLOWED] == "http://localhost:5173"
        assert {"ETag", "X-Request-Id", "X-RateLimit-Remaining"} <= set(
            reply.headers[EXPOSED].split(", "))
        assert "Origin" in reply.headers["Vary"]


@pytest.mark.parametrize("origin", ["https://evil.example", "https://app.example.com.evil.example",
                                    "http://app.example.com", "https://app.example.com:8443",
                                    "null", "", "*"])
def test_another_page_may_not(open_server, origin):
    asked = requests.options(open_server.url + DRAFTS, headers={**ASKED, "Origin": origin}, timeout=60)
    assert said(asked, 405) == email_error("method_not_allowed",
                                           "OPTIONS is not possible here, only POST, GET")
    read = open_server.client(open_server.token).get(DRAFTS, headers={"Origin": origin})
    assert read.status_code == 200
    assert cors_of(asked) == cors_of(read) == {}


def test_what_is_no_such_question(open_server):
    for headers, path, status in (({"Origin": PAGE}, DRAFTS, 405), (ASKED, "/nowhere", 404)):
        reply = requests.options(open_server.url + path, headers=headers, timeout=60)
        assert reply.status_code == status and "Access-Control-Allow-Methods" not in reply.headers


def test_without_the_setting_none_may(server):
    reply = requests.options(server.url + DRAFTS, headers=ASKED, timeout=60)
    assert reply.status_code == 405
    assert cors_of(reply) == {} and reply.headers["Vary"] == "Accept-Encoding"


def test_any_may(start_server):
    server = start_server(cors_origins="*")
    reply = server.client(server.token).get(DRAFTS, headers={"Origin": "null"})
    assert cors_of(reply)[ALLOWED] == "*"


# Packed replies

def raw(server, path, accepts, token=None, method="GET"):
    """As it came: headers in lower case, and bytes."""
    headers = {"Authorization": f"Bearer {token or server.token}"}
    if accepts is not None:
        headers["Accept-Encoding"] = accepts
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request(method, path, headers=headers)
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    return reply.status, {name.lower(): value for name, value in reply.getheaders()}, body


@pytest.fixture(scope="module")
def writer(server):
    """A user with a list of 40 KB, and one of 3 MB."""
    user = new_user(server, ALL)
    [account] = [one["_id"] for one in said(user.get("/api/email/accounts"))["accounts"]
                 if one["emailAddress"] == user.address]
    words = random.Random(5)
    for size in [400] * 50 + [1000 * 1000] * 3:
        text = "".join(words.choices("abcdefgh ", k=size))
        said(user.post(DRAFTS, json={"from_account_id": account, "subject": f"s{size}",
                                     "body_text": text}), 201)
    return user


@pytest.mark.parametrize("path", [f"{DRAFTS}?per_page=50&page=2", f"{DRAFTS}?per_page=50",
                                  "/docs", "/openapi.json"])
def test_packed_and_plain_are_the_same(server, writer, path):
    status, headers, plain = raw(server, path, None, writer.token)
    assert (status, headers.get("content-encoding")) == (200, None)
    assert "Accept-Encoding" in headers["vary"]
    status, packed_headers, packed = raw(server, path, "br;q=1.0, gzip;q=0.8", writer.token)
    assert (status, packed_headers["content-encoding"]) == (200, "gzip")
    assert "Accept-Encoding" in packed_headers["vary"]
    assert gzip.decompress(packed) == plain
    if len(plain) > 1400:
        assert int(packed_headers["content-length"]) == len(packed) < len(plain) * 0.7
    refusing = raw(server, path, "gzip;q=0", writer.token)
    assert refusing[2] == plain
    head = raw(server, path, "gzip", writer.token, "HEAD")
    assert (head[1]["content-length"], head[2]) == (packed_headers["content-length"], b"")


def test_a_page_is_known_by_the_tag_of_its_form(server):
    tags = [raw(server, "/docs", accepts)[1]["etag"] for accepts in ("gzip", None)]
    assert tags[0] != tags[1]
    for accepts, tag in zip(("gzip", None), tags):
        headers = {"If-None-Match": tag, "Accept-Encoding": accepts or "identity"}
        assert requests.get(server.url + "/docs", headers=headers, timeout=60).status_code == 304
    other = {"If-None-Match": tags[1], "Accept-Encoding": "gzip"}
    assert requests.get(server.url + "/docs", headers=other, timeout=60).status_code == 200


def test_what_stays_as_it_is(server, writer):
    """What is short, and what has a version that the caller gives back."""
    uid = said(writer.get(DRAFTS, params={"per_page": 1}))["items"][0]["uid"]
    for path in (f"{DRAFTS}/{uid}", "/api/email/accounts", "/api/email/accounts?x=1"):
        _, headers, body = raw(server, path, "gzip", writer.token)
        assert "content-encoding" not in headers
        json.loads(body)
    _, headers, body = raw(server, f"{DRAFTS}/{uid}", "gzip", writer.token)
    assert headers["etag"] == '"1"' and len(body) > 1400


def test_a_kept_reply_is_packed_for_those_who_take_it(server, writer):
    """What is kept for a repeated call is the reply itself."""
    body = {"to": ["b@example.com"], "subject": "s" * 900, "body_text": "t", "idempotency_key": "k",
            "from_account_id": said(writer.get(DRAFTS, params={"per_page": 1}))
            ["items"][0]["from_account_id"]}
    first = said(writer.post(SEND, json=body))
    assert said(writer.post(SEND, json=body, headers={"Accept-Encoding": "identity"})) == first


# A client that goes on sending

@pytest.mark.parametrize("path, size, status", [
    ("/api/email/send", 60_000_000, 413), ("/nowhere", 30_000_000, 404)])
def test_too_much_is_answered(server, path, size, status):
    """Python's client sends all of its body before it reads the first byte of the reply."""
    reply = requests.post(server.url + path, data=b"x" * size, timeout=60,
                          headers={"Authorization": f"Bearer {server.token}",
                                   "Content-Type": "application/json"})
    assert reply.status_code == status
    assert reply.headers["Content-Type"].split(";")[0].endswith("json") and reply.json()
