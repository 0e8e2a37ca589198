"""Who may do what to whose things, on every route: what docs/security.md says is what the server does.

What is expected is read from the table in docs/security.md, which a golden test holds to the server's
own, and from what each route in src/api/routes.c says that it is about.

covers: src/api/permission.c src/api/routes.c src/model/rights.c
"""
import itertools
import json
import re
import types

import pytest

from people import ALL, new_user
from routes import ALL_ROUTES, ROUTES, named
from running import ROOT
from shapes import said

NO_ID = "01890000-0000-7000-8000-000000000000"
SETS = [set(some) for size in range(1, len(ALL) + 1) for some in itertools.combinations(ALL, size)]
RECORDS = "/api/email/outbound"
NAMES = {"THING_" + name: name for name in (
    "DRAFT", "PENDING", "MAIL", "CONVERSATION", "DOCUMENT", "MAILBOX", "SIGNATURE", "TEMPLATE",
    "CONTEXT", "TOKEN", "USER", "WEBHOOK", "QUOTA", "AUDIT")}
PRINTED = {"pending mail": "PENDING", "audit log": "AUDIT"}


def table():
    """{(thing, act): {scope: whose}}"""
    page = (ROOT / "docs/security.md").read_text()
    rows = page.split("<!-- rights: begin -->\n")[1].split("<!-- rights: end -->")[0].splitlines()
    scopes = [cell.strip(" `") for cell in rows[0].strip("|").split("|")][1:]
    assert scopes == ALL
    rights = {}
    for row in rows[2:]:
        thing, *cells = [cell.strip() for cell in row.strip("|").split("|")]
        for scope, cell in zip(scopes, cells):
            if ": " in cell:
                whose, acts = cell.split(": ")
                for act in acts.split(", "):
                    key = PRINTED.get(thing, thing.upper()), act.upper()
                    rights.setdefault(key, {})[scope] = whose
    return rights


def routes_about():
    """{name of a group in routes.c: (things, acts)}"""
    text = (ROOT / "src/api/routes.c").read_text()
    outbound = "THING_DRAFT | THING_PENDING | THING_MAIL"
    found = {}
    for name, things, acts in re.findall(r"#define (\w+) \{([^,{}]+), ([^{}]+)\}", text):
        things = things.replace("OUTBOUND", outbound)
        found[name] = ({NAMES[one.strip()] for one in things.split("|")},
                       {one.strip().removeprefix("ACT_") for one in acts.split("|")})
    return found


RIGHTS, ABOUT = table(), routes_about()


def opens(scopes, group):
    things, acts = ABOUT[group]
    return any(scope in scopes for thing in things for act in acts
               for scope in RIGHTS.get((thing, act), {}))


def test_every_route_has_rights():
    assert {route[3] for route in ALL_ROUTES} - {"ANYBODY"} <= set(ABOUT)
    assert len(SETS) == 63 and len(ROUTES) >= 50


@pytest.fixture(scope="module")
def house(server):
    """A user with a token of every set of scopes; a colleague; a stranger. Each has one of each thing."""
    made = types.SimpleNamespace(server=server, user=new_user(server, ALL),
                                 colleague=new_user(server, ALL),
                                 stranger=new_user(server, ALL, organization="Others"))
    made.clients = [(scopes, server.client(said(made.user.post(
        "/api/tokens", json={"scopes": sorted(scopes)}), 201)["token"])) for scopes in SETS]
    for who in "user", "colleague", "stranger":
        setattr(made, who + "s", things_of(getattr(made, who)))
    return made


def things_of(owner):
    account = next(one["_id"] for one in said(owner.get("/api/email/accounts"))["accounts"]
                   if one["emailAddress"] == owner.address)
    mail = {"from_account_id": account, "to": ["b@example.com"], "subject": "s", "body_text": "t"}
    draft = said(owner.post("/api/email/drafts", json=mail), 201)["uid"]
    pending = said(owner.post("/api/email/drafts", json=mail), 201)["uid"]
    said(owner.post(f"{RECORDS}/{pending}/submit", json={}))
    sent = said(owner.post("/api/email/messages/send", json={
        "from": owner.address, "to": "b@example.com", "body": "b"}))
    document = said(owner.post("/api/v1/documents", files={"file": ("a.txt", b"a")}), 201)["id"]
    template = said(owner.post("/api/email/templates", json={"name": "t"}), 201)["uid"]
    return types.SimpleNamespace(draft=draft, pending=pending, mail=sent["message"]["_id"],
                                 conversation=sent["conversationId"], document=document,
                                 template=template, mailbox=account)


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_the_door_of_every_route_with_every_set_of_scopes(house, route):
    """A body of a media type that the route does not take: the scope is looked at before it."""
    method, _, _, group = route
    for scopes, client in house.clients:
        options = {"data": b"x", "headers": {"Content-Type": "text/x"}} if route.kind else {}
        status = client.request(method, route.path(NO_ID), **options).status_code
        if not opens(scopes, group):
            assert status == 403, scopes
        elif route.kind:
            assert status == 415, scopes
        else:
            assert status in (200, 400, 404, 503), (scopes, status)


