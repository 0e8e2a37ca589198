"""GET /api/events: all that happens to an organization's mail, without a gap, and what is to come.

covers: src/api/events.c src/api/following.c
"""
import concurrent.futures
import threading
import time

import pytest
import requests

from people import ALL, new_token, new_user
from running import wait_until
from shapes import MILLISECONDS, SHA256, UID, holding, problem, said
from wire import Wire

EVENTS, SEND, DRAFTS = "/api/events", "/api/email/send", "/api/email/drafts"
READERS = 100
BEGUN = 4  # an organization begins with itself, a user, a mailbox and a token


@pytest.fixture
def admin(server):
    """Alone in an organization of his own, so that its mail begins behind BEGUN."""
    return new_admin(server)


def new_admin(server):
    client = new_user(server, ALL, organization=f"events {time.monotonic_ns()}")
    [account] = said(client.get("/api/email/accounts"))["accounts"]
    client.account = account["_id"]
    return client


def send(client, **more):
    return said(client.post(SEND, json={"from_account_id": client.account, "subject": "s",
                                        "to": ["b@example.com"], **more}))


def draft(client):
    return said(client.post(DRAFTS, json={"from_account_id": client.account}), 201)["uid"]


def read(client, **query):
    return said(client.get(EVENTS, params=query))


def test_what_happens_to_a_mail(admin):
    sent = send(admin)["outbound_email_uid"]
    log = read(admin, after=BEGUN)
    who = said(admin.get("/api/email/outbound/" + sent + "/events"))["items"][0]["actor"]

    def event(number, kind, actor, name, before, after, mail=None):
        is_system = actor == "system"
        return {"number": BEGUN + number, "type": kind, "timestamp": MILLISECONDS, "email_id": sent,
                "event": name, "from": before, "to": after, "actor": actor, "reason": None,
                "token_id": None if is_system else UID, "request_id": None if is_system else UID,
                "detail": log["events"][number - 1]["detail"], "mail_sha256": mail, "hash": SHA256}

    assert log["events"] == [
        event(1, "email.queued", who, "send", "draft", "queued"),
        event(2, "email.sending", "system", "claim", "queued", "sending"),
        event(3, "email.sent", "system", "accepted", "sending", "sent", SHA256)]
    assert (log["next_after"], log["has_more"]) == (BEGUN + 3, False)
    assert len({one["hash"] for one in log["events"]}) == 3
    assert read(admin, after=BEGUN + 3) == {
        "events": [], "next_after": BEGUN + 3, "has_more": False}


def test_page_by_page(admin):
    for _ in range(5):
        draft(admin)
    whole = read(admin, after=BEGUN)["events"]
    assert [one["number"] for one in whole] == [5, 6, 7, 8, 9]
    pages, after = [], BEGUN
    while not pages or pages[-1]["has_more"]:
        pages.append(read(admin, after=after, limit=2))
        after = pages[-1]["next_after"]
    assert [len(page["events"]) for page in pages] == [2, 2, 1]
    assert sum((page["events"] for page in pages), []) == whole


@pytest.mark.parametrize("query, field", [
    ("after=-1", "after"), ("after=x", "after"), ("after=1.5", "after"),
    ("after=9223372036854775808", "after"), ("limit=0", "limit"), ("limit=1001", "limit"),
    ("wait=-1", "wait"), ("wait=61", "wait"), ("wait=soon", "wait"),
])
def test_refused(admin, query, field):
    refused = said(admin.get(f"{EVENTS}?{query}"), 400)
    assert refused == {**problem(400, "Bad Request", holding(field, "whole number")),
                       "errors": [{"field": field, "message": holding("whole number")}]}


def test_who_knows_of_more_than_there_is_is_told(admin):
    """As after a backup has come back: he would miss events without knowing."""
    draft(admin)
    assert said(admin.get(EVENTS, params={"after": BEGUN + 2, "wait": 30}), 400) == {
        **problem(400, "Bad Request", holding("newest", "5")),
        "errors": [{"field": "after", "message": holding("newest", "5")}]}


