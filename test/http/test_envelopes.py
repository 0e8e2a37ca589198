"""Pre-filled replies and forwards: what they hold, and that they can be posted as they are.

covers: src/api/outbound_envelopes.c
"""
import pytest

from people import new_token, new_user
from received import receive, user_with_mailbox
from shapes import CORR_ID, DOC_ID, DRAFT_ID, SECONDS, holding, outbound_error, said

OUTBOUND = "/api/v1/email/outbound"
CORRESPONDENCE = "/api/v1/email/correspondence"
NOBODYS = "corr_01J00000000000000000000000"


@pytest.fixture
def user(server):
    return user_with_mailbox(server)


def envelope(user, kind, message, status=200, **more):
    identifier = message["_id"] if isinstance(message, dict) else message
    return said(user.post(f"{OUTBOUND}/{kind}-envelope",
                          json={"correspondence_id": identifier, **more}), status)


def shown(user, identifier):
    return said(user.get(f"{CORRESPONDENCE}/{identifier}"))


def send(user, **fields):
    return said(user.post(f"{OUTBOUND}/send", json=fields))


def last_mail(server, user):
    return server.mails(user.address)[-1]


READ_ONLY = {"id": None, "status": "draft", "version": 0, "created_at": None, "updated_at": None}


def test_a_reply(user):
    got = receive(user, text="Where is it?\n")
    assert envelope(user, "reply", got) == {
        **READ_ONLY, "from": user.address, "to": ['"Jane Doe" <jane@client.example>'], "cc": [],
        "bcc": [], "subject": "Re: Contract", "body_html": holding("Jane Doe", "Where is it?"),
        "body_text": holding("Jane Doe", "> Where is it?"), "attachments": [], "case_id": None,
        "from_account_id": user.account, "reply_to_correspondence_id": CORR_ID}


def test_a_reply_to_all(user):
    got = receive(user, To=f"{user.address}, Tim <tim@client.example>",
                  Cc="jane@client.example, Kim <kim@client.example>")
    alone = envelope(user, "reply", got, reply_all=False)
    everybody = envelope(user, "reply", got, reply_all=True)
    assert (alone["to"], alone["cc"]) == (['"Jane Doe" <jane@client.example>'], [])
    assert everybody["to"] == ['"Jane Doe" <jane@client.example>']
    assert everybody["cc"] == ['"Tim" <tim@client.example>', '"Kim" <kim@client.example>']


def test_ones_own_addresses_are_left_out(server, user):
    """All mailboxes that he has connected; those of others are recipients like any."""
    second, other = f"second.{user.address}", new_user(server)
    server.tool("account", "add", "sandbox", "--user", user.address, "--email", second)
    got = receive(user, To=f"{user.address}, {second.upper()}, {other.address}")
    reply = envelope(user, "reply", got, reply_all=True)
    assert (reply["to"], reply["cc"]) == (['"Jane Doe" <jane@client.example>'], [other.address])


def test_reply_to_is_where_an_answer_goes(user):
    got = receive(user, Reply_To="Desk <desk@client.example>")
    assert envelope(user, "reply", got)["to"] == ['"Desk" <desk@client.example>']


def test_a_reply_to_ones_own_mail(user):
    sent = send(user, to=["a@example.com"], bcc=["b@example.com"], subject="s", body_text="t")
    reply = envelope(user, "reply", sent["id"])
    assert (reply["to"], reply["bcc"], reply["subject"]) == (["a@example.com"], [], "Re: s")
    assert reply["reply_to_correspondence_id"] == sent["id"]


def test_a_forward(user):
    got = receive(user, text="Where is it?\n", Cc="kim@client.example",
                  files=[("a.pdf", b"%PDF"), ("b.pdf", b"%PDF-2")])
    forward = envelope(user, "forward", got)
    files = [{"document_id": DOC_ID, "filename": name, "content_type": "application/pdf",
              "size_bytes": size} for name, size in (("a.pdf", 4), ("b.pdf", 6))]
    assert forward == {
        **READ_ONLY, "from": user.address, "to": [], "cc": [], "bcc": [],
        "subject": "Fwd: Contract", "body_html": holding("Jane Doe", "Where is it?"),
        "body_text": holding("Jane Doe", "Where is it?"), "attachments": files, "case_id": None,
        "from_account_id": user.account}


