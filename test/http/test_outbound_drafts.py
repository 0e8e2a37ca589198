"""Drafts of the outbound family: autosave, paging, versions, deleting, sending.

covers: src/api/outbound_drafts.c src/api/drafting.c src/api/spelling.c src/store/email_store.c
covers: src/api/request.c
"""
import concurrent.futures
import uuid

import pytest

from people import USER, new_token, new_user
from shapes import (CORR_ID, DOC_ID, DRAFT_ID, SANDBOX_ID, SECONDS, UID, holding, outbound_error,
                    said)

DRAFTS = "/api/v1/email/outbound/drafts"
SEND = "/api/v1/email/outbound/send"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NOTHING = {"to": [], "cc": [], "bcc": [], "subject": None, "body_html": None, "body_text": None,
           "attachments": [], "case_id": None, "status": "draft", "version": 1}


@pytest.fixture
def user(server):
    return new_user(server)


def create(user, **fields):
    return said(user.post(DRAFTS, json=fields), 201)


def change(user, draft, **fields):
    return said(user.put(f"{DRAFTS}/{draft['id']}", json=fields))


def uuid_of(draft_id):
    value = 0
    for letter in draft_id.split("_")[1]:
        value = value * 32 + CROCKFORD.index(letter)
    return str(uuid.UUID(int=value))


FULL = {"to": ["a@example.com"], "cc": ["b@example.com"], "bcc": ["c@example.com"], "subject": "s",
        "body_html": "<p>h</p>", "body_text": "t", "case_id": "7",
        "attachments": [{"filename": "a.txt", "content_type": "text/plain", "data_base64": "YQ=="}]}
KEPT = {**FULL, "attachments": [{"document_id": DOC_ID, "filename": "a.txt",
                                 "content_type": "text/plain", "size_bytes": 1}]}


def test_every_field_is_optional(user):
    reply = user.post(DRAFTS)
    assert said(reply, 201) == {**NOTHING, "id": DRAFT_ID, "from": user.address,
                                "from_account_id": UID, "created_at": SECONDS,
                                "updated_at": SECONDS}
    assert reply.headers["ETag"] == '"1"'


def test_a_draft_may_wait_for_a_mailbox(server):
    user = new_user(server, mailbox=False)
    draft = create(user, to=["a@example.com"], subject="s")
    assert draft["from_account_id"] is None and "from" not in draft
    refused = said(user.post(f"{DRAFTS}/{draft['id']}/send"), 404)
    assert refused == outbound_error("ACCOUNT_NOT_FOUND")
    server.tool("account", "add", "sandbox", "--user", user.address, "--email", user.address)
    assert said(user.post(f"{DRAFTS}/{draft['id']}/send"))["status"] == "sent"


# Autosave

def test_what_is_absent_stays(user):
    draft = create(user, **FULL)
    assert {name: draft[name] for name in FULL} == KEPT
    assert change(user, draft) == {**draft, "version": 2, "updated_at": SECONDS}
    assert change(user, draft, subject="new") == {**draft, "subject": "new", "version": 3,
                                                  "updated_at": SECONDS}


@pytest.mark.parametrize("field, nothing", [
    (field, nothing) for field, value in FULL.items()
    for nothing in ([None, "", []] if isinstance(value, list) else [None, ""])
])
def test_what_stands_for_nothing_clears(user, field, nothing):
    draft = create(user, **FULL)
    changed = change(user, draft, **{field: nothing})
    assert changed == {**draft, field: NOTHING[field], "version": 2, "updated_at": SECONDS}
    assert said(user.get(f"{DRAFTS}/{draft['id']}")) == changed


def test_what_was_read_can_be_sent_back(user):
    draft = create(user, **FULL)
    assert change(user, draft, **draft) == {**draft, "version": 2, "updated_at": SECONDS}


def test_read_only_keys_are_ignored(user):
    draft = create(user)
    changed = change(user, draft, id="draft_X", status="sent", version=99, created_at="yesterday",
                     updated_at=None, **{"from": 7})
    assert changed == {**draft, "version": 2, "updated_at": SECONDS}


def test_sending_back_keeps_what_this_family_does_not_show(user):
    """A context that is no case: case_id is null, which must not take it away."""
    [account] = said(user.get("/api/email/accounts"))["accounts"]
    made = said(user.post("/api/email/drafts", json={
        "from_account_id": account["_id"], "context_type": "invoice", "context_id": "9",
        "planned_send_at": "2053-01-01T00:00:00Z"}), 201)
    draft = said(user.get(f"{DRAFTS}/{made['uid']}"))
    assert draft["case_id"] is None
    change(user, draft, **draft)
    assert said(user.get(f"/api/email/drafts/{made['uid']}")) == {
        **made, "version": 2, "updated_at": SECONDS}
    change(user, draft, case_id="7")
    now = said(user.get(f"/api/email/drafts/{made['uid']}"))
    assert (now["context_type"], now["context_id"]) == ("case", "7")


