"""P7: approval is for a content and from somebody else, and nothing leaves without it where it is
required. Sequences of edit, submit, approve, reject, send and cancel are held to a model.

covers: src/store/approval.c src/store/decision.c src/api/email_decisions.c

Each was seen to fail with its guard taken out:
- the comparison in approval_give: an edit that nobody had seen was sent;
- approval_is_required in submission_send: a token for drafts sent mail;
- has_consent in delivery/claiming.c: mail of a mailbox that had come to require approval left;
- submission_ask_again in drafting's change_work: the hash of the former content was good for the new one;
- the signature in email_content_sha256 and its place in submission_ask: another one left than was seen.
"""
import random
import sqlite3

import pytest

from mailboxes import LATER, RECORDS, SEND
from people import ALL, new_token, new_user
from running import wait_until
from shapes import SHA256, TEXT, UID, email_error, holding, said

DRAFTS = "/api/email/drafts"
WRITER = ["inbox:read", "inbox:write"]
AGENT = ["inbox:read", "inbox:draft"]
APPROVER = ["inbox:read", "inbox:approve"]
WALKS = 12


class Team:
    """A user with a mailbox, his agent, and somebody else who may approve."""

    def __init__(self, server):
        self.server, self.user = server, new_user(server, WRITER)
        self.address = self.user.address
        self.account = said(self.user.get("/api/email/accounts"))["accounts"][0]["_id"]
        self.agent = server.client(new_token(server, self.address, *AGENT))
        self.himself = server.client(new_token(server, self.address, *APPROVER))
        self.admin = server.client(new_token(server, self.address, *ALL))
        self.other = new_user(server, APPROVER, mailbox=False)

    def body(self, **fields):
        return {"from_account_id": self.account, "to": ["b@example.com"], "subject": "s",
                "body_text": "t", **fields}

    def draft(self, by, **fields):
        return said(by.post(DRAFTS, json=self.body(**fields)), 201)["uid"]

    def record(self, uid):
        return said(self.user.get(f"{RECORDS}/{uid}"))

    def decide(self, by, uid, what, **body):
        return by.post(f"{RECORDS}/{uid}/{what}", json=body)

    def submitted(self, by, **fields):
        uid = self.draft(by, **fields)
        return said(self.decide(by, uid, "submit"))

    def require(self, required=True):
        said(self.admin.patch(f"/api/email/accounts/{self.account}",
                              json={"requiresApproval": required}))

    def wait_for(self, uid, status):
        return wait_until(lambda: self.record(uid)["status"] == status and self.record(uid),
                          what=status)

    def steps(self, uid):
        return [event["event"] for event in said(self.user.get(f"{RECORDS}/{uid}/events"))["items"]]


@pytest.fixture
def team(server):
    return Team(server)


def test_submit_approve_sent(server, team):
    record = team.submitted(team.agent)
    assert record["status"] == "pending_approval" and record["content_sha256"] == SHA256
    assert record["asked_by"] == UID
    approved = said(team.decide(team.other, record["uid"], "approve",
                                content_sha256=record["content_sha256"]))
    assert approved["status"] in ("queued", "sending", "sent") and approved["approved_by"] == UID
    sent = team.wait_for(record["uid"], "sent")
    assert sent["content_sha256"] == record["content_sha256"] and sent["approved_at"]
    assert team.steps(record["uid"]) == ["created", "submit", "approve", "claim", "accepted"]
    assert len(server.mails(team.address)) == 1


@pytest.mark.parametrize("family", ["outbound", "email", "messages", "draft", "outbound draft"])
def test_a_send_by_an_agent_asks(server, team, family):
    uid = team.draft(team.agent)
    path, body = {
        "outbound": ("/api/v1/email/outbound/send", {"to": ["b@example.com"], "subject": "s"}),
        "email": (SEND, team.body()),
        "messages": ("/api/email/messages/send",
                     {"from": team.address, "to": "b@example.com", "body": "t"}),
        "draft": (SEND, {"draft_uid": uid}),
        "outbound draft": (f"/api/v1/email/outbound/drafts/{uid}/send", {}),
    }[family]
    said(team.agent.post(path, json=body), 202)
    pending = said(team.other.get(RECORDS, params={"status": "pending_approval"}))["items"]
    mine = [record for record in pending if record["from_email"] == team.address]
    assert len(mine) == 1 and server.mails(team.address) == []
    again = team.agent.post(SEND, json={"draft_uid": mine[0]["uid"]})
    assert said(again, 202)["status"] == "pending_approval"


