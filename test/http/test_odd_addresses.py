"""Addresses against the rules: what is read can be written, and is written so that it arrives.

covers: src/mime/addr_spec.c src/mime/address_list.c
"""
import itertools

import pytest

from mailboxes import connect
from received import IMPORT, user_with_mailbox
from shapes import outbound_error, said

OUTBOUND = "/api/v1/email/outbound"
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def user(server):
    return user_with_mailbox(server)


def take(user, *fields):
    lines = [*fields, "Subject: Contract", f"Message-ID: <{next(numbers)}@odd.example>", "", "Hi.", ""]
    return said(user.post(IMPORT, params={"account": user.account}, data="\r\n".join(lines).encode(),
                          headers={"Content-Type": "message/rfc822"}), 201)["message"]["_id"]


def answer(user, identifier, **more):
    return said(user.post(f"{OUTBOUND}/reply-envelope",
                          json={"correspondence_id": identifier, **more}))


def leaves(server, user, envelope):
    """The envelope becomes a draft as it is, and the draft a mail; the headers of that."""
    draft = said(user.post(f"{OUTBOUND}/drafts", json=envelope), 201)
    assert (draft["to"], draft["cc"]) == (envelope["to"], envelope["cc"])
    said(user.post(f"{OUTBOUND}/drafts/{draft['id']}/send"))
    return server.mails(user.address)[-1]


@pytest.mark.parametrize("field, shown", [
    ("From: Rita <rita..v@docomo.ne.jp>", '"Rita" <"rita..v"@docomo.ne.jp>'),
    ("From: rita.@ezweb.ne.jp", '"rita."@ezweb.ne.jp'),
    ("From: .rita@ezweb.ne.jp", '".rita"@ezweb.ne.jp'),
    ("From: <\"rita..v\"@docomo.ne.jp>", '"rita..v"@docomo.ne.jp'),
    ("From: rita@client.example.", "rita@client.example"),
    ("From: rita@client..example", "rita@client.example"),
    ("From: rita@exa_mple.example", "rita@exa_mple.example"),
    ("From: rita @client.example", "rita@client.example"),
    ("From: Rita <rita @ client . example>", '"Rita" <rita@client.example>'),
    ("From: rita(home)@client.example (Rita V.)", '"Rita V." <rita@client.example>'),
    ("From: \"rita\"@client.example", "rita@client.example"),
    (f"From: {'r' * 70}@client.example", f"{'r' * 70}@client.example"),
    ("From: =?utf-8?Q?Web_Shop_=3Cshop=40client=2Eexample=3E?=", '"Web Shop" <shop@client.example>'),
    ("From: \"Web Shop <shop@client.example>\"", '"Web Shop" <shop@client.example>'),
    ("From: Rita rita@client.example", '"Rita" <rita@client.example>'),
    ("Sender: Rita <rita@client.example>", '"Rita" <rita@client.example>'),
    ("From: nobody\r\nSender: rita@client.example", "rita@client.example"),
    ("From: shop@client.example\r\nReply-To: rita..v@docomo.ne.jp", '"rita..v"@docomo.ne.jp'),
])
def test_the_sender_is_found_and_can_be_answered(server, user, field, shown):
    identifier = take(user, field, f"To: {user.address}")
    envelope = answer(user, identifier)
    assert envelope["to"] == [shown]
    mail = leaves(server, user, envelope)
    assert [str(address) for address in mail["To"].addresses][0].replace('"', "") == \
        shown.replace('"', "")


def test_one_in_a_copy_spoils_nothing(server, user):
    identifier = take(user, "From: rita@client.example", f"To: {user.address}, pat@client.example",
                      "Cc: hana..k@docomo.ne.jp kim@client.example.")
    envelope = answer(user, identifier, reply_all=True)
    assert (envelope["to"], envelope["cc"]) == (
        ["rita@client.example"], ["pat@client.example", '"hana..k"@docomo.ne.jp', "kim@client.example"])
    leaves(server, user, envelope)


@pytest.mark.parametrize("typed, meant", [
    ("rita..v@docomo.ne.jp", ['"rita..v"@docomo.ne.jp']),
    ("Kim <kim@client.example.>", ['"Kim" <kim@client.example>']),
    ("kim @client.example", ["kim@client.example"]),
    ("John Doe (Sales) <john@client.example>", ['"John Doe (Sales)" <john@client.example>']),
    ("a@client.example b@client.example", ["a@client.example", "b@client.example"]),
    ("Ann <a@client.example> Bob <b@client.example>",
     ['"Ann" <a@client.example>', '"Bob" <b@client.example>']),
    ("=?utf-8?Q?Web_Shop_=3Cshop=40client=2Eexample=3E?=", ['"Web Shop" <shop@client.example>']),
    (["rita..v@docomo.ne.jp", '"rita..v"@DOCOMO.ne.jp'],
     ['"rita..v"@docomo.ne.jp', '"rita..v"@docomo.ne.jp']),
])
def test_the_same_is_forgiven_when_typed(user, typed, meant):
    draft = said(user.post(f"{OUTBOUND}/drafts", json={"to": typed, "subject": "s"}), 201)
    assert draft["to"] == meant


@pytest.mark.parametrize("typed", ["rita at client", "a@client..example", "a@-b.example", "a@b@c.example",
                                   "x y a@client.example"])
def test_what_is_no_address_is_refused(user, typed):
    reply = said(user.post(f"{OUTBOUND}/drafts", json={"to": [typed], "subject": "s"}), 400)
    assert reply == outbound_error("VALIDATION_ERROR", f"to[0] {typed} is not an email address",
                                   field="to[0]")


def test_a_server_hears_the_quoted_form(server, smtp_server):
    mailbox = connect(server, smtp_server)
    mailbox.send(to=["rita..v@docomo.ne.jp", '"rita..v"@docomo.ne.jp', "kim@client.example."])
    [mail] = smtp_server.accepted
    assert mail.recipients == ["rita..v@docomo.ne.jp", "kim@client.example"]  # as the peer reads it
    assert b'To: "rita..v"@docomo.ne.jp, "rita..v"@docomo.ne.jp, kim@client.example\r\n' in mail.content


def test_a_server_that_knows_quotes_alone(server, smtp_server):
    """The peer finds the address in its own list by the very words of the command."""
    smtp_server.fail("rcpt", "550 5.1.1 gone", address='"rita..v"@docomo.ne.jp')
    mailbox = connect(server, smtp_server)
    reply = mailbox.user.post(f"{OUTBOUND}/send", json={
        "from_account_id": mailbox.account["_id"], "to": ["rita..v@docomo.ne.jp"], "subject": "s",
        "body_text": "t"})
    assert "550 5.1.1 gone" in said(reply, 502)["error"]["message"]
