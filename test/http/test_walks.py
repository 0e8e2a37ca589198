"""Walks across the families: an email is an email, whichever of the three it is spoken to in.

covers: src/api/spelling.c src/api/drafting.c src/api/sending.c src/api/attaching.c
"""
import itertools

import pytest

from files import unique, upload_document, upload_files
from mailboxes import connect
from received import receive, user_with_mailbox
from shapes import DOC_ID, DRAFT_ID, SECONDS, holding, said
from walking import (CORRESPONDENCE, EMAIL, FAMILIES, OUTBOUND, as_base64, change, draft, expected,
                     in_words_of, outbound_id, send, send_draft, shown, uid_of)

WRITERS = ["outbound", "email"]  # messages has no drafts
CHANGES = ["PUT", "PATCH", "POST"]
MAIL = {"to": ["a@example.com", '"Doe, Jane" <jane@example.com>'], "cc": ["c@example.com"],
        "bcc": ["b@example.com"], "subject": "Contract", "text": "Hello.",
        "html": "<p>Hello.</p>", "context": ("case", "7")}
FILE = ("a.txt", "text/plain", 5)
ATTACHED = {"attachments": [{"filename": "a.txt", "content_type": "text/plain",
                             "data_base64": as_base64(b"hello")}]}


@pytest.fixture
def user(server):
    return user_with_mailbox(server)


# A draft on its way through the families

@pytest.mark.parametrize("made, changed, sent",
                         list(itertools.product(WRITERS, CHANGES, WRITERS)))
def test_drafted_changed_sent_and_read(server, user, made, changed, sent):
    uid = draft(made, user, **MAIL, **ATTACHED)
    change(changed, user, uid, subject="Contract, signed", cc=[])
    send_draft(sent, user, uid)
    mail = {**MAIL, "subject": "Contract, signed", "cc": [], "files": [FILE]}
    assert shown(user, uid) == expected(user, uid, **mail)
    [delivered] = server.mails(user.address)
    assert (delivered["Subject"], delivered["Cc"]) == ("Contract, signed", None)
    [file] = delivered.iter_attachments()
    assert (file.get_filename(), file.get_content().strip()) == ("a.txt", "hello")


@pytest.mark.parametrize("made", WRITERS)
def test_a_draft_in_both_spellings(user, made):
    """With and without a prefix, and in both lists."""
    uid = draft(made, user, **MAIL, **ATTACHED)
    ids = [uid, uid.upper(), outbound_id("draft", uid), outbound_id("corr", uid),
           outbound_id("x", uid).removeprefix("x_")]
    content = {"to": MAIL["to"], "cc": MAIL["cc"], "bcc": MAIL["bcc"], "subject": "Contract",
               "body_html": "<p>Hello.</p>", "body_text": "Hello.", "attachments": [
                   {"document_id": DOC_ID, "filename": "a.txt", "content_type": "text/plain",
                    "size_bytes": 5}],
               "from_account_id": user.account, "status": "draft", "version": 1,
               "created_at": SECONDS, "updated_at": SECONDS}
    outbound = {"id": DRAFT_ID, "from": user.address, "case_id": "7", **content}
    email = {"uid": uid, "from_email": user.address, "context_type": "case", "context_id": "7",
             "planned_send_at": None, **content}
    for one in ids:
        assert said(user.get(f"{OUTBOUND}/drafts/{one}")) == outbound
        assert said(user.get(f"{EMAIL}/drafts/{one}")) == email
    assert uid_of(said(user.get(f"{OUTBOUND}/drafts/{uid}"))["id"]) == uid
    assert said(user.get(f"{OUTBOUND}/drafts")) == {"data": [outbound], "next_cursor": None,
                                                    "has_more": False}
    assert said(user.get(f"{EMAIL}/drafts")) == {"items": [email], "count": 1}


