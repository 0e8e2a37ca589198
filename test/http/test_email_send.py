"""POST /api/email/send: drafts, fresh mail, planned mail, attachments, and each way to fail.

covers: src/api/email_send.c src/api/sending.c src/api/attaching.c src/store/submission.c
covers: src/provider/sandbox.c
"""
import base64
import concurrent.futures
import os
import time

import pytest

from mailboxes import connect
from people import new_user
from shapes import DOC_ID, SANDBOX_ID, SECONDS, TEXT, UID, email_error, holding, said

SEND = "/api/email/send"
NO_ID = "01890000-0000-7000-8000-000000000000"
SENT = {"outbound_email_uid": UID, "provider_message_id": SANDBOX_ID, "provider_thread_id": UID,
        "status": "sent", "sent_at": SECONDS}
WAITS = {**SENT, "provider_message_id": None, "provider_thread_id": None, "sent_at": None,
         "reason": TEXT}


@pytest.fixture
def user(server):
    user = new_user(server)
    [account] = said(user.get("/api/email/accounts"))["accounts"]
    user.account = account["_id"]
    return user


def send(user, status=200, headers=None, **fields):
    return said(user.post(SEND, json=fresh(user, **fields), headers=headers), status)


def fresh(user, **fields):
    return {"from_account_id": user.account, "to": ["a@example.com"], "subject": "s", **fields}


def only_mail(server, user):
    [mail] = server.mails(user.address)
    return mail


def record(user, sent):
    return said(user.get(f"/api/email/outbound/{sent['outbound_email_uid']}"))


# What goes out

def test_a_text_mail(server, user):
    assert send(user, body_text="Grüße\n\nzwei\n") == SENT
    mail = only_mail(server, user)
    assert (mail["From"], mail["To"], mail["Subject"]) == (user.address, "a@example.com", "s")
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().splitlines() == ["Grüße", "", "zwei"]
    assert mail["Message-ID"] and mail["Date"] and mail["MIME-Version"] == "1.0"


def test_html_alone_gets_a_text(server, user):
    send(user, body_html="<p>Dear <b>you</b></p>")
    mail = only_mail(server, user)
    assert mail.get_body(("html",)).get_content().strip() == "<p>Dear <b>you</b></p>"
    assert "Dear you" in mail.get_body(("plain",)).get_content()


def test_both_bodies(server, user):
    send(user, body_html="<p>h</p>", body_text="t")
    mail = only_mail(server, user)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_inline_base64_attachments(server, user):
    contents = [os.urandom(100_000), b"", b"%PDF-1.7", bytes(range(256))]
    names = ["blob.bin", "empty", "Straße 12 – «Ω».pdf", 'quote"and\\back.txt']
    send(user, body_text="t", attachments=[
        {"filename": name, "content_type": "application/x-thing",
         "data_base64": base64.encodebytes(content).decode()}
        for name, content in zip(names, contents)])
    attached = list(only_mail(server, user).iter_attachments())
    assert [part.get_content() for part in attached] == contents
    assert [part.get_content_type() for part in attached] == ["application/x-thing"] * 4
    assert [part.get_filename() for part in attached][:3] == names[:3]


def test_an_image_in_the_html(server, user):
    image = os.urandom(5000)
    send(user, body_html='<img src="cid:logo@here">', attachments=[
        {"filename": "logo.png", "content_type": "image/png", "content_id": "logo@here",
         "inline": True, "data_base64": base64.b64encode(image).decode()},
        {"filename": "a.txt", "content_type": "text/plain", "data_base64": "YQ=="}])
    mail = only_mail(server, user)
    related = next(part for part in mail.walk() if part.get_content_type() == "multipart/related")
    [inline] = [part for part in related.walk() if part.get_content_type() == "image/png"]
    assert inline["Content-ID"] == "<logo@here>" and inline.get_content() == image
    assert inline.get_content_disposition() == "inline"
    assert [part.get_filename() for part in mail.iter_attachments()][-1] == "a.txt"


