"""/api/webhooks: who is told of events, when he takes them, and when he does not.

covers: src/api/webhooks.c src/api/webhook_trial.c src/store/webhook_store.c
covers: src/webhook/herald.c src/webhook/lookout.c src/webhook/turn.c src/webhook/record.c
covers: src/notice/notice_url.c src/cli/webhook.c
"""
import concurrent.futures
import json
import random
import time

import pytest

from people import ALL, new_token, new_user
from running import Server, wait_until
from shapes import MILLISECONDS, SECONDS, SHA256, UID, Like, holding, problem, said
from subscriber import Subscriber, wrongs

# Before the first mail: an organization, a user, a mailbox, a token, and then a webhook.
BEGUN, HOOKED = 4, 5
WEBHOOKS, DRAFTS, SEND = "/api/webhooks", "/api/email/drafts", "/api/email/send"
NO_ID = "00000000-0000-7000-8000-000000000000"
WRITERS = 12


@pytest.fixture(scope="module")
def server(tmp_path_factory, authority):
    """Attempts follow each other within seconds, and subscribers may be on this machine."""
    with Server(tmp_path_factory.mktemp("server"), authority, send_wait="3s",
                allow_private_addresses="true", webhook_pauses="1s 1s 1s") as running:
        yield running


@pytest.fixture
def admin(server):
    return new_admin(server)


def new_admin(server):
    """Alone in an organization of his own, so that its mail begins behind BEGUN."""
    client = new_user(server, ALL, organization=f"hooks {time.monotonic_ns()}")
    client.account = said(client.get("/api/email/accounts"))["accounts"][0]["_id"]
    return client


@pytest.fixture(scope="module")
def quiet(server):
    """An administrator to whom nothing happens."""
    return new_admin(server)


@pytest.fixture
def subscribe():
    """Starts subscribers: subscribe(500, 204); see Subscriber."""
    running = []

    def start(*answers, **options):
        running.append(Subscriber(*answers, **options))
        return running[-1]

    yield start
    for one in running:
        one.stop()


def make(admin, url, **more):
    return said(admin.post(WEBHOOKS, json={"url": url, **more}), 201)


def show(admin, webhook):
    found = said(admin.get(f"{WEBHOOKS}/{webhook['id']}"))
    assert "secret" not in found
    return found


def change(admin, webhook, **changes):
    return said(admin.patch(f"{WEBHOOKS}/{webhook['id']}", json=changes))


def wait_for_state(admin, webhook, state):
    return wait_until(lambda: (found := show(admin, webhook))["state"] == state and found,
                      what=f"the state {state}")


def draft(client):
    return said(client.post(DRAFTS, json={"from_account_id": client.account}), 201)["uid"]


def id_of(webhook, body):
    """The one that an event is told with, each time."""
    return f"{webhook['id']}_{body['data']['number']}_{body['data']['hash'][:16]}"


def in_order(bodies):
    """Of each email, what it is told of first comes in the order of its numbers."""
    last, seen = {}, set()
    for body in bodies:
        number, email = body["data"]["number"], body["data"]["email_id"]
        if number not in seen:
            assert number > last.get(email, 0)
            last[email] = number
            seen.add(number)
    return seen


# What there is

def test_a_webhook_is_made_shown_changed_and_deleted(server, admin, subscribe):
    subscriber = subscribe()
    made = make(admin, subscriber.url, description="crm", events=["email.sent", "email.failed"])
    shown = {"id": UID, "url": subscriber.url, "description": "crm",
             "events": ["email.sent", "email.failed"], "is_active": True, "state": "active",
             "failing_since": None, "reason": None, "delivered": HOOKED, "created_at": SECONDS,
             "updated_at": SECONDS}
    assert made == {**shown, "secret": Like("whsec_[A-Za-z0-9+/]{43}=")}
    assert show(admin, made) == shown
    assert said(admin.get(WEBHOOKS)) == {"webhooks": [show(admin, made)]}
    changed = change(admin, made, description=None, events=[])
    assert changed == {**shown, "description": None, "events": [],
                       "delivered": changed["delivered"]}
    for path in server.data.iterdir():
        if path.is_file():
            assert made["secret"].encode() not in path.read_bytes(), path
    assert admin.delete(f"{WEBHOOKS}/{made['id']}").status_code == 204
    assert said(admin.get(f"{WEBHOOKS}/{made['id']}"), 404) == problem(404, "Not Found")
    draft(admin)
    assert said(admin.get(WEBHOOKS)) == {"webhooks": []} and subscriber.told == []