@pytest.mark.parametrize("made, removed", [WRITERS, WRITERS[::-1]])
def test_what_one_deletes_is_gone_in_the_other(user, made, removed):
    uid = draft(made, user, **MAIL)
    path = {"outbound": f"{OUTBOUND}/drafts/", "email": f"{EMAIL}/drafts/"}
    assert said(user.delete(path[removed] + uid), 204) is None
    assert said(user.get(path[made] + uid), 404)
    assert said(user.get(f"{EMAIL}/drafts"))["count"] == 0
    assert said(user.get(f"{OUTBOUND}/drafts"))["data"] == []


@pytest.mark.parametrize("first, second", [("PUT", "PATCH"), ("PATCH", "PUT"), ("PUT", "POST"),
                                           ("POST", "PUT")])
def test_a_version_counts_in_both(user, first, second):
    """Who saves in one family with an old version is told so in the other's words."""
    uid = draft("outbound", user, **MAIL)
    change(first, user, uid, subject="first")
    paths = {"PUT": f"{OUTBOUND}/drafts/{uid}", "PATCH": f"{EMAIL}/drafts/{uid}",
             "POST": f"{EMAIL}/drafts"}
    body = {"subject": "second", **({"uid": uid} if second == "POST" else {})}
    late = said(user.request(second, paths[second], json=body, headers={"If-Match": '"1"'}), 412)
    shown_by = paths["PUT"] if second == "PUT" else paths["PATCH"]
    assert late["draft"] == said(user.get(shown_by))
    assert (late["draft"]["subject"], late["draft"]["version"]) == ("first", 2)


# One mail in the words of each, read in the words of all

BODIES = [{"text": "Plain."}, {"html": "<p>Rich.</p>"}, {"text": "Plain.", "html": "<p>Rich.</p>"}]


@pytest.mark.parametrize("family, bodies", [(family, bodies) for family in FAMILIES
                                            for bodies in BODIES
                                            if family != "messages" or len(bodies) == 1])
def test_bodies(server, user, family, bodies):
    mail = {"to": ["a@example.com"], "subject": "s", **bodies}
    uid = send(family, user, **mail)
    assert shown(user, uid) == expected(user, uid, **mail)
    [delivered] = server.mails(user.address)
    plain = delivered.get_body(("plain",)).get_content().strip()
    assert plain == bodies.get("text", "Rich.")
    html = delivered.get_body(("html",))
    assert (html.get_content().strip() if html else None) == bodies.get("html")


@pytest.mark.parametrize("family, context", [("outbound", ("case", "7")), ("email", ("case", "7")),
                                             ("email", ("invoice", "9"))])
def test_contexts(user, family, context):
    """A case is shown by both; another kind of context is none of the outbound family's."""
    mail = {"to": ["a@example.com"], "subject": "s", "text": "t", "context": context}
    uid = send(family, user, **mail)
    assert shown(user, uid) == expected(user, uid, **mail)
    kind, identifier = context
    found = said(user.get(CORRESPONDENCE, params={"case_id": identifier}))["data"]
    assert [one["id"] for one in found] == ([outbound_id("corr", uid)] if kind == "case" else [])
    found = said(user.get(f"{EMAIL}/outbound", params={"context_type": kind,
                                                       "context_id": identifier}))["items"]
    assert [one["uid"] for one in found] == [uid]
    [conversation] = said(user.get("/api/conversation"))["conversations"]
    assert (conversation["contextType"], conversation["contextId"]) == context


RECIPIENTS = [
    ("a@example.com", ["a@example.com"]),
    (["a@example.com"], ["a@example.com"]),
    ('"Jane Doe" <jane@example.com>', ['"Jane Doe" <jane@example.com>']),
    (["Jane Doe <jane@example.com>", "b@example.com"],
     ['"Jane Doe" <jane@example.com>', "b@example.com"]),
    ('"Doe, Jane" <jane@example.com>', ['"Doe, Jane" <jane@example.com>']),
    ("Jörg <info@bücher.example>", ['"Jörg" <info@xn--bcher-kva.example>']),
    (["A@EXAMPLE.com", "<b@example.com>"], ["A@example.com", "b@example.com"]),
]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("given, kept", RECIPIENTS, ids=lambda value: str(value)[:30])
def test_recipients_in_every_spelling(user, family, given, kept):
    mail = {"subject": "s", "text": "t"}
    uid = send(family, user, **mail, to=given, cc=given, bcc=given)
    assert shown(user, uid) == expected(user, uid, **mail, to=kept, cc=kept, bcc=kept)


