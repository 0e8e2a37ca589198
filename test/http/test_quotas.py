"""What one organization may have: told, counted with every record, and refused beyond, for it alone.

covers: src/store/quota_store.c src/model/quota.c src/api/quotas.c src/cli/organization.c
covers: src/cli/doctor_quotas.c
"""
import base64
import concurrent.futures
import json
import sqlite3

import pytest

from mailboxes import LATER, RECORDS, SEND
from people import ALL, new_user
from running import Server
from shapes import TEXT, email_error, messages_error, outbound_error, said

LIMITS = {"stored_bytes": 300_000, "waiting_emails": 3, "templates": 2, "contexts": 2, "tokens": 3,
          "mailboxes": 3}
DRAFTS = "/api/email/drafts"
PLAN = "2100-01-01T00:00:00Z"
numbers = iter(range(1, 1000))


@pytest.fixture(scope="module")
def server(tmp_path_factory, authority):
    with Server(tmp_path_factory.mktemp("server"), authority, send_wait="3s",
                **{f"quota_{name}": limit for name, limit in LIMITS.items()}) as running:
        yield running


@pytest.fixture
def user(server):
    """Alone in an organization, with one token and one mailbox."""
    organization = f"Organization {next(numbers)}"
    user = new_user(server, scopes=ALL, organization=organization)
    user.organization = organization
    [account] = said(user.get("/api/email/accounts"))["accounts"]
    user.account = account["_id"]
    return user


def used(user):
    return {quota["name"]: quota["used"] for quota in said(user.get("/api/quota"))["quotas"]}


def counts_hold(server):
    lines = server.tool("doctor", "--offline", "--thorough", "--json").splitlines()
    checks = {check["check"]: check for check in map(json.loads, lines)}
    assert checks["quota counts"]["level"] == "ok", checks["quota counts"]


def refused(reply, name):
    body = said(reply, 507)
    assert f"quota {name} does not allow this: " in json.dumps(body)
    assert "Retry-After" not in reply.headers
    return body


def fields(user, **more):
    return {"from_account_id": user.account, "to": ["a@example.com"], "subject": "s", **more}


def fill(user):
    """Drafts until there is room for less than 70 kB."""
    return [said(user.post(DRAFTS, json=fields(user, body_text="x" * 60_000)), 201)["uid"]
            for _ in range(4)]


def test_it_is_told(server, user):
    quotas = said(user.get("/api/quota"))["quotas"]
    assert [(quota["name"], quota["limit"]) for quota in quotas] == list(LIMITS.items())
    assert used(user) == {"stored_bytes": 0, "waiting_emails": 0, "templates": 0, "contexts": 0,
                          "tokens": 1, "mailboxes": 1}
    assert said(server.client(None).get("/api/quota"), 401)
    metrics = server.client(None).get("/metrics").text
    assert 'outtray_quota_limit{organization="' in metrics
    assert 'quota="templates"} 2\n' in metrics


def test_each_family_says_it_in_its_manner(server, user):
    fill(user)
    large = "y" * 80_000
    name = "stored_bytes"
    email = refused(user.post(DRAFTS, json=fields(user, body_text=large)), name)
    detail = {"field": "quota", "message": TEXT}
    assert email == email_error("quota_exceeded", TEXT, detail)
    outbound = refused(user.post("/api/v1/email/outbound/drafts", json={"body_text": large}), name)
    assert outbound == outbound_error("QUOTA_EXCEEDED", TEXT, field="quota")
    messages = refused(user.post("/api/email/messages/send", json={
        "from": user.address, "to": ["a@example.com"], "subject": "s", "body": large}), name)
    assert messages == messages_error("QUOTA_EXCEEDED")
    other = new_user(server, organization=f"Organization {next(numbers)}")
    assert other.post("/api/v1/email/outbound/drafts", json={"body_text": large}).status_code == 201