@pytest.mark.parametrize("body, field", [
    ({}, "url"), ({"url": ""}, "url"), ({"url": "x"}, "url"), ({"url": "ftp://a.example/"}, "url"),
    ({"url": "https://u:p@a.example/"}, "url"), ({"url": "https://a.example/" + "x" * 2000}, "url"),
    ({"url": "https://a.example/\n"}, "url"),
    ({"url": "https://a.example/", "events": ["email.sent", "email.read"]}, "events[1]"),
    ({"url": "https://a.example/", "events": "email.sent"}, "events"),
    ({"url": "https://a.example/", "description": "x" * 501}, "description"),
    ({"url": "https://a.example/", "from": "now"}, "from"),
    ({"url": "https://a.example/", "x": 1}, "x"),
])
def test_refused(quiet, body, field):
    assert said(quiet.post(WEBHOOKS, json=body), 400) == {
        **problem(400, "Bad Request", holding(field)),
        "errors": [{"field": field, "message": holding("")}]}
    assert said(quiet.get(WEBHOOKS)) == {"webhooks": []}


@pytest.mark.parametrize("changes, field", [
    ({"url": None}, "url"), ({"url": "gopher://x/"}, "url"), ({"events": ["all"]}, "events[0]"),
    ({"from": "then"}, "from"), ({"is_active": "yes"}, "is_active"),
])
def test_a_change_refused(quiet, subscribe, changes, field):
    made = make(quiet, subscribe().url)
    before = show(quiet, made)
    refused = said(quiet.patch(f"{WEBHOOKS}/{made['id']}", json=changes), 400)
    assert refused["errors"][0]["field"] == field
    assert show(quiet, made) == before
    said(quiet.delete(f"{WEBHOOKS}/{made['id']}"), 204)


