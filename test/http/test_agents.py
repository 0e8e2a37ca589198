"""What a token that may only draft, such as an AI agent's, can bring about: nothing that leaves without
a person, by whatever route. And who that person may be.

Each was seen to fail with its guard taken out:
- any edit: approval_ask in drafting's change_work; who may approve: each rule of may_give;
- nothing gets out: requires_approval of a token without inbox:write;
- the requirement: check_approval in api/messages_accounts.c.

covers: src/api/email_decisions.c src/api/email_decision_view.c src/store/approval.c
"""
import datetime
import types

import pytest

from mailboxes import LATER, RECORDS, SEND
from people import ALL, new_user
from routes import ALL_ROUTES, named
from running import wait_until
from shapes import email_error, holding, said

DRAFTS = "/api/email/drafts"
AGENT = ["inbox:read", "inbox:draft"]
FAR = "2053-11-07T05:31:56Z"


def more(server, owner, *scopes):
    """Another client of his."""
    return server.client(said(owner.post("/api/tokens", json={"scopes": scopes}), 201)["token"])


def new_house(server):
    """Of one user: a client with every scope, a second one, an agent's, and two of colleagues."""
    owner = new_user(server, scopes=ALL)
    [account] = [account["_id"] for account in said(owner.get("/api/email/accounts"))["accounts"]
                 if account["emailAddress"] == owner.address]
    return types.SimpleNamespace(
        server=server, address=owner.address, account=account, owner=owner,
        again=more(server, owner, *ALL), agent=more(server, owner, *AGENT),
        deputy=more(server, owner, *AGENT, "inbox:approve"),
        colleague=new_user(server, scopes=["inbox:read", "inbox:approve"], mailbox=False),
        chief=new_user(server, scopes=ALL, mailbox=False))


@pytest.fixture(scope="module")
def shared_house(server):
    """For tests in which nothing leaves and no rule is changed."""
    return new_house(server)


@pytest.fixture
def house(server):
    return new_house(server)


def mail(house, **fields):
    return {"from_account_id": house.account, "to": ["b@example.com"], "subject": "s",
            "body_text": "t", **fields}


def draft(house, who, **fields):
    return said(getattr(house, who).post(DRAFTS, json=mail(house, **fields)), 201)["uid"]


def record(house, uid):
    return said(house.owner.get(f"{RECORDS}/{uid}"))


def decide(house, who, uid, decision, **body):
    return getattr(house, who).post(f"{RECORDS}/{uid}/{decision}", json=body)


def submit(house, who, uid):
    """The hash of what was submitted."""
    return said(decide(house, who, uid, "submit"))["content_sha256"]


def wait_for(house, uid, status):
    return wait_until(lambda: record(house, uid)["status"] == status and record(house, uid),
                      what=status)


def require(house, by):
    if by == "mailbox":
        said(house.owner.patch(f"/api/email/accounts/{house.account}",
                               json={"requiresApproval": True}))
    if by == "user":
        house.server.tool("user", "change", "--email", house.address, "--requires-approval", "yes")


def subjects(house):
    return [mail["Subject"] for mail in house.server.mails(house.address)]


def conflict(words):
    return email_error("conflict", holding(words))


@pytest.mark.parametrize("change", [
    {"to": ["c@example.com"]}, {"cc": ["c@example.com"]}, {"bcc": ["c@example.com"]},
    {"subject": "x"}, {"body_text": "x"}, {"body_html": "<p>x</p>"}, {"planned_send_at": FAR},
    {"attachments": [{"filename": "a", "content_type": "text/plain", "data_base64": "eA=="}]},
], ids=lambda change: next(iter(change)))
def test_any_edit_voids_what_was_seen(shared_house, change):
    house = shared_house
    uid = draft(house, "agent")
    seen = submit(house, "agent", uid)
    said(house.agent.patch(f"{DRAFTS}/{uid}", json=change))
    assert record(house, uid)["content_sha256"] != seen
    assert said(decide(house, "owner", uid, "approve", content_sha256=seen), 409) == (
        conflict("look at it once more"))


# Who may agree

