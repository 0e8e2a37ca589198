"""Drafts of the email family: create, update, list, delete, and leave at their planned time.

covers: src/api/email_drafts.c src/api/drafting.c src/api/editing.c src/api/email_view.c
"""
import datetime
import time

import pytest

from people import new_user
from running import wait_until
from shapes import DOC_ID, SECONDS, UID, email_error, holding, said

DRAFTS = "/api/email/drafts"
SECONDS_TO_WAIT = 20


@pytest.fixture
def user(server):
    user = new_user(server)
    [account] = said(user.get("/api/email/accounts"))["accounts"]
    user.account = account["_id"]
    return user


def create(user, **fields):
    return said(user.post(DRAFTS, json={"from_account_id": user.account, **fields}), 201)


def wait_for(user, draft, status):
    """The record, once the server has got so far by itself."""
    end = time.monotonic() + SECONDS_TO_WAIT
    while True:
        record = said(user.get(f"/api/email/outbound/{draft['uid']}"))
        if record["status"] == status or time.monotonic() > end:
            assert record["status"] == status
            return record
        time.sleep(0.02)


def in_seconds(seconds, offset_hours=0):
    zone = datetime.timezone(datetime.timedelta(hours=offset_hours))
    when = datetime.datetime.now(zone) + datetime.timedelta(seconds=seconds)
    return when.isoformat(timespec="milliseconds")


FULL = {"to": ["a@example.com"], "cc": ["b@example.com"], "bcc": ["c@example.com"], "subject": "s",
        "body_html": "<p>h</p>", "body_text": "t", "context_type": "invoice", "context_id": "7",
        "attachments": [{"filename": "a.txt", "content_type": "text/plain", "data_base64": "YQ=="}],
        "planned_send_at": "2053-11-07T05:31:56Z"}
KEPT = {**FULL, "attachments": [{"document_id": DOC_ID, "filename": "a.txt",
                                 "content_type": "text/plain", "size_bytes": 1}]}
NOTHING = {"to": [], "cc": [], "bcc": [], "subject": None, "body_html": None, "body_text": None,
           "attachments": [], "context_type": None, "context_id": None, "planned_send_at": None}


# Create, update, read

def test_create_and_read(user):
    reply = user.post(DRAFTS, json={"from_account_id": user.account, **FULL})
    draft = said(reply, 201)
    assert draft == {"uid": UID, "from_account_id": user.account, "from_email": user.address,
                     **KEPT, "status": "draft", "version": 1, "created_at": SECONDS,
                     "updated_at": SECONDS}
    assert reply.headers["ETag"] == '"1"'
    got = user.get(f"{DRAFTS}/{draft['uid']}")
    assert said(got) == draft and got.headers["ETag"] == '"1"'


@pytest.mark.parametrize("body", [{}, {"to": ["a@example.com"]}, {"from_account_id": None}, None])
def test_a_new_draft_needs_its_mailbox(user, body):
    refused = said(user.post(DRAFTS, json=body), 400)
    assert refused == email_error("validation_error", "from_account_id is required",
                                  {"field": "from_account_id", "message": "is required"})
    assert said(user.get(DRAFTS)) == {"items": [], "count": 0}


@pytest.mark.parametrize("way", ["POST", "PATCH"])
@pytest.mark.parametrize("field, value", [
    *NOTHING.items(), ("subject", ""), ("to", ""), ("body_text", ""), ("attachments", []),
    ("subject", "new"), ("to", ["z@example.com"]), ("context_id", "8"),
    ("planned_send_at", "2054-01-01T00:00:00Z"),
])
def test_only_the_given_fields_change(user, way, field, value):
    draft = create(user, **FULL)
    path = DRAFTS if way == "POST" else f"{DRAFTS}/{draft['uid']}"
    body = {"uid": draft["uid"], field: value} if way == "POST" else {field: value}
    changed = said(user.request(way, path, json=body))
    assert changed == {**draft, field: value or NOTHING[field], "version": 2,
                       "updated_at": SECONDS}
    assert said(user.get(f"{DRAFTS}/{draft['uid']}")) == changed


def test_what_was_read_can_be_sent_back(user):
    draft = create(user, **FULL)
    path = f"{DRAFTS}/{draft['uid']}"
    second = said(user.patch(path, json=draft))
    assert second == {**draft, "version": 2, "updated_at": SECONDS}
    assert said(user.post(DRAFTS, json=second)) == {**draft, "version": 3, "updated_at": SECONDS}
    assert said(user.post(DRAFTS, json=draft), 412)["draft"]["version"] == 3


