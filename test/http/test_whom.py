"""Whom an answer reaches: one's own mail and addresses, several authors, copies.

covers: src/message/answer.c
"""
import itertools

import pytest

from received import IMPORT, user_with_mailbox
from shapes import said

numbers = itertools.count(1)


@pytest.fixture(scope="module")
def user(server):
    return user_with_mailbox(server)


def answers(user, fields):
    """What is filled in for an answer, and for one to all: (to, cc) each."""
    local, _, domain = user.address.partition("@")
    lines = [*fields, "Subject: s", f"Message-ID: <{next(numbers)}@whom.example>", "", "Hi.", ""]
    raw = "\r\n".join(lines).format(me=user.address, tagged=f"{local}+crm@{domain}",
                                    other=f"{local}.x@{domain}")
    got = said(user.post(IMPORT, params={"account": user.account}, data=raw.encode(),
                         headers={"Content-Type": "message/rfc822"}), 201)["message"]["_id"]
    envelopes = [said(user.post("/api/v1/email/outbound/reply-envelope",
                                json={"correspondence_id": got, "reply_all": to_all}))
                 for to_all in (False, True)]
    return [(" ".join(found["to"]), " ".join(found["cc"])) for found in envelopes]


@pytest.mark.parametrize("fields, one, to_all", [
    # one's own, from elsewhere
    (["From: {me}", "To: a@x.example, b@x.example", "Cc: c@x.example", "Reply-To: Me <{me}>"],
     ("a@x.example b@x.example", ""), ("a@x.example b@x.example", "c@x.example")),
    (["From: {tagged}", "To: a@x.example", "Reply-To: {me}, {tagged}"],
     ("a@x.example", ""), ("a@x.example", "")),
    (["From: {me}", "To: a@x.example", "Cc: {tagged}", "Reply-To: boss@x.example"],
     ("boss@x.example", ""), ("boss@x.example", "a@x.example")),
    # a form
    (["From: {me}", "To: {tagged}", "Reply-To: visitor@x.example, {tagged}"],
     ("visitor@x.example", ""), ("visitor@x.example", "")),
    # somebody else's
    (["From: a@x.example", "To: {tagged}, b@x.example", "Cc: {me}, c@x.example"],
     ("a@x.example", ""), ("a@x.example", "b@x.example c@x.example")),
    (["From: a@x.example, b@x.example", "To: {me}"],
     ("a@x.example b@x.example", ""), ("a@x.example b@x.example", "")),
    (["From: {me}, b@x.example", "To: c@x.example"],
     ("b@x.example", ""), ("b@x.example", "c@x.example")),
    (["From: a@x.example, b@x.example", "Reply-To: c@x.example", "To: {me}"],
     ("c@x.example", ""), ("c@x.example", "")),
    (["From: {other}", "To: {me}"], ("{other}", ""), ("{other}", "")),
])
def test_whom_an_answer_reaches(user, fields, one, to_all):
    local, _, domain = user.address.partition("@")
    other = f"{local}.x@{domain}"
    assert answers(user, fields) == [tuple(text.format(other=other) for text in one),
                                     tuple(text.format(other=other) for text in to_all)]