@pytest.mark.parametrize("given, filename, content, sent", [
    ("text/calendar; method=REQUEST; charset=UTF-8", "invite.ics", "BEGIN:VCALENDAR".encode(),
     {"": "text/calendar", "method": "REQUEST", "charset": "UTF-8"}),
    ("text/csv; charset=iso-8859-1", "list.csv", "Stück;3".encode("latin-1"),
     {"": "text/csv", "charset": "iso-8859-1"}),
    ("text/plain", "notes.txt", "Grüße".encode(), {"": "text/plain", "charset": "utf-8"}),
    ("text/plain", "notes.txt", "Grüße".encode("latin-1"), {"": "text/plain"}),
    (None, "contract.pdf", b"%PDF-1.4", {"": "application/pdf"}),
    (None, "contract", b"\0", {"": "application/octet-stream"}),
])
def test_types_of_attachments(server, user, given, filename, content, sent):
    said(user.post(SEND, json=fresh(user, attachments=[{
        "filename": filename, "content_type": given,
        "data_base64": base64.b64encode(content).decode()}])))
    [part] = only_mail(server, user).iter_attachments()
    told = {name.lower(): value for name, value in part.get_params()[1:] if name != "name"}
    assert {"": part.get_content_type(), **told} == sent
    assert (part.get_filename(), part.get_payload(decode=True)) == (filename, content)


def test_an_invitation_stands_where_calendars_look(server, user):
    """RFC 6047, 2.4: as an alternative to the text; and as a file, for those that look there."""
    invitation = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Gr\xc3\xbc\xc3\x9fe\r\nEND:VCALENDAR\r\n"
    send(user, body_text="Shall we meet?", attachments=[{
        "filename": "invite.ics", "content_type": "text/calendar; method=REQUEST",
        "data_base64": base64.b64encode(invitation).decode()}])
    mail = only_mail(server, user)
    alternative, attached = mail.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    *texts, best = alternative.iter_parts()
    assert [part.get_content_type() for part in texts][0] == "text/plain"
    assert dict(best.get_params()) == {"text/calendar": "", "method": "REQUEST", "charset": "utf-8"}
    assert best.get_content_disposition() is None and best.get_payload(decode=True) == invitation
    assert (attached.get_filename(), attached.get_payload(decode=True)) == ("invite.ics", invitation)
    assert attached.get_param("method") == "REQUEST"


def test_a_slash_in_a_filename_is_part_of_it(server, user):
    send(user, attachments=[
        {"filename": "Angebot 12/2026.pdf", "data_base64": "YQ=="},
        {"filename": "../../etc/passwd", "data_base64": "YQ=="}])
    assert [part.get_filename() for part in only_mail(server, user).iter_attachments()] == [
        "Angebot 12_2026.pdf", "passwd"]


def test_attachments_by_the_id_of_a_document(server, user):
    first = send(user, attachments=[{"filename": "a.bin", "data_base64": "AAEC"}])
    [attached] = record(user, first)["attachments"]
    assert attached == {"document_id": DOC_ID, "filename": "a.bin", "content_type": None,
                        "size_bytes": 3}
    send(user, subject="again", attachments=[
        attached["document_id"], {"document_id": attached["document_id"], "filename": "b.bin"}])
    mail = [mail for mail in server.mails(user.address) if mail["Subject"] == "again"][0]
    assert [(part.get_filename(), part.get_content()) for part in mail.iter_attachments()] == [
        ("a.bin", b"\0\1\2"), ("b.bin", b"\0\1\2")]


def test_somebody_elses_document(server, user):
    other = new_user(server)
    made = said(user.post("/api/email/drafts", json=fresh(
        user, attachments=[{"filename": "secret", "data_base64": "YQ=="}])), 201)
    [account] = said(other.get("/api/email/accounts"))["accounts"]
    for document in (made["attachments"][0]["document_id"], "doc_" + "0" * 26, "nonsense"):
        refused = said(other.post(SEND, json={
            "from_account_id": account["_id"], "to": "a@example.com", "subject": "s",
            "attachments": [document]}), 404)
        assert refused == email_error("not_found", holding("document"))
    assert server.mails(other.address) == []


# Recipients

