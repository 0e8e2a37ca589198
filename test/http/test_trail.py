"""What is done to the server rather than to mail: each act is an event of the organization's trail,
by the API and by the command line, and tells no secret and no content.

covers: src/store/trail.c src/model/administration.c src/api/tokens.c
"""
import concurrent.futures
import hashlib
import json
import time
from unittest.mock import ANY

import pytest

from people import ALL, new_token, new_user
from running import wait_until
from shapes import MILLISECONDS, SHA256, UID, holding, problem, said

EVENTS, TOKENS, ACCOUNTS, WEBHOOKS = ("/api/events", "/api/tokens", "/api/email/accounts",
                                      "/api/webhooks")
TEMPLATES, SIGNATURE = "/api/email/templates", "/api/v1/email/outbound/signature"
DRAFTS, SEND = "/api/email/drafts", "/api/email/send"


def of(text):
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def admin(server):
    """Alone in an organization."""
    client = new_user(server, ALL, organization=f"trail {time.monotonic_ns()}")
    [account] = said(client.get(ACCOUNTS))["accounts"]
    client.account = account["_id"]
    [token] = said(client.get(TOKENS))["tokens"]
    client.token_id = token["id"]
    client.user_id = read(client)[1]["subject_id"]
    return client


def read(client, **query):
    return said(client.get(EVENTS, params={"limit": 1000, **query}))["events"]


def act(admin, kind, subject, detail, **more):
    """An event of administration, whole, as the administrator made it by the API."""
    return {"number": more.pop("number", ANY), "type": kind, "timestamp": MILLISECONDS,
            "email_id": None, "event": kind, "from": None, "to": None, "actor": admin.user_id,
            "token_id": admin.token_id, "subject_id": subject, "address": "127.0.0.1",
            "request_id": UID, "reason": None, "detail": detail, "mail_sha256": None,
            "hash": SHA256, **more}


def news(client, work):
    """The events that work makes, and what it returns."""
    before = read(client)[-1]["number"]
    result = work()
    return read(client, after=before), result


def test_what_the_operator_does(server, admin):
    """An organization begins with its own creation; the command line is the operator."""
    def operators(number, kind, subject, detail):
        event = act(admin, kind, subject, detail, number=number, actor="operator", token_id=None,
                    request_id=None)
        del event["address"]
        return event

    events = read(admin)
    organization = events[0]["subject_id"]
    assert events == [
        operators(1, "organization.created", organization, {"name": holding("trail ")}),
        operators(2, "user.created", admin.user_id,
                  {"email": admin.address, "requires_approval": False}),
        operators(3, "mailbox.connected", admin.account,
                  {"user_id": admin.user_id, "provider": "sandbox", "is_default": True,
                   "email_address": admin.address, "requires_approval": False}),
        operators(4, "token.created", admin.token_id,
                  {"user_id": admin.user_id, "expires_at": None, "scopes": " ".join(ALL)})]

    def last(*arguments):
        made, printed = news(admin, lambda: server.tool(*arguments))
        [event] = made
        return event, printed

    event, _ = last("user", "change", "--email", admin.address, "--requires-approval", "yes")
    assert event == operators(5, "user.changed", admin.user_id,
                              {"requires_approval": {"from": False, "to": True}})
    unchanged = news(admin, lambda: server.tool("user", "change", "--email", admin.address,
                                                "--requires-approval", "yes"))[0]
    assert unchanged == []
    event, printed = last("token", "create", "--user", admin.address, "--scope", "inbox:read",
                          "--label", "crm", "--json")
    token = json.loads(printed)["id"]
    told = {"user_id": admin.user_id, "scopes": "inbox:read", "label": "crm", "expires_at": None}
    assert event == operators(6, "token.created", token, told)
    event, _ = last("token", "revoke", token)
    assert event == operators(7, "token.revoked", token, told)
    event, printed = last("webhook", "add", "--user", admin.address, "--url",
                          "https://hooks.example.com/secret", "--json")
    webhook = json.loads(printed)["id"]
    told = {"origin": "https://hooks.example.com", "events": [], "is_active": True}
    assert event == operators(8, "webhook.created", webhook, told)
    event, _ = last("webhook", "remove", webhook)
    assert event == operators(9, "webhook.deleted", webhook, told)


