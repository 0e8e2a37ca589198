"""P8 and P9: plans in each family, an undo time, and what becomes of mail whose time nobody saw come,
because the server did not run or its clock was set.

Each was seen to fail with its guard taken out:
- missed: missed_run at the start and in heed_clock (what was to be held or had expired was sent);
- seen: :since in email_missed_approved, and noting it at the end (what waited was held, or expired);
- set back: queue_store_turn_back (mail waited for an hour);
- undo: schedule() in store/submission.c.

covers: src/delivery/missed.c src/delivery/planned.c src/store/submission.c
"""
import contextlib
import datetime
import sqlite3
import threading
import time

import pytest

from clock import Clock
from mailboxes import RECORDS, SEND, moment
from people import ALL, new_token, new_user
from running import SECONDS as PATIENCE, Server, wait_until
from shapes import SECONDS, holding, refusal, said

DRAFTS, ACCOUNTS = "/api/email/drafts", "/api/email/accounts"
MINUTE, HOUR = 60, 3600
FAR = "2053-11-07T05:31:56Z"


@pytest.fixture
def user(server):
    client = new_user(server, scopes=ALL)
    client.account = account_of(client)
    return client


def account_of(client):
    [account] = [account["_id"] for account in said(client.get(ACCOUNTS))["accounts"]
                 if account["emailAddress"] == client.address]
    return account


def mail(user, **fields):
    return {"from_account_id": user.account, "to": ["b@example.com"], "subject": "s",
            "body_text": "t", **fields}


def record(user, uid):
    return said(user.get(f"{RECORDS}/{uid}"))


def wait_for(user, uid, status):
    return wait_until(lambda: record(user, uid)["status"] == status and record(user, uid),
                      what=status)


def events(user, uid):
    return said(user.get(f"{RECORDS}/{uid}/events"))["items"]


def in_seconds(seconds, hours_east=0):
    zone = datetime.timezone(datetime.timedelta(hours=hours_east))
    when = datetime.datetime.now(zone) + datetime.timedelta(seconds=seconds)
    return when.isoformat(timespec="milliseconds")


# Plans in each family

def plan(user, family, when, **more):
    """Sends with a plan; the reply."""
    if family == "email":
        return user.post(SEND, json=mail(user, planned_send_at=when, **more))
    if family == "outbound":
        return user.post("/api/v1/email/outbound/send", json=mail(
            user, planned_send_at=when, **more))
    camel = {"if_missed": "ifMissed", "expire_after_seconds": "expireAfterSeconds"}
    return user.post("/api/email/messages/send", json={
        "from": user.address, "to": "b@example.com", "subject": "s", "body": "t",
        "plannedSendAt": when, **{camel[name]: value for name, value in more.items()}})


def uid_of(user, reply):
    """Of the one mail that the user has by now."""
    assert reply.status_code in (200, 202), reply.text
    [one] = said(user.get(RECORDS, params={"from_account_id": user.account}))["items"]
    return one["uid"]


FAMILIES = ["email", "outbound", "messages"]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_plan_is_kept(server, user, family):
    uid = uid_of(user, plan(user, family, in_seconds(1, hours_east=5.5)))
    assert (record(user, uid)["status"], server.mail_files(user.address)) == ("draft", [])
    sent = wait_for(user, uid, "sent")
    assert sent["sent_at"] >= sent["planned_send_at"]
    assert [event["event"] for event in events(user, uid)] == ["created", "due", "claim",
                                                               "accepted"]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_time_that_has_passed_is_now(user, family):
    uid = uid_of(user, plan(user, family, "2024-03-26T09:00:00Z"))
    wait_for(user, uid, "sent")


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("when", ["2053-11-07T05:31:56", "2053-11-07", "tomorrow"])
def test_a_plan_needs_an_offset(server, user, family, when):
    """It never means now."""
    field = "plannedSendAt" if family == "messages" else "planned_send_at"
    assert said(plan(user, family, when), 400) == refusal(family, 400, holding(field), field)
    assert said(user.get(RECORDS, params={"from_account_id": user.account}))["count"] == 0
    assert server.mail_files(user.address) == []


@pytest.mark.parametrize("family", FAMILIES)
def test_what_becomes_of_it_when_missed_is_kept(user, family):
    uid = uid_of(user, plan(user, family, FAR, if_missed="expire", expire_after_seconds=60))
    kept = record(user, uid)
    assert (kept["if_missed"], kept["expire_after_seconds"]) == ("expire", 60)
    said(user.put(f"/api/v1/email/outbound/drafts/{uid}", json={"if_missed": "hold"}))
    assert record(user, uid)["if_missed"] == "hold"
    assert plan(user, family, FAR, if_missed="whatever").status_code == 400
    assert plan(user, family, FAR, expire_after_seconds=31 * 24 * HOUR).status_code == 400


