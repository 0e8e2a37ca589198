"""Mailboxes whose own trouble keeps their mail back: a password that no longer holds, an
administrator's pause. The mail waits, one mail at a time tries again, and a new password or server
lets it go.

covers: src/store/holding.c src/provider/sign_in_turn.c src/api/messages_account_change.c
"""
import datetime
import sqlite3

import pytest

from mailboxes import ACCOUNTS, connect, moment
from people import USER, new_token, new_user
from running import SECONDS, Server, wait_until
from shapes import holding, messages_error, said
from smtp_peer import PASSWORD

NEW = "another horse"


@pytest.fixture(scope="module")
def server(tmp_path_factory, authority):
    with Server(tmp_path_factory.mktemp("server"), authority, send_wait="3s") as running:
        yield running


@pytest.fixture
def peer(start_smtp):
    return start_smtp(security="none", mechanisms=("PLAIN",))


def shown(mailbox):
    [account] = [account for account in said(mailbox.user.get(ACCOUNTS))["accounts"]
                 if account["_id"] == mailbox.id]
    return account


def patch(mailbox, body, status=200):
    return said(mailbox.user.patch(f"{ACCOUNTS}/{mailbox.id}", json=body), status)


def sign_ins(peer):
    return sum(word == "AUTH" for _, word in peer.commands)


def held(server, mailbox):
    return server.tool("outbox", "--held", "--mailbox", mailbox.address)


def mailbox_events(server, mailbox):
    """Names and details of those that tell of its mail being kept back."""
    found = said(server.client(new_token(server, mailbox.user.address, "admin")).get(
        "/api/events", params={"kind": "administration", "limit": 1000}))["events"]
    return [(event["event"], event["detail"].get("reason")) for event in found
            if event["subject_id"] == mailbox.id and event["event"] in
            ("mailbox.reauth_required", "mailbox.paused", "mailbox.resumed")]


def set_clock_of(server, mailbox):
    """The pause of the mailbox is over."""
    with sqlite3.connect(server.data / "outtray.db", timeout=SECONDS) as database:
        database.execute("UPDATE accounts SET paused_until = 1 WHERE id = ?", [mailbox.id])


def metric(server, name):
    text = server.client(None).get("/metrics").text
    return sum(int(line.split()[-1]) for line in text.splitlines() if line.startswith(name))


def dead(server, peer, mails=1, reply=None):
    """A mailbox with so many mails, whose password is refused by now."""
    mailbox = connect(server, peer)
    peer.password = NEW
    if reply:
        peer.fail("auth", reply)
    uids = [mailbox.send_later() for _ in range(mails)]
    wait_until(lambda: shown(mailbox)["status"] == "reauth_required", what="reauth_required")
    return mailbox, uids


# A password

def test_a_refused_password_is_tried_once(server, peer):
    """Seen to fail without the hold (a sign-in for each mail), and without sign_in_turn.c (three)."""
    held_before = metric(server, "outtray_emails_held")
    mailbox, uids = dead(server, peer, mails=12)
    assert sign_ins(peer) == 2  # the first one connected it
    account = shown(mailbox)
    assert "535" in account["reason"]
    waits = moment(account["pausedUntil"]) - datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta(seconds=290) < waits < datetime.timedelta(seconds=301)
    for uid in uids:
        record = mailbox.wait_for(uid, "queued")
        assert record["next_attempt_at"] is None and record["error"] == account["reason"]
        assert uid in held(server, mailbox)
    assert metric(server, "outtray_emails_held") == held_before + 12
    assert metric(server, 'outtray_mailboxes{status="reauth_required"}') >= 1
    assert mailbox_events(server, mailbox) == [("mailbox.reauth_required", account["reason"])]
    assert sum(mailbox.record(uid)["attempts"] for uid in uids) <= 4
    assert sign_ins(peer) == 2
    answer = patch(mailbox, {"smtp": {"password": NEW}})["account"]
    assert answer == {**mailbox.account, "updatedAt": answer["updatedAt"]}
    for uid in uids:
        mailbox.wait_for(uid, "sent")
    assert len(peer.accepted) == 12
    assert [name for name, _ in mailbox_events(server, mailbox)] == [
        "mailbox.reauth_required", "mailbox.resumed"]
    assert held(server, mailbox).count("queued") == 0


@pytest.mark.parametrize("reply", [
    "535 5.7.139 Authentication unsuccessful", "534 5.7.9 Application-specific password required",
    "550 5.7.30 Basic authentication is not supported", "530 5.7.57 Client not authenticated"])
def test_each_way_to_say_it(server, peer, reply):
    mailbox, [uid] = dead(server, peer, reply=reply)
    assert reply.split()[1] in shown(mailbox)["reason"]
    peer.heal()
    said(mailbox.user.post(ACCOUNTS, json=peer.mailbox(mailbox.address)), 201)  # connected again
    mailbox.wait_for(uid, "sent")
    assert shown(mailbox)["status"] == "connected"


