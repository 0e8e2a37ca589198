"""Tokens, scopes, paths, methods, ids and media types that do not fit, on every route.

covers: src/api/door.c src/api/routes.c src/api/failure.c src/model/identity.c
covers: src/store/identity_store.c
"""
import time

import pytest

from people import ALL, USER, new_token, new_user
from routes import ROUTES, methods_of, named
from shapes import TEXT, holding, outbound_error, problem, refusal, said
from wire import Wire

NO_ID = "01890000-0000-7000-8000-000000000000"
# The scopes that open a route; the first is the one that a refusal names.
READ, WRITE, DRAFT, APPROVE = "inbox:read", "inbox:write", "inbox:draft", "inbox:approve"
SCOPES = {
    "READ_DRAFT": [READ, WRITE, DRAFT], "WRITE_DRAFT": [WRITE, DRAFT], "SEND": [WRITE, DRAFT],
    "READ_OUTBOUND": [READ, WRITE, DRAFT, APPROVE], "ASK": [WRITE, DRAFT], "CHANGE_MAIL": [WRITE],
    "ERASE": ["admin"], "READ_CONVERSATION": [READ], "WRITE_CONVERSATION": [WRITE],
    "ANSWER": [WRITE, DRAFT], "READ_DOCUMENT": [READ, DRAFT, APPROVE],
    "LIST_DOCUMENTS": [READ, DRAFT], "WRITE_DOCUMENT": [WRITE, DRAFT],
    "LIST_MAILBOXES": [READ, WRITE, DRAFT, "admin"], "READ_MAILBOX": [READ],
    "CONNECT_MAILBOX": [WRITE], "CHANGE_MAILBOX": [WRITE, "admin"],
    "READ_SIGNATURE": [READ, WRITE], "WRITE_SIGNATURE": [WRITE],
    "READ_TEMPLATE": [READ, WRITE, DRAFT, "admin"], "WRITE_TEMPLATE": [WRITE, "admin"],
    "READ_CONTEXT": [READ, WRITE], "WRITE_CONTEXT": [WRITE],
}


@pytest.fixture(scope="module")
def user(server):
    """With a draft and a mailbox."""
    user = new_user(server)
    [account] = said(user.get("/api/email/accounts"))["accounts"]
    user.account = account["_id"]
    user.draft = said(user.post("/api/v1/email/outbound/drafts", json={"subject": "his"}), 201)
    return user


def id_for(path, user):
    return user.account if "accounts" in path else user.draft["id"]


def nothing_changed(user):
    assert said(user.get("/api/v1/email/outbound/drafts"))["data"] == [user.draft]
    assert [account["_id"] for account in said(user.get("/api/email/accounts"))["accounts"]] == [
        user.account]


# Tokens

@pytest.mark.parametrize("route", ROUTES, ids=named)
@pytest.mark.parametrize("token", [None, "ot_unknown", "x" * 5000],
                         ids=["none", "unknown", "long"])
def test_every_route_needs_a_token(server, user, route, token):
    method, path, family, _ = route
    reply = server.client(token).request(method, route.path(id_for(path, user)), **route.body())
    assert said(reply, 401) == refusal(family, 401)
    assert reply.headers["WWW-Authenticate"] == "Bearer"
    nothing_changed(user)


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_every_route_needs_its_scope(server, user, route):
    method, path, family, scope = route
    others = [other for other in ALL if other not in SCOPES[scope]]
    reply = server.client(new_token(server, user.address, *others)).request(
        method, route.path(id_for(path, user)), **route.body())
    assert said(reply, 403) == refusal(family, 403, holding(SCOPES[scope][0]))
    nothing_changed(user)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "{token}",
                                    "Token {token}", "Bearer {token}x", "Bearer x{token}",
                                    "Bearer {token} x"])
def test_what_is_no_bearer_token(server, user, header):
    reply = server.client(None).get("/api/email/drafts", headers={
        "Authorization": header.format(token=user.token)})
    assert said(reply, 401) == refusal("email", 401)


def test_the_scheme_is_read_in_any_case(server, user):
    reply = server.client(None).get("/api/email/drafts", headers={
        "Authorization": f"bEARER {user.token}"})
    assert reply.status_code == 200


def test_a_token_that_has_expired(server, user):
    client = server.client(new_token(server, user.address, *USER, expires_in="1s"))
    end = time.monotonic() + 20
    while client.get("/api/email/drafts").status_code == 200:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert said(client.get("/api/email/drafts"), 401) == refusal("email", 401, holding("expired"))


def test_a_token_that_was_revoked(server, user):
    known = {line.split('"')[3] for line in server.tool("token", "list", "--json").splitlines()}
    client = server.client(new_token(server, user.address, *USER))
    assert client.get("/api/email/drafts").status_code == 200
    [new] = {line.split('"')[3]
             for line in server.tool("token", "list", "--json").splitlines()} - known
    server.tool("token", "revoke", new)
    assert said(client.get("/api/email/drafts"), 401) == refusal("email", 401, holding("revoked"))