def tokens(admin):
    made = said(admin.post(TOKENS, json={"scopes": ["inbox:read"], "label": "l"}), 201)
    said(admin.delete(f"{TOKENS}/{made['id']}"), 204)
    told = {"user_id": admin.user_id, "scopes": "inbox:read", "label": "l", "expires_at": None}
    return [act(admin, "token.created", made["id"], told),
            act(admin, "token.revoked", made["id"], told)], [made["token"]]


def mailboxes(admin):
    body = {"provider": "sandbox", "emailAddress": "second@outtray.example"}
    made = said(admin.post(ACCOUNTS, json=body), 201)["account"]["_id"]
    for change in ({"requiresApproval": True}, {"requiresApproval": False},
                   {"requiresApproval": False}, {"signatureHtml": "<b>Regards</b>"},
                   {"displayName": "Second", "undoSeconds": 5}):
        said(admin.patch(f"{ACCOUNTS}/{made}", json=change))
    said(admin.delete(f"{ACCOUNTS}/{made}"))
    said(admin.post(ACCOUNTS, json=body), 201)
    told = {"user_id": admin.user_id, "provider": "sandbox", "requires_approval": False,
            "email_address": "second@outtray.example", "is_default": False}
    kept = {"display_name": "Second", "signature_html": of("<b>Regards</b>"), "undo_seconds": 5}
    return [
        act(admin, "mailbox.connected", made, told),
        act(admin, "mailbox.changed", made, {"requires_approval": {"from": False, "to": True}}),
        act(admin, "mailbox.changed", made, {"requires_approval": {"from": True, "to": False}}),
        act(admin, "mailbox.changed", made,
            {"signature_html": {"from": None, "to": of("<b>Regards</b>")}}),
        act(admin, "mailbox.changed", made, {"display_name": {"from": None, "to": "Second"},
                                             "undo_seconds": {"from": 0, "to": 5}}),
        act(admin, "mailbox.disconnected", made, {**told, **kept}),
        act(admin, "mailbox.connected", made, {**told, **kept}),
    ], ["Regards"]


def webhooks(admin):
    made = said(admin.post(WEBHOOKS, json={"url": "https://hooks.example.com/hidden?key=hidden"}),
                201)
    path = f"{WEBHOOKS}/{made['id']}"
    said(admin.patch(path, json={"events": ["token.created"]}))
    said(admin.patch(path, json={"url": "https://other.example.com/hidden", "is_active": False}))
    rotated = said(admin.post(path + "/secret", json={}))
    said(admin.delete(path), 204)
    origin, other = "https://hooks.example.com", "https://other.example.com"
    return [
        act(admin, "webhook.created", made["id"],
            {"origin": origin, "events": [], "is_active": True}),
        act(admin, "webhook.changed", made["id"],
            {"events": {"from": [], "to": ["token.created"]}}),
        act(admin, "webhook.changed", made["id"],
            {"origin": {"from": origin, "to": other}, "url": "changed",
             "is_active": {"from": True, "to": False}}),
        act(admin, "webhook.changed", made["id"], {"secret": "changed"}),
        act(admin, "webhook.deleted", made["id"],
            {"origin": other, "events": ["token.created"], "is_active": False}),
    ], ["hidden", made["secret"], rotated["secret"]]


def signature(admin):
    for _ in range(2):
        said(admin.put(SIGNATURE, json={"signature_text": "Yours, Xanthippe"}))
    return [act(admin, "signature.changed", admin.user_id,
                {"signature_text": {"from": None, "to": of("Yours, Xanthippe")}})], ["Xanthippe"]


