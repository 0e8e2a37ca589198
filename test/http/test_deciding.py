"""What an operator decides from the command line, while a server runs on the folder.

covers: src/cli/decide.c src/store/decision.c
"""
import contextlib
import json
import sqlite3
import subprocess

import pytest

from mailboxes import LATER, RECORDS, SEND
from people import ALL, new_user
from running import BUILD, SECONDS, wait_until
from shapes import said

NOBODYS = "01890000-0000-7000-8000-000000000000"
FAR = "2100-01-01T00:00:00Z"


@pytest.fixture
def user(server):
    client = new_user(server, scopes=ALL)
    [client.account] = [account["_id"]
                        for account in said(client.get("/api/email/accounts"))["accounts"]
                        if account["emailAddress"] == client.address]
    return client


@pytest.fixture
def hold_back(user):
    """Whatever the user sends may be taken back for an hour."""
    said(user.patch(f"/api/email/accounts/{user.account}", json={"undoSeconds": 3600}))


def send(user, **fields):
    body = {"from_account_id": user.account, "to": ["b@example.com"], "subject": "s",
            "body_text": "t", **fields}
    return said(user.post(SEND, json=body, headers=LATER), 202)["outbound_email_uid"]


def record(user, uid):
    return said(user.get(f"{RECORDS}/{uid}"))


def steps(user, uid):
    return [(event["event"], event["actor"])
            for event in said(user.get(f"{RECORDS}/{uid}/events"))["items"]]


def decide(server, *arguments):
    return json.loads(server.tool("outbox", *arguments, "--json"))


def refuse(server, *arguments):
    """(exit status, what is said)."""
    done = subprocess.run([BUILD / "outtray", "--data", server.data, "outbox", *arguments],
                          text=True, capture_output=True, timeout=SECONDS, check=False,
                          env=server.environment)
    assert done.stdout == ""
    return done.returncode, done.stderr


def make_unknown(server, uid):
    """As a crash in the middle of a send leaves it."""
    with contextlib.closing(sqlite3.connect(server.data / "outtray.db")) as db, db:
        db.execute("UPDATE emails SET state = 'unknown', committed_at = 1, next_attempt_at = NULL "
                   "WHERE id = ?", (uid,))


@pytest.mark.usefixtures("hold_back")
def test_cancel(server, user):
    uid = send(user)
    assert decide(server, "cancel", uid, "--reason", "a mistake")["state"] == "canceled"
    assert decide(server, "cancel", uid)["state"] == "canceled"
    assert steps(user, uid) == [("send", record(user, uid)["asked_by"]), ("cancel", "operator")]
    assert record(user, uid)["status"] == "canceled"
    status, words = refuse(server, "retry", uid)
    assert status == 1 and "a mail that is canceled cannot retry" in words


@pytest.mark.usefixtures("hold_back")
def test_retry_leaves_at_once(server, user):
    uid = send(user)
    assert "undo" in record(user, uid)["error"]
    assert decide(server, "retry", uid)["state"] == "queued"
    wait_until(lambda: record(user, uid)["status"] == "sent", what="sent")
    assert len(server.mail_files(user.address)) == 1


@pytest.mark.usefixtures("hold_back")
def test_resolve(server, user):
    sent, again = send(user), send(user)
    assert "needs no decision" in refuse(server, "resolve", sent, "--sent")[1]
    make_unknown(server, sent)
    make_unknown(server, again)
    at = "2026-05-20T16:10:00+02:00"
    assert decide(server, "resolve", sent, "--sent", "--at", at)["state"] == "sent"
    assert record(user, sent)["sent_at"] == "2026-05-20T14:10:00Z"
    assert decide(server, "resolve", again, "--resend")["state"] == "queued"
    wait_until(lambda: record(user, again)["status"] == "sent", what="sent")
    assert len(server.mail_files(user.address)) == 1
    assert steps(user, sent)[-1] == ("found", "operator")
    assert ("retry", "operator") in steps(user, again)


@pytest.mark.usefixtures("hold_back")
def test_approve_and_reject(server, user):
    server.tool("user", "change", "--email", user.address, "--requires-approval", "yes")
    [changed] = [json.loads(line) for line in server.tool("user", "list", "--json").splitlines()
                 if user.address in line]
    assert changed["requires_approval"] is True
    uid = send(user)
    assert record(user, uid)["status"] == "pending_approval"
    assert decide(server, "reject", uid, "--reason", "too dear")["state"] == "draft"
    assert record(user, uid)["error"] == "too dear"
    said(user.post(f"{RECORDS}/{uid}/submit"))
    shown = json.loads(server.tool("outbox", "show", uid, "--json").splitlines()[0])
    assert shown["content_sha256"] == record(user, uid)["content_sha256"]
    status, words = refuse(server, "approve", uid, "--hash", "0" * 64)
    assert status == 1 and "look at it once more" in words
    assert decide(server, "approve", uid, "--hash", shown["content_sha256"])["state"] == "queued"
    assert record(user, uid)["approved_by"] == "operator"
    assert decide(server, "retry", uid)["state"] == "queued"
    wait_until(lambda: record(user, uid)["status"] == "sent", what="sent")
    server.tool("user", "change", "--email", user.address, "--requires-approval", "no")
    assert record(user, send(user))["status"] == "queued"


def test_send_follows_the_same_rules(server, user):
    """outtray send asks for consent where it is needed, and keeps mail for its time."""
    def sent(*more):
        done = subprocess.run([BUILD / "outtray", "--data", server.data, "send", "--json",
                               "--from", user.address, "--to", "b@example.com", "--subject", "s",
                               *more], text=True, capture_output=True, timeout=SECONDS,
                              check=False, env=server.environment)
        return done.returncode, json.loads(done.stdout)["state"]

    assert sent("--at", FAR) == (75, "draft")
    server.tool("user", "change", "--email", user.address, "--requires-approval", "yes")
    assert sent() == (75, "pending_approval")
    assert server.mail_files(user.address) == []


@pytest.mark.parametrize("arguments, status, words", [
    (["cancel", NOBODYS], 3, f"no mail has the id {NOBODYS}"),
    (["retry", "7"], 3, "7 is not an id"),
    (["resolve", NOBODYS], 2, "either --sent or --resend is needed"),
    (["resolve", NOBODYS, "--sent", "--resend"], 2, "either --sent or --resend is needed"),
    (["resolve", NOBODYS, "--resend", "--at", "2020-01-01T00:00:00Z"], 2, "--at"),
    (["resolve", NOBODYS, "--sent", "--at", FAR], 2, "--at"),
    (["resolve", NOBODYS, "--sent"], 3, NOBODYS),
    (["approve", NOBODYS], 2, "--hash is needed"),
    (["reject", NOBODYS], 2, "--reason is needed"),
    (["cancel", NOBODYS, "--reason", "a\nb"], 2, "--reason must be one line"),
])
def test_refusals(server, arguments, status, words):
    found, said_why = refuse(server, *arguments)
    assert (found, words in said_why) == (status, True), said_why


def test_a_user_who_is_not_there(server):
    done = subprocess.run([BUILD / "outtray", "--data", server.data, "user", "change", "--email",
                           "nobody@example.com", "--requires-approval", "yes"], text=True,
                          capture_output=True, timeout=SECONDS, check=False,
                          env=server.environment)
    assert done.returncode == 3 and "there is no user nobody@example.com" in done.stderr
