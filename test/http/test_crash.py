"""P1 and P4: a server that is killed at any point of a send never sends a mail twice, and loses
none. OUTTRAY_CRASH_ROUNDS tries for longer, OUTTRAY_CRASH_SEED tries the same points again.

covers: src/delivery/delivery.c

Each of these was seen to fail with its guard taken out:
- recovery in delivery/dispatcher.c with EVENT_TRY_LATER, which puts the mail back into the queue:
  mail was taken twice;
- no recovery at the start: mail stayed in `sending`.
"""
import os
import random

import pytest

from crashing import Load, acceptances, all_records, check_record, settled
from mailboxes import ACCOUNTS, connect
from running import wait_until
from shapes import said
from smtp_peer import HANG

ROUNDS = int(os.environ.get("OUTTRAY_CRASH_ROUNDS", "15"))
SEED = int(os.environ.get("OUTTRAY_CRASH_SEED", random.randrange(10 ** 9)))
MAILBOXES = 4


def test_killed_at_any_point(start_server, start_smtp):
    print(f"OUTTRAY_CRASH_SEED={SEED}")
    server, peer = start_server(send_wait="2s"), start_smtp(security="none")
    client = server.client(server.token)
    accounts = [server.account_id]
    for number in range(MAILBOXES):
        body = peer.mailbox(f"crash{number}@example.com")
        accounts.append(said(client.post(ACCOUNTS, json=body), 201)["account"]["_id"])
    load = Load(server, accounts, SEED)
    for _ in range(ROUNDS):
        load.send_until_killed()
        server.start()
    check_all(server, peer, load)


def check_all(server, peer, load):
    client = server.client(server.token)
    records = settled(client)
    taken = acceptances(peer, server.mail_files(server.email))
    assert set(load.told) <= set(records), "acknowledged, and not there any more"
    assert set(taken) <= set(records), "taken, and not in the records"
    for uid, record in records.items():
        events = said(client.get(f"/api/email/outbound/{uid}/events"))["items"]
        check_record(record, taken[uid], events)
        assert load.told.get(uid) != "sent" or record["status"] == "sent"
    states = [record["status"] for record in records.values()]
    print({state: states.count(state) for state in set(states)})
    assert states.count("sent") > ROUNDS, "hardly anything was sent: nothing has been tried"
    assert len(all_records(client)) == len(records)


@pytest.mark.parametrize("point, seen, taken", [
    ("connect", None, 0), ("ehlo", "EHLO", 0), ("mail", "MAIL", 0), ("rcpt", "RCPT", 0),
    ("data", "DATA", 0), ("end", "DATA", 1)])
def test_killed_while_the_mail_server_waits(start_server, start_smtp, point, seen, taken):
    """At each step of the dialogue: what never left goes out once more, what may have left does not."""
    server, peer = start_server(), start_smtp(security="none")
    mailbox = connect(server, peer)
    peer.commands.clear()
    peer.fail(point, HANG)
    uid = mailbox.send_later()
    wait_until(lambda: seen in [word for _, word in peer.commands] if seen
               else peer.connections == 2, what=point)
    peer.wait_for_mails(taken)
    server.kill()
    peer.release()
    server.start()
    mailbox.after_restart(server)
    record = mailbox.wait_for(uid, "unknown" if taken else "sent")
    if taken:
        assert "it may have been sent" in record["error"] or "decide by hand" in record["error"]
    mailbox.send()  # the next one leaves, and this one does not
    settled_by = [] if taken else ["not_sent", "claim", "accepted"]
    assert mailbox.steps(uid) == ["send", "claim", "lost", *settled_by]
    assert len(peer.accepted) == 2


def test_what_was_queued_leaves_after_the_start(start_server, start_smtp):
    """P4: killed while a mail waits for its next attempt."""
    server, peer = start_server(), start_smtp(security="none")
    mailbox = connect(server, peer)
    peer.fail("rcpt", "451 4.7.1 greylisted", times=1)
    uid = mailbox.send_later()
    mailbox.wait_for(uid, "queued", attempts=1)
    server.kill()
    server.start()
    mailbox.after_restart(server)
    assert mailbox.wait_for(uid, "sent")["attempts"] == 2 and len(peer.accepted) == 1
