"""Mail that its sender has signed or encrypted: what only its reader's program can open leaves with a
forward byte for byte, and so does the whole mail where it is forwarded as an attachment.

covers: src/mime/leaf.c src/message/raw.c
"""
import base64
import email
import email.policy

import pytest

from received import IMPORT, user_with_mailbox
from shapes import said

OUTBOUND = "/api/v1/email/outbound"
HEAD = ("From: Ida <ida@kunde.example>\r\nTo: {address}\r\nSubject: Protected\r\nMessage-ID: <{name}@kunde.example>\r\n"
        "Date: Mon, 16 Nov 2026 09:00:00 +0100\r\nMIME-Version: 1.0\r\n")
ARMOR = ("-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA7  trailing blanks stay  \r\n=abcd\r\n"
         "-----END PGP MESSAGE-----\r\n")
SIGNATURE = "-----BEGIN PGP SIGNATURE-----\r\n\r\niQEzBAEB\r\n=wxyz\r\n-----END PGP SIGNATURE-----\r\n"
DER = bytes(range(256)) * 3
ENCODED = base64.encodebytes(DER).decode().replace("\n", "\r\n")
SIGNED_TEXT = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe \r\n"

# Its content type and body, and the files that leave with a forward: media type, parameters, bytes.
MAILS = {
    "pgp encrypted": (
        'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
        "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
        '--b\r\nContent-Type: application/octet-stream; name="encrypted.asc"\r\n'
        f'Content-Disposition: inline; filename="encrypted.asc"\r\n\r\n{ARMOR}--b--\r\n',
        [("application/pgp-encrypted", {}, b"Version: 1"),
         ("application/octet-stream", {}, ARMOR.encode().removesuffix(b"\r\n"))]),
    "pgp signed": (
        'multipart/signed; micalg=pgp-sha512; protocol="application/pgp-signature"; boundary=b',
        f'--b\r\n{SIGNED_TEXT}\r\n--b\r\nContent-Type: application/pgp-signature; name="signature.asc"\r\n'
        f"\r\n{SIGNATURE}--b--\r\n",
        [("application/pgp-signature", {}, SIGNATURE.encode().removesuffix(b"\r\n"))]),
    "smime encrypted": (
        'application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
        ENCODED, [("application/pkcs7-mime", {"smime-type": "enveloped-data"}, DER)]),
    "smime signed": (
        'multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=b',
        f'--b\r\n{SIGNED_TEXT}\r\n--b\r\nContent-Type: application/pkcs7-signature; name="smime.p7s"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{ENCODED}--b--\r\n",
        [("application/pkcs7-signature", {}, DER)]),
}


def raw_of(name, address):
    content_type, body, _ = MAILS[name]
    head = HEAD.format(address=address, name=name.replace(" ", "-"))
    encoding = "Content-Transfer-Encoding: base64\r\n" if name == "smime encrypted" else ""
    return f"{head}Content-Type: {content_type}\r\n{encoding}\r\n{body}".encode()


@pytest.fixture
def user(server):
    return user_with_mailbox(server)


def forwarded(server, user, name, **how):
    """The mail that leaves when this one is forwarded."""
    got = said(user.post(IMPORT, params={"account": user.account}, data=raw_of(name, user.address),
                         headers={"Content-Type": "message/rfc822"}), 201)["message"]
    envelope = said(user.post(f"{OUTBOUND}/forward-envelope",
                              json={"correspondence_id": got["_id"], **how}))
    said(user.post(f"{OUTBOUND}/send", json={**envelope, "to": ["x@example.com"]}))
    return server.mail_files(user.address)[-1].read_bytes()


@pytest.mark.parametrize("name", MAILS)
def test_its_files_leave_byte_for_byte(server, user, name):
    mail = email.message_from_bytes(forwarded(server, user, name), policy=email.policy.default)
    found = [(part.get_content_type(),
              {key: value for key, value in part["Content-Type"].params.items() if key != "name"},
              part.get_payload(decode=True)) for part in mail.iter_attachments()]
    assert found == MAILS[name][2]


@pytest.mark.parametrize("name", MAILS)
def test_the_whole_leaves_byte_for_byte(server, user, name):
    content = forwarded(server, user, name, as_attachment=True)
    assert content.count(raw_of(name, user.address).removesuffix(b"\r\n")) == 1
