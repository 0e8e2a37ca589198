"""What the servers of a mailbox are known by, where no public authority vouches for them; and the
spellings of their hosts.

covers: src/net/trust.c src/net/dial.c src/net/imap_pin.c src/model/server_trust.c
"""
import hashlib
import ssl

import pytest

from authority import Authority
from mailboxes import ACCOUNTS, Mailbox, connect, refuse
from people import ALL, new_user
from shapes import said


def fingerprint(authority, name):
    pem = (authority.folder / f"{name}.pem").read_text()
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


def with_colons(digits):
    return ":".join(digits[at:at + 2] for at in range(0, len(digits), 2)).upper()


@pytest.fixture
def user(server):
    return new_user(server, scopes=ALL, mailbox=False)


def connected(user, body):
    return Mailbox(user, said(user.post(ACCOUNTS, json=body), 201)["account"])


def listed(user, mailbox):
    return next(account for account in said(user.get(ACCOUNTS))["accounts"]
                if account["_id"] == mailbox.id)


def never_signed_in(peer):
    return "AUTH" not in [word for _, word in peer.commands]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_by_its_fingerprint(authority, user, start_smtp, security):
    """For another host, and of nobody that is trusted: Proton Bridge, a server in the cellar."""
    peer = start_smtp(security=security, certificate="stranger")
    right, other = fingerprint(authority, "stranger"), fingerprint(authority, "server")
    body = peer.mailbox(user.address)
    refuse(user, body, 502, "BAD_GATEWAY", "certificate")
    refuse(user, body | {"tlsFingerprint": other}, 502, "BAD_GATEWAY",
           f"is not the one that is trusted; its SHA-256 fingerprint is: {right}")
    assert never_signed_in(peer)
    mailbox = connected(user, body | {
        "tlsFingerprint": f"SHA256 Fingerprint={with_colons(right)}, {other}"})
    assert mailbox.account["tlsFingerprint"] == f"{right} {other}"
    mailbox.send()
    assert peer.accepted[0].is_encrypted
    assert listed(user, mailbox)["tlsFingerprint"] == f"{right} {other}"


def test_a_fingerprint_that_is_changed_is_tried(authority, user, start_smtp):
    """As everything is that has to do with its servers; and it holds for the next mail."""
    peer = start_smtp(security="tls", certificate="stranger")
    right, other = fingerprint(authority, "stranger"), fingerprint(authority, "server")
    mailbox = connected(user, peer.mailbox(user.address) | {"tlsFingerprint": right})
    path = f"{ACCOUNTS}/{mailbox.id}"
    mailbox.send()
    for given in ({"tlsFingerprint": other}, {"tlsFingerprint": None}):
        assert "certificate" in said(user.patch(path, json=given), 502)["message"]
    assert listed(user, mailbox) == mailbox.account
    changed = said(user.patch(path, json={"tlsFingerprint": f"{other},{right}"}))["account"]
    assert changed["tlsFingerprint"] == f"{other} {right}"
    mailbox.send()
    assert len(peer.accepted) == 2 and peer.accepted[1].connection > peer.accepted[0].connection


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_authority_of_the_mailbox_alone(start_server, authority, start_smtp, tmp_path, security):
    """It is believed for that mailbox, and no other is for it."""
    own = Authority(tmp_path)
    server = start_server(tls_ca_file=own.file)
    peer = start_smtp(security=security)
    user = new_user(server, scopes=ALL, mailbox=False)
    body = peer.mailbox(user.address)
    refuse(user, body, 502, "BAD_GATEWAY", "certificate")
    refuse(user, body | {"tlsCaPem": own.file.read_text()}, 502, "BAD_GATEWAY", "certificate")
    assert never_signed_in(peer)
    mailbox = connected(user, body | {"tlsCaPem": authority.file.read_text()})
    assert mailbox.account["tlsCaPem"] == authority.file.read_text()
    mailbox.send()
    assert len(peer.accepted) == 1
    other = new_user(server, scopes=ALL, mailbox=False)
    refuse(other, peer.mailbox(other.address), 502, "BAD_GATEWAY", "certificate")