def test_changed_in_the_moment_it_falls_due(server, user):
    """Whoever is first wins: it is planned anew and stays, or it leaves and cannot be changed."""
    outcomes = set()
    for number in range(24):
        due = time.time() + 0.25
        uid = said(user.post(DRAFTS, json=mail(user, subject=str(number), planned_send_at=(
            in_seconds(due - time.time())))), 201)["uid"]
        time.sleep(max(0, due - time.time() + (number % 8 - 4) * 0.004))
        reply = user.patch(f"{DRAFTS}/{uid}", json={"planned_send_at": FAR})
        assert reply.status_code in (200, 409), reply.text
        outcomes.add(reply.status_code)
        if reply.status_code == 200:
            assert record(user, uid)["status"] == "draft"
        else:
            wait_for(user, uid, "sent")
    left = {mail["Subject"] for mail in server.mails(user.address)}
    kept = {item["subject"] for item in said(user.get(DRAFTS, params={"per_page": 50}))["items"]
            if item["planned_send_at"] == FAR}
    assert not left & kept and len(left) + len(kept) == 24
    assert outcomes == {200, 409}, "the moment was missed: it proves nothing"


# Undo

def set_undo(user, seconds):
    return said(user.patch(f"{ACCOUNTS}/{user.account}", json={"undoSeconds": seconds}))["account"]


def test_who_sends_it_means_now(server, user):
    """And where consent is needed first, now is when it has been given."""
    agent = server.client(new_token(server, user.address, "inbox:read", "inbox:draft"))
    mine, its = (said(writer.post(DRAFTS, json=mail(user, planned_send_at=FAR)), 201)["uid"]
                 for writer in (user, agent))
    said(user.post(SEND, json={"draft_uid": mine}))
    assert wait_for(user, mine, "sent")["planned_send_at"] is None
    assert said(agent.post(SEND, json={"draft_uid": its}), 202)["status"] == "pending_approval"
    asked = said(user.get(f"{RECORDS}/{its}"))
    assert asked["planned_send_at"] is None
    said(user.post(f"{RECORDS}/{its}/approve", json={"content_sha256": asked["content_sha256"]}))
    wait_for(user, its, "sent")


def test_undo(server, user):
    assert set_undo(user, 600)["undoSeconds"] == 600
    began = time.monotonic()
    sent = said(user.post(SEND, json=mail(user)), 202)
    assert time.monotonic() - began < 2.5, "a send that is held back is answered at once"
    uid = sent["outbound_email_uid"]
    waiting = record(user, uid)
    assert (sent["status"], waiting["status"], waiting["error"]) == (
        "queued", "queued", holding("undo"))
    left = (datetime.datetime.fromisoformat(waiting["next_attempt_at"]).timestamp() - time.time())
    assert 570 < left <= 601
    assert said(user.post(f"{RECORDS}/{uid}/cancel"))["status"] == "canceled"
    assert said(user.post(f"{RECORDS}/{uid}/cancel"))["status"] == "canceled"
    assert said(user.post(f"{RECORDS}/{uid}/retry"), 409)
    assert said(user.post(SEND, json={"draft_uid": uid}), 409)
    assert server.mail_files(user.address) == []


def test_it_leaves_when_its_undo_time_is_over(user):
    set_undo(user, 1)
    wait_for(user, said(user.post(SEND, json=mail(user)), 202)["outbound_email_uid"], "sent")


def test_a_retry_is_not_held_back_again(user):
    set_undo(user, 600)
    uid = said(user.post(SEND, json=mail(user)), 202)["outbound_email_uid"]
    said(user.post(f"{RECORDS}/{uid}/retry"))
    wait_for(user, uid, "sent")
    set_undo(user, 0)
    assert said(user.post(SEND, json=mail(user)))["status"] == "sent"


@pytest.mark.parametrize("seconds", [-1, 24 * HOUR + 1, "10"])
def test_undo_times_that_are_none(user, seconds):
    reply = user.patch(f"{ACCOUNTS}/{user.account}", json={"undoSeconds": seconds})
    assert said(reply, 400) == refusal("messages", 400, holding("undoSeconds"))