def test_others_have_none(server, admin, subscribe):
    made = make(admin, subscribe().url)
    stranger = new_admin(server)
    user = server.client(new_token(server, admin.address, *[s for s in ALL if s != "admin"]))
    paths = [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/secret"), ("POST", "/test")]
    for method, what in paths:
        body = {} if method in ("GET", "DELETE") else {"json": {}}
        for identifier in made["id"], NO_ID, "x":
            reply = stranger.request(method, f"{WEBHOOKS}/{identifier}{what}", **body)
            assert said(reply, 404) == problem(404, "Not Found")
        reply = user.request(method, f"{WEBHOOKS}/{made['id']}{what}", **body)
        assert said(reply, 403) == problem(403, "Forbidden", holding("admin"))
    assert said(stranger.get(WEBHOOKS)) == {"webhooks": []}
    assert show(admin, made)["is_active"]


# What is told

def test_what_is_told_and_how_it_is_signed(admin, subscribe):
    draft(admin)  # before it was made: none of his
    before = HOOKED + 1
    subscriber = subscribe()
    made = make(admin, subscriber.url)
    mail = {"from_account_id": admin.account, "to": ["b@example.com"], "subject": "hush",
            "body_text": "hush"}
    sent = said(admin.post(SEND, json=mail))["outbound_email_uid"]
    calls = subscriber.wait_for(3)
    assert [body["type"] for body in subscriber.heard] == ["email.queued", "email.sending",
                                                           "email.sent"]
    last = subscriber.heard[-1]
    last["data"].pop("detail", None)
    assert last == {"type": "email.sent", "timestamp": MILLISECONDS, "data": {
        "number": before + 3, "email_id": sent, "event": "accepted", "from": "sending", "to": "sent",
        "actor": "system", "mail_sha256": SHA256, "hash": SHA256}}
    assert wrongs(made["secret"], calls) == [None] * 3
    assert wrongs("whsec_" + "A" * 44, calls[:1]) == ["No matching signature found"]
    for body, call in zip(subscriber.heard, calls):
        assert call.path == "/hook" and call.headers["Content-Type"] == "application/json"
        assert call.headers["webhook-id"] == id_of(made, body)
        assert abs(int(call.headers["webhook-timestamp"]) - time.time()) < 60
        assert "hush" not in call.body and "b@example.com" not in call.body
    assert len({call.connection for call in calls}) == 1  # kept open
    wait_until(lambda: show(admin, made)["delivered"] == before + 3,
               what="all of them noted")


def test_by_tls(admin, subscribe, authority):
    subscriber = subscribe(authority=authority)
    made = make(admin, subscriber.url)
    draft(admin)
    assert wrongs(made["secret"], subscriber.wait_for(1)) == [None]


def test_only_the_types_he_wants(admin, subscribe):
    subscriber = subscribe()
    made = make(admin, subscriber.url, events=["email.deleted"])
    drafts = [draft(admin) for _ in range(20)]
    said(admin.delete(f"{DRAFTS}/{drafts[7]}"), 204)
    subscriber.wait_for(1)
    assert subscriber.numbers == [HOOKED + 21]
    wait_until(lambda: show(admin, made)["delivered"] == HOOKED + 21,
               what="the others passed over")
    assert len(subscriber.told) == 1


def write_at_random(server, admin, seed):
    """Some drafts, each changed now and then, and sent or thrown away."""
    chance, client = random.Random(seed), server.client(admin.token)
    for _ in range(3):
        uid = said(client.post(DRAFTS, json={"from_account_id": admin.account,
                                             "to": ["b@example.com"], "subject": "s"}), 201)["uid"]
        for _ in range(chance.randrange(3)):
            said(client.patch(f"{DRAFTS}/{uid}", json={"subject": str(chance.random())}))
        if chance.random() < 0.5:
            said(client.post(SEND, json={"draft_uid": uid}))
        else:
            said(client.delete(f"{DRAFTS}/{uid}"), 204)


def newest(admin):
    after = 0
    while True:
        log = said(admin.get("/api/events", params={"after": after, "limit": 1000}))
        after = log["next_after"]
        if not log["has_more"]:
            return after


def test_administration_is_told_to_those_who_name_it(admin, subscribe):
    """Whoever has asked for all hears of mail alone, as ever."""
    named, everything = subscribe(), subscribe()
    made = make(admin, named.url, events=["token.created", "webhook.deleted", "email.created"])
    make(admin, everything.url)
    token = said(admin.post("/api/tokens", json={"scopes": ["inbox:read"]}), 201)
    uid = draft(admin)
    named.wait_for(2)
    everything.wait_for(1)
    told = next(body for body in named.heard if body["type"] == "token.created")
    event = next(one for one in said(admin.get("/api/events"))["events"]
                 if one["type"] == "token.created" and one["subject_id"] == token["id"])
    assert told == {"type": "token.created", "timestamp": MILLISECONDS, "data": {
        "number": HOOKED + 2, "event": "token.created", "subject_id": token["id"],
        "token_id": event["token_id"], "address": "127.0.0.1", "request_id": UID,
        "actor": event["actor"], "detail": event["detail"], "hash": event["hash"]}}
    assert sorted(named.numbers) == [HOOKED + 2, HOOKED + 3]
    assert [body["data"]["email_id"] for body in everything.heard] == [uid]
    assert show(admin, made)["events"] == ["token.created", "webhook.deleted", "email.created"]


def write_much(server, admin):
    with concurrent.futures.ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(lambda seed: write_at_random(server, admin, seed), range(WRITERS)))


def test_each_mail_in_order_and_none_left_out(server, admin, subscribe):
    """Also where one in four is not taken the first time."""
    refused = set()

    def answer(handler):
        number = json.loads(handler.told.body)["data"]["number"]
        if number % 4 or number in refused:
            return 204
        refused.add(number)
        return 503

    subscriber = subscribe(answer)
    made = make(admin, subscriber.url)
    write_much(server, admin)
    last = newest(admin)
    wait_until(lambda: len(set(subscriber.numbers)) >= last - HOOKED, what=f"all {last} events")
    assert in_order(subscriber.heard) == set(range(HOOKED + 1, last + 1))
    assert sorted(subscriber.numbers) == list(range(HOOKED + 1, last + 1))  # each once
    wait_until(lambda: show(admin, made)["delivered"] == last, what="all of them noted")


