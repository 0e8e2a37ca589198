"""A mailbox that was disconnected and is connected again is the same one: its mail goes on, its
conversations can be answered, and what was set for it holds.

covers: src/store/mending.c

Each was seen to fail with a new mailbox in the former one's place; what_fails_changes_nothing, with
one that is connected refused; the_need_for_approval_stays also with the need that the call
names, which is none."""
import json

import pytest

from mailboxes import ACCOUNTS, RECORDS, SEND, Mailbox, connect
from people import ALL, new_token, new_user
from reading import read_python
from running import Server
from shapes import said
from smtp_peer import DROP, PASSWORD, USER


@pytest.fixture(scope="module")
def server(tmp_path_factory, authority):
    with Server(tmp_path_factory.mktemp("server"), authority, send_wait="3s") as running:
        yield running


@pytest.fixture
def peer(start_smtp):
    return start_smtp(security="none")


def disconnect(mailbox):
    assert said(mailbox.user.delete(f"{ACCOUNTS}/{mailbox.id}")) == {"success": True}


def connect_again(mailbox, peer, **fields):
    """As whoever has nothing but the address and a server."""
    body = {**peer.mailbox(mailbox.address), **fields}
    return said(mailbox.user.post(ACCOUNTS, json=body), 201)["account"]


def listed(mailbox):
    """What is connected under its address: an administrator sees more."""
    return [account for account in said(mailbox.user.get(ACCOUNTS))["accounts"]
            if account["emailAddress"].lower() == mailbox.address.lower()]


def retry(mailbox, uid):
    said(mailbox.user.post(f"{RECORDS}/{uid}/retry"))


def test_its_mail_goes_on(server, peer, start_smtp):
    """At its new server, with the new password: that of the former one is gone."""
    mailbox = connect(server, peer)
    mailbox.send(subject="on a connection that is kept")
    peer.fail("rcpt", "451 4.7.1 greylisted")
    uid = mailbox.send_later()
    mailbox.wait_for(uid, "queued", attempts=1)
    disconnect(mailbox)
    retry(mailbox, uid)
    assert "disconnected" in mailbox.wait_for(uid, "failed")["error"]
    moved = start_smtp(security="none", password="another horse")
    again = connect_again(mailbox, moved)
    assert again == {**mailbox.account, "smtp": {**mailbox.account["smtp"], "port": moved.port},
                     "updatedAt": again["updatedAt"]}
    retry(mailbox, uid)
    mailbox.wait_for(uid, "sent")
    assert len(moved.accepted) == 1 and len(peer.accepted) == 1


def test_its_conversations_can_be_answered(server, peer):
    mailbox = connect(server, peer)
    sent = mailbox.send()["outbound_email_uid"]
    answer = {"reply_to_message_uid": sent, "to": ["b@example.com"], "subject": "Re: s"}
    disconnect(mailbox)
    refused = said(mailbox.user.post(SEND, json=answer), 400)
    assert "connect it again to answer" in refused["error"]["message"]
    connect_again(mailbox, peer)
    said(mailbox.user.post(SEND, json=answer))
    first, second = [read_python(mail.content) for mail in peer.accepted]
    assert second["In-Reply-To"] == first["Message-ID"]


def test_what_is_unknown_is_asked_about(server, peer, start_imap):
    imap = start_imap()
    mailbox = connect(server, peer, imap=imap.settings())
    peer.fail("end", DROP)
    uid = mailbox.send_later()
    mailbox.wait_for(uid, "unknown")
    disconnect(mailbox)
    imap.folders["Sent"].append(peer.accepted[0].content)
    connect_again(mailbox, peer, imap=imap.settings())
    mailbox.wait_for(uid, "sent")
    assert len(peer.accepted) == 1


def test_what_is_unknown_is_sent_again_when_a_person_says_so(server, peer):
    mailbox = connect(server, peer)
    peer.fail("end", DROP)
    uid = mailbox.send_later()
    mailbox.wait_for(uid, "unknown")
    disconnect(mailbox)
    peer.heal()
    connect_again(mailbox, peer)
    assert mailbox.record(uid)["status"] == "unknown"
    retry(mailbox, uid)
    mailbox.wait_for(uid, "sent")
    assert len(peer.accepted) == 2


SETTINGS = {"displayName": "Ann", "requiresApproval": True, "undoSeconds": 30, "sendsPerMinute": 7,
            "sendsAtOnce": 2, "appendSignature": True, "signatureText": "Ann, Legal"}


