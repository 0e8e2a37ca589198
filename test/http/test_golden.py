"""The golden mails, read with Python's email package instead of our own parser."""
import email
import email.policy
import pathlib
import re

import pytest

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden"
ANN = ("Ann Example", "ann@example.com")
BOB = [("Bob", "bob@example.org")]
MANY = [("" if i % 3 == 0 else f"Person Number {i}", f"person-{i:03}@example.com") for i in range(100)]
RIGHT_TO_LEFT = [("יוסף כהן", "yosef@example.com"), ("ليلى أحمد", "layla@example.com"),
                 ("Dr. דוד Smith", "mixed@example.com")]
ODD = [("Cee, Ann (Legal)", "cee@example.com"), ('Ann "the" Cee\\Dee', "say@example.com"),
       ("", '"a b"@example.com'), ("Jörg Müller", "jörg@xn--bcher-kva.example"),
       ("An extraordinarily long name, with a comma, that does not fit into one line of "
        "seventy-six characters", "long@example.com")]
PNG = b"\x89PNG\r\n\x1a\n not really, but binary: \x00\x01\xfe\xff"
HTML = ('<h1>Grüße</h1>\n<p>Read <a href="https://example.com/a?b=c&amp;d">the terms</a>, '
        "please.</p><ul><li>one</li><li>two</li></ul>")
HTML_TEXT = "Grüße\n\nRead the terms <https://example.com/a?b=c&d>, please.\n\n- one\n- two"