def test_an_agent_has_no_way_out(server, team):
    """A plan, a retry, an approval of its own: none lets its mail go."""
    uid = team.draft(team.agent, planned_send_at="2024-01-01T00:00:00Z")
    assert team.wait_for(uid, "pending_approval")["error"] == TEXT
    for what, body in [("approve", {"content_sha256": "0" * 64}), ("reject", {"reason": "r"}),
                       ("retry", {}), ("resolve", {"outcome": "resend"})]:
        assert said(team.decide(team.agent, uid, what, **body), 403) == email_error(
            "forbidden", holding("the token lacks the scope"))
    planned = said(team.agent.post(SEND, json=team.body(planned_send_at="2024-01-01T00:00:00Z")), 202)
    assert planned["status"] == "pending_approval"
    past, future = ({"planned_send_at": f"{year}-01-01T00:00:00Z"} for year in (2024, 2053))
    uid = team.draft(team.user, **future)
    assert said(team.agent.patch(f"{DRAFTS}/{uid}", json=past), 403) == email_error(
        "forbidden", holding("inbox:write"))
    assert team.record(uid)["planned_send_at"] == future["planned_send_at"]
    uid = team.draft(team.agent, **future)
    said(team.agent.patch(f"{DRAFTS}/{uid}", json=past))
    team.wait_for(uid, "pending_approval")
    assert server.mails(team.address) == []


def test_who_asked_cannot_approve(server, team):
    mine = team.submitted(team.user)
    approval = {"content_sha256": mine["content_sha256"]}
    assert said(team.decide(team.himself, mine["uid"], "approve", **approval), 403) == email_error(
        "forbidden", "who asked for approval cannot give it")
    everything = team.submitted(team.admin)
    said(team.decide(team.admin, everything["uid"], "approve",
                     content_sha256=everything["content_sha256"]), 403)
    agents = team.submitted(team.agent)
    said(team.decide(team.himself, agents["uid"], "approve",
                     content_sha256=agents["content_sha256"]))  # his agent's, he may
    team.require()
    agents = team.submitted(team.agent)
    said(team.decide(team.himself, agents["uid"], "approve",
                     content_sha256=agents["content_sha256"]), 403)  # four eyes
    said(team.decide(team.other, agents["uid"], "approve",
                     content_sha256=agents["content_sha256"]))


def test_an_edit_voids_it(server, team):
    record = team.submitted(team.agent)
    edited = said(team.agent.patch(f"{DRAFTS}/{record['uid']}", json={"subject": "another"}))
    assert edited["status"] == "pending_approval"
    refused = team.decide(team.other, record["uid"], "approve",
                          content_sha256=record["content_sha256"])
    assert said(refused, 409) == email_error("conflict", holding("look at it once more"))
    now = team.record(record["uid"])["content_sha256"]
    said(team.decide(team.other, record["uid"], "approve", content_sha256=now))
    team.wait_for(record["uid"], "sent")
    assert [mail["subject"] for mail in server.mails(team.address)] == ["another"]
    assert team.steps(record["uid"]) == ["created", "submit", "changed", "approve", "claim",
                                         "accepted"]


def sign(team, text):
    said(team.admin.patch(f"/api/email/accounts/{team.account}",
                          json={"appendSignature": True, "signatureText": text}))


def test_the_signature_is_approved_too(server, team):
    sign(team, "Ann, Legal")
    record = team.submitted(team.agent)
    shown = team.record(record["uid"])
    assert shown["signature_text"] == "Ann, Legal" and "signature_html" not in shown
    sign(team, "Somebody else")
    assert team.record(record["uid"])["content_sha256"] == record["content_sha256"]
    said(team.decide(team.other, record["uid"], "approve",
                     content_sha256=record["content_sha256"]))
    team.wait_for(record["uid"], "sent")
    [mail] = server.mails(team.address)
    assert "Ann, Legal" in mail.get_content() and "Somebody else" not in mail.get_content()