@pytest.mark.parametrize("given, header", [
    ("a@example.com", "a@example.com"), (["a@example.com", "b@example.com"],
                                         "a@example.com, b@example.com"),
    ('"Doe, Jane" <jane@example.com>', '"Doe, Jane" <jane@example.com>'),
    ("Jörg Müller <j@example.com>", "Jörg Müller <j@example.com>"),
    ("info@bücher.example", "info@xn--bcher-kva.example"),
    ("A@EXAMPLE.COM", "A@example.com"),
    ("a@example.com (Ann)", "Ann <a@example.com>"), ("Ann (Sales) <a@example.com>",
                                                     '"Ann (Sales)" <a@example.com>'),
    ("a@example.com; b@example.com,", "a@example.com, b@example.com"),
    (["a@example.com, b@example.com", "c@example.com"],
     "a@example.com, b@example.com, c@example.com"),
    ("a@example.com<mailto:a@example.com>", "a@example.com"),
    ("\ufeffa@example.com\u00a0", "a@example.com"),
])
def test_how_recipients_are_written(server, user, given, header):
    send(user, to=given)
    assert str(only_mail(server, user)["To"]) == header


def test_recipients_are_read_back_as_texts(user):
    sent = send(user, to='Jane "J" Doe <jane@example.com>', cc="c@bücher.example")
    seen = record(user, sent)
    assert seen["to"] == ['"Jane J Doe" <jane@example.com>']
    assert seen["cc"] == ["c@xn--bcher-kva.example"]


def test_nobody_learns_of_bcc(server, user):
    sent = send(user, cc="c@example.com", bcc=["hidden@example.com"])
    assert record(user, sent)["bcc"] == ["hidden@example.com"]
    [path] = (server.data / "sandbox" / user.address / "new").iterdir()
    assert b"hidden" not in path.read_bytes()
    raw = user.get(f"/api/email/outbound/{sent['outbound_email_uid']}/raw").content
    assert raw == path.read_bytes()


def test_who_is_named_twice_gets_one_mail(server, start_smtp):
    peer = start_smtp(security="none")
    mailbox = connect(server, peer)
    mailbox.send(to=["a@example.com", "A <A@example.com>"], cc=["b@example.com", "a@example.com"],
                 bcc=["b@example.com", "c@example.com"])
    [mail] = peer.accepted
    assert mail.recipients == ["a@example.com", "b@example.com", "c@example.com"]


@pytest.mark.parametrize("fields, field", [
    ({"to": []}, "to"), ({"to": None}, "to"), ({"subject": ""}, "subject"),
    ({"subject": None}, "subject"), ({"from_account_id": None}, "from_account_id"),
])
def test_what_is_required(server, user, fields, field):
    refused = send(user, 400, **fields)
    assert refused == email_error("validation_error", f"{field} is required",
                                  {"field": field, "message": "is required"})
    assert server.mails(user.address) == []


def test_the_number_of_recipients_is_limited(user):
    many = [f"a{number}@example.com" for number in range(501)]
    refused = send(user, 400, to=many[:400], cc=many[400:])
    assert refused == email_error("validation_error", holding("at most 500 recipients, not 501"),
                                  {"field": "to", "message": holding("500")})
    assert send(user, to=many[:400], cc=many[400:500]) == SENT
    assert send(user, to=many[:400], cc=many[:300]) == SENT  # one who is named twice counts once


# Drafts

def test_a_draft_is_sent_once(server, user):
    draft = said(user.post("/api/email/drafts", json=fresh(user)), 201)
    sent = said(user.post(SEND, json={"draft_uid": draft["uid"]}))
    assert sent == {**SENT, "outbound_email_uid": draft["uid"]}
    assert said(user.post(SEND, json={"draft_uid": draft["uid"]})) == sent
    assert len(server.mails(user.address)) == 1


