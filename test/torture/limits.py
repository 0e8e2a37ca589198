"""A server that lacks something, and what must come of it."""
import base64
import contextlib
import resource

from judging import judge
from mailboxes import LATER
from running import wait_until
from shapes import said

SEND, DRAFTS = "/api/email/send", "/api/email/drafts"
ATTACHED = {"attachments": [{"filename": "a.bin",
                             "data_base64": base64.b64encode(bytes(200_000)).decode()}]}


@contextlib.contextmanager
def limited(process, what, most):
    """It may have so much of what, a RLIMIT_..., and no more."""
    limits = resource.prlimit(process.pid, what)
    resource.prlimit(process.pid, what, (most, limits[1]))
    try:
        yield
    finally:
        if process.poll() is None:
            resource.prlimit(process.pid, what, limits)


def body(world, kind="smtp", **fields):
    return {"from_account_id": world.accounts[kind][0], "to": ["b@example.com"], "subject": "s",
            "body_text": "t", **fields}


def send_later(world, **fields):
    return said(world.client.post(SEND, json=body(world, **fields), headers=LATER),
                202)["outbound_email_uid"]


def is_refused(world, path, codes, **fields):
    reply = world.client.post(path, json=body(world, **fields))
    assert reply.status_code in codes, f"{reply.status_code}: {reply.text}"
    assert reply.json()["error"]["message"] and "Retry-After" in reply.headers
    return True


def wait_for_end(world, uids):
    """All of them sent, once each, though nobody has done anything about it."""
    def check():
        world.hurry()
        return all(world.record(uid)["status"] == "sent" for uid in uids)
    wait_until(check, what="the end of the waiting")
    world.settle()
    judge(world)
    assert all(world.taken()[uid] == 1 for uid in uids)
    assert said(world.client.post(SEND, json=body(world, **ATTACHED)))["status"] == "sent"