def test_a_killed_server_leaves_none_out(start_server, subscribe):
    """It repeats at most; with the same ids."""
    server = start_server(allow_private_addresses="true", webhook_pauses="1s 1s 1s 1s 1s 1s")
    admin, subscriber = new_admin(server), subscribe()
    made = make(admin, subscriber.url)
    for round_number in range(4):
        client = server.client(admin.token)
        client.account = admin.account
        for _ in range(30):
            draft(client)
        # Somewhere in the middle of the telling, each time elsewhere.
        subscriber.wait_for(30 * round_number + 5 * (round_number + 1))
        server.kill()
        server.start()
    wait_until(lambda: len(set(subscriber.numbers)) >= 120, what="all events")
    assert in_order(subscriber.heard) == set(range(HOOKED + 1, HOOKED + 121))
    ids = {}
    for call, body in zip(subscriber.taken, subscriber.heard):
        assert call.headers["webhook-id"] == id_of(made, body)
        assert ids.setdefault(body["data"]["number"], call.headers["webhook-id"]) == (
            call.headers["webhook-id"])


# What is not taken

def test_down_and_up_again(admin, subscribe):
    subscriber = subscribe(500, (302, {"Location": "http://127.0.0.1:9/"}), 204)
    made = make(admin, subscriber.url)
    draft(admin)
    failing = wait_for_state(admin, made, "failing")
    assert failing["failing_since"] == SECONDS and failing["delivered"] == HOOKED
    assert failing["reason"] == holding("status", "500")
    calls = subscriber.wait_for(3, of="told")
    assert len({call.headers["webhook-id"] for call in calls}) == 1
    stamps = [int(call.headers["webhook-timestamp"]) for call in calls]
    assert stamps == sorted(set(stamps))  # each its own
    assert [call.at - calls[i].at > 0.8 for i, call in enumerate(calls[1:])] == [True, True]
    assert wrongs(made["secret"], calls) == [None] * 3
    active = wait_for_state(admin, made, "active")
    assert (active["failing_since"], active["reason"], active["delivered"]) == (None, None,
                                                                                 HOOKED + 1)


def lane_of(uid):
    return int(uid[-1], 16) % 8


def test_another_mails_events_do_not_wait(admin, subscribe):
    """One event is never taken; those of mails in other lanes are, and the one behind it in its own
    lane is not even told."""
    def refuse_the_first(handler):
        return 500 if json.loads(handler.told.body)["data"]["number"] == HOOKED + 1 else 204

    subscriber = subscribe(refuse_the_first)
    made = make(admin, subscriber.url)
    drafts = [draft(admin) for _ in range(24)]
    others = {number for number, uid in enumerate(drafts, HOOKED + 1)
              if lane_of(uid) != lane_of(drafts[0])}
    wait_until(lambda: set(subscriber.numbers) >= others, what="the others")
    off = wait_for_state(admin, made, "off")
    assert (off["delivered"], set(subscriber.numbers)) == (HOOKED, others)
    assert [json.loads(call.body)["data"]["number"]
            for call in subscriber.told].count(HOOKED + 1) == 4


def test_one_that_gets_through_lets_the_others_try(admin, subscribe):
    """What held them all up is over, perhaps: an hour's pause need not be waited for."""
    is_up = []

    def answer(handler):
        if is_up:
            return 204
        is_first = json.loads(handler.told.body)["data"]["number"] == HOOKED + 1
        return (503, {"Retry-After": "3600"}) if is_first else 503

    subscriber = subscribe(answer)
    made = make(admin, subscriber.url)
    drafts = [draft(admin)]
    while lane_of(drafts[-1]) == lane_of(drafts[0]):
        drafts.append(draft(admin))
    subscriber.wait_for(2, of="told")
    is_up.append(True)
    wait_until(lambda: set(subscriber.numbers) == set(range(
        HOOKED + 1, HOOKED + len(drafts) + 1)), what="all")
    wait_for_state(admin, made, "active")


def test_switched_off_after_the_last_attempt_and_on_again(server, admin, subscribe):
    subscriber = subscribe(503)
    made = make(admin, subscriber.url, description="crm")
    draft(admin)
    off = wait_for_state(admin, made, "off")
    assert (off["is_active"], off["delivered"]) == (False, HOOKED)
    assert off["reason"] == holding("4 attempts", "503")
    assert len(subscriber.told) == 4
    row = next(json.loads(line) for line in server.tool("webhook", "list", "--json").splitlines()
               if made["id"] in line)
    assert (row["state"], row["reason"], row["url"]) == ("off", off["reason"], subscriber.url)
    assert f"webhook_switched_off webhook={made['id']}" in server.said()
    assert subscriber.url not in server.said()
    draft(admin)
    subscriber.answers = [204]
    on = change(admin, made, is_active=True)
    assert (on["is_active"], on["state"], on["reason"]) == (True, "active", None)
    subscriber.wait_for(2)
    assert sorted(subscriber.numbers) == [HOOKED + 1, HOOKED + 2]