def test_the_need_for_approval_stays(server, peer):
    """Who may not take it away may not do so by connecting the mailbox again."""
    mailbox = connect(server, peer)
    path = f"{ACCOUNTS}/{mailbox.id}"
    said(mailbox.user.patch(path, json=SETTINGS))
    mailbox.user = server.client(new_token(server, mailbox.user.address, "inbox:read",
                                           "inbox:write"))
    said(mailbox.user.patch(path, json={"requiresApproval": False}), 403)
    disconnect(mailbox)
    again = connect_again(mailbox, peer)
    assert {name: again.get(name) for name in SETTINGS} == SETTINGS
    assert mailbox.send(202)["status"] == "pending_approval"
    assert peer.accepted == []


def test_what_is_given_counts(server, peer):
    """The name, and which is the default; that it is the only one makes it the default, too."""
    mailbox = connect(server, peer)
    disconnect(mailbox)
    assert connect_again(mailbox, peer, displayName="Ann")["isDefault"]
    other = said(mailbox.user.post(ACCOUNTS, json={
        "provider": "sandbox", "emailAddress": mailbox.address, "isDefault": True}), 201)["account"]
    disconnect(mailbox)
    assert not connect_again(mailbox, peer)["isDefault"]
    disconnect(mailbox)
    again = connect_again(mailbox, peer, displayName="Anne", isDefault=True)
    assert (again["_id"], again["displayName"], again["isDefault"]) == (mailbox.id, "Anne", True)
    defaults = {account["_id"]: account["isDefault"] for account in listed(mailbox)}
    assert defaults == {mailbox.id: True, other["_id"]: False}


def test_by_the_command_line(server, peer, tmp_path):
    mailbox = connect(server, peer)
    said(mailbox.user.patch(f"{ACCOUNTS}/{mailbox.id}", json={"sendsAtOnce": 3}))
    disconnect(mailbox)
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")
    made = json.loads(server.tool(
        "account", "add", "smtp", "--user", mailbox.user.address, "--email", mailbox.address,
        "--host", "127.0.0.1", "--port", str(peer.port), "--security", "none", "--username", USER,
        "--password-file", password, "--json"))
    assert made["id"] == mailbox.id
    [account] = listed(mailbox)
    assert account["sendsAtOnce"] == 3
    assert mailbox.send()["status"] == "sent"


def test_one_that_is_connected_gets_its_server_and_password_anew(server, peer, start_smtp):
    """In any case of letters; and it stays its user's default."""
    mailbox = connect(server, peer)
    said(mailbox.user.patch(f"{ACCOUNTS}/{mailbox.id}", json={"sendsAtOnce": 3}))
    for address in (mailbox.address, mailbox.address.upper()):
        moved = start_smtp(security="none", password="another horse")
        again = said(mailbox.user.post(ACCOUNTS, json=moved.mailbox(address)), 201)["account"]
        assert again == {**mailbox.account, "sendsAtOnce": 3, "updatedAt": again["updatedAt"],
                         "smtp": {**mailbox.account["smtp"], "port": moved.port}}
        assert mailbox.send()["status"] == "sent" and len(moved.accepted) == 1
    assert listed(mailbox) == [again] and peer.accepted == []


def test_what_fails_changes_nothing(server, peer):
    """A password that does not hold, of one that is connected and of one that is not."""
    mailbox = connect(server, peer)
    said(mailbox.user.post(ACCOUNTS, json=peer.mailbox(mailbox.address, password="wrong")), 502)
    assert listed(mailbox) == [mailbox.account]
    disconnect(mailbox)
    said(mailbox.user.post(ACCOUNTS, json=peer.mailbox(mailbox.address, password="wrong")), 502)
    assert listed(mailbox) == []


def test_a_colleagues_mailbox_of_that_address_is_another(server, peer):
    mailbox = connect(server, peer)
    said(mailbox.user.patch(f"{ACCOUNTS}/{mailbox.id}", json=SETTINGS))
    disconnect(mailbox)
    colleague = new_user(server, ALL, mailbox=False)
    account = said(colleague.post(ACCOUNTS, json=peer.mailbox(mailbox.address)), 201)["account"]
    assert account["_id"] != mailbox.id and account["displayName"] is None
    assert Mailbox(colleague, account).send()["status"] == "sent"
    assert connect_again(mailbox, peer)["_id"] == mailbox.id
