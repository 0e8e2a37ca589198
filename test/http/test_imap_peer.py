"""The IMAP server of the tests does what it is told; else a test against it proves nothing."""
import imaplib
import ssl

import pytest

from imap_peer import DROP
from smtp_peer import PASSWORD, USER

MAIL = b"From: a@example.com\r\nMessage-ID: <1@example.com>\r\nX-A: b\r\n\r\ntext\r\n"


def connect(peer, authority, password=PASSWORD):
    trust = ssl.create_default_context(cafile=authority.file)
    if peer.security == "tls":
        client = imaplib.IMAP4_SSL("127.0.0.1", peer.port, ssl_context=trust, timeout=60)
    else:
        client = imaplib.IMAP4("127.0.0.1", peer.port, timeout=60)
    if peer.security == "starttls":
        client.starttls(trust)
    client.authenticate("PLAIN", lambda _: f"\0{USER}\0{password}".encode())
    return client


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_a_mail_is_found(start_imap, authority, security):
    peer = start_imap(security=security)
    peer.folders["Sent"] += [b"Subject: x\r\n\r\n", MAIL]
    client = connect(peer, authority)
    assert client.list()[1] == [b'() "/" "INBOX"', b'(\\Sent) "/" "Sent"']
    assert client.select('"Sent"', readonly=True) == ("OK", [b"2"])
    assert client.uid("SEARCH", "HEADER", "Message-ID", '"1@EXAMPLE"') == ("OK", [b"2"])
    assert client.uid("SEARCH", "HEADER", "X-A", '"c"') == ("OK", [b""])
    [(_, header), _] = client.uid("FETCH", "2", "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID X-A)])")[1]
    assert header == b"Message-ID: <1@example.com>\r\nX-A: b\r\n\r\n"
    assert peer.said("EXAMINE") == ['EXAMINE "Sent"']
    client.logout()


def test_wants_the_password_and_tls(start_imap, authority):
    with pytest.raises(imaplib.IMAP4.error, match="not you"):
        connect(start_imap(), authority, password="wrong")
    with pytest.raises(ssl.SSLCertVerificationError):
        connect(start_imap(certificate="stranger"), authority)
    client = imaplib.IMAP4("127.0.0.1", start_imap(security="starttls").port, timeout=60)
    assert "LOGINDISABLED" in client.capabilities


def test_fails_lies_and_heals(start_imap, authority):
    peer = start_imap(security="none")
    peer.fail("list", "NO later", times=1)
    peer.answer("search", ["* SEARCH 4 5"])
    client = connect(peer, authority)
    assert client.list()[0] == "NO" and client.list()[0] == "OK"
    client.select('"Sent"', readonly=True)
    assert client.uid("SEARCH", "HEADER", "X-A", '"b"') == ("OK", [b"4 5"])
    peer.heal()
    assert client.uid("SEARCH", "HEADER", "X-A", '"b"') == ("OK", [b""])
    peer.fail("search", DROP)
    with pytest.raises((imaplib.IMAP4.abort, ConnectionResetError)):
        client.uid("SEARCH", "HEADER", "X-A", '"b"')
