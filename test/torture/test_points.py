"""P1, P2, P4, P5: a server that is killed at each point of a send, by each provider, and once more
while it settles that: every mail is accepted once, or once at most where nobody can tell. With
OUTTRAY_TORTURE=1 also at every commit of each, and at every other request to Gmail and Outlook.

Each was seen to fail with its guard taken out:
- commit() in delivery/sender.c that says true and writes nothing: what was in doubt went out again;
- keep_handle() likewise: Gmail accepted a mail twice;
- recovery in delivery/recovery.c with EVENT_TRY_LATER: mail that nobody asked about;
- idempotency_note() that keeps nothing: the call made again made another mail.
"""
import concurrent.futures
import datetime
import os
import uuid

import requests

from judging import judge
from points import (IN_DOUBT, PLANNED, all_points, all_tried, faults_of, may_be_missed, pairs_of)
from running import wait_until
from world import CAN_BE_ASKED, KINDS

IS_WHOLE = "OUTTRAY_TORTURE" in os.environ
ATTACHED = [{"filename": "a.txt", "content_type": "text/plain", "data_base64": "YQ=="}]


class Case:
    """One mail, whose call is made again after the death, with its key, as a client would."""

    def __init__(self, world, kind, fault, **fields):
        self.world, self.fault = world, fault
        to = "sandbox0@torture.example" if kind == "sandbox" else "b@example.com"
        self.body = {"from_account_id": world.accounts[kind][0], "to": [to], "subject": fault,
                     "body_text": "t", **fields}
        if kind == "sandbox":
            self.body["attachments"] = ATTACHED
        self.headers = {"Idempotency-Key": str(uuid.uuid4()),
                        "Prefer": "respond-async"}
        self.uid = None

    def call(self):
        try:
            reply = self.world.client.post("/api/email/send", json=self.body, headers=self.headers)
        except requests.ConnectionError:  # it died before it answered
            return None
        assert reply.status_code in (200, 202, 409), reply.text
        return reply.json().get("outbound_email_uid")

    def is_over(self):
        """Whether it has ended well, and the fault has not struck."""
        try:
            return bool(self.uid) and self.world.record(self.uid)["status"] == "sent"
        except requests.ConnectionError:
            return False

    def die(self):
        """Sends with the fault armed; what was acknowledged must be there afterwards."""
        if not self.world.start(self.fault):
            return
        self.uid = self.call()
        is_dead = self.world.wait_for_death(self.fault, self.is_over)
        assert is_dead or may_be_missed(self.fault), "it has not passed there"

    def call_again(self):
        """The same mail, whether the first call was heard or not; 409 while it is under way."""
        again = wait_until(self.call, what="an answer to the call made again")
        assert self.uid in (None, again), "another mail under the same key"
        self.uid = again


def run_case(case, second):
    world = case.world
    world.server.kill()
    case.die()
    if second:
        world.server.kill()
        world.hurry()
        if world.start(second):
            world.wait_for_death(second)
    world.server.kill()
    world.start()
    case.call_again()
    world.settle()
    judge(world, [case.uid])


def kill_at(world, kind, fault, second=None, **fields):
    """Its mail, once that is settled."""
    case = Case(world, kind, fault, **fields)
    try:
        run_case(case, second)
    except AssertionError as failure:
        raise AssertionError(f"{kind}, {fault}, {second}: {failure}") from failure
    return world.record(case.uid)


def kill_everywhere(world, kind):
    ended = {fault: kill_at(world, kind, fault) for fault in faults_of(kind, IS_WHOLE)}
    pairs = [kill_at(world, kind, first, second) for first, second in pairs_of(kind)]
    print(kind, dict(world.kills), judge(world))
    assert len(world.records()) == len(ended) + len(pairs), "a call made two mails"
    doubtful = {fault for fault, record in ended.items()
                if record["status"] == "unknown" and not may_be_missed(fault)}
    assert doubtful == (set() if kind in CAN_BE_ASKED else IN_DOUBT & set(ended))


def test_killed_at_every_point(start_world):
    worlds = {kind: start_world(kind) for kind in KINDS}
    with concurrent.futures.ThreadPoolExecutor() as threads:
        for done in [threads.submit(kill_everywhere, world, kind)
                     for kind, world in worlds.items()]:
            done.result()


def test_killed_when_a_plan_comes_due(start_world):
    world = start_world("sandbox")
    for fault in PLANNED:
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
        plan = soon.isoformat(timespec="seconds")
        assert kill_at(world, "sandbox", fault, planned_send_at=plan)["status"] == "sent"


def test_every_point_is_tried():
    assert all_tried() == all_points()
