"""P5: a call that is repeated with the same key has its effect once.

Each was seen to fail with its guard taken out:
- under way, killed: is_under_way in api/idempotency.c (202 too early; 409 for as long as the mail is tried).

covers: src/api/idempotency.c src/model/call.c src/api/messages_import.c
"""
import base64
import concurrent.futures
import contextlib
import itertools
import sqlite3

import pytest
import requests

from mailboxes import RECORDS, SEND, connect
from people import ALL, new_token, new_user
from received import IMPORT, letter
from running import wait_until
from shapes import email_error, said

DRAFTS = "/api/v1/email/outbound/drafts"
organizations = itertools.count()
CONFLICT = "a call with this key is still under way"


@pytest.fixture
def user(server):
    user = new_user(server, organization=f"Keys {next(organizations)}")  # keys are its own
    [account] = said(user.get("/api/email/accounts"))["accounts"]
    user.account = account["_id"]
    return user


def fresh(user, **fields):
    return {"from_account_id": user.account, "to": ["a@example.com"], "subject": "s", **fields}


def mails(server, user):
    return len(server.mails(user.address))


def test_the_same_call_is_answered_again(server, user):
    call = fresh(user, idempotency_key="reminder-1")
    first, again = user.post(SEND, json=call), user.post(SEND, json=call)
    assert said(first) == said(again)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert mails(server, user) == 1


@pytest.mark.parametrize("bare, quoted", [("abc-1", '"abc-1"')])
def test_the_header_may_be_quoted(user, bare, quoted):
    one = user.post(DRAFTS, json={"subject": "x"}, headers={"Idempotency-Key": bare})
    two = user.post(DRAFTS, json={"subject": "x"}, headers={"Idempotency-Key": quoted})
    assert said(one, 201) == said(two, 201)
    assert len(said(user.get(DRAFTS))["data"]) == 1


def test_another_payload_is_refused(server, user):
    said(user.post(SEND, json=fresh(user, idempotency_key="k")))
    other = user.post(SEND, json=fresh(user, subject="other", idempotency_key="k"))
    assert said(other, 422) == email_error(
        "idempotency_mismatch", "this key was used with another payload")
    assert mails(server, user) == 1


def test_attachments_are_part_of_the_payload(server, user):
    def call(content):
        data = base64.b64encode(content).decode()
        return user.post(SEND, json=fresh(user, idempotency_key="k", attachments=[
            {"filename": "a.bin", "data_base64": data}]))

    assert said(call(b"one")) == said(call(b"one"))
    said(call(b"two"), 422)
    assert mails(server, user) == 1


def test_header_and_body_must_agree(server, user):
    call = fresh(user, idempotency_key="a")
    assert said(user.post(SEND, json=call, headers={"Idempotency-Key": "b"}), 422) == email_error(
        "idempotency_mismatch", "the header and the body give different keys")
    said(user.post(SEND, json=call, headers={"Idempotency-Key": "a"}))
    assert mails(server, user) == 1


@pytest.mark.parametrize("key", ["a b", "a\tb", "é", "x" * 256, '""'])
def test_what_is_no_key(server, user, key):
    header = user.post(DRAFTS, json={}, headers={"Idempotency-Key": key.encode()})
    field = user.post(SEND, json=fresh(user, idempotency_key=key))
    assert said(header, 400)["error"]["code"] == "VALIDATION_ERROR"
    assert said(field, 400) == email_error(
        "validation_error", "idempotency_key must be 1 to 255 visible ASCII characters",
        {"field": "idempotency_key", "message": "must be 1 to 255 visible ASCII characters"})
    assert mails(server, user) == 0


def test_a_refused_call_leaves_no_key(server, user):
    said(user.post(SEND, json=fresh(user, to=["nobody"], idempotency_key="k")), 400)
    said(user.post(SEND, json=fresh(user, idempotency_key="k")))
    assert mails(server, user) == 1


def test_a_failed_send_fails_again(user):
    call = fresh(user, to=["a+refused@example.com"], idempotency_key="k")
    assert said(user.post(SEND, json=call), 502) == said(user.post(SEND, json=call), 502)
    assert said(user.get("/api/email/outbound"))["count"] == 1


def test_an_answer_that_was_202_follows_the_email(user):
    call = fresh(user, to=["a+unknown@example.com"], idempotency_key="k")
    first, again = said(user.post(SEND, json=call), 202), said(user.post(SEND, json=call), 202)
    assert first["status"] == again["status"] == "unknown"
    assert first["outbound_email_uid"] == again["outbound_email_uid"]


def test_keys_are_of_an_organization(server, user):
    other = new_user(server, organization="Another")
    [account] = said(other.get("/api/email/accounts"))["accounts"]
    other.account = account["_id"]
    for who in (user, other):
        said(who.post(SEND, json=fresh(who, idempotency_key="k")))
        assert mails(server, who) == 1