def test_scopes(server, admin):
    writer = server.client(new_token(server, admin.address, "inbox:write"))
    assert said(writer.get(EVENTS), 403) == problem(403, "Forbidden", holding("inbox:read"))
    assert said(server.client(None).get(EVENTS), 401) == problem(401, "Unauthorized")


def test_another_organization_sees_nothing(server, admin):
    stranger = new_admin(server)
    send(admin)
    assert read(stranger, kind="mail") == {
        "events": [], "next_after": BEGUN, "has_more": False}


def test_others_see_what_happens_to_their_own_mail(server):
    """All users that are named no organization for are of the first one."""
    admin = new_user(server, ALL)
    ann, bob = new_user(server), new_user(server)
    for one in admin, ann, bob:
        one.account = said(one.get("/api/email/accounts"))["accounts"][0]["_id"]
    start = 0
    while True:
        log = read(admin, after=start, limit=1000)
        start = log["next_after"]
        if not log["has_more"]:
            break
    anns = draft(ann)
    bobs = [draft(bob) for _ in range(3)]
    said(ann.delete(f"{DRAFTS}/{anns}"), 204)
    seen = read(ann, after=start)
    assert [(one["number"], one["type"], one["email_id"]) for one in seen["events"]] == [
        (start + 1, "email.created", anns), (start + 5, "email.deleted", anns)]
    assert (seen["next_after"], seen["has_more"]) == (start + 5, False)
    assert read(ann, after=start, limit=1)["next_after"] == start + 1
    assert [one["email_id"] for one in read(bob, after=start)["events"]] == bobs
    everything = [one["email_id"] for one in read(admin, after=start)["events"]]
    assert everything == [anns, *bobs, anns]


def test_without_a_gap_while_many_write(server, admin):
    """A reader who goes on from where he was sees every number once, in order."""
    done, numbers = threading.Event(), []

    def follow():
        client, after = server.client(admin.token), BEGUN
        while True:
            was_done = done.is_set()
            log = read(client, after=after, wait=0 if was_done else 5)
            numbers.extend(one["number"] for one in log["events"])
            after = log["next_after"]
            if was_done and not log["has_more"]:
                return

    reader = threading.Thread(target=follow)
    reader.start()
    with concurrent.futures.ThreadPoolExecutor(50) as writers:
        def write(_):
            client = server.client(admin.token)
            client.account = admin.account
            return [draft(client) for _ in range(4)]
        made = sum(writers.map(write, range(50)), [])
    done.set()
    reader.join()
    assert len(set(made)) == 200
    assert numbers == list(range(BEGUN + 1, BEGUN + 201))


# Waiting

def in_background(work):
    pool = concurrent.futures.ThreadPoolExecutor(1)
    return pool.submit(work)


def parked(server):
    text = server.client(None).get("/metrics").text
    return int(next(line.split()[-1] for line in text.splitlines()
                    if line.startswith("outtray_http_parked")))


def test_a_wait_runs_out(admin):
    began = time.monotonic()
    assert read(admin, after=BEGUN, wait=1) == {
        "events": [], "next_after": BEGUN, "has_more": False}
    assert 1 <= time.monotonic() - began < 5


def test_an_event_ends_the_wait_at_once(server, admin):
    took = []
    for number in range(BEGUN + 1, BEGUN + 6):
        waiting = in_background(lambda: (read(server.client(admin.token), after=number - 1,
                                              wait=60), time.monotonic()))
        wait_until(lambda: parked(server) == 1, what="the wait")
        draft(admin)
        written = time.monotonic()
        log, heard = waiting.result()
        assert [one["number"] for one in log["events"]] == [number]
        took.append(heard - written)
    assert min(took) < 0.1, took


