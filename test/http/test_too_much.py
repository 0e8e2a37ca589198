"""Bodies that are too large, refused before they have come; requests that never end; more
connections than allowed.

covers: src/api/lifting.c src/api/door.c
"""
import base64
import threading

import pytest
import requests

from people import new_user
from running import wait_until
from shapes import email_error, holding, outbound_error, refusal, said
from wire import Wire

MIB = 1024 * 1024
JSON = {"Content_Type": "application/json"}
DOORS = {"outbound": "/api/v1/email/outbound/send", "email": "/api/email/send",
         "messages": "/api/email/messages/send"}


@pytest.fixture(scope="module")
def user(server):
    user = new_user(server)
    [account] = said(user.get("/api/email/accounts"))["accounts"]
    user.account = account["_id"]
    return user


def nothing_is_kept(server, user):
    assert said(user.get("/api/email/outbound"))["count"] == 0
    assert server.mails(user.address) == []
    blobs = server.data / "blobs"
    wait_until(lambda: not [path for path in blobs.rglob("*") if path.is_file()],
               what="an empty blob store")


# Larger than allowed

@pytest.mark.parametrize("family", DOORS)
@pytest.mark.parametrize("more", [{}, {"Expect": "100-continue"}])
def test_a_body_that_is_announced_too_large(server, user, family, more):
    with Wire(server) as wire:
        wire.say(f"POST {DOORS[family]}", Authorization=f"Bearer {user.token}",
                 Content_Length=50 * MIB + 1, **JSON, **more)
        assert wire.status() == 413
        assert wire.body() == refusal(family, 413, holding(str(50 * MIB)))
    nothing_is_kept(server, user)


@pytest.mark.parametrize("token, status", [("", 401), ("reader", 403)])
def test_a_large_body_of_somebody_who_may_not(server, token, status):
    """Is refused before it has come, too."""
    secret = new_user(server, ["inbox:read"]).token if token else "ot_unknown"
    with Wire(server) as wire:
        wire.say("POST /api/email/send", Authorization=f"Bearer {secret}",
                 Content_Length=10 * MIB, **JSON)
        assert wire.status() == status


@pytest.mark.parametrize("family", DOORS)
def test_attachments_over_the_limit(server, user, family):
    """40 MiB of base64 are 30 MiB; at 25 MiB, so at a sixth before the end, enough is known."""
    content = base64.b64encode(bytes(48 * 1024))
    pieces, sent = 40 * MIB // len(content), 0
    start = b'{"subject": "s", "attachments": [{"filename": "a", "data_base64": "'
    with Wire(server) as wire:
        wire.say(f"POST {DOORS[family]}", Authorization=f"Bearer {user.token}",
                 Content_Length=len(start) + pieces * len(content) + 4, **JSON)
        wire.send(start)
        while not wire.has_answer() and sent < pieces:
            wire.send(content)
            sent += 1
            if sent * 48 * 1024 > 25 * MIB:
                wire.has_answer(0.2)
        assert wire.status() == 413
        assert wire.body() == refusal(family, 413, holding("attachments", str(25 * MIB)), "attachments")
    assert 25 * MIB <= sent * 48 * 1024 < 26 * MIB
    nothing_is_kept(server, user)


