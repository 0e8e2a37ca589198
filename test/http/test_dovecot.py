"""A mail that SMTP may have taken is looked for in a Sent folder of Dovecot: nobody here wrote it.

covers: src/provider/smtp_sent.c
"""
import pytest

from dovecot import SENT, Dovecot
from mailboxes import connect, refuse
from people import ALL, new_user
from reading import read_python, with_header
from running import wait_until
from smtp_peer import DROP


@pytest.fixture(scope="module")
def dovecot(authority):
    running = Dovecot(authority)
    yield running
    running.stop()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_dovecot(server, start_smtp, dovecot, security):
    """One mail is there; of the other only what looks like it."""
    smtps = [start_smtp(security="none") for _ in range(2)]
    users = [f"{security}-{number}@example.com" for number in range(2)]
    mailboxes = [connect(server, smtp, imap=dovecot.settings(user, security))
                 for smtp, user in zip(smtps, users)]
    for smtp in smtps:
        smtp.fail("end", DROP)
    uids = [mailbox.send_later() for mailbox in mailboxes]
    there, similar = [smtp.wait_for_mails(1)[0].content for smtp in smtps]
    dovecot.append(users[0], there)
    message_id = read_python(similar)["Message-ID"]
    dovecot.append(users[1], with_header(similar, Message_ID=f"{message_id}2", X_Outtray_Ref=None))
    dovecot.append(users[1], similar, folder="INBOX")
    assert mailboxes[0].wait_for(uids[0], "sent")["provider_message_id"] == (
        read_python(there)["Message-ID"])
    reason = f'it is not in the folder "{SENT}" at 127.0.0.1'
    wait_until(lambda: reason in mailboxes[1].record(uids[1])["error"], what="a look")
    assert mailboxes[1].steps(uids[1]) == ["send", "claim", "lost"]
    assert [len(smtp.accepted) for smtp in smtps] == [1, 1]


def test_dovecot_and_a_wrong_password(server, start_smtp, dovecot):
    user = new_user(server, scopes=ALL, mailbox=False)
    body = start_smtp(security="tls").mailbox(user.address)
    body["imap"] = {**dovecot.settings("a@example.com", "tls"), "password": "wrong"}
    refuse(user, body, 502, "BAD_GATEWAY", "imap.password", "NO")