def test_only_his_own_end_his_wait(server):
    ann, bob, boss = new_user(server), new_user(server), new_user(server, ALL)
    ann.account = said(ann.get("/api/email/accounts"))["accounts"][0]["_id"]
    bob.account = said(bob.get("/api/email/accounts"))["accounts"][0]["_id"]
    after = read(ann, limit=1)["next_after"]
    while read(ann, after=after)["has_more"]:
        after = read(ann, after=after)["next_after"]
    after = read(ann, after=after)["next_after"]
    waiting = in_background(lambda: read(server.client(ann.token), after=after, wait=60))
    wait_until(lambda: parked(server) == 1, what="the wait")
    for number in range(after, after + 3):
        seeing = in_background(lambda: read(server.client(boss.token), after=number, wait=60))
        wait_until(lambda: parked(server) == 2, what="the wait of one who sees all")
        draft(bob)
        seeing.result()  # whoever was to be woken has been
    wait_until(lambda: parked(server) == 1, what="the end of that wait")
    assert not waiting.done()
    anns = draft(ann)
    log = waiting.result()
    assert [one["email_id"] for one in log["events"]] == [anns]
    assert log["next_after"] == log["events"][0]["number"] == after + 4


def test_another_process_is_heard_too(server, admin):
    waiting = in_background(lambda: read(server.client(admin.token), after=BEGUN, wait=30))
    wait_until(lambda: parked(server) == 1, what="the wait")
    server.tool("send", "--from", admin.address, "--to", "b@example.com", "--subject", "s")
    assert [one["type"] for one in waiting.result()["events"]][0] == "email.queued"


def test_many_wait_for_one_event(start_server):
    server = start_server(connection_limit=2 * READERS, connections_per_address=2 * READERS,
                          waiting_per_token=READERS)
    admin = new_admin(server)
    with concurrent.futures.ThreadPoolExecutor(READERS) as readers:
        waiting = [readers.submit(read, server.client(admin.token), after=BEGUN, wait=60)
                   for _ in range(READERS)]
        wait_until(lambda: parked(server) == READERS, what="all of them waiting")
        draft(admin)
        logs = [one.result() for one in waiting]
    assert all([event["number"] for event in log["events"]] == [BEGUN + 1] for log in logs)


def test_more_readers_of_a_token_than_may_wait(start_server):
    """What can be answered at once is; one that would wait has its place when another has left."""
    server = start_server(waiting_per_token="3")
    admin = new_admin(server)
    other = server.client(new_token(server, admin.address, *ALL))
    newest = read(admin, after=0)["next_after"]
    wires = [Wire(server) for _ in range(3)]
    for wire in wires:
        wire.say(f"GET {EVENTS}?after={newest}&wait=60", Authorization=f"Bearer {admin.token}")
    wait_until(lambda: parked(server) == 3, what="all of them waiting")
    reply = admin.get(EVENTS, params={"after": newest, "wait": 60})
    assert said(reply, 429) == problem(429, "Too Many Requests",
                                       "3 requests of this token wait for events already")
    assert reply.headers["Retry-After"] == "5"
    assert read(admin, after=newest)["events"] == []
    assert len(read(admin, after=0, wait=60)["events"]) == newest
    assert read(other, after=newest, wait=1)["events"] == []
    wires.pop().socket.close()
    wait_until(lambda: parked(server) == 2, what="a free place")
    assert read(admin, after=newest, wait=1)["events"] == []
    for wire in wires:
        wire.socket.close()


def test_a_reader_who_leaves(server, admin):
    """The reader is forgotten at once; whoever comes after it is served."""
    with Wire(server) as wire:
        wire.say(f"GET {EVENTS}?after={BEGUN}&wait=60", Authorization=f"Bearer {admin.token}")
        wait_until(lambda: parked(server) == 1, what="the wait")
    wait_until(lambda: parked(server) == 0, what="the end of the wait")
    draft(admin)
    assert len(read(admin, after=BEGUN)["events"]) == 1


def test_the_server_ends_while_one_waits(start_server):
    server = start_server()
    client = server.client(server.token)
    waiting = in_background(lambda: read(client, after=BEGUN, wait=60))
    wait_until(lambda: parked(server) == 1, what="the wait")
    began = time.monotonic()
    server.stop()
    try:
        assert waiting.result()["events"] == []
    except requests.ConnectionError:
        pytest.fail("it was not answered")
    assert time.monotonic() - began < 10