def test_a_key_is_its_users(server, user):
    """Two users of an organization who hit upon one key: each has an effect and a reply."""
    ann, bob = new_user(server), new_user(server)
    headers = {"Idempotency-Key": f"shared-{user.address}"}
    first = said(ann.post(DRAFTS, json={"subject": "mine"}, headers=headers), 201)
    second = said(bob.post(DRAFTS, json={"subject": "other"}, headers=headers), 201)
    assert first["id"] != second["id"]
    for one, body, reply in (ann, "mine", first), (bob, "other", second):
        again = one.post(DRAFTS, json={"subject": body}, headers=headers)
        assert again.headers["Idempotent-Replayed"] == "true" and said(again, 201) == reply
        said(one.post(DRAFTS, json={"subject": "changed"}, headers=headers), 422)
        assert said(one.get(DRAFTS))["data"] == [reply]


def test_a_long_reply_is_made_again(user):
    draft = {"subject": "long", "body_text": "x" * 200_000}
    headers = {"Idempotency-Key": "long"}
    first = user.post(DRAFTS, json=draft, headers=headers)
    again = user.post(DRAFTS, json=draft, headers=headers)
    assert said(first, 201) == said(again, 201)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(said(user.get(DRAFTS))["data"]) == 1


def test_a_long_import_is_made_again(server, user):
    mail = letter(user, text="x" * 200_000)
    headers = {"Idempotency-Key": f"import-{user.address}", "Content-Type": "message/rfc822"}
    call = {"params": {"account": user.account}, "data": mail.as_bytes(), "headers": headers}
    first, again = user.post(IMPORT, **call), user.post(IMPORT, **call)
    assert said(first, 201) == said(again, 201)
    assert again.headers["Idempotent-Replayed"] == "true"
    with contextlib.closing(sqlite3.connect(server.data / "outtray.db")) as database:
        [kept] = database.execute("SELECT email_id, status, body FROM idempotency_keys WHERE "
                                  "idempotency_key = ?", (headers["Idempotency-Key"],))
    assert kept == (first.json()["message"]["_id"], 201, None)


def test_a_hundred_equal_calls_make_one_email(server, user):
    call = fresh(user, idempotency_key="hundred")
    with concurrent.futures.ThreadPoolExecutor(25) as pool:
        replies = list(pool.map(lambda _: user.post(SEND, json=call), range(100)))
    for reply in replies:
        assert reply.status_code in (200, 409)
        if reply.status_code == 409:
            assert reply.json() == email_error("conflict", CONFLICT)
    assert any(reply.status_code == 200 for reply in replies)
    assert mails(server, user) == 1
    assert said(user.get("/api/email/outbound"))["count"] == 1


def begin_waiting(server, box, call):
    """Starts that send, which waits for its outcome; what it will be answered, and the mail's uid."""
    client = server.client(box.user.token)
    pool = concurrent.futures.ThreadPoolExecutor(1)
    reply = pool.submit(client.post, SEND, json=call)
    pool.shutdown(wait=False)
    [one] = wait_until(lambda: said(box.user.get(RECORDS))["items"], what="the mail")
    box.wait_for(one["uid"], "queued", attempts=1)
    return reply, one["uid"]


@pytest.fixture
def busy(start_smtp):
    """A mail server that asks to come back later."""
    peer = start_smtp(security="none")
    peer.fail("rcpt", "451 4.7.1 greylisted")
    return peer


def test_a_call_is_under_way_while_it_waits(start_server, busy):
    server = start_server(send_wait="20s")
    box = connect(server, busy)
    call = box.body(idempotency_key="waits")
    reply, uid = begin_waiting(server, box, call)
    assert said(box.user.post(SEND, json=call), 409) == email_error("conflict", CONFLICT)
    busy.heal()
    first = said(reply.result())
    assert said(box.user.post(SEND, json=call)) == first
    assert (first["outbound_email_uid"], len(busy.accepted)) == (uid, 1)


def test_a_call_is_under_way_no_more_when_it_was_killed(start_server, busy):
    server = start_server(send_wait="5s")
    box = connect(server, busy)
    call = box.body(idempotency_key="killed")
    reply, uid = begin_waiting(server, box, call)
    server.kill()
    with pytest.raises(requests.ConnectionError):
        reply.result()
    server.start()
    box.after_restart(server)

    def answered():
        again = box.user.post(SEND, json=call)
        return again.status_code != 409 and again

    again = said(wait_until(answered, what="the key's release"), 202)
    assert (again["outbound_email_uid"], again["status"]) == (uid, "queued")
    busy.heal()
    box.wait_for(uid, "sent")
    assert said(box.user.post(SEND, json=call))["outbound_email_uid"] == uid
    assert len(busy.accepted) == 1


def test_a_call_that_was_answered_is_under_way_no_more(server, user):
    """Its reply is too long to be kept, and the mail is queued for years."""
    agent = server.client(new_token(server, user.address, "inbox:read", "inbox:draft"))
    uid = said(agent.post("/api/email/drafts", json=fresh(
        user, body_text="x" * 100_000, planned_send_at="2053-11-07T05:31:56Z")), 201)["uid"]
    boss = server.client(new_token(server, user.address, *ALL))
    seen = said(agent.post(f"{RECORDS}/{uid}/submit"))["content_sha256"]
    call = {"json": {"content_sha256": seen}, "headers": {"Idempotency-Key": "approve"}}
    first = said(boss.post(f"{RECORDS}/{uid}/approve", **call))
    assert (first["status"], first["next_attempt_at"]) == ("queued", "2053-11-07T05:31:56Z")
    assert said(boss.post(f"{RECORDS}/{uid}/approve", **call)) == first