def test_attachments_of_exactly_the_limit(start_server):
    user = new_user(start_server())
    [account] = said(user.get("/api/email/accounts"))["accounts"]
    content = bytes(range(256)) * (25 * MIB // 512)
    draft = {"from_account_id": account["_id"], "attachments": [
        {"filename": name, "data_base64": base64.b64encode(content).decode()} for name in "ab"]}
    made = said(user.post("/api/email/drafts", json=draft), 201)
    assert sum(each["size_bytes"] for each in made["attachments"]) == 25 * MIB
    assert said(user.delete(f"/api/email/drafts/{made['uid']}"), 204) is None


def test_documents_count_as_well(start_server):
    server = start_server(attachment_limit="1000")
    user = new_user(server)
    [account] = said(user.get("/api/email/accounts"))["accounts"]
    half = base64.b64encode(bytes(500)).decode()
    draft = said(user.post("/api/email/drafts", json={
        "from_account_id": account["_id"], "attachments": [{"data_base64": half}] * 2}), 201)
    [document, _] = [each["document_id"] for each in draft["attachments"]]
    more = {"attachments": [document, document, {"data_base64": "YQ=="}]}
    reply = user.patch(f"/api/email/drafts/{draft['uid']}", json=more)
    assert said(reply, 413) == email_error("too_large", holding("attachments", "1001", "1000"), {
        "field": "attachments", "message": holding("1001", "1000")})
    reply = user.post("/api/v1/email/outbound/drafts", json=more)
    assert said(reply, 413) == outbound_error(
        "ATTACHMENT_TOO_LARGE", holding("attachments", "1001", "1000"), field="attachments")
    assert said(user.get("/api/email/drafts")) == {"items": [draft], "count": 1}


def test_json_without_attachments(server, user):
    text = b'{"nothing": "' + b"x" * (30 * MIB) + b'"}'
    reply = user.post("/api/email/drafts", data=text,
                      headers={"Content-Type": "application/json"})
    assert said(reply, 413) == email_error("too_large")
    nothing_is_kept(server, user)


def test_a_body_of_unknown_size(start_server):
    server = start_server(body_limit="100K")
    user = new_user(server)

    def pieces(count):
        yield b'{"body_text": "'
        yield from [b"x" * 1000] * count
        yield b'"}'

    headers = {"Content-Type": "application/json"}
    drafts = "/api/v1/email/outbound/drafts"
    assert said(user.post(drafts, data=pieces(98), headers=headers), 201)
    with Wire(server) as wire:
        wire.say(f"POST {drafts}", Authorization=f"Bearer {user.token}",
                 Transfer_Encoding="chunked", **JSON)
        for piece in pieces(110):
            wire.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        assert wire.status() == 413
        assert wire.body() == outbound_error("ATTACHMENT_TOO_LARGE", holding("102400"))
    assert len(said(user.get(drafts))["data"]) == 1


def test_a_body_where_none_belongs(server, user):
    assert user.request("GET", "/api/email/drafts", data=b"x" * 1000).status_code == 200
    with Wire(server) as wire:
        wire.say("GET /api/email/drafts", Authorization=f"Bearer {user.token}",
                 Content_Length=65 * 1024)
        assert wire.status() == 413


@pytest.mark.parametrize("line, header, status", [
    ("GET /api/email/drafts", "x" * 40000, 431), ("GET /" + "x" * 40000, "x", 414),
])
def test_a_header_that_is_too_large(server, line, header, status):
    with Wire(server) as wire:
        wire.say(line, X_Long=header)
        assert wire.status() == status


# What never ends

@pytest.mark.parametrize("half", [
    "", "POST /api/email/dra", "POST /api/email/drafts HTTP/1.1\r\nHost: x\r\nAuthor",
    "POST /api/email/drafts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    "Content-Length: 1000\r\n\r\n{\"subject",
])
def test_half_a_request_is_closed_and_holds_no_worker(start_server, half):
    server = start_server(idle_timeout="1s", http_workers="1")
    user = new_user(server)
    wires = [Wire(server) for _ in range(5)]
    for wire in wires:
        wire.send(half)
    assert said(user.get("/api/email/drafts")) == {"items": [], "count": 0}
    for wire in wires:
        wire.socket.settimeout(20)
        while not wire.is_closed():
            pass
        wire.socket.close()
    user = server.client(user.token)  # its own connection may have been idle as long
    assert said(user.get("/api/email/drafts")) == {"items": [], "count": 0}


def test_a_drip_is_closed_too(start_server):
    """A byte now and then is not silence, but no request either."""
    server = start_server(header_timeout="1s")
    with Wire(server) as wire:
        wire.send("GET /healthz HTTP/1.1\r\nX: ")
        wire.socket.settimeout(20)
        stop = threading.Event()

        def drip():
            while not stop.wait(0.2):
                try:
                    wire.send("x")
                except OSError:
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            while not wire.is_closed():
                pass
        finally:
            stop.set()
            dripping.join()


# More than allowed

def test_more_connections_than_allowed(start_server):
    server = start_server(connections_per_address="4")
    user = new_user(server)
    assert said(user.get("/api/email/drafts"))["count"] == 0  # its connection stays
    others = [Wire(server) for _ in range(3)]
    for wire in others:
        wire.say("GET /healthz")
        assert wire.status() == 200
    with Wire(server) as refused:
        assert refused.is_closed()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{server.url}/healthz", timeout=20)
    assert said(user.get("/api/email/drafts"))["count"] == 0
    for wire in others:
        wire.read = b""
        wire.say("GET /healthz")
        assert wire.status() == 200
    others.pop().socket.close()

    def is_let_in():
        try:
            return requests.get(f"{server.url}/healthz", timeout=20).status_code == 200
        except requests.ConnectionError:
            return False

    wait_until(is_let_in, what="a free place")
    for wire in others:
        wire.socket.close()