def test_one_mail_tries_again_and_the_pause_grows(server, peer):
    mailbox, uids = dead(server, peer, mails=4)
    for minutes in (10, 20):
        before = sign_ins(peer)
        set_clock_of(server, mailbox)
        wait_until(lambda: moment(shown(mailbox)["pausedUntil"]) > datetime.datetime.now(
            datetime.timezone.utc), what="one mail to have tried")
        waits = moment(shown(mailbox)["pausedUntil"]) - datetime.datetime.now(datetime.timezone.utc)
        assert abs(waits - datetime.timedelta(minutes=minutes)) < datetime.timedelta(seconds=20)
        assert sign_ins(peer) == before + 1
    assert [name for name, _ in mailbox_events(server, mailbox)] == ["mailbox.reauth_required"]
    peer.password = PASSWORD  # its server has the former one again
    set_clock_of(server, mailbox)
    for uid in uids:
        mailbox.wait_for(uid, "sent")
    assert shown(mailbox)["status"] == "connected" and len(peer.accepted) == 4
    assert mailbox_events(server, mailbox)[1:] == [("mailbox.resumed", None)]


def test_it_is_held_after_a_restart(start_server, peer):
    server = start_server()
    mailbox, [uid] = dead(server, peer)
    before = sign_ins(peer)
    server.kill()
    mailbox.after_restart(server.start())
    another = connect(server, peer, password=NEW)
    another.wait_for(another.send_later(), "sent")
    assert shown(mailbox)["status"] == "reauth_required"
    assert mailbox.record(uid)["status"] == "queued" and sign_ins(peer) == before + 2


# Servers and passwords

def test_a_new_server(server, peer, start_smtp):
    mailbox = connect(server, peer)
    moved = start_smtp(security="none", password=NEW)
    smtp = {"port": moved.port, "password": NEW}
    answer = patch(mailbox, {"smtp": smtp, "displayName": "Ann"})["account"]
    assert answer == {**mailbox.account, "displayName": "Ann", "updatedAt": answer["updatedAt"],
                      "smtp": {**mailbox.account["smtp"], "port": moved.port}}
    assert mailbox.send()["status"] == "sent" and len(moved.accepted) == 1


@pytest.mark.parametrize("smtp, status, error, words", [
    ({"password": "wrong"}, 502, "BAD_GATEWAY", ["535"]),
    ({"host": "localhost"}, 400, "BAD_REQUEST", ["smtp.password is required"]),
    ({"port": 1}, 400, "BAD_REQUEST", ["smtp.password is required"]),
    ({"security": "tls"}, 400, "BAD_REQUEST", ["smtp.password is required"]),
    ({"host": "mail.example.com", "security": "none", "password": "x"}, 400, "BAD_REQUEST",
     ["smtp.security"]),
    ({"port": 22, "password": "x"}, 400, "BAD_REQUEST", ["smtp.port"]),
    ({"host": None}, 400, "BAD_REQUEST", ["smtp.host"]),
    ({"port": 0, "password": "x"}, 400, "BAD_REQUEST", ["smtp.port"]),
    (None, 400, "BAD_REQUEST", ["smtp.host"]),
])
def test_what_is_refused_changes_nothing(server, peer, smtp, status, error, words):
    """The kept password goes to no other server than the one that it was given for."""
    mailbox = connect(server, peer)
    connections = peer.connections
    refused = patch(mailbox, {"smtp": smtp, "displayName": "Ann"}, status)
    assert refused == messages_error(error, holding(*words))
    assert shown(mailbox) == mailbox.account
    assert peer.connections == connections + (status == 502)
    assert mailbox.send()["status"] == "sent"


def test_mail_hosts_are_guarded(start_server, peer):
    server = start_server()
    mailbox = connect(server, peer)
    connections = peer.connections
    server.stop()
    server.settings["allow_private_mail_hosts"] = "no"
    mailbox.after_restart(server.start())
    refused = patch(mailbox, {"smtp": {"password": PASSWORD}}, 400)
    assert refused == messages_error("BAD_REQUEST", holding("smtp.host"))
    assert peer.connections == connections


def test_what_get_gave_is_no_change_of_the_server(server, peer):
    mailbox = connect(server, peer)
    connections = peer.connections
    answer = patch(mailbox, {**mailbox.account, "displayName": "Ann"})["account"]
    assert answer["displayName"] == "Ann" and peer.connections == connections


def test_imap_comes_and_goes(server, peer, start_imap):
    imap = start_imap()
    mailbox = connect(server, peer)
    settings = imap.settings()
    shared = {name: value for name, value in settings.items() if name != "password"}
    refused = patch(mailbox, {"imap": shared}, 400)
    assert refused == messages_error("BAD_REQUEST", holding("imap.password is required"))
    assert patch(mailbox, {"imap": settings})["account"]["imap"]["port"] == settings["port"]
    assert "imap" not in patch(mailbox, {"imap": None})["account"]
    assert mailbox.send()["status"] == "sent"