def test_what_is_there_can_be_read_changed_sent_and_deleted(server, user):
    first, second, *_ = fill(user)
    refused(user.post(DRAFTS, json=fields(user, body_text="y" * 80_000)), "stored_bytes")
    refused(user.post(DRAFTS, json={"uid": first, "body_text": "y" * 140_000}), "stored_bytes")
    assert said(user.get(f"{RECORDS}/{first}"))["status"] == "draft"
    said(user.post(DRAFTS, json={"uid": first, "body_text": "smaller"}))
    assert said(user.post(SEND, json={"draft_uid": second},
                          headers={"Idempotency-Key": "over"}))["status"] == "sent"
    before = used(user)["stored_bytes"]
    assert user.delete(f"/api/v1/email/outbound/drafts/{first}").status_code == 204
    assert used(user)["stored_bytes"] < before
    counts_hold(server)


@pytest.mark.parametrize("way", ["inline", "document", "upload", "import"])
def test_files_of_each_way(server, user, way):
    """Nothing is kept of what is refused; what is deleted makes room at once."""
    content = bytes(range(256)) * 700  # 179,200 bytes
    mail = (b"From: x@example.com\r\nTo: y@example.com\r\nSubject: s\r\n\r\n" +
            b"word " * 17_000)  # counts twice: as it came, and its text

    def store():
        if way == "inline":
            return user.post(DRAFTS, json=fields(user, attachments=[
                {"filename": "a", "data_base64": base64.b64encode(content).decode()}]))
        if way == "document":
            return user.post("/api/v1/documents", files={"file": ("a", content)})
        if way == "upload":
            return user.post("/api/upload", files={"files": ("a", content)})
        return user.post("/api/email/messages/import", params={"account": user.account},
                         data=mail, headers={"Content-Type": "message/rfc822"})
    first = store()
    assert first.ok, first.text
    counted = used(user)["stored_bytes"]
    assert counted >= 150_000
    mail = mail.replace(b"Subject: s", b"Subject: t")
    refused(store(), "stored_bytes")
    assert used(user)["stored_bytes"] == counted
    if way == "inline":  # a draft's files may be attached anew until the sweep, so they count
        [attached] = first.json()["attachments"]
        said(user.delete(f"/api/v1/email/outbound/drafts/{first.json()['uid']}"), 204)
        assert used(user)["stored_bytes"] >= len(content)
        said(user.delete(f"/api/v1/documents/{attached['document_id']}"), 204)
    elif way == "document":
        user.delete(f"/api/v1/documents/{first.json()['id']}")
    if way in ("inline", "document"):
        assert used(user)["stored_bytes"] == 0
        assert store().ok
    counts_hold(server)


def test_an_upload_is_refused_before_it_has_come(user):
    fill(user)
    reply = user.post("/api/v1/documents", stream=True, data=b"--x\r\n" + b"z" * 150_000, headers={
        "Content-Type": "multipart/form-data; boundary=x"})
    assert (reply.status_code, reply.headers["Connection"]) == (507, "close")


def test_waiting_emails(server, user):
    planned = [said(user.post(SEND, json=fields(user, body_text="t", planned_send_at=PLAN),
                              headers=LATER), 202)["outbound_email_uid"] for _ in range(3)]
    refused(user.post(SEND, json=fields(user, body_text="t"), headers=LATER), "waiting_emails")
    draft = said(user.post(DRAFTS, json=fields(user, body_text="t")), 201)["uid"]
    refused(user.post(DRAFTS, json={"uid": draft, "planned_send_at": PLAN}), "waiting_emails")
    refused(user.post(f"{RECORDS}/{draft}/submit", json={}), "waiting_emails")
    said(user.post(f"{RECORDS}/{planned[0]}/cancel", json={}))
    assert said(user.post(SEND, json={"draft_uid": draft}))["status"] == "sent"
    assert used(user)["waiting_emails"] == 2
    counts_hold(server)