def templates(admin):
    made = said(admin.post(TEMPLATES, json={"name": "n", "subject": "Dear Xanthippe"}), 201)["uid"]
    said(admin.patch(f"{TEMPLATES}/{made}", json={"name": "m", "body_text": "Pay Xanthippe"}))
    said(admin.delete(f"{TEMPLATES}/{made}"), 204)
    return [
        act(admin, "template.created", made, {"name": "n", "subject": of("Dear Xanthippe")}),
        act(admin, "template.changed", made,
            {"name": {"from": "n", "to": "m"},
             "body_text": {"from": None, "to": of("Pay Xanthippe")}}),
        act(admin, "template.deleted", made, {"name": "m", "subject": of("Dear Xanthippe"),
                                              "body_text": of("Pay Xanthippe")}),
    ], ["Xanthippe"]


def contexts(admin):
    path = "/api/email/contexts/invoice/2026-1"
    said(admin.put(path, json={"iban": "DE00Xanthippe", "total": 1}))
    said(admin.put(path, json={"iban": "DE01Xanthippe", "due": "Xanthippe's"}))
    said(admin.put(path, json={"iban": "DE01Xanthippe", "due": "Xanthippe's"}))
    said(admin.delete(path), 204)

    def event(kind, names, removed):
        one = act(admin, kind, None, {"context_type": "invoice", "context_id": "2026-1",
                                      "set": names, "removed": removed})
        del one["subject_id"]
        return one

    return [event("context.changed", ["iban", "total"], []),
            event("context.changed", ["iban", "due"], ["total"]),
            event("context.deleted", [], ["iban", "due"])], ["Xanthippe"]


@pytest.mark.parametrize("acts", [tokens, mailboxes, webhooks, signature, templates, contexts],
                         ids=lambda acts: acts.__name__)
def test_acts_by_the_api(server, admin, acts):
    made, (expected, hidden) = news(admin, lambda: acts(admin))
    assert made == expected
    assert [one["number"] for one in made] == list(range(made[0]["number"],
                                                         made[0]["number"] + len(made)))
    log = json.dumps(read(admin)) + server.tool("audit", "export", "--organization",
                                                read(admin)[0]["subject_id"])
    assert [secret for secret in hidden if secret in log] == []


def test_what_fails_is_no_event(admin):
    nobody = "01890000-0000-7000-8000-000000000000"
    made, _ = news(admin, lambda: [
        said(admin.delete(f"{TOKENS}/{nobody}"), 404),
        said(admin.post(TOKENS, json={"scopes": ["inbox:everything"]}), 400),
        said(admin.patch(f"{ACCOUNTS}/{nobody}", json={"requiresApproval": True}), 404),
        said(admin.post(WEBHOOKS, json={"url": "http://127.0.0.1/"}), 400),
        said(admin.delete(f"{WEBHOOKS}/{nobody}"), 404),
        said(admin.delete(f"{TEMPLATES}/{nobody}"), 404),
        said(admin.delete("/api/email/contexts/invoice/none"), 404),
        said(admin.post(TEMPLATES, json={"name": ""}), 400),
    ])
    assert made == []


def test_who_sees_them(server, admin):
    """Whoever lacks the scope admin passes over their numbers, whatever else the token may do."""
    said(admin.post(DRAFTS, json={"from_account_id": admin.account}), 201)
    whole = read(admin)
    assert [one["number"] for one in whole] == [1, 2, 3, 4, 5]
    assert read(admin, kind="administration") == whole[:4]
    assert read(admin, kind="administration", limit=2) == whole[:2]
    assert read(admin, kind="administration", after=2, limit=1) == whole[2:3]
    assert read(admin, kind="mail") == whole[4:]
    for scopes in ["inbox:read"], ["inbox:read", "inbox:write", "inbox:approve"]:
        reader = server.client(new_token(server, admin.address, *scopes))
        assert read(reader) == whole[4:]
        assert said(reader.get(EVENTS, params={"kind": "administration"}), 403) == problem(
            403, "Forbidden", holding("admin"))
    assert said(admin.get(EVENTS, params={"kind": "all"}), 400)["status"] == 400


