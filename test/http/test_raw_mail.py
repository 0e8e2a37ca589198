"""Mail as it came in, byte for byte: kept, given back, attached to another mail, erased; and what
makes two mails one.

covers: src/api/raw_mail.c src/store/raw_store.c src/store/same_mail.c src/message/raw.c
"""
import hashlib
import sqlite3

import pytest

from people import USER, new_token, new_user
from received import IMPORT, letter, take_in, user_with_mailbox
from shapes import CORR_ID, DOC_ID, email_error, holding, messages_error, outbound_error, said

CORRESPONDENCE = "/api/v1/email/correspondence"
OUTBOUND = "/api/v1/email/outbound"
RECORDS = "/api/email/outbound"
HEAD = ("Received: from x\r\nFrom: Jane <jane@client.example>\r\nTo: you@a.example\r\n"
        "Subject: Angebot 12/2026\r\nDate: Tue, 03 Nov 2026 10:00:00 +0000\r\n")


@pytest.fixture(scope="module")
def user(server):
    return user_with_mailbox(server)


def take_bytes(user, raw, status=201):
    return said(user.post(IMPORT, params={"account": user.account}, data=raw,
                          headers={"Content-Type": "message/rfc822"}), status)["message"]["_id"]


def raw_of(number, text="Hello.", head=HEAD):
    return f"{head}Message-ID: <raw-{number}@client.example>\r\n\r\n{text}\r\n".encode()


SMALL = raw_of("small") + b"\x00\xff\xfe \r\r\n\n--odd"
LARGE = raw_of("large", "A line of a long mail. " * 9000)


# given back

@pytest.mark.parametrize("raw", [SMALL, LARGE, SMALL[:-20].replace(b"small", b"short")],
                         ids=["small", "large", "short"])
def test_it_is_given_back_as_it_came(user, raw):
    uid = take_bytes(user, raw)
    for path in f"{RECORDS}/{uid}/raw", f"{CORRESPONDENCE}/{uid}/raw":
        reply, head = user.get(path), user.head(path)
        assert (reply.status_code, reply.content) == (200, raw)
        assert (head.status_code, head.content) == (200, b"")
        assert int(head.headers["Content-Length"]) == len(raw)
        for each in reply.headers, head.headers:
            assert each["Content-Type"] == "message/rfc822"
            assert each["Content-Disposition"] == 'attachment; filename="Angebot 12_2026.eml"'
            assert each["X-Content-Type-Options"] == "nosniff"
    assert said(user.get(f"{RECORDS}/{uid}"))["mail_sha256"] == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize("subject, name", [
    ("", 'filename="message.eml"'), ("..", 'filename="message.eml"'),
    ("a\"b\\c:d", 'filename="a_b_c_d.eml"'),
    ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "filename*=UTF-8''Gr%C3%BC%C3%9Fe.eml")])
def test_it_is_named_by_its_subject(user, subject, name):
    head = HEAD.replace("Angebot 12/2026", subject)
    uid = take_bytes(user, raw_of(f"name-{subject.encode().hex()}", head=head))
    disposition = user.get(f"{RECORDS}/{uid}/raw").headers["Content-Disposition"]
    assert disposition.startswith("attachment; ") and name in disposition


def test_others_do_not_get_it(server, user):
    uid = take_bytes(user, raw_of("rights"))
    for other in new_user(server), new_user(server, organization="Elsewhere"):
        assert said(other.get(f"{RECORDS}/{uid}/raw"), 404) == email_error("not_found")
        missing = outbound_error("CORRESPONDENCE_NOT_FOUND")
        assert said(other.get(f"{CORRESPONDENCE}/{uid}/raw"), 404) == missing
    agent = server.client(new_token(server, user.address, "inbox:draft"))
    for path in f"{RECORDS}/{uid}/raw", f"{CORRESPONDENCE}/{uid}/raw":
        assert agent.get(path).status_code == 403
    reader = server.client(new_token(server, user.address, "inbox:read"))
    assert reader.get(f"{RECORDS}/{uid}/raw").content == raw_of("rights")


def used(user):
    quotas = said(user.get("/api/quota"))["quotas"]
    return next(quota["used"] for quota in quotas if quota["name"] == "stored_bytes")


def count_of(server, statement):
    with sqlite3.connect(f"file:{server.data}/outtray.db?mode=ro", uri=True) as database:
        return database.execute(statement).fetchone()[0]


@pytest.mark.parametrize("raw", [SMALL, LARGE], ids=["small", "large"])
def test_it_counts_and_goes_when_it_is_erased(server, raw):
    user = user_with_mailbox(server, scopes=(*USER, "admin"), organization=f"Raw {len(raw)}")
    before = used(user)
    uid = take_bytes(user, raw)
    assert used(user) - before >= len(raw) + len(raw) // 2
    assert take_bytes(user, raw, 200) == uid
    said(user.delete(f"{RECORDS}/{uid}"), 204)
    assert used(user) == before
    refused = said(user.get(f"{RECORDS}/{uid}/raw"), 409)
    assert refused == email_error("conflict", holding("erased"))
    assert count_of(server, f"SELECT COUNT(*) FROM email_bodies WHERE email_id = '{uid}'") == 0
    assert count_of(server, "SELECT COUNT(*) FROM email_documents WHERE email_id = "
                                  f"'{uid}'") == 0
    assert take_bytes(user, raw, 200) == uid