@pytest.mark.parametrize("required, asks, edits, approves, status", [
    (None, "agent", None, "agent", 403),       # has not the scope
    (None, "deputy", None, "deputy", 403),     # asked
    (None, "agent", None, "owner", 200),       # a person, for his agent
    (None, "agent", None, "colleague", 200),
    (None, "owner", None, "again", 403),       # the same person
    (None, "owner", None, "colleague", 200),
    (None, "agent", "owner", "owner", 403),    # who edits it asks for it
    (None, "agent", "owner", "colleague", 200),
    (None, "agent", "chief", "chief", 403),
    (None, "agent", "chief", "owner", 200),
    ("mailbox", "agent", None, "owner", 403),  # four eyes
    ("mailbox", "agent", None, "colleague", 200),
    ("user", "agent", None, "owner", 403),
    ("user", "agent", None, "colleague", 200),
    ("user", "owner", None, "deputy", 403),
])
def test_who_may_approve(house, required, asks, edits, approves, status):
    require(house, required)
    uid = draft(house, asks)
    submit(house, asks, uid)
    if edits:
        said(getattr(house, edits).patch(f"{DRAFTS}/{uid}", json={"subject": "edited"}))
    seen = record(house, uid)["content_sha256"]
    reply = decide(house, approves, uid, "approve", content_sha256=seen)
    assert reply.status_code == status, reply.text
    assert record(house, uid)["status"] == "pending_approval" or status == 200


def test_only_an_administrator_takes_the_requirement_away(house):
    path = f"/api/email/accounts/{house.account}"
    writer = more(house.server, house.owner, "inbox:read", "inbox:write")
    assert said(writer.patch(path, json={"requiresApproval": True}))["account"]["requiresApproval"]
    assert said(writer.patch(path, json={"requiresApproval": False}), 403)["error"] == "FORBIDDEN"
    assert said(writer.patch(path, json={"requiresApproval": None}), 403)["error"] == "FORBIDDEN"
    assert said(writer.patch(path, json={"displayName": "W"}))["account"]["requiresApproval"]
    said(house.owner.patch(path, json={"requiresApproval": False}))


def test_a_decision_is_made_once(house):
    uid = draft(house, "agent")
    body, key = {"content_sha256": submit(house, "agent", uid)}, {"Idempotency-Key": f"approve-{uid}"}
    path = f"{RECORDS}/{uid}/approve"
    assert said(house.colleague.post(path, json=body, headers=key))["status"] == "queued"
    wait_for(house, uid, "sent")
    again = house.colleague.post(path, json=body, headers=key)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert said(again) == said(house.colleague.get(f"{RECORDS}/{uid}"))  # what has become of it
    assert said(house.colleague.post(path, json={"content_sha256": "0" * 64}, headers=key), 422)


# Agents

def sends_of(house, who):
    """Every call that sends mail, made by him; what each says of the mail's state."""
    client = getattr(house, who)
    ready = [draft(house, who) for _ in range(3)]
    outbound = {"to": "b@example.com", "subject": "s", "body_text": "t",
                "from_account_id": house.account}
    for path, body in [
            (SEND, mail(house)), (SEND, {"draft_uid": ready[0]}),
            ("/api/v1/email/outbound/send", outbound),
            (f"/api/v1/email/outbound/drafts/{ready[1]}/send", {}),
            ("/api/email/messages/send", {"from": house.address, "to": "b@example.com",
                                          "subject": "s", "body": "t"})]:
        for headers in {}, LATER:
            reply = said(client.post(path, json=body, headers=headers), 202)
            yield path, reply.get("message", reply)["status"]


def test_an_agents_sends_are_wishes(house):
    assert {state for _, state in sends_of(house, "agent")} == {"pending_approval"}
    waiting = said(house.owner.get(RECORDS, params={
        "status": "pending_approval", "from_account_id": house.account}))["items"]
    assert len(waiting) == 8 and subjects(house) == []
    for item in waiting:
        said(decide(house, "owner", item["uid"], "approve",
                    content_sha256=item["content_sha256"]))
    wait_until(lambda: len(subjects(house)) == len(waiting), what="all that was approved")


def in_seconds(seconds):
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return when.isoformat(timespec="milliseconds")


def test_an_agents_plan_is_a_wish_too(house):
    uid = draft(house, "agent", planned_send_at=in_seconds(0.5))
    wish = wait_for(house, uid, "pending_approval")
    assert wish["error"] == "its time has come, and it needs approval"
    assert wish["asked_by"] and subjects(house) == []
    said(decide(house, "owner", uid, "approve", content_sha256=wish["content_sha256"]))
    wait_for(house, uid, "sent")
    adopted = draft(house, "agent", planned_send_at=FAR)  # a person has written it by now
    said(house.owner.patch(f"{DRAFTS}/{adopted}", json={"planned_send_at": in_seconds(0.5)}))
    wait_for(house, adopted, "sent")


