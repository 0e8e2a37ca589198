"""A server that is killed while it sends, again and again; and what must hold of its mail then."""
import collections
import random
import re
import threading
import time

import requests

from running import wait_until
from shapes import said

PAGE = 100
REFERENCE = re.compile(rb"^X-Outtray-Ref: (\S+)\r$", re.MULTILINE)
SENDERS = 6
LONGEST_ROUND = 0.5  # seconds of sending before the end


class Load:
    """Sends without pause from several threads, in each of the ways there are, and keeps what it
    was told: told[uid] is the state in the reply."""

    def __init__(self, server, accounts, seed):
        self.server, self.accounts = server, accounts
        self.random = random.Random(seed)
        self.told, self.wrong = {}, []
        self._is_ending = threading.Event()

    def send_until_killed(self):
        self._is_ending.clear()
        senders = [threading.Thread(target=self._send_on, args=(self.random.random(),))
                   for _ in range(SENDERS)]
        for sender in senders:
            sender.start()
        time.sleep(self.random.uniform(0, LONGEST_ROUND))  # the point of the crash
        self._is_ending.set()
        self.server.kill()
        for sender in senders:
            sender.join()
        assert self.wrong == []

    def _send_on(self, seed):
        chance = random.Random(seed)
        with self.server.client(self.server.token) as client:
            while not self._is_ending.is_set():
                try:
                    reply = self._send_one(client, chance)
                    self._keep(reply)
                except requests.RequestException as failure:
                    if not self._is_ending.is_set():
                        self.wrong.append(repr(failure))
                    return

    def _send_one(self, client, chance):
        body = {"from_account_id": chance.choice(self.accounts), "to": ["b@example.com"],
                "subject": "s", "body_text": "x" * chance.choice([1, 1000, 200_000])}
        headers = chance.choice([{}, {}, {"Prefer": "respond-async"}])
        if chance.random() < 0.3:
            draft = client.post("/api/email/drafts", json=body)
            if draft.status_code != 201:
                return draft
            body = {"draft_uid": draft.json()["uid"]}
        return client.post("/api/email/send", json=body, headers=headers)

    def _keep(self, reply):
        if reply.status_code in (200, 202):
            sent = reply.json()
            self.told[sent["outbound_email_uid"]] = sent["status"]
        elif reply.status_code != 503:  # it may say that it is ending
            self.wrong.append(f"{reply.status_code}: {reply.text}")


def all_records(client):
    records, page = {}, 1
    while True:
        found = said(client.get("/api/email/outbound", params={"page": page, "per_page": PAGE}))
        records.update((record["uid"], record) for record in found["items"])
        if len(found["items"]) < PAGE:
            return records
        page += 1


def unknown(client):
    return said(client.get("/api/email/outbound",
                           params={"status": "unknown", "per_page": 100}))["items"]


def settled(client):
    """All records, once nothing is on its way any more."""
    def check():
        counts = [said(client.get("/api/email/outbound", params={"status": state}))["count"]
                  for state in ("queued", "sending")]
        unsettled = [record for record in unknown(client) if not record["committed_at"]]
        return sum(counts) == 0 and not unsettled
    wait_until(check, what="the end of all sending")
    return all_records(client)


def acceptances(peer, sandbox_files):
    """How often each mail was taken, by the id that it carries."""
    contents = [mail.content for mail in peer.accepted]
    contents += [path.read_bytes() for path in sandbox_files]
    return collections.Counter(REFERENCE.search(content)[1].decode() for content in contents)


def check_record(record, taken, events):
    """What P1 and P4 of the HTTP contract promise of one mail."""
    status, steps = record["status"], [event["event"] for event in events]
    assert taken <= 1, f"taken {taken} times: {steps}"
    assert status in ("draft", "sent", "unknown"), f"{status}: {steps}"
    assert status != "sent" or taken == 1, f"sent, and not taken: {steps}"
    assert status != "draft" or taken == 0, f"taken, and still a draft: {steps}"
    assert events[-1]["to"] == status, steps
    if status == "unknown":
        assert record["committed_at"], f"unknown, though it certainly never left: {steps}"
    for before, after in zip(steps, steps[1:]):
        assert before != "lost" or after == "not_sent", f"sent again without asking: {steps}"