@pytest.mark.parametrize("family", FAMILIES)
def test_who_is_named_twice_gets_one_mail(server, start_smtp, family):
    peer = start_smtp(security="none")
    mailbox = connect(server, peer)
    mailbox.user.address, mailbox.user.account = mailbox.address, mailbox.id
    send(family, mailbox.user, to=["a@example.com", '"A" <a@EXAMPLE.com>'], subject="s", text="t",
         cc=["b@example.com", "a@example.com"], bcc=["b@example.com", "c@example.com"])
    [mail] = peer.accepted
    assert mail.recipients == ["a@example.com", "b@example.com", "c@example.com"]


# Files

def from_documents(user, content):
    return upload_document(user, "a.bin", content, "application/x-thing")["id"]


def from_upload(user, content):
    return upload_files(user, ("a.bin", content, "application/x-thing"))["files"][0]["key"]


def from_base64(family):
    def attach(user, content):
        kind = "contentType" if family == "messages" else "content_type"
        uid = send(family, user, to=["x@example.com"], subject="first", text="t", attachments=[
            {"filename": "a.bin", kind: "application/x-thing", "data_base64": as_base64(content)}])
        return shown(user, uid)["correspondence"]["attachments"][0]["document_id"]
    return attach


SOURCES = {"documents": from_documents, "upload": from_upload,
           **{f"base64 in {family}": from_base64(family) for family in FAMILIES}}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("family, spelling", [
    ("outbound", "{}"), ("outbound", "document_id"), ("email", "{}"), ("email", "document_id"),
    ("messages", "{}"), ("messages", "storageKey"), ("messages", "document_id")])
def test_a_file_goes_on_from_anywhere(server, user, source, family, spelling):
    content = unique(3000)
    key = SOURCES[source](user, content)
    attachment = key if spelling == "{}" else {spelling: key}
    mail = {"to": ["a@example.com"], "subject": "again", "text": "t"}
    uid = send(family, user, **mail, attachments=[attachment])
    assert shown(user, uid) == expected(user, uid, **mail,
                                        files=[("a.bin", "application/x-thing", 3000)])
    assert shown(user, uid)["messages"]["attachments"][0]["storageKey"] == key
    delivered = next(one for one in server.mails(user.address) if one["Subject"] == "again")
    [file] = delivered.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (
        "a.bin", "application/x-thing", content)
    assert user.get(f"/api/v1/documents/{key}/download").content == content
    assert user.get("/api/messages/download", params={"key": key}).content == content


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_attached_is_read_back_and_written_as_it_was(user, family):
    """The very object that a family shows is taken by that family."""
    mail = {"to": ["a@example.com"], "subject": "s", "text": "t"}
    first = send("email", user, **mail, **ATTACHED)
    view = "record" if family == "email" else {"outbound": "correspondence"}.get(family, family)
    second = send(family, user, **mail, attachments=shown(user, first)[view]["attachments"])
    assert shown(user, second) == expected(user, second, **mail, files=[FILE])


# Threads

def answer_chain(user, uid):
    view = shown(user, uid)["email"]
    return view["message_id"], view["in_reply_to"], (view["references"] or "").split()


