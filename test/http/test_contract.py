"""What every row of the three families' table has in common: what is no JSON, what is too large,
and calls under a key.

covers: src/api/routes.c src/api/idempotency.c src/api/failure.c src/api/lifting.c
"""
import itertools
import json

import pytest

from files import FORM, form, part, unique
from received import user_with_mailbox
from routes import ROUTES, named
from shapes import email_error, holding, messages_error, outbound_error, refusal, said
from walking import EMAIL, MESSAGES, OUTBOUND
from wire import Wire

MIB = 1024 * 1024
JSON_ROWS = [route for route in ROUTES if route.kind == "application/json"]
BODY_ROWS = [route for route in ROUTES if route.kind]
POST_ROWS = [route for route in ROUTES if route[0] == "POST"]
MISMATCH = {"outbound": outbound_error("IDEMPOTENCY_MISMATCH", holding("another payload")),
            "email": email_error("idempotency_mismatch", holding("another payload")),
            "messages": messages_error("IDEMPOTENCY_MISMATCH", holding("another payload"))}
keys = itertools.count(1)


@pytest.fixture(scope="module")
def user(server):
    """With a draft, which no test of this file may change."""
    user = user_with_mailbox(server)
    user.draft = said(user.post(f"{EMAIL}/drafts", json={
        "from_account_id": user.account, "subject": "untouched"}), 201)
    return user


def new_key():
    return {"Idempotency-Key": f"contract-{next(keys)}"}


def path_of(route, user):
    return route.path(user.account if "accounts" in route[1] else user.draft["uid"])


def body_of_row(route):
    """One that is read to its end, in its media type."""
    forms = {"/api/v1/documents": "file", "/api/upload": "files"}
    if route[1] in forms:
        return {"data": form(part(forms[route[1]], "x", "a.txt")), "headers": dict(FORM)}
    return {"headers": {}, **route.body()}


def nothing_changed(server, user):
    assert said(user.get(f"{EMAIL}/outbound"))["count"] == 1
    assert said(user.get(f"{EMAIL}/drafts/{user.draft['uid']}")) == user.draft
    assert len(said(user.get(f"{EMAIL}/accounts"))["accounts"]) == 1
    assert said(user.get(f"{EMAIL}/templates"))["count"] == 0
    assert server.mails(user.address) == []


# Bodies

@pytest.mark.parametrize("route", JSON_ROWS, ids=named)
@pytest.mark.parametrize("text, words", [
    (b'{"subject": "x",}', ["line 1, column 17"]), (b'{"a": "\xff"}', ["UTF-8"]),
    (b'{"a": 1, "a": 1}', ["twice"]), (b'{"a": "\\u0000"}', ["\\u0000"]),
    (b"[]", ["must be an object"]), (b"[" * 10000, ["nested deeper"]),
], ids=lambda value: str(value)[:20])
def test_what_is_no_json_object(server, user, route, text, words):
    reply = user.request(route[0], path_of(route, user), data=text,
                         headers={"Content-Type": "application/json"})
    assert said(reply, 400) == refusal(route[2], 400, holding(*words))
    nothing_changed(server, user)


@pytest.mark.parametrize("route", [route for route in JSON_ROWS if "contexts" not in route[1]],
                         ids=named)
def test_a_key_that_is_not_known(server, user, route):
    """In another case, too: a field that is overlooked is worse than a refusal."""
    for name in ("Subject", "no_such_field", ""):
        reply = user.request(route[0], path_of(route, user), json={name: "x"})
        assert said(reply, 400) == refusal(route[2], 400, holding("not a known field"), name)
    nothing_changed(server, user)


@pytest.mark.parametrize("route", BODY_ROWS, ids=named)
def test_a_body_that_is_announced_too_large(server, user, route):
    kind = FORM["Content-Type"] if "form" in route.kind else route.kind
    with Wire(server) as wire:
        wire.say(f"{route[0]} {path_of(route, user)}", Authorization=f"Bearer {user.token}",
                 Content_Length=1024 * MIB, Content_Type=kind)
        assert wire.status() == 413
        assert wire.body() == refusal(route[2], 413, holding("bytes"))
    nothing_changed(server, user)


@pytest.mark.parametrize("route", JSON_ROWS, ids=named)
def test_json_that_is_too_large(server, user, route):
    """Without files a body is small, whatever a mail's attachments may have."""
    text = b'{"subject": "' + b"x" * (30 * MIB) + b'"}'
    reply = user.request(route[0], path_of(route, user), data=text,
                         headers={"Content-Type": "application/json"})
    assert said(reply, 413) == refusal(route[2], 413)
    nothing_changed(server, user)


# Keys

NO_ID = "01890000-0000-7000-8000-000000000000"
# What a call needs so that it can be understood: by its meaning a key is known again.
UNDERSTOOD = {
    f"{OUTBOUND}/drafts": {"subject": "another"},
    f"{OUTBOUND}/reply-envelope": {"correspondence_id": NO_ID},
    f"{OUTBOUND}/forward-envelope": {"correspondence_id": NO_ID},
    f"{EMAIL}/outbound/{{id}}/resolve": {"outcome": "sent"},
    f"{EMAIL}/templates": {"name": "t"},
    f"{EMAIL}/messages/send": {"from": "a@example.com", "to": "a@example.com", "body": "b"},
    f"{EMAIL}/accounts": {"provider": "sandbox", "emailAddress": "a@example.com"},
    f"{EMAIL}/oauth/complete": {"completion": "c"},
}


