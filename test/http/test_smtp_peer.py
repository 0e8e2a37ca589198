"""The mail server of the tests does what it is told; else a test against it proves nothing."""
import base64
import smtplib
import ssl
import threading

import pytest

from reading import read_postal, read_python
from running import wait_until
from smtp_peer import DROP, HANG, PASSWORD, POINTS, USER

MAIL = b"From: a@example.com\r\nTo: b@example.com\r\nSubject: hello\r\n\r\n.dot\r\n"


def connect(peer, authority):
    trust = ssl.create_default_context(cafile=authority.file)
    if peer.security == "tls":
        client = smtplib.SMTP_SSL("127.0.0.1", peer.port, context=trust, timeout=60)
    else:
        client = smtplib.SMTP("127.0.0.1", peer.port, timeout=60)
    if peer.security == "starttls":
        client.starttls(context=trust)
    if peer.user:
        client.login(peer.user, peer.password)
    return client


def send(peer, authority, recipients=("b@example.com",)):
    with connect(peer, authority) as client:
        client.sendmail("a@example.com", recipients, MAIL)


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_keeps_what_it_accepts(start_smtp, authority, security, mechanism):
    peer = start_smtp(security=security, mechanisms=[mechanism])
    send(peer, authority, ["b@example.com", "c@example.com"])
    [mail] = peer.wait_for_mails(1)
    assert (mail.sender, mail.recipients) == ("a@example.com", ["b@example.com", "c@example.com"])
    assert mail.content == MAIL
    assert (mail.user, mail.is_encrypted) == (USER, security != "none")


def test_wants_the_password_and_tls(start_smtp, authority):
    peer = start_smtp(security="starttls")
    peer.password = PASSWORD + "?"
    client = smtplib.SMTP("127.0.0.1", peer.port, timeout=60)
    assert client.docmd("MAIL", "FROM:<a@example.com>")[0] in (503, 530)
    client.starttls(context=ssl.create_default_context(cafile=authority.file))
    with pytest.raises(smtplib.SMTPAuthenticationError):
        client.login(USER, PASSWORD)
    client.close()
    with pytest.raises(ssl.SSLCertVerificationError):
        send(start_smtp(security="tls", certificate="stranger"), authority)


def test_refuses_ehlo(start_smtp, authority):
    peer = start_smtp(security="tls", user=None)
    peer.fail("ehlo", "421 4.3.2 closed", times=1)
    client = connect(peer, authority)
    assert client.docmd("EHLO", "me")[0] == 421
    assert client.docmd("EHLO", "me")[0] == 250


@pytest.mark.parametrize("point", ["connect", "auth", "mail", "rcpt", "data", "end"])
def test_refuses_and_heals(start_smtp, authority, point):
    peer = start_smtp(security="tls", mechanisms=["PLAIN"])
    peer.fail(point, "451 4.3.0 later", times=1)
    with pytest.raises(smtplib.SMTPException, match="later"):
        send(peer, authority)
    assert peer.accepted == []
    send(peer, authority)
    assert len(peer.accepted) == 1


@pytest.mark.parametrize("point", POINTS)
def test_drops_the_connection(start_smtp, authority, point):
    peer = start_smtp(security="none", user=None)
    peer.fail(point, DROP)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        client = connect(peer, authority)
        client.ehlo()
        if point == "auth":
            client.docmd("AUTH", "PLAIN")
        client.sendmail("a@example.com", ["b@example.com"], MAIL)
    assert len(peer.accepted) == (point == "end")


def test_refuses_one_recipient(start_smtp, authority):
    peer = start_smtp(security="none", user=None)
    peer.fail("rcpt", "550 5.1.1 unknown", address="c@example.com")
    with connect(peer, authority) as client:
        refused = client.sendmail("a@example.com", ["b@example.com", "c@example.com"], MAIL)
    assert list(refused) == ["c@example.com"]
    assert peer.accepted[0].recipients == ["b@example.com"]


def test_hangs_until_it_is_released(start_smtp, authority):
    peer = start_smtp(security="none", user=None)
    peer.fail("end", HANG)
    sender = threading.Thread(target=send, args=(peer, authority))
    sender.start()
    peer.wait_for_mails(1)
    assert sender.is_alive()
    peer.release()
    wait_until(lambda: not sender.is_alive(), what="the end of the sender")


def test_two_parsers_read_a_mail():
    image = base64.b64encode(bytes(range(256))).decode()
    mail = (b"From: =?utf-8?q?Zo=C3=AB?= <a@example.com>\r\nTo: b@example.com\r\n"
            b"Subject: hello\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
            b"--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nthe text\r\n"
            b"--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
            b"Content-Disposition: attachment; filename=a.png\r\n\r\n" + image.encode() +
            b"\r\n--x--\r\n")
    read = read_python(mail)
    assert read["From"].addresses[0].display_name == "Zoë"
    [attached] = read.iter_attachments()
    assert attached.get_content() == bytes(range(256))
    read = read_postal(mail)
    assert (read["from"]["name"], read["text"].strip()) == ("Zoë", "the text")
    [attached] = read["attachments"]
    assert (attached["filename"], attached["content"]) == ("a.png", image)