def test_the_same_draft_at_the_same_moment(server, user):
    draft = said(user.post("/api/email/drafts", json=fresh(user)), 201)
    sessions = [server.client(user.token) for _ in range(2)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        first, second = pool.map(
            lambda each: said(each.post(SEND, json={"draft_uid": draft["uid"]})), sessions)
    assert first == second == {**SENT, "outbound_email_uid": draft["uid"]}
    assert len(server.mails(user.address)) == 1


@pytest.mark.parametrize("uid", [NO_ID, "x", "draft_" + "0" * 26])
def test_a_draft_that_is_not_there(user, uid):
    assert said(user.post(SEND, json={"draft_uid": uid}), 404) == email_error("not_found")


def test_a_draft_of_the_outbound_family(server, user):
    draft = said(user.post("/api/v1/email/outbound/drafts",
                           json={"to": ["a@example.com"], "subject": "s"}), 201)
    assert said(user.post(SEND, json={"draft_uid": draft["id"]})) == SENT
    assert len(server.mails(user.address)) == 1


def test_a_draft_does_not_leave_before_its_time(server, user):
    """A plan that comes with draft_uid is kept: what is out cannot be called back."""
    draft = said(user.post("/api/email/drafts", json=fresh(user)), 201)
    body = {"draft_uid": draft["uid"], "planned_send_at": "2053-01-01T00:00:00Z"}
    assert said(user.post(SEND, json=body), 202) == {
        **WAITS, "outbound_email_uid": draft["uid"], "status": "draft", "from_email": user.address,
        "planned_send_at": "2053-01-01T00:00:00Z"}
    assert server.mails(user.address) == []


# Later, and in vain

def test_a_planned_send(server, user):
    planned = send(user, 202, planned_send_at="2024-03-26T09:00:00+01:00")
    assert planned == {**WAITS, "status": "draft", "from_email": user.address,
                       "planned_send_at": "2024-03-26T08:00:00Z"}
    end = time.monotonic() + 20
    while record(user, planned)["status"] != "sent":
        assert time.monotonic() < end
        time.sleep(0.02)
    assert len(server.mails(user.address)) == 1


def test_respond_async(server, user):
    queued = send(user, 202, headers={"Prefer": "respond-async"})
    assert queued == {**WAITS, "status": "queued"}
    sent = said(user.post(SEND, json={"draft_uid": queued["outbound_email_uid"]}))
    assert sent == {**SENT, "outbound_email_uid": queued["outbound_email_uid"]}
    assert len(server.mails(user.address)) == 1


def test_a_refusal_carries_the_record(user):
    refused = send(user, 502, to=["fine@example.com", "a+refused@example.com"])
    assert refused == email_error("provider_error", holding("550 5.1.1"),
                                  {"outbound_email_uid": UID, "status": "failed"})
    [detail] = refused["error"]["details"]
    seen = record(user, detail)
    assert (seen["status"], seen["error"], seen["attempts"]) == (
        "failed", "550 5.1.1 the sandbox refuses this recipient", 1)
    again = said(user.post(SEND, json={"draft_uid": detail["outbound_email_uid"]}), 502)
    assert again == refused  # tried once more, as it is
    assert record(user, detail)["attempts"] == 2


@pytest.mark.parametrize("tag, status, count", [
    ("later", "queued", 0), ("signin", "queued", 0), ("unknown", "unknown", 1),
    ("lost", "unknown", 0),
])
def test_what_is_not_settled_in_time(server, user, tag, status, count):
    seen = send(user, 202, to=f"a+{tag}@example.com")
    assert seen == {**WAITS, "status": status}
    assert record(user, seen)["error"]
    assert len(server.mails(user.address)) == count


def test_a_mailbox_that_is_disconnected(server, user):
    assert said(user.delete(f"/api/email/accounts/{user.account}")) == {"success": True}
    assert send(user, 404) == email_error("not_found", holding("disconnected"))
    assert server.mails(user.address) == []


def test_a_message_that_cannot_be_answered(server, user):
    body = {"to": "a@example.com", "subject": "s"}
    refused = said(user.post(SEND, json={**body, "reply_to_message_uid": NO_ID}), 400)
    assert refused == email_error(
        "validation_error", "reply_to_message_uid names no mail that is there",
        {"field": "reply_to_message_uid", "message": "names no mail that is there"})
    draft = said(user.post("/api/email/drafts", json={"from_account_id": user.account}), 201)
    refused = said(user.post(SEND, json={**body, "reply_to_message_uid": draft["uid"]}), 400)
    assert refused == email_error("validation_error", holding("draft"),
                                  {"field": "reply_to_message_uid", "message": holding("draft")})
    assert server.mails(user.address) == []


# The longest there may be

@pytest.mark.parametrize("subject", ["x" * 998, "ü" * 499, "word " * 199 + "end"])
def test_a_long_subject(server, user, subject):
    send(user, subject=subject, body_text="y" * 5000)
    assert only_mail(server, user)["Subject"] == subject
    [path] = (server.data / "sandbox" / user.address / "new").iterdir()
    assert max(map(len, path.read_bytes().split(b"\r\n"))) <= 998


def test_a_subject_that_is_too_long(user):
    refused = send(user, 400, subject="ü" * 500)
    assert refused == email_error("validation_error", holding("subject", "998"),
                                  {"field": "subject", "message": holding("998")})
