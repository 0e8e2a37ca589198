"""A user who sends through a mailbox on an SMTP server of the test."""
import datetime

from people import ALL, new_user
from running import wait_until
from shapes import holding, messages_error, said
from smtp_peer import PASSWORD

ACCOUNTS = "/api/email/accounts"
RECORDS = "/api/email/outbound"
SEND = "/api/email/send"
LATER = {"Prefer": "respond-async"}  # the answer does not wait for the outcome


def moment(text):
    return datetime.datetime.fromisoformat(text)


class Mailbox:
    def __init__(self, user, account):
        self.user, self.account = user, account
        self.address, self.id = account["emailAddress"], account["_id"]

    def after_restart(self, server):
        """The server has another port now."""
        self.user = server.client(self.user.token)

    def body(self, **fields):
        return {"from_account_id": self.id, "to": ["b@example.com"], "subject": "s",
                "body_text": "t", **fields}

    def send(self, status=200, headers=None, **fields):
        return said(self.user.post(SEND, json=self.body(**fields), headers=headers), status)

    def send_later(self, **fields):
        """Its uid, as soon as it is queued."""
        return self.send(202, LATER, **fields)["outbound_email_uid"]

    def record(self, uid):
        return said(self.user.get(f"{RECORDS}/{uid}"))

    def events(self, uid):
        return said(self.user.get(f"{RECORDS}/{uid}/events"))["items"]

    def steps(self, uid):
        return [event["event"] for event in self.events(uid)]

    def raw(self, uid):
        return self.user.get(f"{RECORDS}/{uid}/raw").content

    def wait_for(self, uid, status, attempts=0):
        """The record, once its state is this one and so many attempts have ended."""
        def check():
            record = self.record(uid)
            return record["status"] == status and record["attempts"] >= attempts and record
        return wait_until(check, what=f"{status} after {attempts} attempts")


def connect(server, peer, imap=None, **smtp):
    """A new user with one mailbox on that mail server; imap: where its Sent folder is."""
    user = new_user(server, scopes=ALL, mailbox=False)
    body = peer.mailbox(user.address, **smtp)
    if imap:
        body["imap"] = imap
    return Mailbox(user, said(user.post(ACCOUNTS, json=body), 201)["account"])


def refuse(user, body, status, error, *words):
    """Connecting fails with these words, and nothing of it is kept."""
    refused = said(user.post(ACCOUNTS, json=body), status)
    assert refused == messages_error(error, holding(*words))
    assert PASSWORD not in refused["message"]
    listed = said(user.get(ACCOUNTS))["accounts"]
    assert user.address not in [account["emailAddress"] for account in listed]