def test_between_sandboxes_too(server, user):
    other = user_with_mailbox(server)
    said(user.post(f"{OUTBOUND}/send", json={"to": [other.address], "subject": "Hi", "body_text": "t"}))
    [got] = said(other.get(CORRESPONDENCE))["data"]
    sent = server.mail_files(user.address)[-1].read_bytes()
    assert other.get(f"{CORRESPONDENCE}/{got['id']}/raw").content == sent


def test_it_is_in_a_backup(server, user, tmp_path):
    uids = {take_bytes(user, raw_of(f"backup-{size}", "x" * size)): size for size in (9, 99_000)}
    server.tool("backup", str(tmp_path / "all.tar"))
    restored = tmp_path / "again"
    server.tool("--data", str(restored), "restore", str(tmp_path / "all.tar"))
    with sqlite3.connect(f"file:{restored}/outtray.db?mode=ro", uri=True) as database:
        for uid, size in uids.items():
            row, document = database.execute("SELECT raw, raw_document_id FROM email_bodies WHERE "
                                             "email_id = ?", (uid,)).fetchone()
            if document:
                [[row]] = database.execute("SELECT sha256 FROM documents WHERE id = ?", (document,))
                row = (restored / "blobs" / "blobs" / row[:2] / row).read_bytes()
            assert row == raw_of(f"backup-{size}", "x" * size)


def test_it_need_not_be_kept(start_server):
    server = start_server(keep_raw_mail="no")
    user = user_with_mailbox(server)
    uid = take_bytes(user, SMALL)
    refused = said(user.get(f"{RECORDS}/{uid}/raw"), 409)
    assert refused["error"]["message"] == holding("not kept")
    assert said(user.get(f"{RECORDS}/{uid}"))["mail_sha256"] == hashlib.sha256(SMALL).hexdigest()
    assert take_bytes(user, SMALL, 200) == uid
    refused = said(user.post(f"{OUTBOUND}/forward-envelope",
                             json={"correspondence_id": uid, "as_attachment": True}), 400)
    assert refused == outbound_error("VALIDATION_ERROR", holding("not kept"), field="correspondence_id")
    assert "keep_raw_mail" in server.tool("doctor", "--offline")


# attached

def enclosed(server, user):
    """The message/rfc822 part of the mail that left last, and its name."""
    raw = server.mail_files(user.address)[-1].read_bytes()
    mail = server.mails(user.address)[-1]
    [part] = [part for part in mail.walk() if part.get_content_type() == "message/rfc822"]
    return raw, part


@pytest.mark.parametrize("number, text", [
    ("fwd", "Hello."), ("fwd-large", "A long line.\r\n" * 9000)], ids=["small", "large"])
def test_a_forward_as_an_attachment(server, user, number, text):
    raw = raw_of(number, text)
    uid = take_bytes(user, raw)
    draft = said(user.post(f"{OUTBOUND}/forward-envelope",
                           json={"correspondence_id": uid, "as_attachment": True}))
    assert draft["subject"] == "Fwd: Angebot 12/2026" and "Hello" not in draft["body_text"]
    assert draft["attachments"] == [{
        "document_id": None, "filename": "Angebot 12_2026.eml", "content_type": "message/rfc822",
        "size_bytes": len(raw), "email_id": CORR_ID}]
    kept = said(user.post(f"{OUTBOUND}/drafts", json=draft), 201)
    assert kept["attachments"] == [{
        "document_id": DOC_ID, "filename": "Angebot 12_2026.eml", "content_type": "message/rfc822",
        "size_bytes": len(raw)}]
    said(user.post(f"{OUTBOUND}/send", json={**draft, "to": ["a@example.com"]}))
    sent, part = enclosed(server, user)
    assert raw in sent and part.get_filename() == "Angebot 12_2026.eml"


def test_each_family_attaches_a_mail(server, user):
    raw = raw_of("families")
    uid = take_bytes(user, raw)
    calls = [
        (f"{OUTBOUND}/send", {"to": ["a@example.com"], "subject": "s", "body_text": "t",
                              "attachments": [{"email_id": uid}]}),
        ("/api/email/send", {"from_account_id": user.account, "to": ["a@example.com"],
                             "subject": "s", "body_text": "t",
                             "attachments": [{"email_id": uid, "filename": "x.eml"}]}),
        ("/api/email/messages/send", {"from": user.address, "to": ["a@example.com"], "subject": "s",
                                      "body": "t", "attachments": [{"messageId": uid}]})]
    names = []
    for path, body in calls:
        said(user.post(path, json=body))
        sent, part = enclosed(server, user)
        names.append(part.get_filename())
        assert raw in sent
    assert names == ["Angebot 12_2026.eml", "x.eml", "Angebot 12_2026.eml"]