def test_a_document_is_attached_in_both_spellings(user):
    [attached] = create(user, **FULL)["attachments"]
    for spelling in (attached["document_id"], attached, {"document_id": attached["document_id"]},
                     uuid_of(attached["document_id"])):
        assert create(user, attachments=[spelling])["attachments"] == [attached]
    [renamed] = create(user, attachments=[{**attached, "filename": "b.txt"}])["attachments"]
    assert renamed == {**attached, "filename": "b.txt"}


# Lists

def test_paging_shows_every_draft_once(user):
    ids = [create(user, subject=str(number))["id"] for number in range(120)]
    seen, cursor, sizes = [], None, []
    while cursor or not sizes:
        page = said(user.get(DRAFTS, params={"limit": 50, "cursor": cursor}))
        seen += [draft["id"] for draft in page["data"]]
        sizes.append(len(page["data"]))
        assert page["has_more"] == bool(page["next_cursor"])
        cursor = page["next_cursor"]
        if len(sizes) == 1:
            create(user, subject="meanwhile")  # comes before the cursor: must disturb nothing
    assert sizes == [50, 50, 20]
    assert seen == ids[::-1]


@pytest.mark.parametrize("limit, count", [(None, 50), (1, 1), (100, 60)])
def test_limit(user, limit, count):
    for _ in range(60):
        create(user)
    page = said(user.get(DRAFTS, params={"limit": limit}))
    assert len(page["data"]) == count and page["has_more"] == (count < 60)


def test_newest_change_comes_first(user):
    first, second = create(user), create(user)
    change(user, first, subject="changed")
    assert [draft["id"] for draft in said(user.get(DRAFTS))["data"]] == [first["id"], second["id"]]


def test_filters(user):
    one, _ = create(user, case_id="1"), create(user, case_id="2")
    page = said(user.get(DRAFTS, params={"case_id": "1"}))
    assert page == {"data": [one], "next_cursor": None, "has_more": False}
    assert len(said(user.get(DRAFTS, params={"status": "draft"}))["data"]) == 2
    empty = {"data": [], "next_cursor": None, "has_more": False}
    assert said(user.get(DRAFTS, params={"status": "sent"})) == empty
    assert said(user.get(DRAFTS, params={"case_id": "3"})) == empty


@pytest.mark.parametrize("name, value", [
    ("limit", "0"), ("limit", "101"), ("limit", "-1"), ("limit", "ten"), ("limit", "1.5"),
    ("limit", "9" * 40), ("cursor", "x"), ("cursor", "1_"), ("cursor", "_" + "0" * 26),
    ("status", "lost"),
])
def test_parameters_are_checked(user, name, value):
    refused = said(user.get(DRAFTS, params={name: value}), 400)
    assert refused == outbound_error("VALIDATION_ERROR", holding(name), field=name)


# Ids

def test_any_spelling_of_an_id_is_accepted(user):
    draft = create(user)
    ulid = draft["id"].split("_")[1]
    for spelling in (ulid, ulid.lower(), f"corr_{ulid}", f"doc_{ulid}", uuid_of(draft["id"]),
                     uuid_of(draft["id"]).upper()):
        assert said(user.get(f"{DRAFTS}/{spelling}")) == draft


def test_one_record_in_three_families(user):
    draft = create(user, to=["a@example.com"], subject="s", case_id="7")
    uid = uuid_of(draft["id"])
    seen = said(user.get(f"/api/email/drafts/{draft['id']}"))
    assert (seen["uid"], seen["context_type"], seen["context_id"]) == (uid, "case", "7")
    sent = said(user.post("/api/email/send", json={"draft_uid": draft["id"]}))
    assert (sent["outbound_email_uid"], sent["status"]) == (uid, "sent")
    again = said(user.post(f"{DRAFTS}/{uid}/send"))
    assert again["id"] == draft["id"].replace("draft_", "corr_") and again["status"] == "sent"


# By status

