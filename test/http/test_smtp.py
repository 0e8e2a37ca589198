"""Sending through a real SMTP server: connecting a mailbox, and what arrives.

covers: src/provider/smtp.c src/provider/pool.c src/provider/providers.c src/message/outgoing.c
"""
import base64
import email
import email.policy
import json
import os
import socket

import pytest

from authority import Authority
from mailboxes import ACCOUNTS, Mailbox, connect, moment, refuse
from people import ALL, new_user
from reading import read_postal, read_python
from running import wait_until
from shapes import said
from smtp_peer import DROP, HANG, PASSWORD, USER


@pytest.fixture
def user(server):
    return new_user(server, scopes=ALL, mailbox=False)


# Connecting

@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_a_mailbox_and_its_first_mail(server, start_smtp, security, mechanism):
    peer = start_smtp(security=security, mechanisms=[mechanism])
    mailbox = connect(server, peer)
    assert mailbox.account["smtp"] == {"host": "127.0.0.1", "port": peer.port,
                                       "security": security, "username": USER}
    assert PASSWORD not in json.dumps(mailbox.account)
    sent = mailbox.send(body_text="Grüße\n")
    [mail] = peer.accepted
    assert sent["status"] == "sent" and sent["sent_at"] and sent["provider_thread_id"]
    assert (mail.sender, mail.recipients) == (mailbox.address, ["b@example.com"])
    assert (mail.user, mail.is_encrypted) == (USER, security != "none")
    assert f"<{read_python(mail.content)['Message-ID'].strip('<>')}>" == sent["provider_message_id"]


def test_without_signing_in(server, start_smtp):
    peer = start_smtp(security="none", user=None)
    connect(server, peer).send()
    assert peer.accepted[0].user is None


def test_by_the_command_line(server, user, smtp_server, tmp_path):
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")
    made = json.loads(server.tool(
        "account", "add", "smtp", "--user", user.address, "--email", user.address, "--host",
        "localhost", "--port", str(smtp_server.port), "--security", "starttls", "--username", USER,
        "--password-file", password, "--json"))
    [account] = [account for account in said(user.get(ACCOUNTS))["accounts"]
                 if account["_id"] == made["id"]]
    assert account["smtp"]["security"] == "starttls"
    Mailbox(user, account).send()
    assert smtp_server.accepted[0].sender == user.address


def test_a_wrong_password(server, user, smtp_server):
    refuse(user, smtp_server.mailbox(user.address, password="wrong"), 502, "BAD_GATEWAY", "535")
    assert "AUTH" in [word for _, word in smtp_server.commands]


def test_sign_in_that_the_server_refuses_for_now(user, smtp_server):
    smtp_server.fail("auth", "454 4.7.0 the directory is away")
    refuse(user, smtp_server.mailbox(user.address), 502, "BAD_GATEWAY", "for now: 454 4.7.0")


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_for_another_host(user, start_smtp, security):
    peer = start_smtp(security=security, certificate="stranger")
    refuse(user, peer.mailbox(user.address), 502, "BAD_GATEWAY", "certificate")
    assert "AUTH" not in [word for _, word in peer.commands]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_nobody_vouches_for(start_server, start_smtp, tmp_path, security):
    server = start_server(tls_ca_file=Authority(tmp_path).file)
    peer = start_smtp(security=security)
    user = new_user(server, scopes=ALL, mailbox=False)
    refuse(user, peer.mailbox(user.address), 502, "BAD_GATEWAY", "certificate")
    assert "AUTH" not in [word for _, word in peer.commands]


def test_nobody_listens(user, smtp_server):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, not listening: whoever connects is refused
        port = unused.getsockname()[1]
        refuse(user, smtp_server.mailbox(user.address, port=port), 502, "BAD_GATEWAY",
               "127.0.0.1", str(port))


def test_starttls_is_not_offered(user, start_smtp):
    """Nothing is said in the clear instead."""
    peer = start_smtp(security="none")
    refuse(user, peer.mailbox(user.address, security="starttls"), 502, "BAD_GATEWAY", "STARTTLS")
    assert "AUTH" not in [word for _, word in peer.commands]


def test_tls_where_there_is_none(user, start_smtp):
    peer = start_smtp(security="none")
    refuse(user, peer.mailbox(user.address, security="tls"), 502, "BAD_GATEWAY", "127.0.0.1")


@pytest.mark.parametrize("host", ["mail.example.com", "192.0.2.1", "127.example.com",
                                  "localhost.example.com"])