def test_records(server, user):
    made = [said(user.post("/api/email/templates", json={"name": "n"}), 201) for _ in range(2)]
    refused(user.post("/api/email/templates", json={"name": "n"}), "templates")
    assert user.delete(f"/api/email/templates/{made[0]['uid']}").status_code == 204
    said(user.post("/api/email/templates", json={"name": "n", "body_text": "t"}), 201)
    for number in range(2):
        assert user.put(f"/api/email/contexts/case/{number}", json={"a": "b"}).ok
    assert user.put("/api/email/contexts/case/1", json={"a": "longer"}).ok
    refused(user.put("/api/email/contexts/case/2", json={"a": "b"}), "contexts")
    assert user.delete("/api/email/contexts/case/0").ok
    assert user.put("/api/email/contexts/case/2", json={"a": "b"}).ok
    token = {"scopes": ["inbox:read"]}
    first = said(user.post("/api/tokens", json=token), 201)
    said(user.post("/api/tokens", json=token), 201)
    problem = refused(user.post("/api/tokens", json=token), "tokens")
    assert problem == {"title": "Quota Exceeded", "status": 507, "detail": TEXT,
                       "code": "quota_exceeded", "errors": [{"field": "quota", "message": TEXT}]}
    assert user.delete(f"/api/tokens/{first['id']}").status_code == 204
    said(user.post("/api/tokens", json=token), 201)
    for number in range(2):
        said(user.post("/api/email/accounts", json={
            "provider": "sandbox", "emailAddress": f"m{number}.{user.address}"}), 201)
    refused(user.post("/api/email/accounts", json={
        "provider": "sandbox", "emailAddress": f"m2.{user.address}"}), "mailboxes")
    said(user.delete(f"/api/email/accounts/{user.account}"))
    said(user.post("/api/email/accounts", json={
        "provider": "sandbox", "emailAddress": f"m2.{user.address}"}), 201)
    counts_hold(server)


def test_of_many_at_once_no_more_than_fit(server, user):
    def send(_):
        return user.post(DRAFTS, json=fields(user, body_text="x" * 60_000)).status_code
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(send, range(16)))
    assert sorted(statuses) == [201] * 4 + [507] * 12
    assert used(user)["stored_bytes"] <= LIMITS["stored_bytes"]
    counts_hold(server)


def test_the_operator_changes_it_for_one_organization(server, user):
    def change(*words):
        return [json.loads(line) for line in server.tool(
            "organization", "quota", "--organization", user.organization, *words,
            "--json").splitlines()]
    rows = change("--templates", "3", "--stored-bytes", "1M", "--contexts", "none")
    limits = {row["quota"]: (row["limit"], row["own"]) for row in rows}
    assert limits == {"stored_bytes": (str(1024 * 1024), True), "waiting_emails": ("3", False),
                      "templates": ("3", True), "contexts": ("none", True), "tokens": ("3", False),
                      "mailboxes": ("3", False)}
    for _ in range(3):
        said(user.post("/api/email/templates", json={"name": "n"}), 201)
    refused(user.post("/api/email/templates", json={"name": "n"}), "templates")
    shown = {quota["name"]: quota.get("limit") for quota in said(user.get("/api/quota"))["quotas"]}
    assert (shown["templates"], shown["contexts"], shown["stored_bytes"]) == (3, None, 1024 * 1024)
    assert {row["quota"]: row["own"] for row in change("--templates", "default")}["templates"] is False
    events = said(user.get("/api/events", params={"kind": "administration"}))["events"]
    assert "organization.changed" in json.dumps(events)


def test_who_counted_wrong_is_found(server, user):
    with sqlite3.connect(server.data / "outtray.db") as db:
        db.execute("UPDATE quotas SET templates = 7 WHERE organization_id = (SELECT id FROM"
                   " organizations WHERE name = ?)", (user.organization,))
    lines = server.tool("doctor", "--offline", "--thorough").splitlines()
    assert any("is counted for 7 templates, and has 0" in line for line in lines)
    with sqlite3.connect(server.data / "outtray.db") as db:
        db.execute("UPDATE quotas SET templates = 0 WHERE templates = 7")