def test_the_quoted_original_is_harmless(user):
    got = receive(user, html='<p onclick="x()">Hi<script>alert(1)</script></p>')
    for kind in ("reply", "forward"):
        html = envelope(user, kind, got)["body_html"]
        assert "Hi" in html and "script" not in html and "onclick" not in html


def test_a_prefix_comes_once(user):
    got = receive(user, Subject="AW: Re: Contract")
    assert envelope(user, "reply", got)["subject"] == "Re: Contract"
    assert envelope(user, "forward", got)["subject"] == "Fwd: Contract"


def test_the_case_is_kept(user):
    sent = send(user, to=["a@example.com"], subject="s", case_id="7")
    got = receive(user, answers=shown(user, sent["id"])["message_id"])
    for kind in ("reply", "forward"):
        assert envelope(user, kind, got)["case_id"] == "7"
        assert envelope(user, kind, sent["id"])["case_id"] == "7"


def test_a_conversations_case_is_a_replys(user):
    """As it is when the envelope is posted; the mail itself is of none any more."""
    sent = send(user, to=["a@example.com"], subject="s", case_id="7")
    draft = said(user.post(f"{OUTBOUND}/drafts", json={
        "to": ["a@example.com"], "reply_to_correspondence_id": sent["id"]}), 201)
    said(user.put(f"{OUTBOUND}/drafts/{draft['id']}", json={"case_id": None}))
    later = said(user.post(f"{OUTBOUND}/drafts/{draft['id']}/send"))
    assert shown(user, later["id"])["case_id"] is None
    reply, forward = envelope(user, "reply", later["id"]), envelope(user, "forward", later["id"])
    assert (reply["case_id"], forward["case_id"]) == ("7", None)


def test_nothing_is_stored(user):
    got = receive(user)
    for kind in ("reply", "forward"):
        envelope(user, kind, got)
    assert said(user.get(f"{OUTBOUND}/drafts"))["data"] == []
    assert len(said(user.get(CORRESPONDENCE))["data"]) == 1


# Passed on as they are

def test_a_reply_becomes_a_draft_and_leaves(server, user):
    got = receive(user, references=["<older@client.example>"])
    reply = envelope(user, "reply", got)
    draft = said(user.post(f"{OUTBOUND}/drafts", json=reply), 201)
    assert draft == {**reply, "id": DRAFT_ID, "version": 1, "created_at": SECONDS,
                     "updated_at": SECONDS}
    sent = said(user.post(f"{OUTBOUND}/drafts/{draft['id']}/send"))
    assert shown(user, sent["id"])["conversation_id"] == got["conversationId"]
    mail = last_mail(server, user)
    assert mail["In-Reply-To"] == got["id"]
    assert mail["References"].split() == ["<older@client.example>", got["id"]]


def test_a_reply_is_sent_at_once(server, user):
    got = receive(user, text="Where is it?\n")
    sent = send(user, **envelope(user, "reply", got))
    record = shown(user, sent["id"])
    assert record["conversation_id"] == got["conversationId"]
    assert record["reply_to_correspondence_id"] == shown(user, got["_id"])["id"]
    mail = last_mail(server, user)
    assert (mail["In-Reply-To"], mail["Subject"]) == (got["id"], "Re: Contract")
    assert "> Where is it?" in mail.get_body(("plain",)).get_content()


def test_a_forward_becomes_a_draft_and_leaves(server, user):
    got = receive(user, files=[("a.pdf", b"%PDF")])
    forward = envelope(user, "forward", got)
    draft = said(user.post(f"{OUTBOUND}/drafts", json=forward), 201)
    assert draft == {**forward, "id": DRAFT_ID, "version": 1, "created_at": SECONDS,
                     "updated_at": SECONDS}
    sent = send(user, **{**forward, "to": ["x@example.com"]})
    record = shown(user, sent["id"])
    assert record["conversation_id"] not in (None, got["conversationId"])
    mail = last_mail(server, user)
    assert (mail["In-Reply-To"], mail["References"], mail["To"]) == (None, None, "x@example.com")
    [attached] = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("a.pdf", b"%PDF")


def test_an_unknown_key_is_still_refused(user):
    reply = envelope(user, "reply", receive(user))
    refused = said(user.post(f"{OUTBOUND}/drafts", json={**reply, "mood": "good"}), 400)
    assert refused == outbound_error("VALIDATION_ERROR", holding("mood"), field="mood")