def test_only_administrators_are_woken(server, admin):
    reader = server.client(new_token(server, admin.address, "inbox:read"))
    last = read(admin)[-1]["number"]
    with concurrent.futures.ThreadPoolExecutor(2) as waiting:
        logs = [waiting.submit(client.get, EVENTS, params={"after": last, "wait": seconds})
                for client, seconds in ((reader, 3), (server.client(admin.token), 60))]
        wait_until(lambda: parked(server) == 2, what="both waiting")
        began = time.monotonic()
        said(admin.put(SIGNATURE, json={"signature_text": "x"}))
        [event] = said(logs[1].result())["events"]
        assert event["type"] == "signature.changed"
        assert time.monotonic() - began < 2
        log = said(logs[0].result())
    assert (log["events"], log["next_after"], log["has_more"]) == ([], last + 1, False)


def parked(server):
    text = server.client(None).get("/metrics").text
    return int(next(line.split()[-1] for line in text.splitlines()
                    if line.startswith("outtray_http_parked")))


def test_an_administrator_who_approves_by_a_colleagues_token(server):
    """The trail says who made the token, for whom, and what was done with it."""
    boss, colleague = new_user(server, ALL), new_user(server)
    [account] = [one for one in said(boss.get(ACCOUNTS))["accounts"]
                 if one["emailAddress"] == boss.address]
    after = last_number(boss)
    said(boss.patch(f"{ACCOUNTS}/{account['_id']}", json={"requiresApproval": True}))
    body = {"from_account_id": account["_id"], "subject": "s", "to": ["a@example.com"]}
    uid = said(boss.post(SEND, json=body), 202)["outbound_email_uid"]
    made = said(boss.post(TOKENS, json={"user": colleague.address, "scopes": ["inbox:approve"]}),
                201)
    said(server.client(made["token"]).post(f"/api/email/outbound/{uid}/approve", json={
        "content_sha256": said(boss.get(f"/api/email/outbound/{uid}"))["content_sha256"]}))
    events = read(boss, after=after)
    [consent] = [one for one in events if one["type"] == "mailbox.changed"]
    [creation] = [one for one in events if one["type"] == "token.created"]
    [approval] = [one for one in events if one["event"] == "approve"]
    assert consent["actor"] == creation["actor"] != creation["detail"]["user_id"]
    assert (creation["subject_id"], creation["detail"]["scopes"]) == (made["id"], "inbox:approve")
    assert approval["email_id"] == uid
    assert (approval["actor"], approval["token_id"]) == (creation["detail"]["user_id"], made["id"])


def last_number(client):
    after = 0
    while True:
        log = said(client.get(EVENTS, params={"after": after, "limit": 1000}))
        after = log["next_after"]
        if not log["has_more"]:
            return after


@pytest.mark.parametrize("given, taken", [
    ("a", True), ("0af7651916cd43dd8448eb211c80319c", True), ("Root=1-67891233-abcdef", True),
    ("A.b_c~d", False), ("x" * 128, True), ("x" * 129, False), ("", False), ("a b", False),
    ("a,b", False), ("\"a\"", False), ("ünder", False), ("<a@example.com>", False),
])
def test_a_request_has_an_id(admin, given, taken):
    def ask(method, path, **options):
        headers = {"X-Request-Id": given.encode()}
        reply = admin.request(method, path, headers=headers, **options)
        got = reply.headers["X-Request-Id"]
        assert got == given if taken else got == UID
        return reply, got

    ask("GET", "/healthz")
    ask("GET", "/nowhere")
    ask("PUT", TOKENS)
    assert ask("POST", DRAFTS, data="{")[0].status_code == 415
    reply, request_id = ask("POST", DRAFTS, json={"from_account_id": admin.account})
    assert said(reply, 201) and read(admin)[-1]["request_id"] == request_id
    reply, request_id = ask("PUT", SIGNATURE, json={"signature_text": request_id})
    assert said(reply) and read(admin)[-1]["request_id"] == request_id