def test_an_authority_is_no_word_for_another_host(authority, user, start_smtp):
    peer = start_smtp(security="tls", certificate="stranger")
    body = peer.mailbox(user.address) | {"tlsCaPem": authority.file.read_text()}
    refuse(user, body, 502, "BAD_GATEWAY", "certificate")
    assert never_signed_in(peer)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_the_sent_folder_is_held_to_it_too(authority, user, start_smtp, start_imap, security):
    """No password is said to an IMAP server with another certificate."""
    smtp = start_smtp(security=security, certificate="stranger")
    imap = start_imap(security=security, certificate="stranger")
    other = start_imap(security=security, certificate="server")
    trusted = {"tlsFingerprint": fingerprint(authority, "stranger")}
    body = smtp.mailbox(user.address) | trusted
    refuse(user, body | {"imap": other.settings()}, 502, "BAD_GATEWAY", "certificate",
           fingerprint(authority, "server"))
    assert not [said for said in other.commands if said.startswith(("AUTHENTICATE", "LOGIN"))]
    connected(user, body | {"imap": imap.settings()})
    assert [said for said in imap.commands if said.startswith("AUTHENTICATE")]


@pytest.mark.parametrize("given, field, words", [
    ({"tlsFingerprint": "0" * 40}, "tlsFingerprint", "SHA-1"),
    ({"tlsFingerprint": "x" * 64}, "tlsFingerprint", "64 hex digits"),
    ({"tlsFingerprint": ",".join(["0" * 64] * 5)}, "tlsFingerprint", "at most 4"),
    ({"tlsCaPem": "hello"}, "tlsCaPem", "PEM"),
    ({"tlsCaPem": "-----BEGIN PRIVATE KEY-----"}, "tlsCaPem", "private key")])
def test_what_is_no_certificate(user, smtp_server, given, field, words):
    refuse(user, smtp_server.mailbox(user.address) | given, 400, "BAD_REQUEST", field, words)
    assert smtp_server.connections == 0
    mailbox = connected(user, smtp_server.mailbox(user.address))
    refused = said(user.patch(f"{ACCOUNTS}/{mailbox.id}", json=given), 400)
    assert field in refused["message"] and words in refused["message"]
    assert listed(user, mailbox) == mailbox.account


def test_one_or_the_other(authority, user, smtp_server):
    both = {"tlsFingerprint": "0" * 64, "tlsCaPem": authority.file.read_text()}
    refuse(user, smtp_server.mailbox(user.address) | both, 400, "BAD_REQUEST", "tlsCaPem",
           "tlsFingerprint")
    refuse(user, {"provider": "sandbox", "emailAddress": user.address, "tlsFingerprint": "0" * 64},
           400, "BAD_REQUEST", "tlsFingerprint", "smtp")


# Hosts

@pytest.mark.parametrize("host, kept", [
    (" 127.0.0.1 ", "127.0.0.1"), ("127.0.0.1\t", "127.0.0.1"), ("localhost", "localhost")])
def test_blanks_around_a_host(server, smtp_server, host, kept):
    mailbox = connect(server, smtp_server, host=host)
    assert mailbox.account["smtp"]["host"] == kept
    mailbox.send()


def test_an_address_in_brackets(user, smtp_server):
    body = smtp_server.mailbox(user.address, host="[::1]", port=1024)
    refuse(user, body, 502, "BAD_GATEWAY", "::1:1024: nobody answers there")


def test_a_host_in_other_letters(user, smtp_server):
    body = smtp_server.mailbox(user.address, host="bücher.invalid")
    refuse(user, body, 502, "BAD_GATEWAY", "xn--bcher-kva.invalid:", "not found")


@pytest.mark.parametrize("host", ["bü cher.example", "[", "a/b", "-ü-.example", ""])
def test_what_is_no_host(user, smtp_server, host):
    refuse(user, smtp_server.mailbox(user.address, host=host), 400, "BAD_REQUEST", "smtp.host")
