"""How many requests a token may make: told with each reply, and refused beyond.

covers: src/api/limiting.c src/api/rate_limit.c
"""
import time

import pytest

from people import ADMIN, new_token, new_user
from running import Server
from shapes import email_error, messages_error, outbound_error, problem, said

LIMIT, BACK_AFTER = 5, 60 / 5  # seconds until one request more may be made
MESSAGE = "this token may make 5 requests a minute"
DRAFTS = "/api/v1/email/outbound/drafts"
FAMILIES = [
    ("/api/v1/email/outbound/drafts", outbound_error("RATE_LIMIT_EXCEEDED", MESSAGE)),
    ("/api/email/outbound", email_error("rate_limited", MESSAGE)),
    ("/api/email/accounts", messages_error("TOO_MANY_REQUESTS", MESSAGE)),
    ("/api/tokens", problem(429, "Too Many Requests", MESSAGE)),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory, authority):
    with Server(tmp_path_factory.mktemp("server"), authority, requests_per_minute=LIMIT) as running:
        yield running


@pytest.fixture
def user(server):
    return new_user(server, scopes=ADMIN, mailbox=False)


def rate(reply):
    """Limit, what remains, and in how many seconds all of it is back."""
    limit, remaining, reset = (int(reply.headers[f"X-RateLimit-{name}"])
                               for name in ("Limit", "Remaining", "Reset"))
    return limit, remaining, reset - time.time()


def use_up(user):
    for _ in range(LIMIT):
        assert user.get(DRAFTS).status_code == 200


def test_each_reply_says_what_is_left(user):
    """Also one that refuses, and whatever the family."""
    replies = [user.get(DRAFTS), user.post(DRAFTS, json={"to": "nobody"}),
               user.get("/api/email/accounts"), user.delete(f"{DRAFTS}/{'0' * 26}")]
    assert [reply.status_code for reply in replies] == [200, 400, 200, 404]
    for number, reply in enumerate(replies, 1):
        limit, remaining, back_in = rate(reply)
        assert (limit, remaining) == (LIMIT, LIMIT - number)
        assert number * BACK_AFTER - 5 < back_in <= number * BACK_AFTER + 1


@pytest.mark.parametrize("path, body", FAMILIES)
def test_over_the_limit(user, path, body):
    use_up(user)
    refused = user.get(path)
    assert said(refused, 429) == body
    assert 1 <= int(refused.headers["Retry-After"]) <= BACK_AFTER
    assert rate(refused)[:2] == (LIMIT, 0)


def test_what_is_refused_changes_nothing(server, user):
    """Each token has a bucket of its own, also where both are one user's."""
    use_up(user)
    draft = {"to": ["b@example.com"], "subject": "s"}
    assert user.post(DRAFTS, json=draft, headers={"Idempotency-Key": "k"}).status_code == 429
    other = server.client(new_token(server, user.address, *ADMIN))
    assert said(other.get("/api/email/drafts"))["count"] == 0
    assert other.post(DRAFTS, json=draft, headers={"Idempotency-Key": "k"}).status_code == 201


def test_a_large_body_is_refused_before_it_has_come(user):
    use_up(user)
    reply = user.post(DRAFTS, data=b'{"subject": "' + b"x" * 300_000, stream=True,
                      headers={"Content-Type": "application/json"})
    assert (reply.status_code, reply.headers["Connection"]) == (429, "close")


def test_who_has_no_token_is_told_what_a_token_may(server):
    reply = server.client(None).get(DRAFTS)
    assert reply.status_code == 401 and rate(reply)[:2] == (LIMIT, LIMIT)
    reply = server.client(None).get("/healthz")  # which counts nothing
    assert reply.status_code == 200
    assert not [name for name in reply.headers if name.lower().startswith("x-ratelimit")]


def test_without_a_limit(start_server):
    server = start_server(requests_per_minute=0)
    reply = server.client(server.token).get(DRAFTS)
    assert reply.status_code == 200 and "X-RateLimit-Limit" not in reply.headers
