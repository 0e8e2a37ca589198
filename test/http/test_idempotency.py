"""P5: a call that is repeated with the same key has its effect once.

What they watch:
- what a call means: fingerprint_of_call.
- what has become of it: that no body is kept, in idempotency_keep and answer_again.
- under way, killed: is_under_way in api/idempotency.c (seen to fail without: 202 too early; 409 for as long as the mail is tried).

covers: src/api/idempotency.c src/api/fingerprint.c src/model/call.c src/api/messages_import.c
"""
import base64
import concurrent.futures
import contextlib
import hashlib
import itertools
import json
import sqlite3
import uuid

import pytest
import requests

from mailboxes import RECORDS, SEND, connect
from people import ALL, new_token, new_user
from received import IMPORT, letter
from running import wait_until
from shapes import TEXT, email_error, holding, said

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


def respelled(body):
    """The same payload as other programs print it."""
    account = body["from_account_id"]
    text = json.dumps(body)
    return {
        "order": json.dumps(dict(reversed(body.items()))),
        "space": json.dumps(body, indent=2),
        "escapes": text.replace('"fp"', '"\\u0066p"'),
        "nulls": json.dumps({**body, "cc": None, "bcc": [], "body_html": "", "context_id": None}),
        "one recipient": json.dumps({**body, "to": body["to"][0]}),
        "capitals": text.replace(account, account.upper()),
        "ULID": text.replace(account, draft_id_of(account)),
        "time": text.replace("09:00:00Z", "10:00:00.000+01:00"),
        "address": text.replace("a@example.com", "<a@EXAMPLE.com>"),
    }