def test_on_again_from_now(admin, subscribe):
    subscriber = subscribe()
    made = make(admin, subscriber.url)
    assert change(admin, made, is_active=False)["state"] == "off"
    draft(admin)
    assert change(admin, made, **{"is_active": True, "from": "now"})["delivered"] == HOOKED + 3
    draft(admin)
    subscriber.wait_for(1)
    assert subscriber.numbers == [HOOKED + 4]


def test_who_wants_no_more(admin, subscribe):
    subscriber = subscribe(410)
    made = make(admin, subscriber.url)
    draft(admin)
    assert wait_for_state(admin, made, "off")["reason"] == holding("410")
    assert len(subscriber.told) == 1


def test_he_says_when(admin, subscribe):
    subscriber = subscribe((503, {"Retry-After": "3"}), 204)
    make(admin, subscriber.url)
    draft(admin)
    first, second = subscriber.wait_for(2, of="told")
    assert 2.9 < second.at - first.at < 15


def test_another_url_is_told_at_once(admin, subscribe):
    good, bad = subscribe(), subscribe((503, {"Retry-After": "3600"}))
    made = make(admin, bad.url)
    draft(admin)
    wait_for_state(admin, made, "failing")
    assert change(admin, made, url=good.url)["state"] == "active"
    good.wait_for(1)
    assert (good.numbers, len(bad.told)) == ([HOOKED + 1], 1)


@pytest.mark.parametrize("how, reason", [("hang", None), ("drip", None),
                                         ("garble", "no HTTP reply")])
def test_one_that_misbehaves_holds_up_nobody(admin, subscribe, how, reason):
    subscriber, other = subscribe(), subscribe()
    subscriber.answers = [getattr(subscriber, how)]
    made = make(admin, subscriber.url)
    make(admin, other.url)
    for _ in range(20):
        draft(admin)
    assert {body["data"]["number"] for body in
            map(lambda call: json.loads(call.body), other.wait_for(20))} == set(
                range(HOOKED + 2, HOOKED + 22))
    if reason:
        assert wait_for_state(admin, made, "failing")["reason"] == holding(reason)
    assert subscriber.taken == []


def test_a_server_ends_while_one_hangs(start_server, subscribe):
    server = start_server(allow_private_addresses="true")
    admin, subscriber = new_admin(server), subscribe()
    subscriber.answers = [subscriber.hang]
    make(admin, subscriber.url)
    draft(admin)
    subscriber.wait_for(1, of="told")
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 10
    subscriber.answers = [204]
    server.start()
    subscriber.wait_for(1)
    assert subscriber.numbers == [HOOKED + 1]


# Where it may go

@pytest.mark.parametrize("url", [
    "http://hooks.example.com/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/",
    "https://localhost/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://10.0.0.1/",
    "https://169.254.169.254/latest/meta-data", "https://192.168.1.1:8443/", "https://[fe80::1]/",
    "https://0.0.0.0/", "https://[fd00::1]/",
])
def test_private_addresses_are_refused(closed_server, url):
    api = closed_server.client(closed_server.token)
    refused = said(api.post(WEBHOOKS, json={"url": url}), 400)
    assert refused == {**problem(400, "Bad Request", holding("url")),
                       "errors": [{"field": "url", "message": holding("")}]}
    assert said(api.get(WEBHOOKS)) == {"webhooks": []}


@pytest.fixture(scope="module")
def closed_server(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("closed")) as running:
        yield running


@pytest.mark.parametrize("url", [
    "https://9.9.9.9:22/", "https://9.9.9.9:6379/", "https://9.9.9.9:8443/", "https://9.9.9.9:81/",
])
def test_ports_that_are_not_of_the_web_are_refused(closed_server, url):
    api = closed_server.client(closed_server.token)
    refused = said(api.post(WEBHOOKS, json={"url": url}), 400)
    assert refused == {**problem(400, "Bad Request", holding("url", "port")),
                       "errors": [{"field": "url", "message": holding("must have port 443 or 80")}]}
    for fine in ("https://9.9.9.9:443/", "https://9.9.9.9/", "https://9.9.9.9:80/"):
        made = said(api.post(WEBHOOKS, json={"url": fine}), 201)
        assert api.delete(f"{WEBHOOKS}/{made['id']}").status_code == 204