def reaches(scopes, thing, act):
    """Whose: "", "this token's", "own", "organization's"."""
    widened = {"DRAFT", "MAIL", "CONVERSATION", "DOCUMENT", "MAILBOX"}
    whose = [RIGHTS.get((thing, act), {}).get(scope) for scope in scopes]
    if "own" in whose and "inbox:all" in scopes and thing in widened:
        return "organization's"
    for one in "organization's", "own", "this token's":
        if one in whose:
            return one
    return ""


READS = [  # path, what its id is of, what each is called in the table
    ("/api/v1/email/outbound/drafts/{}", "draft", "DRAFT"),
    ("/api/email/drafts/{}", "draft", "DRAFT"),
    ("/api/email/outbound/{}", "draft", "DRAFT"),
    ("/api/email/outbound/{}", "pending", "DRAFT"),
    ("/api/email/outbound/{}/events", "pending", "DRAFT"),
    ("/api/email/outbound/{}", "mail", "MAIL"),
    ("/api/email/outbound/{}/events", "mail", "MAIL"),
    ("/api/email/outbound/{}/raw", "mail", "MAIL"),
    ("/api/conversation/{}", "conversation", "CONVERSATION"),
    ("/api/conversations/{}", "conversation", "CONVERSATION"),
    ("/api/v1/documents/{}", "document", "DOCUMENT"),
    ("/api/v1/documents/{}/download", "document", "DOCUMENT"),
    ("/api/messages/download?key={}", "document", "DOCUMENT"),
    ("/api/email/templates/{}", "template", "TEMPLATE"),
]


@pytest.mark.parametrize("path, kind, thing", READS)
def test_what_is_read_of_whom(house, path, kind, thing):
    for scopes, client in house.clients:
        reach = reaches(scopes, thing, "READ")
        is_approver = kind == "pending" and "inbox:approve" in scopes
        shown = {"users": reach in ("own", "organization's") or is_approver,
                 "colleagues": reach == "organization's" or is_approver, "strangers": False}
        for whose, is_shown in shown.items():
            status = client.get(path.format(getattr(getattr(house, whose), kind))).status_code
            if is_shown:
                assert status == 200, (scopes, whose)
            else:  # what is others' is not there, unless nothing of the kind may be read at all
                assert status in ((403,) if whose == "users" else (403, 404)), (scopes, whose)


def state_of(owner, things):
    return [said(owner.get(f"/api/email/drafts/{uid}"))["version"]
            for uid in (things.draft, things.pending, things.mail)] + [
        said(owner.get("/api/v1/documents")), said(owner.get(f"/api/email/templates/{things.template}")),
        said(owner.get(f"/api/conversation/{things.conversation}"))["conversation"]["isResolved"]]


IDS = {"drafts": "draft", "outbound": "draft", "documents": "document", "accounts": "mailbox",
       "conversation": "conversation", "conversations": "conversation", "correspondence": "mail"}
BODIES = {"/api/conversation/{id}": {"isResolved": True},
          "/api/email/outbound/{id}/reject": {"reason": "r"},
          "/api/email/outbound/{id}/approve": {"content_sha256": "0" * 64},
          "/api/email/outbound/{id}/resolve": {"outcome": "sent"}}
CHANGES = [route for route in ALL_ROUTES if "{id}" in route[1] and route[0] != "GET"
           and "templates" not in route[1]]


@pytest.mark.parametrize("route", CHANGES, ids=named)
def test_nothing_of_others_is_changed(house, route):
    """A colleague's only by what reaches the organization; a stranger's by nothing."""
    method, path, _, group = route
    things, acts = ABOUT[group]
    part = re.search(r"/(\w+)/\{id\}", path)[1]
    for scopes, client in house.clients:
        wide = any(reaches(scopes, thing, act) == "organization's" and thing != "PENDING"
                   for thing in things for act in acts)
        for whose in ("strangers",) if wide else ("strangers", "colleagues"):
            identifier = getattr(getattr(house, whose), IDS[part])
            options = {"json": BODIES.get(path, {})} if route.kind else {}
            status = client.request(method, path.replace("{id}", identifier),
                                    **options).status_code
            assert status == (404 if opens(scopes, group) else 403), (scopes, whose)


def test_all_is_as_it_was(house):
    """After what others have tried above."""
    for whose in "colleague", "stranger":
        owner, things = getattr(house, whose), getattr(house, whose + "s")
        assert state_of(owner, things)[:3] == [1, 1, 1]
        assert len(state_of(owner, things)[3]["data"]) == 1
        assert state_of(owner, things)[5] is False


def test_missing_things_are_alike(house):
    """A colleague's, a stranger's and nobody's: one body, whatever the id."""
    client = next(client for scopes, client in house.clients
                  if scopes == {"inbox:read", "inbox:write", "inbox:approve"})
    for path, kind, thing in READS:
        if kind in ("template", "pending"):
            continue
        bodies = {json.dumps(said(client.get(path.format(one)), 404), sort_keys=True)
                  for one in (getattr(house.colleagues, kind), getattr(house.strangers, kind), NO_ID)}
        assert len(bodies) == 1, path