def draft_id_of(uid):
    value, digits = uuid.UUID(uid).int, []
    for _ in range(26):
        digits.append("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[value % 32])
        value //= 32
    return "draft_" + "".join(reversed(digits))


JSON = {"Content-Type": "application/json"}


def test_the_payload_is_compared_as_it_was_understood(user):
    body = fresh(user, subject="fp", planned_send_at="2099-03-26T09:00:00Z", idempotency_key="k")
    first = said(user.post(SEND, json=body), 202)
    for how, text in respelled(body).items():
        again = user.post(SEND, data=text, headers=JSON)
        assert (said(again, 202), again.headers["Idempotent-Replayed"]) == (first, "true"), how
    del body["idempotency_key"]
    for how, text in respelled(body).items():
        assert said(user.post(SEND, data=text, headers={**JSON, "Idempotency-Key": "k"}), 202) == first
    assert said(user.get(RECORDS))["count"] == 1


@pytest.mark.parametrize("changes", [
    {"subject": "FP"}, {"to": ["A <a@example.com>"]}, {"to": ["b@example.com"]}, {"cc": "a@example.com"},
    {"body_text": " "}, {"to": ["a@example.com", "b@example.com"]}, {"context_id": "fp"},
    {"planned_send_at": "2099-03-26T09:00:01Z"}])
def test_another_meaning_is_another_payload(user, changes):
    body = fresh(user, subject="fp", planned_send_at="2099-03-26T09:00:00Z", idempotency_key="k")
    said(user.post(SEND, json=body), 202)
    said(user.post(SEND, json={**body, **changes}), 422)
    assert said(user.get(RECORDS))["count"] == 1


def test_the_path_is_compared_as_it_was_understood(server, user):
    uid = said(user.post("/api/email/drafts", json=fresh(user)), 201)["uid"]
    key = {"Idempotency-Key": "path"}
    first = said(user.post(f"{DRAFTS}/{uid}/send", headers=key))
    for spelling in uid.upper(), first["id"], draft_id_of(uid).lower():
        again = user.post(f"{DRAFTS}/{spelling}/send", headers=key)
        assert (said(again), again.headers["Idempotent-Replayed"]) == (first, "true")
    said(user.post(f"{RECORDS}/{uid}/cancel", headers=key), 422)
    assert mails(server, user) == 1


def test_in_an_update_null_is_not_nothing(user):
    draft = said(user.post("/api/email/drafts", json=fresh(user)), 201)
    key = {"Idempotency-Key": "update"}
    clears = {"uid": draft["uid"], "subject": None, "body_text": "t"}
    first = user.post("/api/email/drafts", json=clears, headers=key)
    again = user.post("/api/email/drafts", json=dict(reversed(clears.items())), headers=key)
    assert said(again) == said(first) and again.headers["Idempotent-Replayed"] == "true"
    del clears["subject"]
    said(user.post("/api/email/drafts", json=clears, headers=key), 422)


def test_a_body_that_cannot_be_read_is_told_of_first(user):
    said(user.post(SEND, json=fresh(user, idempotency_key="k")))
    key = {"Idempotency-Key": "k"}
    assert said(user.post(SEND, json=fresh(user, to=["nobody"]), headers=key), 400) == email_error(
        "validation_error", holding("to[0]"), {"field": "to[0]", "message": TEXT})


def test_a_key_of_a_former_version(server, user):
    """Its fingerprint is of the bytes; the reply was kept."""
    key, path, body = "former", DRAFTS, b'{"subject": "x"}'
    headers = {**JSON, "Idempotency-Key": key}
    first = said(user.post(path, data=body, headers=headers), 201)
    with contextlib.closing(sqlite3.connect(server.data / "outtray.db")) as database:
        [user_id] = database.execute(
            "SELECT user_id FROM idempotency_keys WHERE email_id = ?", (uuid_of(first["id"]),)).fetchone()
        old = hashlib.sha256(b"\0".join([user_id.encode(), b"POST", path.encode(), body])).hexdigest()
        database.execute("UPDATE idempotency_keys SET fingerprint = ?, body = '{}' WHERE user_id = ? AND "
                         "idempotency_key = ?", (old, user_id, key))
        database.commit()
    assert said(user.post(path, data=body, headers=headers), 201) == first
    said(user.post(path, data=b'{"subject": "y"}', headers=headers), 422)


def uuid_of(prefixed):
    value = 0
    for letter in prefixed.split("_")[1]:
        value = value * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(letter)
    return str(uuid.UUID(int=value))


# What has become of it

def test_a_failed_mail_that_was_sent_after_all(server, start_smtp):
    peer = start_smtp(security="none")
    box = connect(server, peer)
    peer.fail("rcpt", "550 5.1.1 nobody")
    call = box.body(idempotency_key="k")
    uid = said(box.user.post(SEND, json=call), 502)["error"]["details"][0]["outbound_email_uid"]
    peer.heal()
    said(box.user.post(f"{RECORDS}/{uid}/retry"))
    box.wait_for(uid, "sent")
    again = box.user.post(SEND, json=call)
    assert (said(again)["status"], again.headers["Idempotent-Replayed"]) == ("sent", "true")
    assert (again.json()["outbound_email_uid"], len(peer.accepted)) == (uid, 1)


def test_a_draft_that_has_gone_on(user):
    headers = {"Idempotency-Key": "draft"}
    body = {"to": ["a@example.com"], "subject": "first"}
    made = said(user.post(DRAFTS, json=body, headers=headers), 201)
    said(user.put(f"{DRAFTS}/{made['id']}", json={"subject": "second"}))
    again = user.post(DRAFTS, json=body, headers=headers)
    assert said(again, 201) == said(user.get(f"{DRAFTS}/{made['id']}"))
    assert (again.json()["subject"], again.headers["ETag"]) == ("second", '"2"')
    said(user.post(f"{DRAFTS}/{made['id']}/send"))
    assert said(user.post(DRAFTS, json=body, headers=headers), 201)["status"] == "sent"
    other = said(user.post(DRAFTS, json={"client_id": "c"}), 201)
    again = {"json": {"client_id": "c"}, "headers": {"Idempotency-Key": "there"}}
    assert [said(user.post(DRAFTS, **again)) for _ in range(2)] == [other, other]


def test_an_import_of_what_is_there(user):
    headers = {"Content-Type": "message/rfc822"}
    call = {"params": {"account": user.account}, "data": letter(user).as_bytes()}
    first = said(user.post(IMPORT, **call, headers=headers), 201)
    for _ in range(2):
        assert said(user.post(IMPORT, **call, headers={**headers, "Idempotency-Key": "twice"})) == first


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
            assert reply.headers["Retry-After"] == "1"
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
    again = box.user.post(SEND, json=dict(reversed(call.items())))
    assert (said(again, 409), again.headers["Retry-After"]) == (email_error("conflict", CONFLICT), "1")
    said(box.user.post(SEND, json={**call, "subject": "other"}), 422)
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