def test_a_lost_update_is_refused(user):
    draft = create(user)
    path, old = f"{DRAFTS}/{draft['uid']}", {"If-Match": '"1"'}
    mine = said(user.patch(path, json={"subject": "mine"}, headers=old))
    assert mine["version"] == 2
    late = {**email_error("precondition_failed", holding("version 2")), "draft": mine}
    body = {"uid": draft["uid"], "subject": "late"}
    assert said(user.patch(path, json={"subject": "late"}, headers=old), 412) == late
    assert said(user.post(DRAFTS, json=body, headers=old), 412) == late
    assert said(user.delete(path, headers=old), 412) == late
    assert said(user.get(path))["subject"] == "mine"


def test_another_mailbox(server, user):
    draft = create(user)
    address = "second." + user.address
    server.tool("account", "add", "sandbox", "--user", user.address, "--email", address)
    accounts = said(user.get("/api/email/accounts"))["accounts"]
    changed = said(user.patch(f"{DRAFTS}/{draft['uid']}",
                              json={"from_account_id": accounts[1]["_id"]}))
    assert (changed["from_account_id"], changed["from_email"]) == (accounts[1]["_id"], address)


@pytest.mark.parametrize("whose", ["nobody's", "somebody's", "no id"])
def test_a_mailbox_that_is_not_his(server, user, whose):
    other = new_user(server)
    ids = {"nobody's": "01890000-0000-7000-8000-000000000000", "no id": "x",
           "somebody's": said(other.get("/api/email/accounts"))["accounts"][0]["_id"]}
    missing = email_error("not_found")
    assert said(user.post(DRAFTS, json={"from_account_id": ids[whose]}), 404) == missing
    draft = create(user)
    assert said(user.patch(f"{DRAFTS}/{draft['uid']}", json={"from_account_id": ids[whose]}),
                404) == missing
    assert said(user.get(DRAFTS)) == {"items": [draft], "count": 1}


def test_a_disconnected_mailbox_does_not_hinder_autosave(server, user):
    owner = new_user(server, ["inbox:read", "inbox:write"])
    [account] = said(owner.get("/api/email/accounts"))["accounts"]
    draft = said(owner.post(DRAFTS, json={"from_account_id": account["_id"]}), 201)
    assert said(owner.delete(f"/api/email/accounts/{account['_id']}")) == {"success": True}
    changed = said(owner.patch(f"{DRAFTS}/{draft['uid']}", json={**draft, "subject": "kept"}))
    assert (changed["subject"], changed["from_email"]) == ("kept", owner.address)
    assert said(owner.post(DRAFTS, json={"from_account_id": account["_id"]}), 404)


# Lists

def test_pages(user):
    uids = [create(user, subject=str(number))["uid"] for number in range(45)][::-1]
    for params, expected in [({}, uids[:20]), ({"page": 3}, uids[40:]), ({"page": 4}, []),
                             ({"per_page": 100}, uids), ({"page": 2, "per_page": 7}, uids[7:14]),
                             ({"page": 1000000}, [])]:
        listed = said(user.get(DRAFTS, params=params))
        assert [draft["uid"] for draft in listed["items"]] == expected
        assert listed["count"] == 45


def test_filters(user):
    invoice = create(user, context_type="invoice", context_id="1")
    other = create(user, context_type="invoice", context_id="2")
    case = create(user, context_type="case", context_id="1", to=["a@example.com"], subject="s")
    for params, expected in [
            ({"context_type": "invoice"}, [other, invoice]), ({"context_id": "1"}, [case, invoice]),
            ({"context_type": "case", "context_id": "1"}, [case]), ({"context_id": "3"}, []),
            ({"status": "draft", "context_type": "case"}, [case]), ({"status": "sent"}, [])]:
        assert said(user.get(DRAFTS, params=params)) == {"items": expected,
                                                         "count": len(expected)}
    said(user.post("/api/email/send", json={"draft_uid": case["uid"]}))
    assert said(user.get(DRAFTS))["count"] == 2
    [sent] = said(user.get(DRAFTS, params={"status": "SENT"}))["items"]
    assert (sent["uid"], sent["status"]) == (case["uid"], "sent")


@pytest.mark.parametrize("path", [DRAFTS, "/api/email/outbound"])
@pytest.mark.parametrize("name, value", [
    ("page", "0"), ("page", "-1"), ("page", "x"), ("page", "9" * 30), ("per_page", "0"),
    ("per_page", "101"), ("per_page", "-5"), ("per_page", "1e2"), ("status", "lost"),
])
def test_parameters_are_checked(user, path, name, value):
    refused = said(user.get(path, params={name: value}), 400)
    assert refused == email_error("validation_error", holding(name),
                                  {"field": name, "message": holding("must be")})


# Deleting, and what cannot be changed any more