def test_a_send_that_waits_hears_of_a_cancel(start_server):
    server = start_server(send_wait="50s")
    user = new_user(server, scopes=ALL)
    user.account = account_of(user)
    replies = []
    waiting = threading.Thread(target=lambda: replies.append(user.post(SEND, json=mail(
        user, to=["b+later@example.com"]))))
    waiting.start()
    other = server.client(user.token)
    [one] = wait_until(lambda: said(other.get(RECORDS, params={"status": "queued"}))["items"],
                       what="queued")
    wait_until(lambda: other.post(f"{RECORDS}/{one['uid']}/cancel").status_code == 200,
               what="canceled")
    waiting.join(PATIENCE / 2)
    [reply] = replies
    assert said(reply, 409)["error"]["details"] == [
        {"outbound_email_uid": one["uid"], "status": "canceled"}]


# Missed

@pytest.fixture(scope="module")
def asleep(tmp_path_factory, authority):
    """A server whose clock can be set; what a test changes of it, it puts back."""
    clock = Clock(tmp_path_factory.mktemp("clock"))
    with Server(tmp_path_factory.mktemp("server"), authority, send_wait="3s",
                clock_ahead=clock.file) as server:
        server.clock = clock
        yield server


@contextlib.contextmanager
def database(server):
    with contextlib.closing(sqlite3.connect(server.data / "outtray.db")) as db, db:
        yield db


MISSED = [  # if_missed, its window, how late; what becomes of it, why
    ("send", None, 2 * HOUR, "sent", None),
    ("hold", None, 2 * HOUR, "draft", "missed"),
    ("hold", None, 30, "sent", None),  # a quick restart misses nothing
    ("expire", None, 2 * HOUR, "failed", "expire"),
    ("expire", None, HOUR / 2, "sent", None),
    ("expire", 3 * HOUR, 2 * HOUR, "sent", None),
    ("expire", 5 * MINUTE, HOUR / 2, "failed", "expire"),
]


def new_owner(server):
    user = new_user(server, scopes=ALL)
    user.account = account_of(user)
    return user


def planned(user, if_missed, window):
    fields = {"if_missed": if_missed, "planned_send_at": FAR}
    if window:
        fields["expire_after_seconds"] = window
    return said(user.post(DRAFTS, json=mail(user, **fields)), 201)["uid"]


def check_missed(user, uid, end, event):
    became = wait_for(user, uid, end)
    names = [event["event"] for event in events(user, uid)]
    if not event:
        assert names == ["created", "due", "claim", "accepted"]
        return
    assert names == ["created", event]
    assert became["error"] == holding("went by while the server did not run")
    assert became["planned_send_at"] == (None if end == "draft" else SECONDS)


def test_missed_while_the_server_did_not_run(asleep):
    user = new_owner(asleep)
    cases = [(planned(user, *case[:2]), *case[2:]) for case in MISSED]
    asleep.stop()
    with database(asleep) as db:
        for uid, late, *_ in cases:
            db.execute("UPDATE emails SET planned_send_at = ? WHERE id = ?",
                       (int((time.time() - late) * 1000), uid))
    user = connect_again(asleep, user)
    for uid, _, end, event in cases:
        check_missed(user, uid, end, event)
    [expired] = [uid for uid, late, end, _ in cases if end == "failed" and late == 2 * HOUR]
    said(user.post(f"{RECORDS}/{expired}/retry"))  # a person may send it all the same
    wait_for(user, expired, "sent")
    [held] = [uid for uid, _, end, _ in cases if end == "draft"]
    said(user.patch(f"{DRAFTS}/{held}", json={"subject": "looked at"}))
    assert record(user, held)["error"] is None


def connect_again(server, user):
    server.start()
    again = server.client(user.token)
    again.account, again.address = user.account, user.address
    return again


def planned_and_approved(server, user, seconds, **fields):
    """An agent's draft, asked for by the agent and approved by its user."""
    agent = server.client(new_token(server, user.address, "inbox:read", "inbox:draft"))
    draft = mail(user, planned_send_at=server.clock.now(seconds), **fields)
    uid = said(agent.post(DRAFTS, json=draft), 201)["uid"]
    seen = said(agent.post(f"{RECORDS}/{uid}/submit"))["content_sha256"]
    said(user.post(f"{RECORDS}/{uid}/approve", json={"content_sha256": seen}))
    return uid


def check_held(user, uid):
    held = record(user, uid)
    assert (held["status"], held["next_attempt_at"], held["error"]) == (
        "queued", None, holding("went by while the server did not run"))


@contextlib.contextmanager
def absent(server, user, seconds, is_stopped):
    """So much later, of which the server has seen nothing; the user, who may have to connect anew."""
    if is_stopped:
        server.stop()
    server.clock.set(seconds)
    try:
        yield connect_again(server, user) if is_stopped else user
    finally:
        server.clock.set(0)
    other = new_owner(server)
    said(other.post(SEND, json=mail(other)))  # by then it has seen that its clock was set back


