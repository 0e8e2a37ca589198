"""winmail.dat, in which Outlook wraps files and bodies, is opened: they are those of the mail, in each
family, and leave with a forward.

covers: src/mime/winmail.c src/mime/tnef.c
"""
import email
import email.policy
import struct

import pytest

import winmail
from received import letter, take_in, user_with_mailbox
from shapes import said

OUTBOUND = "/api/v1/email/outbound"
PDF, PICTURE = b"%PDF-1.7 " + bytes(range(256)) * 300, b"\x89PNG \0\r\n"
ANGEBOT = winmail.file(b"Angebot f\xfcr.pdf", PDF,
                       (winmail.UNICODE, winmail.LONG_NAME, "Angebot für Łódź.pdf"),
                       (winmail.UNICODE, winmail.MEDIA_TYPE, "application/pdf"))
NOTES = winmail.file(b"\xff.txt", b"notes")
RICH_TEXT = winmail.message_properties((winmail.BINARY, winmail.RICH_TEXT, b"\x10\0\0\0LZFu"))
ATTACHED = winmail.attribute(winmail.FILE, winmail.FILE_PROPERTIES, winmail.properties(
    (winmail.OBJECT, winmail.DATA, winmail.MESSAGE_INTERFACE + winmail.message(
        winmail.body(b"inner"), files=[winmail.file(b"inner.txt", b"in it")]))))


@pytest.fixture
def user(server):
    return user_with_mailbox(server)


def mail_with(user, content, subtype="ms-tnef", name="winmail.dat", **options):
    mail = letter(user, **options)
    mail.add_attachment(content, maintype="application", subtype=subtype, filename=name)
    return mail


def envelope_of(user, message):
    return said(user.post(f"{OUTBOUND}/forward-envelope",
                          json={"correspondence_id": message["_id"]}))


def files_of(user, message):
    """Name, type and content of each, as the envelope of a forward and the documents have them."""
    found = []
    for one in envelope_of(user, message)["attachments"]:
        reply = user.get(f"/api/v1/documents/{one['document_id']}/download")
        assert reply.status_code == 200 and len(reply.content) == one["size_bytes"]
        found.append((one["filename"], one["content_type"], reply.content))
    shown = [(one["filename"], one["contentType"], one["size"]) for one in message["attachments"]]
    assert shown == [(name, kind, len(content)) for name, kind, content in found]
    return found


def bodies_of(user, message):
    record = said(user.get(f"/api/v1/email/correspondence/{message['_id']}"))
    return record["body_text"], record["body_html"]


OPENED = [("Angebot für Łódź.pdf", "application/pdf", PDF), ("я.txt", "text/plain", b"notes")]


@pytest.mark.parametrize("subtype, name", [
    ("ms-tnef", "winmail.dat"), ("vnd.ms-tnef", "x.bin"), ("octet-stream", "WinMail.dat")])
def test_its_files_are_those_of_the_mail(user, subtype, name):
    wrapped = winmail.message(RICH_TEXT, files=[ANGEBOT, NOTES], code_page=1251)
    message = take_in(user, mail_with(user, wrapped, subtype, name))
    assert files_of(user, message) == OPENED
    assert bodies_of(user, message) == ("Hello.\n", None)


def test_they_leave_with_a_forward(server, user):
    wrapped = winmail.message(RICH_TEXT, files=[ANGEBOT, NOTES], code_page=1251)
    message = take_in(user, mail_with(user, wrapped))
    said(user.post(f"{OUTBOUND}/send", json={**envelope_of(user, message), "to": ["x@example.com"]}))
    sent = email.message_from_bytes(server.mail_files(user.address)[-1].read_bytes(),
                                    policy=email.policy.default)
    assert [(part.get_filename(), part.get_content_type(), part.get_payload(decode=True))
            for part in sent.iter_attachments()] == OPENED


@pytest.mark.parametrize("given, text, html", [
    ([winmail.body("Grüße\r\n".encode("cp1252"))], "Grüße\n", None),
    ([winmail.message_properties((winmail.UNICODE, 0x1000, "Grüße ☃"))], "Grüße ☃", None),
    ([winmail.message_properties((winmail.BINARY, winmail.HTML,
                                  b"<p onclick=x>Gr\xc3\xbc\xc3\x9fe<script>x</script></p>"))],
     None, "<p>Grüße</p>"),
], ids=["8 bits", "unicode", "html"])
def test_its_body_is_that_of_a_mail_without_one(user, given, text, html):
    message = take_in(user, mail_with(user, winmail.message(*given), text=" \n"))
    assert files_of(user, message) == []
    assert bodies_of(user, message) == (text, html)


def test_a_body_that_is_there_stays(user):
    wrapped = winmail.message(winmail.body(b"other"), files=[NOTES], code_page=1251)
    message = take_in(user, mail_with(user, wrapped))
    assert bodies_of(user, message) == ("Hello.\n", None)
    assert files_of(user, message) == OPENED[1:]


@pytest.mark.parametrize("wrapped, text, opened", [
    (winmail.message(RICH_TEXT, files=[NOTES], code_page=1251), "", OPENED[1:]),
    (winmail.message(files=[NOTES, winmail.attribute(winmail.FILE, winmail.FILE_BEGINS, bytes(14)),
                            ATTACHED], code_page=1251), "Hello.\n",
     [*OPENED[1:], ("inner.txt", "text/plain", b"in it")]),
    (winmail.message(files=[NOTES], code_page=1251, kind=b"IPM.Microsoft Schedule.MtgReq\0"),
     "Hello.\n", OPENED[1:]),
    (winmail.message(RICH_TEXT), "Hello.\n", []),
], ids=["a body of rich text", "an attached mail", "a meeting", "nothing"])
def test_what_is_left_in_it_keeps_the_file(user, wrapped, text, opened):
    message = take_in(user, mail_with(user, wrapped, text=text))
    assert files_of(user, message) == [*opened, ("winmail.dat", "application/ms-tnef", wrapped)]


WHOLE = winmail.message(files=[NOTES])


@pytest.mark.parametrize("content", [
    WHOLE[:-1], WHOLE[:40], WHOLE[:-1] + b"\xff", b"no such file", b"",
    WHOLE + winmail.attribute(3, 1, b""), WHOLE + struct.pack("<BII", 1, 1, 0xFFFFFFFF)],
    ids=["cut off", "cut short", "sum", "other", "empty", "level", "size"])
def test_what_is_broken_stays_as_it_is(user, content):
    message = take_in(user, mail_with(user, content))
    assert files_of(user, message) == [("winmail.dat", "application/ms-tnef", content)]
    assert bodies_of(user, message) == ("Hello.\n", None)