def test_deleting(user):
    path = f"{DRAFTS}/{create(user, **FULL)['uid']}"
    assert said(user.delete(path), 204) is None
    for reply in (user.get(path), user.patch(path, json={}), user.delete(path)):
        assert said(reply, 404) == email_error("not_found")
    uid = path.rsplit("/", 1)[1]
    for body in ({"uid": uid}, {"uid": "x"}, {"uid": "01890000-0000-7000-8000-000000000000"}):
        assert said(user.post(DRAFTS, json=body), 404) == email_error("not_found")
    assert said(user.get(DRAFTS)) == {"items": [], "count": 0}


# What has failed may be taken up again: test_revising.py.
@pytest.mark.parametrize("tag, status", [("", "sent"), ("+lost", "unknown"), ("+later", "queued")])
def test_what_left_the_drafts_stays_as_it_is(user, tag, status):
    draft = create(user, to=[f"a{tag}@example.com"], subject="s")
    path = f"{DRAFTS}/{draft['uid']}"
    user.post("/api/email/send", json={"draft_uid": draft["uid"]})
    conflict = email_error("conflict", holding(f"a mail that is {status}"))
    assert said(user.patch(path, json={"subject": "x"}), 409) == conflict
    assert said(user.post(DRAFTS, json={"uid": draft["uid"], "subject": "x"}), 409) == conflict
    assert said(user.delete(path), 409) == conflict
    seen = said(user.get(path))
    assert (seen["subject"], seen["status"]) == ("s", status)


# Planned sends

def test_a_planned_draft_leaves_on_time(server, user):
    due = in_seconds(1.5, offset_hours=-3)
    draft = create(user, to=["a@example.com"], subject="planned", planned_send_at=due)
    assert (draft["status"], draft["planned_send_at"]) == ("draft", SECONDS)
    record = wait_for(user, draft, "sent")
    lateness = time.time() - datetime.datetime.fromisoformat(due).timestamp()
    assert -0.1 <= lateness < 3  # the limit of a slow test machine, not of the server
    assert record["planned_send_at"] == draft["planned_send_at"]
    [mail] = server.mails(user.address)
    assert mail["Subject"] == "planned"


@pytest.mark.parametrize("planned", [None, "2053-01-01T00:00:00Z"])
def test_what_is_no_longer_planned_does_not_leave(server, user, planned):
    held = create(user, to=["a@example.com"], subject="held", planned_send_at=in_seconds(1))
    said(user.patch(f"{DRAFTS}/{held['uid']}", json={"planned_send_at": planned}))
    after = create(user, to=["a@example.com"], subject="after", planned_send_at=in_seconds(1.2))
    wait_for(user, after, "sent")
    assert said(user.get(f"{DRAFTS}/{held['uid']}"))["status"] == "draft"
    assert [mail["Subject"] for mail in server.mails(user.address)] == ["after"]


def test_a_plan_needs_a_mailbox(server):
    """Without one the mail would never leave, and nobody be told."""
    user = new_user(server, mailbox=False)
    draft = said(user.post("/api/v1/email/outbound/drafts"), 201)
    path = f"{DRAFTS}/{draft['id']}"
    refused = said(user.patch(path, json={"planned_send_at": "2053-01-01T00:00:00Z"}), 400)
    assert refused == email_error("validation_error", holding("planned_send_at", "mailbox"),
                                  {"field": "planned_send_at", "message": holding("mailbox")})
    assert said(user.get(path))["planned_send_at"] is None


def test_a_time_brought_forward_is_kept(user):
    draft = create(user, to=["a@example.com"], subject="s", planned_send_at="2053-01-01T00:00:00Z")
    said(user.post(DRAFTS, json={"uid": draft["uid"], "planned_send_at": "2024-03-26T09:00:00Z"}))
    wait_for(user, draft, "sent")


def test_a_planned_draft_that_is_not_complete_stays_one_with_the_reason(user):
    draft = create(user, subject="to whom?", planned_send_at="2024-03-26T09:00:00Z")
    path = f"/api/email/outbound/{draft['uid']}"
    record = wait_until(lambda: (record := said(user.get(path)))["error"] and record, what="the reason")
    assert (record["status"], record["planned_send_at"]) == ("draft", None)
    assert record["error"] == holding("to", "at least one recipient")


@pytest.mark.parametrize("text", ["2053-01-01T00:00:00", "2053-01-01", "tomorrow", "1700000000",
                                  "2053-13-01T00:00:00Z", "2053-01-01T00:00:00+25:00"])
def test_a_time_needs_its_offset(user, text):
    refused = said(user.post(DRAFTS, json={"from_account_id": user.account,
                                           "planned_send_at": text}), 400)
    assert refused == email_error("validation_error", holding("planned_send_at"),
                                  {"field": "planned_send_at", "message": holding("")})
    assert said(user.get(DRAFTS))["count"] == 0