# From which mailbox

def test_a_reply_leaves_from_its_conversations_mailbox(server, user):
    second = f"second.{user.address}"
    server.tool("account", "add", "sandbox", "--user", user.address, "--email", second)
    accounts = said(user.get("/api/email/accounts"))["accounts"]
    [other] = [one for one in accounts if one["emailAddress"] == second]
    user.account, first = other["_id"], user.account
    got = receive(user, To=second)
    reply, forward = envelope(user, "reply", got), envelope(user, "forward", got)
    assert (reply["from"], reply["from_account_id"]) == (second, other["_id"])
    assert (forward["from"], forward["from_account_id"]) == (user.address, first)
    sent = send(user, **reply)
    assert shown(user, sent["id"])["from"] == second


def test_without_a_mailbox(server, user):
    got = receive(user)
    said(user.delete(f"/api/email/accounts/{user.account}"))
    forward = envelope(user, "forward", got)
    assert forward["from_account_id"] is None and "from" not in forward
    refused = envelope(user, "reply", got, 400)
    assert refused == outbound_error("VALIDATION_ERROR", holding(user.address, "disconnected"),
                                     field="correspondence_id")


# What cannot be answered

def test_a_mail_without_an_id_cannot_be_answered(user):
    got = receive(user, Message_ID=None)
    refused = envelope(user, "reply", got, 400)
    assert refused == outbound_error("VALIDATION_ERROR", holding("Message-ID"),
                                     field="correspondence_id")
    assert envelope(user, "forward", got)["subject"] == "Fwd: Contract"


def test_a_mail_of_nobody_cannot_be_answered(user):
    got = receive(user, From=None, To=None)
    assert envelope(user, "reply", got, 400) == outbound_error("VALIDATION_ERROR", holding("whom"),
                                                               field="to")


def test_what_has_not_left_cannot_be_answered(user):
    refused = said(user.post(f"{OUTBOUND}/send",
                             json={"to": "a+refused@example.com", "subject": "s"}), 502)
    identifier = refused["error"]["details"]["id"]
    assert envelope(user, "reply", identifier, 400) == outbound_error(
        "VALIDATION_ERROR", holding("failed"), field="correspondence_id")


@pytest.mark.parametrize("kind", ["reply", "forward"])
def test_what_is_not_there(server, user, kind):
    missing = outbound_error("CORRESPONDENCE_NOT_FOUND")
    draft = said(user.post(f"{OUTBOUND}/drafts", json={"subject": "s"}), 201)
    got = receive(user)
    assert envelope(user, kind, NOBODYS, 404) == missing
    assert envelope(user, kind, "x", 404) == missing
    assert envelope(user, kind, draft["id"], 404) == missing
    for other in (new_user(server), new_user(server, organization="Elsewhere")):
        assert envelope(other, kind, got, 404) == missing


@pytest.mark.parametrize("kind, body, field", [
    ("reply", {}, "correspondence_id"), ("forward", {}, "correspondence_id"),
    ("reply", {"correspondence_id": 7}, "correspondence_id"),
    ("reply", {"correspondence_id": NOBODYS, "reply_all": "yes"}, "reply_all"),
    ("forward", {"correspondence_id": NOBODYS, "reply_all": "yes"}, "reply_all"),
])
def test_bodies_are_checked(user, kind, body, field):
    refused = said(user.post(f"{OUTBOUND}/{kind}-envelope", json=body), 400)
    assert refused == outbound_error("VALIDATION_ERROR", holding(field), field=field)


def test_scopes(server, user):
    got = receive(user)
    robot = server.client(new_token(server, user.address, "inbox:draft", "inbox:read"))
    blind = server.client(new_token(server, user.address, "inbox:draft"))
    reader = server.client(new_token(server, user.address, "inbox:read"))
    assert envelope(robot, "reply", got)["to"] == ['"Jane Doe" <jane@client.example>']
    assert envelope(blind, "reply", got, 403) == outbound_error("AUTH_INSUFFICIENT_SCOPE",
                                                                holding("inbox:read"))
    refused = envelope(reader, "reply", got, 403)
    assert refused == outbound_error("AUTH_INSUFFICIENT_SCOPE", holding("inbox:write"))