def test_a_sent_mail_is_attached_without_bcc(server, user):
    first = said(user.post(f"{OUTBOUND}/send", json={
        "to": ["a@example.com"], "bcc": ["secret@example.com"], "subject": "Mine", "body_text": "t"}))
    said(user.post(f"{OUTBOUND}/send", json={
        "to": ["b@example.com"], "subject": "s", "attachments": [{"email_id": first["id"]}]}))
    sent, part = enclosed(server, user)
    assert part.get_filename() == "Mine.eml" and b"secret@" not in sent
    assert part.get_payload(0)["Subject"] == "Mine"


def test_what_cannot_be_attached(server, user):
    uid = take_bytes(user, raw_of("gone"))
    admin = server.client(new_token(server, user.address, "admin"))
    said(admin.delete(f"{RECORDS}/{uid}"), 204)
    stranger = take_bytes(user_with_mailbox(server), raw_of("strangers"))
    draft = said(user.post(f"{OUTBOUND}/drafts", json={"subject": "s"}), 201)["id"]
    for each in uid, stranger, draft:
        body = {"to": ["a@example.com"], "subject": "s", "attachments": [{"email_id": each}]}
        refused = said(user.post(f"{OUTBOUND}/send", json=body), 400)
        assert refused == outbound_error("VALIDATION_ERROR", field="attachments[0].email_id")
    both = {"to": ["a@example.com"], "subject": "s",
            "attachments": [{"email_id": uid, "url": "https://a.example/x"}]}
    refused = said(user.post(f"{OUTBOUND}/send", json=both), 400)
    assert refused == outbound_error("VALIDATION_ERROR", holding("exactly one"), field="attachments[0]")
    refused = said(user.post("/api/email/messages/send", json={
        "from": user.address, "to": ["a@example.com"], "subject": "s", "body": "t",
        "attachments": [{"messageId": uid}]}), 400)
    assert refused == messages_error("BAD_REQUEST", holding("attachments[0].messageId"))


# two mails, or one

def test_another_content_is_another_mail(user):
    mail = {"Message_ID": "<two@client.example>"}
    first = take_in(user, letter(user, text="one", **mail))
    others = [dict(text="two"), dict(text="one", html="<p>two</p>"), dict(text="one\n\nmore"),
              dict(text="one", Subject="Another"), dict(text="one", Cc="kim@client.example"),
              dict(text="one", files=[("a.pdf", b"%PDF")]), dict(text="one", files=[("a.pdf", b"%PDF-2")])]
    made = [take_in(user, letter(user, **{**mail, **other})) for other in others]
    assert len({each["_id"] for each in [first, *made]}) == 1 + len(others)
    for other, known in zip([dict(text="one"), *others], [first, *made]):
        assert take_in(user, letter(user, **{**mail, **other}), 200)["_id"] == known["_id"]


@pytest.mark.parametrize("change", [
    lambda raw: b"Delivered-To: x@a.example\r\nReceived: by other; Tue, 03 Nov 2026\r\n" + raw,
    lambda raw: raw.replace(b"\r\n", b"\n"),
    lambda raw: raw.replace(b"Received: from x\r\n", b""),
    lambda raw: raw.replace(b"Subject: ", b"List-Id: <l.example>\r\nPrecedence: list\r\nSubject: [list] "),
    lambda raw: raw.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", 1)
                   .replace(b"Hello", b"=48ello"),
])
def test_another_way_makes_no_other_mail(user, change, request):
    raw = raw_of(f"way-{abs(hash(request.node.name))}")
    uid = take_bytes(user, raw)
    assert change(raw) != raw
    assert take_bytes(user, change(raw), 200) == uid
    assert user.get(f"{RECORDS}/{uid}/raw").content == raw


def test_mails_that_are_too_much_together_are_not_composed(start_server):
    server = start_server(attachment_limit="100K")
    user = user_with_mailbox(server)
    sent = said(user.post(f"{OUTBOUND}/send", json={
        "to": ["b@example.com"], "subject": "s", "attachments": [
            {"filename": "a.bin", "content_type": "application/x-a", "data_base64": "AAAA" * 20000}]}))
    refused = said(user.post(f"{OUTBOUND}/drafts", json={
        "to": ["b@example.com"], "subject": "t",
        "attachments": [{"email_id": sent["id"]}, {"email_id": sent["id"]}]}), 413)
    assert refused == outbound_error("ATTACHMENT_TOO_LARGE", holding("over their limit"),
                                     field="attachments[1].email_id")
    assert said(user.get(f"{OUTBOUND}/drafts"))["data"] == []