def test_nothing_goes_to_another_machine_in_the_clear(user, start_smtp, host):
    body = start_smtp(security="none").mailbox(user.address, host=host)
    refuse(user, body, 400, "BAD_REQUEST", "smtp.security", "this machine only")


# What arrives

IMAGE = base64.b64encode(bytes(range(256))).decode()


@pytest.fixture
def peer(start_smtp):
    return start_smtp(security="none")


@pytest.fixture
def mailbox(server, peer):
    return connect(server, peer)


def test_the_mail_as_the_record_shows_it(peer, mailbox):
    sent = mailbox.send(
        to=["Zoë <z@example.com>", "b@example.com"], cc=["c@example.com"],
        bcc=["hidden@example.com"], subject="日本語の件名 ✓ " * 12,
        body_text=".\n..dots\nGrüße\n" + "x" * 3000, body_html='<p>Grüße <img src="cid:logo"></p>',
        attachments=[
            {"filename": "größe.png", "content_type": "image/png", "data_base64": IMAGE},
            {"filename": "logo.png", "content_type": "image/png", "data_base64": IMAGE,
             "content_id": "logo", "inline": True}])
    [mail] = peer.accepted
    assert mail.content == mailbox.raw(sent["outbound_email_uid"])
    assert mail.recipients == ["z@example.com", "b@example.com", "c@example.com",
                               "hidden@example.com"]
    assert b"hidden@example.com" not in mail.content
    assert all(byte < 128 for byte in mail.content)
    read = email.message_from_bytes(mail.content, policy=email.policy.default)
    assert read["Subject"].strip() == ("日本語の件名 ✓ " * 12).strip()
    assert read.get_body(("plain",)).get_content().splitlines()[:3] == [".", "..dots", "Grüße"]
    assert [part.get_filename() for part in read.iter_attachments()] == ["größe.png"]
    postal = read_postal(mail.content)
    assert postal["to"][0] == {"address": "z@example.com", "name": "Zoë"}
    assert postal["subject"].strip() == ("日本語の件名 ✓ " * 12).strip()
    assert postal["text"].splitlines()[:3] == [".", "..dots", "Grüße"]
    assert {part["filename"]: part["content"] for part in postal["attachments"]} == {
        "größe.png": IMAGE, "logo.png": IMAGE}
    assert "bcc" not in postal


def test_attachments_of_five_megabytes(peer, mailbox):
    content = os.urandom(5_000_000)
    sent = mailbox.send(attachments=[{"filename": "large.bin",
                                      "data_base64": base64.b64encode(content).decode()}])
    [mail] = peer.accepted
    assert mail.content == mailbox.raw(sent["outbound_email_uid"])
    [part] = read_python(mail.content).iter_attachments()
    assert part.get_content() == content


def test_each_mail_names_itself(peer, mailbox):
    uids = {mailbox.send()["outbound_email_uid"] for _ in range(3)}
    assert {read_python(mail.content)["X-Outtray-Ref"] for mail in peer.accepted} == uids


@pytest.mark.parametrize("address, recipient, needs_utf8", [
    ("jörg@example.com", "jörg@example.com", True),
    ("b@bücher.example", "b@xn--bcher-kva.example", False),
    ("b@example.com", "b@example.com", False)])
def test_an_address_that_is_not_ascii(server, start_smtp, address, recipient, needs_utf8):
    peer = start_smtp(security="none", utf8=True)
    connect(server, peer).send(to=address)
    assert ("SMTPUTF8" in peer.accepted[0].options) == needs_utf8
    assert peer.accepted[0].recipients == [recipient]


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_what_the_server_offers_is_used_once_signed_in(server, start_smtp, security):
    peer = start_smtp(security=security)
    connect(server, peer).send(to="jörg@example.com")
    [mail] = peer.accepted
    assert mail.user == USER
    assert mail.options == [f"SIZE={len(mail.content)}", "BODY=8BITMIME", "SMTPUTF8"]


def test_an_address_that_the_server_cannot_take(server, start_smtp):
    peer = start_smtp(security="none", utf8=False)
    mailbox = connect(server, peer)
    refused = mailbox.send(502, to="jörg@example.com")
    assert "SMTPUTF8" in refused["error"]["message"]
    mailbox.send()
    assert len(peer.accepted) == 1


# Connections

def test_one_connection_carries_several_mails(peer, mailbox):
    for _ in range(3):
        mailbox.send()
    assert len({mail.connection for mail in peer.accepted}) == 1
    assert peer.connections == 2  # the first one tried the mailbox when it was connected