# What differs from a mail from Ann to Bob with the subject "A golden mail".
EXPECTED = {
    "text": {"parts": [("text/plain", "Hello Bob,\n\nthis is plain.\n\n-- \nAnn\n")]},
    "html_only": {"parts": [("text/plain", HTML_TEXT), ("text/html", HTML)]},
    "text_and_html": {"parts": [("text/plain", "Grüße\n"), ("text/html", HTML)]},
    "inline_image": {
        "parts": [("text/plain", "See the logo.\n"),
                  ("text/html", '<p><img src="cid:logo@example.com" alt="logo"></p>')],
        "files": [("logo.png", "image/png", "inline", PNG), ("terms.pdf", "application/pdf", "attachment", PNG)]},
    "attachment_names": {
        "parts": [("text/plain", "Five files.\n")],
        "files": [
            ("契約書_第二版_最終版_確定(株式会社サンプル).pdf", "application/pdf", "attachment", PNG),
            ('résumé 100% "final".txt', "text/plain", "attachment", PNG),
            ("عقد.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "attachment", PNG),
            ("a-very-long-but-plain-ascii-file-name-that-goes-on-and-on-and-on-until-it-has-to-be-folded"
             ".tar.gz", "application/gzip", "attachment", PNG),
            (None, "application/octet-stream", "attachment", PNG)]},
    "subject_japanese": {
        "subject": "件名がとても長い場合の折り返しについて、二行以上になることを確認するための件名です。"
                   "よろしくお願いいたします",
        "parts": [("text/plain", "件名をご覧ください。\nよろしくお願いいたします。\n")]},
    "subject_emoji": {
        "subject": "🎉🎊 Party! 👩‍👩‍👧‍👦 family, 🇩🇪 flag, 👍🏽 thumb, and then some plain words until it must be "
                   "folded " + "🎈" * 20,
        "parts": [("text/plain", "🎉\n")]},
    "subject_long": {
        "subject": "A long subject of plain words only which has to be folded at its spaces, more than "
                   "once, since it does not end before it has filled three lines of the header"},
    "subject_empty": {"subject": "", "parts": [("text/plain", "No subject.\n")]},
    "recipients_100": {"to": MANY, "parts": [("text/plain", "Hello everybody\n")]},
    "names_right_to_left": {"to": RIGHT_TO_LEFT, "subject": "שלום ומרחבא مرحبا",
                            "parts": [("text/plain", "שלום\n")]},
    "names_odd": {"to": ODD},
    "reply": {
        "subject": "Re: Long thread", "in_reply_to": "<msg-24@example.org>",
        "references": ["<msg-01@example.org>", "<msg-02@example.org>", "<[odd]+=id@mail.example.org>",
                       "<0102018f9d7e5c6a-4b1b9d0e-3a59-4c8e-8d6f-7e2b8f1a9c3d-000000@eu-west-1."
                       "amazonses.example>", "<msg-23@example.org>", "<msg-24@example.org>"],
        "parts": [("text/plain", "Yes.\n\n> No?\n")]},
    "bcc_kept": {"bcc": RIGHT_TO_LEFT},
    "bcc_left_out": {},
    "bcc_only": {"to": []},
    "line_starts": {
        "parts": [("text/plain", ".\n..\n.hidden\nFrom here on\n>From there\n--=_boundary\n-- \n")]},
    "line_ends": {"parts": [("text/plain", "bare LF\nbare CR\nboth\nblanks  \nno end\n")]},
    "line_long": {
        "parts": [("text/plain", "x" * 998 + "\n" + "x" * 1001 + "\n" + "x" * 1999 + "ü\n")]},
    "enclosed": {
        "parts": [("text/plain", "Two messages.\n")],
        "files": [("plain.eml", "message/rfc822", "attachment", None),
                  ("raw.eml", "application/octet-stream", "attachment",
                   "From: a@example.com\nSubject: grüße\n\nraw\n".encode())]},
    "headers": {},
}


def raw(name):
    return (GOLDEN / f"{name}.eml").read_bytes()


def read(name):
    return email.message_from_bytes(raw(name), policy=email.policy.default)


def people(header):
    """Names and addresses. Python 3.11 keeps raw bytes as surrogates, and the space between two
    encoded-words of a name."""
    return [(re.sub(" +", " ", a.display_name),
             a.addr_spec.encode("utf-8", "surrogateescape").decode())
            for a in (header.addresses if header else [])]


def leaves(message):
    """The parts that hold something; an enclosed message is one of them."""
    if message.is_multipart() and message.get_content_type() != "message/rfc822":
        return [leaf for part in message.iter_parts() for leaf in leaves(part)]
    return [message]


def is_file(part):
    return part.get_content_disposition() is not None


def test_each_golden_mail_is_expected():
    assert {path.stem for path in GOLDEN.glob("*.eml")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_wire(name):
    data = raw(name)
    assert data.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    header, _, body = data.partition(b"\r\n\r\n")
    body.decode("ascii")
    if name == "names_odd":  # the one local part that only SMTPUTF8 can carry
        header = header.replace("jörg@".encode(), b"")
    header.decode("ascii")
    long = [line for line in lines if len(line) > 78 and b" " in line.split(b": ", 1)[-1].strip()]
    assert not long, "a line that could have been folded"


@pytest.mark.parametrize("name", EXPECTED)
def test_header(name):
    expected, message = EXPECTED[name], read(name)
    assert people(message["from"]) == [ANN]
    assert people(message["to"]) == expected.get("to", BOB)
    assert people(message["bcc"]) == expected.get("bcc", [])
    assert message["subject"] == expected.get("subject", "A golden mail")
    assert message["message-id"] == f"<{name}@mail.example.com>"
    assert message["date"].datetime.isoformat() == "2026-05-20T14:10:00+00:00"
    assert message["mime-version"] == "1.0"
    assert message.get("in-reply-to") == expected.get("in_reply_to")
    assert (message.get("references") or "").split() == expected.get("references", [])


@pytest.mark.parametrize("name", EXPECTED)
def test_parts(name):
    expected, message = EXPECTED[name], read(name)
    texts = [(p.get_content_type(), p.get_content().replace("\r\n", "\n"))
             for p in leaves(message) if not is_file(p)]
    assert texts == expected.get("parts", [("text/plain", "x\n")])
    files = [(p.get_filename(), p.get_content_type(), p.get_content_disposition(),
              p.get_payload(decode=True)) for p in leaves(message) if is_file(p)]
    assert files == expected.get("files", [])
    for part in message.walk():
        assert not part.defects, part.defects


def test_without_to_and_cc():
    assert b"\r\nTo: undisclosed-recipients:;\r\n" in raw("bcc_only")
    assert b"yosef" not in raw("bcc_only") + raw("bcc_left_out")


def test_inline_image_has_its_id():
    parts = {part.get_filename(): part for part in read("inline_image").walk()}
    assert parts["logo.png"]["content-id"] == "<logo@example.com>"
    assert [part.get_content_type() for part in read("inline_image").walk()] == [
        "multipart/mixed", "multipart/related", "multipart/alternative", "text/plain", "text/html",
        "image/png", "application/pdf"]


def test_enclosed_message():
    enclosed = next(read("enclosed").iter_attachments()).get_content()
    assert enclosed["subject"] == "inner"
    assert enclosed.get_content().replace("\r\n", "\n") == "From the inside.\n.\n"


def test_extra_headers():
    message = read("headers")
    assert message["auto-submitted"] == "auto-generated"
    assert message["list-unsubscribe"] == (
        "<https://example.com/unsubscribe?token=0123456789abcdef0123456789abcdef0123456789abcdef>, "
        "<mailto:leave@example.com>")