def test_a_signature_that_came_with_an_edit(server, team):
    """What is seen from then on has it, and is what is approved."""
    record = team.submitted(team.agent)
    sign(team, "Ann, Legal")
    said(team.agent.patch(f"{DRAFTS}/{record['uid']}", json={"subject": "another"}))
    now = team.record(record["uid"])
    assert now["signature_text"] == "Ann, Legal"
    said(team.decide(team.other, record["uid"], "approve", content_sha256=now["content_sha256"]))
    team.wait_for(record["uid"], "sent")
    assert "Ann, Legal" in server.mails(team.address)[0].get_content()


def test_what_was_approved_cannot_be_edited(team):
    record = team.submitted(team.agent, planned_send_at="2053-01-01T00:00:00Z")
    approved = said(team.decide(team.other, record["uid"], "approve",
                                content_sha256=record["content_sha256"]))
    assert approved["status"] == "queued" and approved["next_attempt_at"] == "2053-01-01T00:00:00Z"
    said(team.user.patch(f"{DRAFTS}/{record['uid']}", json={"subject": "x"}), 409)
    said(team.decide(team.user, record["uid"], "cancel"))
    assert team.record(record["uid"])["status"] == "canceled"


def test_rejected_with_a_reason(server, team):
    record = team.submitted(team.user, planned_send_at="2053-01-01T00:00:00Z")
    said(team.decide(team.other, record["uid"], "reject"), 400)
    rejected = said(team.decide(team.other, record["uid"], "reject", reason="too dear"))
    assert (rejected["status"], rejected["error"]) == ("draft", "too dear")
    assert rejected["planned_send_at"] is None  # or it would leave by itself
    again = said(team.decide(team.user, record["uid"], "submit"))
    assert again["status"] == "pending_approval" and again["error"] is None


def test_a_mailbox_that_has_come_to_require_it(server, team):
    """Looked at in the transaction that claims."""
    said(team.admin.patch(f"/api/email/accounts/{team.account}", json={"undoSeconds": 3600}))
    uid = said(team.user.post(SEND, json=team.body()), 202)["outbound_email_uid"]
    team.require()
    said(team.decide(team.user, uid, "retry"))
    assert team.wait_for(uid, "pending_approval")["error"] == "it needs approval by now"
    assert server.mails(team.address) == []
    assert said(team.user.post(SEND, json=team.body()), 202)["status"] == "pending_approval"


def test_a_record_that_was_changed_behind_our_back(server, team):
    record = team.submitted(team.agent, planned_send_at="2053-01-01T00:00:00Z")
    said(team.decide(team.other, record["uid"], "approve",
                     content_sha256=record["content_sha256"]))
    with sqlite3.connect(server.data / "outtray.db", timeout=20) as database:
        database.execute("UPDATE emails SET subject = 'bad', next_attempt_at = 1 WHERE id = ?",
                         [record["uid"]])
    assert "not what was approved" in team.wait_for(record["uid"], "failed")["error"]
    assert server.mails(team.address) == []