@pytest.mark.parametrize("first, second, third", list(itertools.product(FAMILIES, repeat=3)))
def test_a_conversation_of_two_in_three_families(server, user, first, second, third):
    """The question in one family, the answer in another, by somebody else, then one more."""
    bob = user_with_mailbox(server)
    question = send(first, user, to=[bob.address], subject="Lunch?", text="At noon?")
    [got] = said(bob.get(CORRESPONDENCE))["data"]
    answer = send(second, bob, to=[user.address], subject="Re: Lunch?", text="Yes.",
                  answers=uid_of(got["id"]))
    received = said(user.get(CORRESPONDENCE, params={"direction": "inbound",
                                                     "view": "full"}))["data"]
    assert [one["body_text"].strip() for one in received] == ["Yes."]
    last = send(third, user, to=[bob.address], subject="Re: Lunch?", text="Good.",
                answers=uid_of(received[0]["id"]))
    one, two, three = (answer_chain(person, uid) for person, uid in (
        (user, question), (bob, answer), (user, last)))
    assert one[1:] == (None, [])
    assert two[1:] == (one[0], [one[0]])
    assert three[1:] == (two[0], [one[0], two[0]])
    for person in (user, bob):
        [conversation] = said(person.get("/api/conversation"))["conversations"]
        messages = said(person.get(f"/api/conversation/{conversation['_id']}"))["messages"]
        assert [message["body"].strip() for message in messages] == ["At noon?", "Yes.", "Good."]
        seen = said(person.get(f"/api/conversations/{conversation['_id']}"))["data"]["messages"]
        assert [message["uid"] for message in seen] == [message["_id"] for message in messages]
        listed = said(person.get(CORRESPONDENCE, params={"conversation_id": conversation["_id"]}))
        assert {uid_of(record["id"]) for record in listed["data"]} == {
            message["_id"] for message in messages}


@pytest.mark.parametrize("made, changed, sent", [
    (made, changed, sent) for made in WRITERS for changed in CHANGES for sent in WRITERS])
def test_a_reply_that_was_drafted_stays_one(server, user, made, changed, sent):
    got = receive(user)
    field = {"outbound": "reply_to_correspondence_id", "email": "reply_to_message_uid"}
    path = {"outbound": f"{OUTBOUND}/drafts", "email": f"{EMAIL}/drafts"}
    reply = said(user.post(path[made], json={
        **in_words_of(made, {"to": ["jane@client.example"], "text": "Here."}),
        field[made]: got["_id"]}), 201)
    uid = reply["uid"] if made == "email" else uid_of(reply["id"])
    for family in WRITERS:
        view = said(user.get(f"{path[family]}/{uid}"))
        assert view[field[family]] == (got["_id"] if family == "email"
                                       else outbound_id("corr", got["_id"]))
    change(changed, user, uid, text="Here it is.")
    send_draft(sent, user, uid)
    [mail] = server.mails(user.address)
    assert (mail["In-Reply-To"], mail["References"], mail["Subject"]) == (
        got["id"], got["id"], "Re: Contract")
    assert mail.get_content().strip() == "Here it is."
    messages = said(user.get(f"/api/conversation/{got['conversationId']}"))["messages"]
    assert [message["_id"] for message in messages] == [got["_id"], uid]


@pytest.mark.parametrize("family", FAMILIES)
def test_an_envelope_of_a_mail_of_any_family(server, user, family):
    """What was sent in any family can be answered and passed on in the outbound one."""
    uid = send(family, user, to=["a@example.com"], subject="Contract", text="Hello.",
               attachments=[{"filename": "a.txt", "data_base64": as_base64(b"hello")}])
    reply = said(user.post(f"{OUTBOUND}/reply-envelope", json={"correspondence_id": uid}))
    assert (reply["to"], reply["subject"], reply["body_text"]) == (
        ["a@example.com"], "Re: Contract", holding("> Hello."))
    sent = said(user.post(f"{OUTBOUND}/send", json=reply))
    assert said(user.get(f"{EMAIL}/outbound/{sent['id']}"))["conversation_uid"] == \
        said(user.get(f"{EMAIL}/outbound/{uid}"))["conversation_uid"]
    forward = said(user.post(f"{OUTBOUND}/forward-envelope", json={"correspondence_id": uid}))
    assert (forward["subject"], len(forward["attachments"])) == ("Fwd: Contract", 1)
    said(user.post(f"{OUTBOUND}/send", json={**forward, "to": ["x@example.com"]}))
    [file] = server.mails(user.address)[-1].iter_attachments()
    assert file.get_payload(decode=True) == b"hello"
