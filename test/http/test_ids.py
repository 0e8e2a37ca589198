"""Ids of received mail as other programs write them: what belongs together meets, and can be answered.

covers: src/mime/id_field.c src/message/incoming_ids.c
"""
import itertools

import pytest

from received import IMPORT, user_with_mailbox
from shapes import outbound_error, said

OUTBOUND = "/api/v1/email/outbound"
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def user(server):
    return user_with_mailbox(server)


def take(user, *fields, status=201):
    lines = ["From: Rita <rita@client.example>", f"To: {user.address}", "Subject: Contract",
             f"Date: Tue, 03 Nov 2026 09:{next(numbers) % 60:02}:00 +0100", *fields, "", "Hello.", ""]
    return said(user.post(IMPORT, params={"account": user.account}, data="\r\n".join(lines).encode(),
                          headers={"Content-Type": "message/rfc822"}), status)


def envelope(user, message, status=200):
    return said(user.post(f"{OUTBOUND}/reply-envelope",
                          json={"correspondence_id": message["message"]["_id"]}), status)


@pytest.mark.parametrize("field", [
    "In-Reply-To: {bare}",
    "In-Reply-To: <{bare}",
    "In-Reply-To: \"{bare}\"",
    "In-Reply-To: <x@else.example> <{bare}>",
    "In-Reply-To: <{bare}> <x@else.example>",
    "In-Reply-To: Your mail of Tue, 3 Nov, Rita <rita@client.example>, <{bare}>",
    "In-Reply-To: <{bare}> from Rita <rita@client.example>",
    "In-Reply-To: =?utf-8?q?=3C{quoted}=3E?=",
    "References: {bare} x@else.example",
    "References: x@else.example,{bare};",
    "References: =?utf-8?q?=3C{quoted}?=\r\n =?utf-8?q?=3E?=",
    "References: <x@else.example>\r\nReferences: <{bare}>",
    "References: <{split}>",
])
def test_an_answer_meets_what_it_answers(user, field):
    bare = f"start.{next(numbers)}@client.example"
    first = take(user, f"Message-ID: <{bare}>")
    field = field.format(bare=bare, quoted=bare.replace("@", "=40"), split=bare.replace("@", "@\r\n "))
    assert take(user, f"Message-ID: <{next(numbers)}@client.example>", field)["conversationId"] == \
        first["conversationId"]


@pytest.mark.parametrize("written, meant", [
    ("{n}a53c9f21a8e41f1", "<{n}a53c9f21a8e41f1>"),
    ("<{n}a53c9f>", "<{n}a53c9f>"),
    ("{n}@client.example", "<{n}@client.example>"),
    ("=?utf-8?q?=3C{n}=40client=2Eexample=3E?=", "<{n}@client.example>"),
    ("<{n}@>", "<{n}@>"),
])
def test_an_odd_id_can_be_answered(server, user, written, meant):
    number = next(numbers)
    meant = meant.format(n=number)
    got = take(user, f"Message-ID: {written.format(n=number)}")
    said(user.post(f"{OUTBOUND}/send", json={**envelope(user, got), "body_text": "Yes."}))
    mail = server.mails(user.address)[-1]
    assert (mail["In-Reply-To"], mail["References"]) == (meant, meant)
    again = take(user, f"Message-ID: <{next(numbers)}@client.example>", f"In-Reply-To: {meant}")
    assert again["conversationId"] == got["conversationId"]
    # What a family shows can be given back to it.
    said(user.post("/api/email/messages/send",
                   json={"from": user.address, "to": "a@example.com", "body": "x", "subject": "s",
                         "inReplyTo": meant, "references": meant}))


@pytest.mark.parametrize("fields", [[], ["Message-ID: <>"], ["Message-ID: none"]])
def test_a_mail_without_an_id_cannot_be_answered(user, fields):
    got = take(user, *fields)
    assert said(user.get(f"/api/v1/email/correspondence/{got['message']['_id']}"))["message_id"] is None
    assert envelope(user, got, 400) == outbound_error(
        "VALIDATION_ERROR",
        "correspondence_id names a mail without a Message-ID: no answer to it could be threaded",
        field="correspondence_id")