CHANGING = [route for route in ALL_ROUTES
            if route[0] != "GET" and route.kind in (None, "application/json")
            and "oauth" not in route[1]]


@pytest.mark.parametrize("route", CHANGING, ids=named)
def test_an_agent_gets_nothing_out(shared_house, route):
    """Whatever it calls, with whatever it may know, no mail is on its way afterwards."""
    house = shared_house
    uid = draft(house, "agent")
    seen = submit(house, "agent", uid)
    body = None
    if route.kind:
        body = {"/approve": {"content_sha256": seen}, "/resolve": {"outcome": "resend"},
                "/reject": {"reason": "r"}, "/send": mail(house), "/drafts": mail(house)}.get(
                    "/" + route[1].rsplit("/", 1)[1], {"requiresApproval": False})
    if route[1].endswith("messages/send"):
        body = {"from": house.address, "to": "b@example.com", "subject": "s", "body": "t"}
    reply = house.agent.request(route[0], route.path(uid), json=body)
    assert reply.status_code < 500, reply.text
    on_its_way = [item for status in ("queued", "sending", "sent", "unknown")
                  for item in said(house.owner.get(RECORDS, params={
                      "status": status, "from_account_id": house.account}))["items"]]
    assert on_its_way == [] and subjects(house) == []


def test_an_agent_takes_back_only_what_nobody_has_agreed_to(house):
    said(house.owner.patch(f"/api/email/accounts/{house.account}", json={"undoSeconds": 600}))
    wish, queued = draft(house, "agent"), draft(house, "owner")
    submit(house, "agent", wish)
    said(house.owner.post(SEND, json={"draft_uid": queued}), 202)
    assert said(decide(house, "agent", queued, "cancel"), 403)
    assert record(house, queued)["status"] == "queued"
    assert said(decide(house, "agent", wish, "cancel"))["status"] == "canceled"
    assert said(decide(house, "agent", wish, "cancel"))["status"] == "canceled"


def test_an_agent_leaves_alone_what_a_person_or_another_agent_made(house):
    """Not to be read without inbox:read, and not to be changed, canceled, deleted or submitted."""
    other = more(house.server, house.owner, "inbox:draft")
    alone = more(house.server, house.owner, "inbox:draft")
    made = [draft(house, "owner"), said(other.post(DRAFTS, json=mail(house)), 201)["uid"]]
    for uid in made:
        path = f"{RECORDS}/{uid}"
        for reply, scope in [
                (alone.get(f"{DRAFTS}/{uid}"), "inbox:read"), (alone.get(path), "inbox:read"),
                (alone.get(path + "/events"), "inbox:read"),
                (alone.patch(f"{DRAFTS}/{uid}", json={"subject": "x"}), "inbox:write"),
                (alone.delete(f"{DRAFTS}/{uid}"), "inbox:write"),
                (alone.post(path + "/submit", json={}), "inbox:write"),
                (alone.post(path + "/cancel", json={}), "inbox:write"),
                (alone.post(SEND, json={"draft_uid": uid}), "inbox:write")]:
            assert said(reply, 403) == email_error("forbidden", holding(scope))
        assert record(house, uid)["status"] == "draft" and record(house, uid)["subject"] == "s"
    own = said(alone.post(DRAFTS, json=mail(house)), 201)["uid"]
    said(alone.post(f"{RECORDS}/{own}/submit", json={}))
    said(house.owner.post(f"{RECORDS}/{own}/reject", json={"reason": "too short"}))
    assert said(alone.get(f"{RECORDS}/{own}"))["error"] == "too short"
    assert [item["event"] for item in said(alone.get(f"{RECORDS}/{own}/events"))["items"]] == [
        "created", "submit", "reject"]
    assert [item["uid"] for item in said(alone.get(RECORDS))["items"]] == [own]
    assert [item["uid"] for item in said(alone.get(DRAFTS))["items"]] == [own]
    assert said(alone.get("/api/email/accounts"))["accounts"] == [
        {"_id": house.account, "emailAddress": house.address}]
    assert {event["email_id"] for event in said(alone.get("/api/events"))["events"]} == {own}
    said(alone.delete(f"{DRAFTS}/{own}"), 204)