@pytest.mark.parametrize("if_missed, end", [("send", "sent"), ("hold", "queued"),
                                            ("expire", "failed")])
def test_missed_after_its_approval(asleep, if_missed, end):
    user = new_owner(asleep)
    uid = planned_and_approved(asleep, user, HOUR, if_missed=if_missed)
    with absent(asleep, user, 3 * HOUR, is_stopped=True) as user:
        became = wait_for(user, uid, end)
        if end == "queued":
            check_held(user, uid)
            said(user.post(f"{RECORDS}/{uid}/retry"))
            became = wait_for(user, uid, "sent")
        assert became["planned_send_at"] == SECONDS


@pytest.mark.parametrize("is_stopped", [True, False], ids=["restart", "clock"])
def test_what_waits_for_its_turn_was_seen(asleep, is_stopped):
    """Its time came while the server ran, and others of its mailbox were before it."""
    user = new_owner(asleep)
    said(user.patch(f"{ACCOUNTS}/{user.account}", json={"sendsPerMinute": 1}))
    first = said(user.post(SEND, json=mail(user)))["outbound_email_uid"]
    due = [planned_and_approved(asleep, user, 1, if_missed="hold"),
           planned_and_approved(asleep, user, 1, if_missed="expire", expire_after_seconds=1)]
    later = planned_and_approved(asleep, user, MINUTE, if_missed="hold")
    wait_for(user, first, "sent")
    plans = [moment(record(user, uid)["planned_send_at"]) for uid in due]
    wait_until(lambda: moment(asleep.clock.now()) > max(plans), what="their time")
    with absent(asleep, user, 3 * MINUTE, is_stopped) as user:
        wait_until(lambda: record(user, later)["next_attempt_at"] is None, what="held")
        check_held(user, later)
        said(user.patch(f"{ACCOUNTS}/{user.account}", json={"sendsPerMinute": 600}))
        for uid in due:
            wait_for(user, uid, "sent")


def test_missed_after_it_was_tried_and_approved_anew(asleep):
    user = new_owner(asleep)
    boss = new_user(asleep, scopes=ALL, mailbox=False)
    uid = said(user.post(SEND, json=mail(user, to=["a+later@example.com"]),
                         headers={"Prefer": "respond-async"}), 202)["outbound_email_uid"]
    wait_until(lambda: record(user, uid)["attempts"] and
               record(user, uid)["status"] == "queued", what="an attempt")
    said(user.patch(f"{ACCOUNTS}/{user.account}", json={"requiresApproval": True}))
    wait_for(user, uid, "pending_approval")
    said(boss.post(f"{RECORDS}/{uid}/reject", json={"reason": "later"}))
    said(user.patch(f"{DRAFTS}/{uid}", json={"planned_send_at": asleep.clock.now(HOUR),
                                            "if_missed": "hold"}))
    seen = said(user.post(f"{RECORDS}/{uid}/submit"))["content_sha256"]
    assert said(boss.post(f"{RECORDS}/{uid}/approve",
                          json={"content_sha256": seen}))["attempts"] > 0
    with absent(asleep, user, 3 * HOUR, is_stopped=False):
        wait_until(lambda: record(user, uid)["next_attempt_at"] is None, what="held")
        check_held(user, uid)


def test_the_clock_is_set_forward(asleep):
    """As after a machine has slept: what it jumped over was missed."""
    user = new_owner(asleep)
    in_an_hour = asleep.clock.now(HOUR)
    cases = [(said(user.post(DRAFTS, json=mail(user, if_missed=if_missed,
                                               planned_send_at=in_an_hour)), 201)["uid"], end, event)
             for if_missed, window, late, end, event in MISSED
             if late == 2 * HOUR and not window]
    asleep.clock.set(3 * HOUR)
    try:
        for uid, end, event in cases:
            check_missed(user, uid, end, event)
    finally:
        asleep.clock.set(0)


def test_the_clock_is_set_back(asleep):
    """Who waits for a while goes on waiting for that while; a time of day stays what it is."""
    user = new_owner(asleep)
    set_undo(user, 2)
    undone = said(user.post(SEND, json=mail(user)), 202)["outbound_email_uid"]
    soon = said(user.post(DRAFTS, json=mail(user, planned_send_at=asleep.clock.now(2))),
                201)["uid"]
    asleep.clock.set(-HOUR)
    try:
        wait_for(user, undone, "sent")
        assert record(user, soon)["status"] == "draft"
    finally:
        asleep.clock.set(0)
    wait_for(user, soon, "sent")