# Ids

# What the outbound family calls a thing that is not there; and bodies that are looked at before.
CODES = {"/drafts": "DRAFT_NOT_FOUND", "/correspondence": "CORRESPONDENCE_NOT_FOUND",
         "/documents": "DOCUMENT_NOT_FOUND"}
BODIES = {"/api/conversation/{id}": {"data": b'{"isResolved": true}'},
          "/api/email/outbound/{id}/resolve": {"data": b'{"outcome": "sent"}'}}


# An administrator's routes ask for the scope first: test_erasure.py.
@pytest.mark.parametrize("route", [route for route in ROUTES if "{id}" in route[1]
                                   and route[3] != "ERASE"], ids=named)
@pytest.mark.parametrize("whose", ["nobody", "colleague", "stranger", "malformed", "long", "odd"])
def test_an_id_that_is_not_his(server, user, route, whose):
    method, path, family, _ = route
    other = user
    if whose == "colleague":
        other = new_user(server)
    elif whose == "stranger":
        other = new_user(server, ALL, organization="Another")
    ids = {"nobody": NO_ID, "malformed": "not-an-id", "long": "0" * 3000, "odd": "%25s%0A%C3%BC'--"}
    body = {**route.body(), **BODIES.get(path, {})}
    reply = other.request(method, route.path(ids.get(whose) or id_for(path, user)), **body)
    refused = refusal(family, 404)
    if family == "outbound":
        refused = outbound_error(next(code for part, code in CODES.items() if part in path))
    elif "accounts" in path:
        refused["error"] = "EMAIL_ACCOUNT_NOT_FOUND"
    assert said(reply, 404) == refused
    nothing_changed(user)


# Methods and paths

@pytest.mark.parametrize("path, family", sorted({(route[1], route[2]) for route in ROUTES}))
def test_a_method_that_is_not_there(user, path, family):
    url = next(route for route in ROUTES if route[1] == path).path(id_for(path, user))
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"} - set(
            methods_of(path)):
        reply = user.request(method, url)
        assert said(reply, 405) == refusal(family, 405, holding(method))
        assert reply.headers["Allow"] == ", ".join(methods_of(path))
    nothing_changed(user)


@pytest.mark.parametrize("path, family", [
    ("/api/v1/", "outbound"), ("/api/v1/email/outbound", "outbound"),
    ("/api/v1/email/outbound/drafts/", "outbound"),
    ("/api/v1/email/outbound/drafts/x/y", "outbound"),
    ("/api/v1/email/outbound/drafts/x/send/", "outbound"), ("/api/email/nothing", "email"),
    ("/api/email/drafts/", "email"), ("/api/email/outbound/x/y", "email"),
    ("/api/conversations/x/y", "email"), ("/api/email/messages", "messages"),
    ("/api/email/messages/nothing", "messages"), ("/api/email/accounts/x/y", "messages"),
    ("/api/conversation/x/y", "messages"), ("/api/messages/nothing", "messages"),
])
def test_a_path_that_is_not_there(user, path, family):
    for method in ("GET", "POST", "DELETE"):
        assert said(user.request(method, path), 404) == refusal(family, 404)


@pytest.mark.parametrize("target", ["/api/%zz", "/api/%00", "/api/%ff",
                                    "/api/email/drafts?page=%0"])
def test_a_target_that_cannot_be_read(server, user, target):
    with Wire(server) as wire:  # requests would mend the target on its way
        wire.say(f"GET {target}", Authorization=f"Bearer {user.token}")
        assert wire.status() == 400


# Media types

WRITERS = [route for route in ROUTES if route.kind]


@pytest.mark.parametrize("route", WRITERS, ids=named)
@pytest.mark.parametrize("kind", [None, "text/plain", "application/jsonx", "multipart/form-datas",
                                  "application/x-www-form-urlencoded", "x/application/json"])
def test_a_body_of_another_kind(user, route, kind):
    method, path, family, _ = route
    reply = user.request(method, route.path(id_for(path, user)), data=b"{}",
                         headers={"Content-Type": kind} if kind else {})
    assert said(reply, 415) == refusal(family, 415, holding(route.kind))
    nothing_changed(user)


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8",
                                  "Application/JSON ;charset=utf-8"])
def test_json_by_its_other_names(server, kind):
    reply = new_user(server).post("/api/v1/email/outbound/drafts", data=b"{}",
                                  headers={"Content-Type": kind})
    assert reply.status_code == 201


def test_outside_the_families(user):
    assert said(user.post("/healthz"), 405) == problem(405, "Method Not Allowed", TEXT)
