"""Nobody's mail waits behind all of somebody else's.

covers: src/delivery/claiming.c src/delivery/turns.c src/api/explaining.c
"""
import datetime

from mailboxes import ACCOUNTS, RECORDS, Mailbox, connect, moment
from people import ALL, new_user
from running import wait_until
from shapes import said
from smtp_peer import HANG

PLACES, SHARE = 8, 7  # of one organization alone: see delivery/turns.h
MAILBOXES, MAILS = 4, 3


def begun(peer):
    return sum(word == "MAIL" for _, word in peer.commands)


def test_one_organization_with_much_to_send_on_a_slow_server(start_server, start_smtp):
    """All its mail hangs, and more waits than there are places; another's is sent at once."""
    server = start_server(delivery_threads=PLACES, send_wait="20s")
    peer = start_smtp(security="none")
    peer.fail("mail", HANG)
    busy = [connect(server, peer) for _ in range(MAILBOXES)]
    uids = [(mailbox, mailbox.send_later()) for mailbox in busy for _ in range(MAILS)]
    wait_until(lambda: begun(peer) == SHARE, what=f"{SHARE} mails under way")
    other = new_user(server, scopes=ALL, organization="Others", mailbox=False)
    sandbox = {"provider": "sandbox", "emailAddress": other.address}
    mailbox = Mailbox(other, said(other.post(ACCOUNTS, json=sandbox), 201)["account"])
    assert mailbox.send()["status"] == "sent"
    assert begun(peer) == SHARE and not peer.accepted
    peer.release()
    for mailbox, uid in uids:
        mailbox.wait_for(uid, "sent")
    assert len(peer.accepted) == MAILBOXES * MAILS


def test_what_waits_says_until_when_and_why(start_server, start_smtp):
    """A mailbox that may send two a minute, and five mails."""
    server = start_server(send_wait="20s")
    peer = start_smtp(security="none")
    mailbox = connect(server, peer)
    paced = mailbox.user.patch(f"{ACCOUNTS}/{mailbox.id}", json={"sendsPerMinute": 2})
    assert paced.status_code == 200, paced.text
    uids = [mailbox.send_later() for _ in range(5)]
    for uid in uids[:2]:
        mailbox.wait_for(uid, "sent")
    now = datetime.datetime.now(datetime.timezone.utc)
    shown = [mailbox.record(uid) for uid in uids[2:]]
    listed = {item["uid"]: item
              for item in said(mailbox.user.get(f"{RECORDS}?status=queued"))["items"]}
    for before, (uid, record) in enumerate(zip(uids[2:], shown)):
        waits = f" behind {before} of its mailbox" if before else ""
        assert record["status"] == "queued"
        assert record["error"] == "its mailbox sends 2 a minute; waits for its turn" + waits
        wait_s = (moment(record["next_attempt_at"]) - now).total_seconds()
        assert 60 * (before // 2) < wait_s <= 60 * (before // 2) + 61
        assert listed[uid]["error"] == record["error"]