def test_mailboxes_do_not_share_connections(server, start_smtp):
    peer = start_smtp(security="none")
    first, second = connect(server, peer), connect(server, peer)
    for _ in range(2):
        first.send()
        second.send()
    assert [mail.connection for mail in peer.accepted] == [3, 4, 3, 4]


def test_the_server_restarts_between_two_mails(peer, mailbox):
    """It has closed what was kept open: nothing is lost, and nothing waits."""
    mailbox.send()
    peer.hang_up()
    sent = mailbox.send()
    assert sent["status"] == "sent" and len(peer.accepted) == 2
    assert peer.accepted[0].connection != peer.accepted[1].connection
    took = [moment(event["at"]) for event in mailbox.events(sent["outbound_email_uid"])]
    assert (took[-1] - took[0]).total_seconds() < 1.5  # the least that a failure would wait


@pytest.mark.parametrize("how", ["421 4.3.2 going down", DROP])
def test_a_kept_connection_dies_with_the_next_mail(peer, mailbox, how):
    mailbox.send()
    peer.fail("mail", how, times=1)
    sent = mailbox.send()
    assert sent["status"] == "sent" and len(peer.accepted) == 2
    events = mailbox.events(sent["outbound_email_uid"])
    assert [event["event"] for event in events] == ["send", "claim", "try_later", "claim",
                                                    "accepted"]
    assert (moment(events[3]["at"]) - moment(events[2]["at"])).total_seconds() < 1.5


@pytest.mark.parametrize("point, reply", [
    ("data", "452 4.4.5 Maximum number of messages per session exceeded"),
    ("mail", "451 4.7.1 Too many messages in this connection"),
    ("mail", "550 5.7.0 maximum number of messages per session exceeded, reconnect"),
    ("mail", "503 5.5.1 Error: nested MAIL command"),
    ("mail", "421 4.7.0 Too many messages in this session")])
def test_sixty_mails_through_a_server_that_takes_ten_a_connection(server, start_smtp, point, reply):
    """None waits, none fails, and once the number is known nothing is refused any more."""
    peer = start_smtp(security="none")
    peer.take_at_most(10, point, reply)
    mailbox = connect(server, peer)
    uids = [mailbox.send_later() for _ in range(60)]
    gaps = []
    for uid in uids:
        assert mailbox.wait_for(uid, "sent")["error"] is None
        at = [moment(event["at"]) for event in mailbox.events(uid)]
        steps = mailbox.steps(uid)
        gaps += [at[i + 1] - at[i] for i, step in enumerate(steps) if step == "try_later"]
    assert len({read_python(mail.content)["X-Outtray-Ref"] for mail in peer.accepted}) == 60
    assert len(peer.accepted) == 60
    assert max(gap.total_seconds() for gap in gaps) < 1.5  # the least that a failure would wait
    assert max([mail.connection for mail in peer.accepted].count(number + 1)
               for number in range(peer.connections)) == 10
    for _ in range(25):
        uids.append(mailbox.send()["outbound_email_uid"])
    assert [mailbox.record(uid)["attempts"] for uid in uids[70:]] == [1] * 15


def test_a_fresh_connection_judges_the_mail(server, start_smtp):
    peer = start_smtp(security="none")
    mailbox = connect(server, peer)
    mailbox.send()
    peer.fail("mail", "550 5.7.1 sender not allowed")
    error = mailbox.send(502)["error"]
    assert "550 5.7.1 sender not allowed" in error["message"]
    uid = error["details"][0]["outbound_email_uid"]
    assert mailbox.steps(uid) == ["send", "claim", "try_later", "claim", "refused"]
    peer.heal()
    mailbox.send()
    assert len(peer.accepted) == 2


def test_three_at_once_from_one_mailbox(server, start_smtp):
    peer, other = (start_smtp(security="none") for _ in range(2))
    mailbox, neighbour = connect(server, peer), connect(server, other)
    peer.fail("data", HANG)
    uids = [mailbox.send_later() for _ in range(5)]
    wait_until(lambda: [word for _, word in peer.commands].count("DATA") == 3, what="three DATA")
    neighbour.send()  # is not held up
    states = sorted(mailbox.record(uid)["status"] for uid in uids)
    assert states == ["queued", "queued", "sending", "sending", "sending"]
    assert peer.connections == 4
    peer.release()
    for uid in uids:
        mailbox.wait_for(uid, "sent")
    assert len(peer.accepted) == 5
