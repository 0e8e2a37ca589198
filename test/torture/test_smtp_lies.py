"""P1, P3: an SMTP server that lies, at each point of a send, in each way: what had not been written
out goes once more, of what may be out nobody guesses, and nothing goes twice. Gmail's and Graph's lies
are in test/http: test_every_fault_at_every_call of test_gmail.py and of test_outlook.py.

Seen to fail with SMTP_UNKNOWN led to OUTCOME_TRY_LATER in provider/smtp.c: never `unknown`, sent again.
"""
import itertools

import pytest

from mailboxes import connect
from running import Server, wait_until
from smtp_peer import DROP, HANG, LIES, POINTS

WAYS = (DROP, HANG, *LIES)
# Nobody signs in here; what breaks off amid the body is in test/http/test_smtp_failing.py.
ASKED = [point for point in POINTS if point not in ("auth", "body")]


@pytest.fixture(scope="module")
def server(tmp_path_factory, authority):
    folder = tmp_path_factory.mktemp("server")
    with Server(folder, authority, smtp_reply_timeout="2s", smtp_connect_timeout="2s") as running:
        yield running


def test_every_way_at_every_point(server, start_smtp):
    """Each in a mailbox of its own, all at the same time."""
    rows = []
    for way, point in itertools.product(WAYS, ASKED):
        peer = start_smtp(security="none")
        mailbox = connect(server, peer)
        peer.fail(point, way, times=1)
        rows.append((way, point, peer, mailbox, mailbox.send_later()))
    for way, point, peer, mailbox, uid in rows:
        mailbox.wait_for(uid, "unknown" if point == "end" else "sent")
        check_row(way, point, peer, mailbox, uid)
    for _, _, peer, *_ in rows:
        peer.release()


def check_row(way, point, peer, mailbox, uid):
    where, steps = f"{way} at {point}", mailbox.steps(uid)
    taken = [mail for mail in peer.accepted if uid.encode() in mail.content]
    assert len(taken) == 1, f"{where}: accepted {len(taken)} times, {steps}"
    if point == "end":
        assert steps == ["send", "claim", "lost"], where
        assert mailbox.record(uid)["error"], where
        mailbox.send()  # the next one leaves, and this one does not
        wait_until(lambda: len(peer.accepted) == 2, what="the next mail")
        assert mailbox.steps(uid) == steps, where
    else:
        assert steps == ["send", "claim", "try_later", "claim", "accepted"], where