def test_each_status_has_its_list(server, user):
    agent = server.client(new_token(server, user.address, "inbox:read", "inbox:draft"))
    made = {name: create(user, to=[f"a+{name}@example.com"], subject=name, case_id="7")
            for name in ("draft", "sent", "refused", "unknown", "canceled")}
    for name, status in (("sent", 200), ("refused", 502), ("unknown", 202)):
        said(user.post(f"{DRAFTS}/{made[name]['id']}/send"), status)
    said(user.post(f"/api/email/outbound/{made['canceled']['id']}/cancel"))
    asked = create(agent, to=["a@example.com"], subject="asked")
    said(agent.post(f"{DRAFTS}/{asked['id']}/send"), 202)

    def subjects(client, status, **more):
        page = said(client.get(DRAFTS, params={"status": status, **more}))
        assert {entry["status"] for entry in page["data"]} <= {status}
        return [entry["subject"] for entry in page["data"]]

    lists = {"draft": ["draft"], "sent": ["sent"], "failed": ["refused"], "unknown": ["unknown"],
             "canceled": ["canceled"], "pending_approval": ["asked"], "queued": [], "sending": [],
             "received": []}
    for status, expected in lists.items():
        assert subjects(user, status) == expected, status
        of_case = [] if status == "pending_approval" else expected
        assert subjects(user, status, case_id="7") == of_case
        assert subjects(user, status, case_id="8") == []
        assert subjects(agent, status) == expected
    only_agent = server.client(new_token(server, user.address, "inbox:draft"))
    assert subjects(only_agent, "pending_approval") == []  # another token's
    writer = server.client(new_token(server, user.address, "inbox:write"))
    assert subjects(writer, "draft") == ["draft"]
    said(writer.get(DRAFTS, params={"status": "sent"}), 403)
    assert subjects(new_user(server), "sent") == []
    said(user.get(DRAFTS, params={"status": "bogus"}), 400)


def test_a_status_by_pages_latest_change_first(user):
    made = [create(user, to=["a+refused@example.com"], subject=str(number)) for number in range(5)]
    for number in (3, 0, 4, 1, 2):
        said(user.post(f"{DRAFTS}/{made[number]['id']}/send"), 502)
    seen, cursor = [], None
    while True:
        page = said(user.get(DRAFTS, params={"status": "failed", "limit": 2, "cursor": cursor}))
        seen += [entry["subject"] for entry in page["data"]]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            break
    assert seen == ["2", "1", "4", "0", "3"]


# Versions

def test_a_lost_update_is_refused(user):
    path = f"{DRAFTS}/{create(user)['id']}"
    tag = user.get(path).headers["ETag"]
    reply = user.put(path, json={"subject": "mine"}, headers={"If-Match": tag})
    assert said(reply)["subject"] == "mine" and reply.headers["ETag"] == '"2"'
    late = user.put(path, json={"subject": "late"}, headers={"If-Match": tag})
    assert said(late, 412) == {**outbound_error("PRECONDITION_FAILED"),
                               "draft": said(user.get(path))}
    assert late.headers["ETag"] == '"2"'
    assert said(user.delete(path, headers={"If-Match": tag}), 412)
    assert said(user.get(path))["subject"] == "mine"
    assert said(user.put(path, json={"subject": "any"}, headers={"If-Match": "*"}))
    assert said(user.delete(path, headers={"If-Match": '"3"'}), 204) is None


@pytest.mark.parametrize("tag", ['"x"', '"0"', '"-1"', '"1" x', '"99999999999999999999"', '""'])
def test_a_tag_that_is_none_of_ours(user, tag):
    path = f"{DRAFTS}/{create(user)['id']}"
    assert said(user.put(path, json={}, headers={"If-Match": tag}), 412)


def test_two_who_edit_different_fields_lose_nothing(server, user):
    draft = create(user)
    fields = ["subject", "body_text", "body_html", "case_id"]
    with concurrent.futures.ThreadPoolExecutor(len(fields)) as pool:
        for done in [
                pool.submit(change, server.client(user.token), draft, **{name: f"{name} {turn}"})
                for turn in range(10) for name in fields]:
            done.result()
    now = said(user.get(f"{DRAFTS}/{draft['id']}"))
    assert now["version"] == 41
    assert all(now[name].startswith(name) for name in fields)


# Sending and deleting

def test_sending(server, user):
    draft = create(user, **FULL)
    sent = said(user.post(f"{DRAFTS}/{draft['id']}/send"))
    assert sent == {"id": draft["id"].replace("draft_", "corr_"), "direction": "outbound",
                    "status": "sent", "sent_at": SECONDS, "subject": "s", "case_id": "7",
                    "provider_message_id": SANDBOX_ID, "provider_thread_id": UID}
    [mail] = server.mails(user.address)
    assert (mail["Subject"], mail["To"], mail["Cc"], mail["Bcc"]) == (
        "s", "a@example.com", "b@example.com", None)
    assert said(user.post(f"{DRAFTS}/{draft['id']}/send", json={})) == sent
    assert len(server.mails(user.address)) == 1


def test_what_is_sent_stays(user):
    path = f"{DRAFTS}/{create(user, **FULL)['id']}"
    said(user.post(f"{path}/send"))
    assert said(user.put(path, json={"subject": "x"}), 409) == outbound_error("CONFLICT")
    assert said(user.delete(path), 409) == outbound_error("CONFLICT")
    seen = said(user.get(path))
    assert (seen["status"], seen["subject"]) == ("sent", "s")
    assert said(user.get(DRAFTS))["data"] == []


