"""P6, P7, P9: two who do different things with one mail at the same moment. One of them is first, the
other learns of it, and what left is what the winner meant. OUTTRAY_RACES tries for longer.

Each was seen to fail with its guard taken out:
- cancel: `sending` may be canceled, in the state table and in decision_cancel: canceled mail was delivered;
- approval: the comparison of the hashes in approval_give: a content that nobody had seen was approved;
- autosave: the comparison of the versions in drafting's transaction: words were lost.
"""
import collections
import concurrent.futures
import email
import email.policy
import os
import random
import re

import pytest

from mailboxes import LATER, RECORDS, SEND
from people import ALL, new_token, new_user
from running import wait_until
from shapes import said

RACES = int(os.environ.get("OUTTRAY_RACES", "300"))
WRITERS = 100
REFERENCE = re.compile(rb"^X-Outtray-Ref: (\S+)\r?$", re.MULTILINE)


@pytest.fixture
def user(server):
    client = new_user(server, scopes=ALL)
    client.account = next(account["_id"]
                          for account in said(client.get("/api/email/accounts"))["accounts"]
                          if account["emailAddress"] == client.address)
    return client


def mail(user, **fields):
    return {"from_account_id": user.account, "to": ["b@example.com"], "subject": "s",
            "body_text": "t", **fields}


def delivered(server, user):
    """How often each mail lies in the sandbox, by its id."""
    return collections.Counter(REFERENCE.search(path.read_bytes())[1].decode()
                               for path in server.mail_files(user.address))


def race(*contenders):
    """Runs them at the same time, in any order; their results."""
    with concurrent.futures.ThreadPoolExecutor(len(contenders)) as pool:
        order = random.sample(range(len(contenders)), len(contenders))
        running = {number: pool.submit(contenders[number]) for number in order}
        return [running[number].result() for number in range(len(contenders))]


def test_cancel_against_the_claim(server, user):
    """Either it is canceled and never leaves, or it is too late, and the mail has left."""
    def send_and_cancel(_):
        with server.client(user.token) as client:
            uid = said(client.post(SEND, json=mail(user), headers=LATER), 202)["outbound_email_uid"]
            reply = client.post(f"{RECORDS}/{uid}/cancel")
            assert reply.status_code in (200, 409), reply.text
            assert reply.status_code == 409 or reply.json()["status"] == "canceled"
            return uid, reply.status_code == 200

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        canceled = dict(pool.map(send_and_cancel, range(RACES)))
    ends = {True: "canceled", False: "sent"}
    for uid, is_canceled in canceled.items():
        wait_until(lambda uid=uid: said(user.get(f"{RECORDS}/{uid}"))["status"]
                   not in ("queued", "sending"), what="an end")
        assert said(user.get(f"{RECORDS}/{uid}"))["status"] == ends[is_canceled]
    taken = delivered(server, user)
    assert {uid: taken[uid] for uid in canceled} == {uid: int(not won)
                                                     for uid, won in canceled.items()}


def test_approval_against_an_edit(server, user):
    """What leaves is what the approver saw, never what was written after it: once it is approved, it
    is no draft of the agent any more."""
    agent = server.client(new_token(server, user.address, "inbox:read", "inbox:draft"))
    approver = server.client(new_token(server, user.address, "inbox:read", "inbox:approve"))
    outcomes = collections.Counter()
    for number in range(max(20, RACES // 10)):
        draft = said(agent.post("/api/email/drafts", json=mail(user, subject=f"seen {number}")), 201)
        record = said(agent.post(f"{RECORDS}/{draft['uid']}/submit"))
        approval = {"content_sha256": record["content_sha256"]}
        approved, edited = race(
            lambda uid=draft["uid"], body=approval: approver.post(f"{RECORDS}/{uid}/approve", json=body),
            lambda uid=draft["uid"]: agent.patch(f"/api/email/drafts/{uid}",
                                                 json={"subject": "never seen"}))
        outcomes[approved.status_code, edited.status_code] += 1
        if approved.status_code == 200:
            wait_until(lambda uid=draft["uid"]: said(user.get(f"{RECORDS}/{uid}"))["status"] == "sent",
                       what="the approved mail's departure")
    assert set(outcomes) <= {(200, 403), (409, 200)}, outcomes
    subjects = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default)["subject"]
                for path in server.mail_files(user.address)]
    assert len(subjects) == outcomes[200, 403]
    assert all(subject.startswith("seen") for subject in subjects), subjects


def test_a_hundred_writers_of_one_draft(server, user):
    """Each adds his word and tries again when somebody was faster: no word is lost."""
    draft = said(user.post("/api/email/drafts", json=mail(user, body_text="")), 201)
    path = f"/api/email/drafts/{draft['uid']}"

    def write(number):
        with server.client(user.token) as client:
            current = client.get(path)
            while True:
                text = f"{current.json()['body_text'] or ''} word{number}"
                reply = client.patch(path, json={"body_text": text},
                                     headers={"If-Match": current.headers["ETag"]})
                if reply.status_code == 200:
                    return
                assert reply.status_code == 412, reply.text
                current = client.get(path)

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        list(pool.map(write, range(WRITERS)))
    kept = said(user.get(path))
    assert sorted(kept["body_text"].split()) == sorted(f"word{n}" for n in range(WRITERS))
    assert kept["version"] == WRITERS + 1


def test_many_fields_by_many_writers(server, user):
    """Who edits different fields without looking at versions loses nothing either."""
    draft = said(user.post("/api/email/drafts", json=mail(user)), 201)
    path = f"/api/email/drafts/{draft['uid']}"
    edits = [{"subject": "new"}, {"body_text": "new"}, {"body_html": "<p>new</p>"},
             {"cc": ["c@example.com"]}, {"context_type": "case"}, {"context_id": "7"}]
    for reply in race(*[lambda edit=edit: user.patch(path, json=edit) for edit in edits]):
        assert reply.status_code == 200, reply.text
    kept = said(user.get(path))
    assert {name: kept[name] for edit in edits for name in edit if name != "cc"} == {
        name: value for edit in edits for name, value in edit.items() if name != "cc"}
    assert len(kept["cc"]) == 1 and "c@example.com" in str(kept["cc"])
