"""People who use a server that is killed again and again, and what each of them was told."""
import base64
import dataclasses
import datetime
import random
import threading
import time
import traceback
import uuid

import requests

from running import wait_until

SENDERS = 6
BASE64_LINE = 76
LONGEST_ROUND = 0.8  # seconds
SEND, DRAFTS, RECORDS = "/api/email/send", "/api/email/drafts", "/api/email/outbound"
REFUSED = "b+refused@example.com"  # by a sandbox
GONE_ON = (409, 503)  # the mail has gone on meanwhile; the server is ending
LAST_STATES = {"sent": {"sent"}, "failed": {"failed"}, "canceled": {"canceled"},
               "unknown": {"unknown", "sent", "queued"}}


@dataclasses.dataclass
class Call:
    """A POST that makes a mail or sends a draft; made again with its key it must say the same."""
    path: str
    body: dict
    key: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))
    uid: str = None     # as soon as a reply was heard
    status: str = None  # that it told of last
    is_async: bool = False
    edits: list = dataclasses.field(default_factory=list)  # of a draft: the texts, newest last
    heard: int = 0      # so many of them were acknowledged

    @property
    def headers(self):
        return {"Idempotency-Key": self.key,
                **({"Prefer": "respond-async"} if self.is_async else {})}

    def hear(self, reply):
        """Keeps what was said; False: try again, it is still under way or the server is ending."""
        if reply.status_code == 409 and "canceled" in reply.text:  # by somebody else's wish
            self.uid = self.body.get("draft_uid") or \
                reply.json()["error"]["details"][0]["outbound_email_uid"]
            return True
        if reply.status_code in GONE_ON:
            return False
        assert reply.status_code in (200, 201, 202, 502), f"{reply.status_code}: {reply.text}"
        said = reply.json()
        if reply.status_code == 502:
            said = said["error"]["details"][0]
        uid = said.get("outbound_email_uid") or said["uid"]
        assert self.uid in (None, uid), "the same key, another mail"
        self.uid, self.status = uid, said["status"]
        return True


class Load:
    def __init__(self, world, seed):
        self.world, self.random = world, random.Random(seed)
        self.calls, self.wrong = [], []
        self.given_up, self.canceled = set(), set()  # asked for; and confirmed
        self._is_ending, self._lock = threading.Event(), threading.Lock()

    def run_until(self, end):
        """end(): ends the server, or waits until it has ended, after a while."""
        self._is_ending.clear()
        senders = [threading.Thread(target=self._send_on, args=(self.random.random(),))
                   for _ in range(SENDERS)]
        for sender in senders:
            sender.start()
        time.sleep(self.random.uniform(0, LONGEST_ROUND))
        self._is_ending.set()
        end()
        for sender in senders:
            sender.join()
        assert not self.wrong, self.wrong[0]

    def call_all_again(self):
        """Whoever did not hear an answer, and some who did, ask again with their key; then what is
        still a draft is sent as well, so that it shows what it holds."""
        for call in self.calls:
            if call.uid is None or self.random.random() < 0.2:
                self._insist(call)
        for uid, record in self.world.records().items():
            if record["status"] == "draft" and not record["planned_send_at"]:
                self._insist(self._keep(Call(SEND, {"draft_uid": uid}, is_async=True)))

    def _insist(self, call):
        wait_until(lambda: self._post(self.world.client, call), what=f"an answer to {call}")

    def check(self, records):
        """That all that was told holds; each call has made one mail."""
        mine = [call for call in self.calls if call.path == SEND or call.edits]
        uids, contents = {call.uid for call in mine}, {
            uid: content for uid, content, _ in self.world.accepted()}
        assert uids == set(records), "not one mail for each call"
        for call in mine:
            record = records[call.uid]
            may_be = LAST_STATES.get(call.status, {record["status"]})
            if call.status == "unknown" and call.uid in self.given_up:
                may_be = may_be | {"canceled"}
            assert record["status"] in may_be, f"told {call.status}, is {record['status']}"
            assert record["status"] != "failed" or record["to"] == [REFUSED], record["error"]
            if call.edits:
                assert record["body_text"] in call.edits[max(call.heard - 1, 0):], "an edit is lost"
            self._check_attachment(call, contents.get(call.uid))
        for uid in self.canceled:
            assert records[uid]["status"] == "canceled", "canceled, and yet not"

    @staticmethod
    def _check_attachment(call, content):
        for attachment in call.body.get("attachments", []) if content else []:
            start = attachment["data_base64"][:BASE64_LINE].encode()
            assert start in content, "the attachment is not what was given"

    # What each of them does.

    def _send_on(self, seed):
        chance = random.Random(seed)
        with self.world.server.client(self.world.server.token) as client:
            while not self._is_ending.is_set():
                try:
                    chance.choice([self._send, self._send, self._plan, self._draft,
                                   self._cancel])(client, chance)
                except requests.RequestException:
                    return  # it is dead
                except Exception:  # told by run_until()
                    self.wrong.append(traceback.format_exc())
                    return

    def _keep(self, call):
        with self._lock:
            self.calls.append(call)
        return call

    def _post(self, client, call):
        return call.hear(client.post(call.path, json=call.body, headers=call.headers))

    def _body(self, chance, **more):
        kind = chance.choice(list(self.world.accounts))
        refused = kind == "sandbox" and chance.random() < 0.2
        if chance.random() < 0.2:
            content = base64.b64encode(chance.randbytes(1000)).decode()
            more["attachments"] = [{"filename": "a.bin", "data_base64": content}]
        return {"from_account_id": chance.choice(self.world.accounts[kind]), "subject": "s",
                "to": [REFUSED if refused else "b@example.com"],
                "body_text": "x" * chance.choice([1, 1000, 200_000]), **more}

    def _send(self, client, chance):
        call = Call(SEND, self._body(chance), is_async=chance.random() < 0.5)
        self._post(client, self._keep(call))

    def _plan(self, client, chance):
        ahead = datetime.timedelta(seconds=chance.randint(1, 3))
        soon = datetime.datetime.now(datetime.timezone.utc) + ahead
        plan = soon.isoformat(timespec="seconds")
        self._post(client, self._keep(Call(SEND, self._body(chance, planned_send_at=plan))))

    def _draft(self, client, chance):
        """Autosaved some times, and perhaps sent."""
        call = Call(DRAFTS, self._body(chance, body_text="edit 0"), edits=["edit 0"])
        if not self._post(client, self._keep(call)):
            return
        for number in range(1, chance.randint(1, 4)):
            call.heard = number
            call.edits.append(f"edit {number}")
            reply = client.patch(f"{DRAFTS}/{call.uid}", json={"body_text": call.edits[-1]})
            if reply.status_code != 200:
                assert reply.status_code in GONE_ON, reply.text
                return
        call.heard = len(call.edits)
        if chance.random() < 0.6:
            self._post(client, self._keep(Call(SEND, {"draft_uid": call.uid}, is_async=True)))

    def _cancel(self, client, chance):
        """One of the newest, which may be anywhere on its way."""
        with self._lock:
            known = [call.uid for call in self.calls[-20:] if call.uid]
        if not known:
            return
        uid = chance.choice(known)
        self.given_up.add(uid)
        reply = client.post(f"{RECORDS}/{uid}/cancel")
        if reply.status_code == 200:
            self.canceled.add(uid)
        else:
            assert reply.status_code in GONE_ON, reply.text