@pytest.mark.parametrize("missing", ["to", "subject"])
def test_a_draft_that_is_not_complete_is_not_sent(server, user, missing):
    draft = create(user, **{**FULL, "cc": [], "bcc": [], missing: None})
    refused = said(user.post(f"{DRAFTS}/{draft['id']}/send"), 400)
    assert refused == outbound_error("VALIDATION_ERROR", holding(missing), field=missing)
    refused = said(user.post(SEND, json={**FULL, missing: None}), 400)
    assert refused == outbound_error("VALIDATION_ERROR", holding(missing), field=missing)
    assert said(user.get(f"{DRAFTS}/{draft['id']}")) == draft
    assert len(said(user.get(DRAFTS))["data"]) == 1


def test_deleting(user):
    draft = create(user, **FULL)
    path = f"{DRAFTS}/{draft['id']}"
    assert said(user.delete(path), 204) is None
    for reply in (user.get(path), user.put(path, json={}), user.delete(path),
                  user.post(f"{path}/send")):
        assert said(reply, 404) == outbound_error("DRAFT_NOT_FOUND")
    [attached] = draft["attachments"]
    assert create(user, attachments=[attached["document_id"]])["attachments"] == [attached]


def test_two_who_send_at_the_same_moment(server, user):
    draft = create(user, **FULL)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(
            lambda each: said(each.post(f"{DRAFTS}/{draft['id']}/send")),
            [server.client(user.token) for _ in range(8)]))
    assert sent == [sent[0]] * 8 and sent[0]["status"] == "sent"
    assert len(server.mails(user.address)) == 1


def test_head_is_like_get_without_a_body(user):
    path = f"{DRAFTS}/{create(user)['id']}"
    got, head = user.get(path), user.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length"):
        assert head.headers[name] == got.headers[name]


def test_a_token_for_drafts_only(server, user):
    robot = server.client(new_token(server, user.address, "inbox:draft", "inbox:read"))
    draft = create(robot, **FULL)
    assert said(robot.get(f"{DRAFTS}/{draft['id']}")) == draft
    for asked in (said(robot.post(f"{DRAFTS}/{draft['id']}/send"), 202),
                  said(robot.post(SEND, json=FULL), 202)):
        assert asked == {"id": CORR_ID, "direction": "outbound", "status": "pending_approval",
                         "sent_at": None, "subject": "s", "case_id": "7",
                         "provider_message_id": None, "provider_thread_id": None,
                         "reason": holding("approve")}
    assert server.mails(user.address) == []


# Failures of the provider; a recipient's +tag tells the sandbox how to fail

def test_a_refusal(user):
    draft = create(user, to=["a+refused@example.com"], subject="s")
    refused = said(user.post(f"{DRAFTS}/{draft['id']}/send"), 502)
    corr = draft["id"].replace("draft_", "corr_")
    assert refused == outbound_error("PROVIDER_ERROR", holding("550 5.1.1"), id=corr,
                                     status="failed")
    assert said(user.post(f"{DRAFTS}/{draft['id']}/send"), 502) == refused  # as it is, once more
    fresh = said(user.post(SEND, json={"to": "a+refused@example.com", "subject": "s"}), 502)
    assert fresh == outbound_error("PROVIDER_ERROR", holding("550"), id=CORR_ID, status="failed")


@pytest.mark.parametrize("tag, status, reason", [
    ("later", "queued", "451 4.7.1"), ("signin", "queued", "535 5.7.8"),
    ("unknown", "unknown", "did not answer"), ("lost", "unknown", "neither took"),
])
def test_what_is_not_settled_is_accepted(user, tag, status, reason):
    sent = said(user.post(SEND, json={"to": f"a+{tag}@example.com", "subject": "s"}), 202)
    assert sent == {"id": CORR_ID, "direction": "outbound", "status": status, "sent_at": None,
                    "subject": "s", "case_id": None, "provider_message_id": None,
                    "provider_thread_id": None, "reason": holding(reason)}


def test_respond_async(server, user):
    reply = user.post(SEND, json=FULL, headers={"Prefer": "respond-async, wait=5"})
    assert said(reply, 202)["status"] == "queued"
    sent = said(user.post(f"{DRAFTS}/{reply.json()['id']}/send"))
    assert sent["status"] == "sent"
    assert len(server.mails(user.address)) == 1


def test_somebody_elses_scopes_say_nothing_of_his_drafts(server, user):
    draft = create(user)
    colleague = new_user(server, [*USER])
    assert said(colleague.get(f"{DRAFTS}/{draft['id']}"), 404) == outbound_error("DRAFT_NOT_FOUND")
    assert said(colleague.get(DRAFTS))["data"] == []