class Model:
    """What must hold of one mail, whatever is done to it in whatever order."""

    def __init__(self, team):
        self.team, self.content, self.seen, self.state = team, 0, None, "draft"
        self.decided = None  # the content of which the approver has said something
        self.uid = team.draft(team.agent, subject="0")

    def edit(self):
        reply = self.team.agent.patch(f"{DRAFTS}/{self.uid}", json={"subject": str(self.content + 1)})
        assert reply.status_code == (200 if self.state in ("draft", "pending") else 409)
        self.content += reply.status_code == 200

    def submit(self):
        reply = self.team.decide(self.team.agent, self.uid, "submit")
        assert reply.status_code == (200 if self.state in ("draft", "pending") else 409), reply.text
        self.state = "pending" if reply.ok else self.state

    def look(self):
        record = self.team.record(self.uid)
        if self.state == "pending":
            self.seen = self.content, record["content_sha256"]

    def approve(self):
        if not self.seen:
            return
        reply = self.team.decide(self.team.other, self.uid, "approve", content_sha256=self.seen[1])
        holds = self.state == "pending" and self.seen[0] == self.content
        assert reply.status_code == (200 if holds else self.refused()), reply.text
        self.state = "leaving" if holds else self.state

    def refused(self):
        """What is not pending is not there for an approver, unless the same user decided it."""
        return 409 if self.state == "pending" or self.decided == self.content else 404

    def reject(self):
        reply = self.team.decide(self.team.other, self.uid, "reject", reason="r")
        assert reply.status_code == (200 if self.state == "pending" else self.refused())
        if reply.ok:
            self.state, self.decided = "draft", self.content

    def send(self):
        reply = self.team.agent.post(SEND, json={"draft_uid": self.uid}, headers=LATER)
        assert reply.ok
        self.state = "pending" if self.state == "draft" else self.state


@pytest.mark.parametrize("seed", range(WALKS))
def test_any_order(server, team, seed):
    chance = random.Random(seed)
    model = Model(team)
    for _ in range(25):
        getattr(model, chance.choice(["edit", "submit", "look", "approve", "reject", "send"]))()
        if model.state == "leaving":
            break
        assert server.mail_files(team.address) == []
    if model.state == "leaving":
        team.wait_for(model.uid, "sent")
        assert [mail["subject"] for mail in server.mails(team.address)] == [str(model.content)]


def test_the_approver_sees_the_very_mail_that_leaves(server):
    """Its bytes are fixed when approval is asked for; an edit makes another mail of it."""
    author, approver = new_user(server), new_user(server, ["inbox:approve"], mailbox=False)
    account = said(author.get("/api/email/accounts"))["accounts"][0]["_id"]
    uid = said(author.post(DRAFTS, json={
        "from_account_id": account, "to": ["b@example.com"], "subject": "s", "body_text": "t",
        "attachments": [{"filename": "a.txt", "content_type": "text/plain",
                         "data_base64": "eA=="}]}), 201)["uid"]
    path = f"{RECORDS}/{uid}"
    assert approver.get(path).status_code == 404
    assert author.get(path + "/raw").status_code == 409
    said(author.post(path + "/submit", json={}))
    first = approver.get(path + "/raw")
    said(author.patch(f"{DRAFTS}/{uid}", json={"subject": "edited"}))
    seen, record = approver.get(path + "/raw"), said(approver.get(path))
    assert seen.status_code == 200 and seen.content != first.content
    assert seen.headers["X-Outtray-Content-SHA256"] == record["content_sha256"]
    [attached] = record["attachments"]
    file = f"/api/v1/documents/{attached['document_id']}/download"
    assert approver.get(file).content == b"x"
    listed = said(approver.get(RECORDS))["items"]
    assert [item["uid"] for item in listed].count(uid) == 1
    said(approver.post(path + "/approve", json={"content_sha256": record["content_sha256"]}))
    wait_until(lambda: said(author.get(path))["status"] == "sent", what="sent")
    assert author.get(path + "/raw").content == seen.content
    [sent] = server.mail_files(author.address)
    assert sent.read_bytes().replace(b"\r\n", b"\n") == seen.content.replace(b"\r\n", b"\n")
    assert said(approver.get(path))["status"] == "sent"  # what the same user has decided


def test_what_was_rejected_is_its_authors_once_it_is_edited(server):
    author, approver = new_user(server), new_user(server, ["inbox:approve"], mailbox=False)
    account = said(author.get("/api/email/accounts"))["accounts"][0]["_id"]
    uid = said(author.post(DRAFTS, json={
        "from_account_id": account, "to": ["b@example.com"], "subject": "s",
        "body_text": "t"}), 201)["uid"]
    path = f"{RECORDS}/{uid}"
    said(author.post(path + "/submit", json={}))
    said(approver.post(path + "/reject", json={"reason": "no"}))
    assert said(approver.get(path))["status"] == "draft"
    said(author.patch(f"{DRAFTS}/{uid}", json={"subject": "another"}))
    assert approver.get(path).status_code == 404