def test_each_connection_is_looked_at(start_server, subscribe):
    """A name that leads elsewhere by now: what was fine when it was given is not told anything."""
    server = start_server(allow_private_addresses="true", webhook_pauses="1s 1s")
    admin, subscriber = new_admin(server), subscribe()
    hooks = [make(admin, subscriber.url.replace("127.0.0.1", host))
             for host in ("127.0.0.1", "localhost")]
    server.stop()
    del server.settings["allow_private_addresses"]
    server.start()
    client = server.client(admin.token)
    client.account = admin.account
    draft(client)
    for hook in hooks:
        off = wait_for_state(client, hook, "off")
        assert off["reason"] == holding("not on the public internet")
    assert subscriber.told == []
    refused = said(client.post(f"{WEBHOOKS}/{hooks[0]['id']}/test", json={}))
    assert (refused["is_taken"], refused["status"]) == (False, 0)
    assert subscriber.told == []


def test_a_redirect_is_not_followed(admin, subscribe):
    target = subscribe()
    subscriber = subscribe((307, {"Location": target.url}))
    made = make(admin, subscriber.url)
    draft(admin)
    assert wait_for_state(admin, made, "off")["reason"] == holding("redirects", "307")
    assert target.told == []


# Secrets and tests

def test_rotation(admin, subscribe):
    """For a day both secrets sign; the one before the former does not."""
    subscriber = subscribe()
    made = make(admin, subscriber.url)
    path = f"{WEBHOOKS}/{made['id']}/secret"
    secrets = [made["secret"]] + [said(admin.post(path, json={}))["secret"] for _ in range(2)]
    assert len(set(secrets)) == 3
    draft(admin)
    [call] = subscriber.wait_for(1)
    assert len(call.headers["webhook-signature"].split(" ")) == 2
    assert [wrongs(secret, [call]) for secret in secrets] == [
        ["No matching signature found"], [None], [None]]


def test_a_secret_is_kept_for_no_repeated_call(admin, subscribe):
    key = {"Idempotency-Key": "hook-1"}
    body = {"url": subscribe().url}
    said(admin.post(WEBHOOKS, json=body, headers=key), 201)
    assert said(admin.post(WEBHOOKS, json=body, headers=key), 409)["title"] == "Conflict"
    assert len(said(admin.get(WEBHOOKS))["webhooks"]) == 1


def test_a_test_event(admin, subscribe):
    subscriber = subscribe(204, 500)
    made = make(admin, subscriber.url)
    path = f"{WEBHOOKS}/{made['id']}/test"
    taken, refused = said(admin.post(path, json={})), said(admin.post(path, json={}))
    assert taken == {"is_taken": True, "status": 204, "reason": None, "took_ms": taken["took_ms"]}
    assert (refused["is_taken"], refused["status"]) == (False, 500)
    assert refused["reason"] == holding("500")
    [first, second] = subscriber.told
    assert json.loads(first.body) == {"type": "webhook.test", "timestamp": MILLISECONDS,
                                      "data": {"webhook_id": made["id"]}}
    assert first.headers["webhook-id"] != second.headers["webhook-id"]
    assert wrongs(made["secret"], [first, second]) == [None, None]
    assert show(admin, made)["state"] == "active"  # what a test finds changes nothing
    subscriber.stop()
    nobody = said(admin.post(path, json={}))
    assert (nobody["is_taken"], nobody["status"]) == (False, 0)


# The operator's tool, while the server runs

def test_by_the_tool(server, admin, subscribe):
    subscriber = subscribe()
    given = ["--user", admin.address, "--url", subscriber.url, "--event", "email.created"]
    made = json.loads(server.tool("webhook", "add", *given, "--json"))
    assert made == {"id": UID, "url": subscriber.url, "secret": Like("whsec_.{44}")}
    draft(admin)
    assert wrongs(made["secret"], subscriber.wait_for(1)) == [None]
    server.tool("webhook", "remove", made["id"])
    assert said(admin.get(WEBHOOKS)) == {"webhooks": []}
    wait_until(lambda: server.tool("webhook", "list").count(made["id"]) == 0)
