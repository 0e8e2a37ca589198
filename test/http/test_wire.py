"""What no client library would send: refused with the reason, in its family's own words, counted by
its status, and logged at debug with the address of who sent it.

covers: src/http/flow.c src/http/head.c src/http/framing.c src/http/chunk.c src/api/door.c
"""
import pytest

from people import ALL, new_user
from running import wait_until
from shapes import TEXT, holding, problem, refusal, said
from test_health import Metrics
from wire import Wire

PATHS = {"outbound": "/api/v1/email/outbound/send", "email": "/api/email/send",
         "messages": "/api/email/messages/send"}
HEAD = " HTTP/1.1\r\nHost: x\r\n"
JSON = HEAD + "Content-Type: application/json\r\n"
CHUNKED = JSON + "Authorization: Bearer {token}\r\nTransfer-Encoding: chunked\r\n\r\n"

# What follows POST and the path.
REFUSED = {
    "two lengths": (JSON + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{{}}", 400,
                    "Content-Length may be there once"),
    "length and chunks": (JSON + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
                          "exclude each other"),
    "coding": (JSON + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501, "chunked is the only"),
    "two hosts": (HEAD + "Host: y\r\n\r\n", 400, "Host may be there once"),
    "no host": (" HTTP/1.1\r\n\r\n", 400, "needs the header Host"),
    "version": (" HTTP/2.0\r\n\r\n", 505, "HTTP/1.1"),
    "NUL": (HEAD + "X: a\0b\r\n\r\n", 400, "NUL"),
    "folded": (HEAD + "X: a\r\n b\r\n\r\n", 400, "folded"),
    "line feeds": (" HTTP/1.1\nHost: x\n\n", 400, "CRLF"),
    "parameters": ("?" + "a&" * 400 + HEAD + "\r\n", 414, "256 parameters"),
    "long target": ("?" + "a" * 20000 + HEAD + "\r\n", 414, "16384 bytes"),
    "long header": (HEAD + "X: " + "a" * 20000 + "\r\n\r\n", 431, "16384 bytes"),
    "fields": (HEAD + "X: a\r\n" * 300 + "\r\n", 431, "200 fields"),
    "chunk lines": (CHUNKED + "2\n{{}}\n0\n\n", 400, "chunks"),
    "chunk extension": (CHUNKED + "2;" + "a" * 5000, 400, "chunks"),
}


@pytest.mark.parametrize("family", PATHS)
@pytest.mark.parametrize("kind", REFUSED)
def test_refused_in_its_familys_manner(server, family, kind):
    rest, status, reason = REFUSED[kind]
    before = Metrics(server)["http_refusals_total", str(status)]
    with Wire(server) as wire:
        wire.send(f"POST {PATHS[family]}{rest.format(token=server.token)}")
        assert wire.status() == status
        assert wire.body() == refusal(family, status, holding(reason))
        head = wire.read.partition(b"\r\n\r\n")[0].decode()
        assert "\r\nContent-Type: application/json" in head and "Connection: close" in head
        assert wire.is_closed()
    assert Metrics(server)["http_refusals_total", str(status)] == before + 1
    assert said(server.client(server.token).get("/api/email/outbound"))["count"] == 0


@pytest.mark.parametrize("target", ["/api%2Femail%2Fdrafts", "/api/email%2fdrafts", "/a%5Cb",
                                    "/healthz/../metrics", "/%2e%2e/healthz", "healthz", "/a\0b"])
def test_paths_that_others_might_read_in_another_way(server, target):
    with Wire(server) as wire:
        wire.send(f"GET {target}{HEAD}\r\n")
        assert wire.status() == 400
        field = [] if "\0" in target else [{"field": "path", "message": TEXT}]
        assert wire.body() == {**problem(400, "Bad Request"), **({"errors": field} if field else {})}


def test_a_value_does_not_end_at_a_nul(server):
    with Wire(server) as wire:
        wire.send(f"GET /api/email/drafts{HEAD}Authorization: Bearer {server.token}\0x\r\n\r\n")
        assert wire.status() == 400


def test_a_header_that_does_not_come(start_server):
    """However often a byte of it does."""
    server = start_server(header_timeout="1s")
    with Wire(server) as wire:
        wire.send(f"GET /api/email/drafts{HEAD}X: ")
        while not wire.has_answer(0.05):
            wire.send("x")
        assert wire.status() == 408
        assert wire.body() == refusal("email", 408, holding("within 1 s"))


def test_the_address_behind_a_proxy(start_server):
    server = start_server(trusted_proxies="127.0.0.1, 10.0.0.0/8", log_level="debug")
    with Wire(server) as wire:
        wire.send(f"GET /{HEAD}X-Forwarded-For: 6.6.6.6, 1.2.3.4, 10.0.0.9\r\nHost: y\r\n\r\n")
        assert wire.status() == 400
    wait_until(lambda: "event=request_refused address=1.2.3.4 status=400" in server.said(),
               what="the line in the log")


def test_polls_leave_room_for_others(start_server):
    """Many tokens of one address wait; a quarter of its connections is not for that."""
    server = start_server(connections_per_address="16")
    users = [new_user(server, ALL, organization="polls") for _ in range(2)]
    after = said(users[0].get("/api/events?after=0&limit=1000"))["next_after"]
    wires = [Wire(server) for _ in range(14)]
    for number, wire in enumerate(wires):
        user = users[number % 2]
        wire.say(f"GET /api/events?after={after}&wait=60", Authorization=f"Bearer {user.token}")
    answered = [wire for wire in wires if wire.has_answer(1)]
    assert len(answered) == 2 and {wire.status() for wire in answered} == {429}
    assert server.client(None).get("/healthz").status_code == 200
    for wire in wires:
        wire.socket.close()