@pytest.mark.parametrize("route", POST_ROWS, ids=named)
def test_a_key_that_another_call_has_used(server, user, route):
    key = new_key()
    made = said(user.post(f"{OUTBOUND}/drafts", json={}, headers=key), 201)
    body = body_of_row(route)
    body["headers"].update(key)
    if route[1] in UNDERSTOOD:
        body["data"] = json.dumps(UNDERSTOOD[route[1]])
    query = f"?account={NO_ID}" if route[1].endswith("/import") else ""
    reply = user.post(path_of(route, user) + query, **body)
    said(user.delete(f"{OUTBOUND}/drafts/{made['id']}"), 204)
    assert said(reply, 422) == MISMATCH[route[2]]
    assert "Idempotent-Replayed" not in reply.headers
    nothing_changed(server, user)


@pytest.mark.parametrize("route", POST_ROWS, ids=named)
@pytest.mark.parametrize("key", ["a b", "x" * 256], ids=["spaces", "long"])
def test_what_is_no_key(server, user, route, key):
    body = body_of_row(route)
    body["headers"]["Idempotency-Key"] = key
    reply = user.post(path_of(route, user), **body)
    assert said(reply, 400) == refusal(route[2], 400, holding("idempotency_key"),
                                       "idempotency_key")
    nothing_changed(server, user)


MAIL = {"to": ["a@example.com"], "subject": "s"}
RAW = b"From: a@example.com\r\nSubject: x\r\nMessage-ID: <%d@client.example>\r\n\r\nb\r\n"


def json_call(path, status, body, other):
    return lambda user: (path, status, {"json": body(user)}, {"json": {**body(user), **other}})


def document_call(_):
    first, second = (form(part("file", unique(), "a.txt")) for _ in range(2))
    return "/api/v1/documents", 201, {"data": first}, {"data": second}


def upload_call(_):
    first, second = (form(part("files", unique(), "a.txt")) for _ in range(2))
    return "/api/upload", 200, {"data": first}, {"data": second}


def import_call(user):
    return (f"/api/email/messages/import?account={user.account}", 201,
            {"data": RAW % next(keys)}, {"data": RAW % next(keys)})


CALLS = {
    "outbound drafts": json_call(f"{OUTBOUND}/drafts", 201, lambda _: MAIL, {"subject": "t"}),
    "outbound send": json_call(f"{OUTBOUND}/send", 200, lambda _: MAIL, {"subject": "t"}),
    "documents": document_call,
    "email drafts": json_call(f"{EMAIL}/drafts", 201, lambda user: {
        "from_account_id": user.account, **MAIL}, {"to": "b@example.com"}),
    "email send": json_call(f"{EMAIL}/send", 200, lambda user: {
        "from_account_id": user.account, **MAIL}, {"cc": "b@example.com"}),
    "templates": json_call(f"{EMAIL}/templates", 201, lambda _: {"name": "n"}, {"name": "m"}),
    "messages send": json_call(MESSAGES, 200, lambda user: {
        "from": user.address, "to": "a@example.com", "body": "b"}, {"body": "c"}),
    "import": import_call,
    "upload": upload_call,
    "accounts": json_call(f"{EMAIL}/accounts", 201, lambda user: {
        "provider": "sandbox", "emailAddress": f"two.{user.address}"}, {"displayName": "Two"}),
}
TYPES = {"documents": FORM, "upload": FORM, "import": {"Content-Type": "message/rfc822"}}


@pytest.mark.parametrize("call", CALLS)
def test_the_same_call_again(server, call):
    """The first reply again, and nothing is made twice; another payload is refused."""
    family = "outbound" if call in ("outbound drafts", "outbound send", "documents") else \
        "email" if call in ("email drafts", "email send", "templates") else "messages"
    user = user_with_mailbox(server)
    path, status, body, other = CALLS[call](user)
    headers = {**new_key(), **TYPES.get(call, {})}
    first = user.post(path, headers=headers, **body)
    count = counted(server, user)
    for _ in range(2):
        again = user.post(path, headers=headers, **body)
        assert said(again, status) == said(first, status)
        assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert said(user.post(path, headers=headers, **other), 422) == MISMATCH[family]
    assert counted(server, user) == count


def counted(server, user):
    return (said(user.get(f"{EMAIL}/outbound"))["count"],
            said(user.get(f"{EMAIL}/templates"))["count"],
            said(user.get("/api/conversation"))["total"], len(server.mails(user.address)),
            len(said(user.get("/api/v1/documents"))["data"]),
            len(said(user.get(f"{EMAIL}/accounts"))["accounts"]))


def test_a_draft_is_sent_under_a_key(server):
    user = user_with_mailbox(server)
    draft = said(user.post(f"{OUTBOUND}/drafts", json=MAIL), 201)
    path, key = f"{OUTBOUND}/drafts/{draft['id']}/send", new_key()
    first, again = user.post(path, headers=key), user.post(path, headers=key)
    assert said(first) == said(again)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = said(user.post(f"{OUTBOUND}/drafts", json=MAIL), 201)
    refused = user.post(f"{OUTBOUND}/drafts/{other['id']}/send", headers=key)
    assert said(refused, 422) == MISMATCH["outbound"]
    assert len(server.mails(user.address)) == 1
