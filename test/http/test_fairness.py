"""Nobody's mail waits behind all of somebody else's.

covers: src/delivery/claiming.c src/delivery/turns.c
"""
from mailboxes import ACCOUNTS, Mailbox, connect
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