def test_only_its_user_changes_servers(server, peer):
    mailbox = connect(server, peer)
    path, body = f"{ACCOUNTS}/{mailbox.id}", {"smtp": {"password": PASSWORD}}
    for scopes in (USER, ["admin"], [*USER, "admin"]):
        colleague = new_user(server, scopes, mailbox=False)
        assert said(colleague.patch(path, json=body), 404)["success"] is False
    administers = server.client(new_token(server, mailbox.user.address, "admin"))
    assert said(administers.patch(path, json=body), 403)["success"] is False
    assert shown(mailbox) == mailbox.account


def test_a_sandbox_has_no_server(server):
    user = new_user(server)
    [account] = said(user.get(ACCOUNTS))["accounts"]
    refused = said(user.patch(f"{ACCOUNTS}/{account['_id']}", json={"smtp": {"password": "x"}}), 400)
    assert refused == messages_error("BAD_REQUEST", holding("smtp"))


def test_the_sandbox_shows_a_new_sign_in(server):
    """What +signin@ is for: held, and let go by connecting the mailbox again."""
    user = new_user(server)
    [account] = said(user.get(ACCOUNTS))["accounts"]
    body = {"from_account_id": account["_id"], "to": ["a+signin@example.com"], "subject": "s",
            "body_text": "t"}
    uid = said(user.post("/api/email/send", json=body), 202)["outbound_email_uid"]
    assert said(user.get(ACCOUNTS))["accounts"][0]["status"] == "reauth_required"
    said(user.post(ACCOUNTS, json={"provider": "sandbox", "emailAddress": user.address}), 201)
    wait_until(lambda: said(user.get(f"/api/email/outbound/{uid}"))["status"] == "sent",
               what="sent")


# An administrator's pause

def test_an_administrator_pauses_and_resumes(server, peer):
    """A colleague's mailbox; connecting it again does not lift the pause."""
    mailbox = connect(server, peer)
    administrator = new_user(server, ["admin"], mailbox=False)
    path = f"{ACCOUNTS}/{mailbox.id}"
    account = said(administrator.patch(path, json={"isPaused": True}))["account"]
    assert (account["status"], account["isPaused"]) == ("paused", True)
    assert "administrator" in account["reason"] and "pausedUntil" not in account
    uid = mailbox.send_later()
    said(mailbox.user.post(ACCOUNTS, json=peer.mailbox(mailbox.address)), 201)
    record = mailbox.record(uid)
    assert (record["status"], record["attempts"]) == ("queued", 0)
    assert record["next_attempt_at"] is None and "administrator" in record["error"]
    assert uid in held(server, mailbox)
    users = new_token(server, mailbox.user.address, *USER)
    refused = said(server.client(users).patch(path, json={"isPaused": False}), 403)
    assert refused == messages_error("FORBIDDEN", holding("isPaused", "administrator"))
    assert "isPaused" not in said(administrator.patch(path, json={"isPaused": False}))["account"]
    mailbox.wait_for(uid, "sent")
    assert [name for name, _ in mailbox_events(server, mailbox)] == [
        "mailbox.paused", "mailbox.resumed"]


def test_the_operator_pauses_and_resumes(server, peer):
    """By the command line; the mailbox by its address or its id."""
    mailbox = connect(server, peer)
    server.tool("account", "pause", mailbox.address)
    assert shown(mailbox)["status"] == "paused"
    uid = mailbox.send_later()
    assert uid in held(server, mailbox)
    server.tool("account", "resume", mailbox.id)
    mailbox.wait_for(uid, "sent")
    assert shown(mailbox) == {**mailbox.account, "updatedAt": shown(mailbox)["updatedAt"]}
    assert [name for name, _ in mailbox_events(server, mailbox)] == [
        "mailbox.paused", "mailbox.resumed"]
    assert "works" in server.tool("account", "test", mailbox.address)


def test_another_organizations_administrator_does_not(server, peer):
    mailbox = connect(server, peer)
    stranger = new_user(server, ["admin"], organization="Elsewhere", mailbox=False)
    said(stranger.patch(f"{ACCOUNTS}/{mailbox.id}", json={"isPaused": True}), 404)
    assert shown(mailbox) == mailbox.account


def test_resuming_tries_a_dead_password_once(server, peer):
    mailbox, [uid] = dead(server, peer)
    before = sign_ins(peer)
    peer.password = PASSWORD
    administrator = new_user(server, ["admin"], mailbox=False)
    said(administrator.patch(f"{ACCOUNTS}/{mailbox.id}", json={"isPaused": False}))
    mailbox.wait_for(uid, "sent")
    assert sign_ins(peer) == before + 1 and shown(mailbox)["status"] == "connected"
