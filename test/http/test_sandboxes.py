"""Sandbox mailboxes deliver to those of their own organization, and to no other's.

covers: src/delivery/loopback.c
"""
import pathlib
import sqlite3

import pytest

from people import ALL, new_user
from shapes import messages_error, said

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
APART = ROOT / "sql/migrations/0010_apart.sql"
ACCOUNTS, CONVERSATIONS, SEND = "/api/email/accounts", "/api/conversation", "/api/email/send"
MESSAGES = "/api/email/messages/send"


@pytest.fixture(name="ann")
def fixture_ann(server):
    return new_user(server)


@pytest.fixture(name="bob")
def fixture_bob(server):
    """A colleague of ann's."""
    return new_user(server)


@pytest.fixture(name="eve")
def fixture_eve(server):
    """The administrator of another organization."""
    return new_user(server, ALL, organization="Elsewhere", mailbox=False)


def claim(user, address):
    return said(user.post(ACCOUNTS, json={"provider": "sandbox", "emailAddress": address}),
                201)["account"]


def send(user, to, subject):
    """By a family's call; the mail has left when it returns."""
    said(user.post(SEND, json={"from_account_id": said(user.get(ACCOUNTS))["accounts"][0]["_id"],
                               "to": [to], "subject": subject, "body_text": "salary list"}))


def subjects(user):
    found = said(user.get(CONVERSATIONS))["conversations"]
    return sorted(one["subject"] for one in found)


def answers(user, conversation):
    return [message["body"].strip()
            for message in said(user.get(f"{CONVERSATIONS}/{conversation}"))["messages"]]


@pytest.mark.parametrize("spelled", [str, str.upper, str.title])
def test_what_is_sent_stays_in_the_organization(ann, bob, eve, spelled):
    claim(eve, spelled(bob.address))
    send(ann, bob.address, "PAYROLL")
    send(ann, bob.address.upper(), "PAYROLL again")
    assert subjects(bob) == ["PAYROLL", "PAYROLL again"]
    assert said(eve.get(CONVERSATIONS)) == {
        "conversations": [], "page": 1, "size": 20, "total": 0, "totalPages": 0}


def test_nobody_answers_in_another_organizations_name(ann, bob, eve):
    sent = said(ann.post(MESSAGES, json={"from": ann.address, "to": bob.address,
                                         "subject": "Lunch?", "body": "At noon?"}))
    claim(eve, bob.address)
    [theirs] = said(bob.get(CONVERSATIONS))["conversations"]
    for body in ({"subject": "Re: Lunch?"}, {"threadId": theirs["channelIdentifier"]}):
        reply = eve.post(MESSAGES, json={"from": bob.address, "to": ann.address, "body": "EVIL",
                                         **body})
        assert reply.status_code in (200, 404)
    message_id = said(ann.get(f"{CONVERSATIONS}/{sent['conversationId']}"))["messages"][0][
        "emailMetadata"]["messageId"]
    said(eve.post(MESSAGES, json={"from": bob.address, "to": ann.address, "subject": "Re: Lunch?",
                                  "body": "EVIL", "inReplyTo": message_id}))
    assert answers(ann, sent["conversationId"]) == ["At noon?"]
    assert subjects(ann) == ["Lunch?"]


def test_strangers_do_not_write_to_each_other(ann, eve):
    claim(eve, "eve@" + ann.address.partition("@")[2])
    send(eve, ann.address, "Buy this")
    send(ann, "eve@" + ann.address.partition("@")[2], "No")
    assert subjects(ann) == ["No"] and subjects(eve) == ["Buy this"]
    assert all(message["isIncoming"] is False
               for user in (ann, eve) for one in said(user.get(CONVERSATIONS))["conversations"]
               for message in said(user.get(f"{CONVERSATIONS}/{one['_id']}"))["messages"])


def test_within_the_other_organization_it_works(ann, eve):
    """The same address twice, and neither organization learns of the other's."""
    address = f"shared.{ann.address}"
    claim(eve, f"first.{ann.address}")
    claim(ann, address)
    claim(eve, address)
    send(eve, address, "For eve")
    assert subjects(eve) == ["For eve", "For eve"] and subjects(ann) == []
    messages = [message for one in said(eve.get(CONVERSATIONS))["conversations"]
                for message in said(eve.get(f"{CONVERSATIONS}/{one['_id']}"))["messages"]]
    assert sorted(message["isIncoming"] for message in messages) == [False, True]


def test_the_folders_are_apart(server, ann, eve):
    """The first one keeps DIR/sandbox/<address>."""
    claim(eve, ann.address)
    send(ann, "a@b.example", "Of ann")
    send(eve, "a@b.example", "Of eve")
    organization = server_row(server, "SELECT organization_id FROM users WHERE email = ?",
                              eve.address)
    assert [mail["Subject"] for mail in server.mails(ann.address)] == ["Of ann"]
    assert [mail["Subject"] for mail in server.mails(f"{organization}/{ann.address}")] == ["Of eve"]


def test_the_first_one_keeps_its_folder_also_when_it_comes_back(server, ann, eve):
    [first] = said(ann.get(ACCOUNTS))["accounts"]
    assert said(ann.delete(f"{ACCOUNTS}/{first['_id']}")) == {"success": True}
    claim(eve, ann.address)
    assert claim(ann, ann.address)["_id"] == first["_id"]
    send(eve, "a@b.example", "Of eve")
    send(ann, "a@b.example", "Of ann")
    assert [mail["Subject"] for mail in server.mails(ann.address)] == ["Of ann"]


def test_two_of_one_organization_share_it(server, ann, bob):
    claim(bob, ann.address)
    said(bob.post(MESSAGES, json={"from": ann.address, "to": "a@b.example", "subject": "Of bob",
                                  "body": "b"}))
    assert [mail["Subject"] for mail in server.mails(ann.address)] == ["Of bob"]


def test_a_stranger_can_neither_see_nor_change_it(ann, eve):
    [mailbox] = said(ann.get(ACCOUNTS))["accounts"]
    missing = messages_error("EMAIL_ACCOUNT_NOT_FOUND")
    claim(eve, ann.address)
    assert said(eve.delete(f"{ACCOUNTS}/{mailbox['_id']}"), 404) == missing
    assert said(ann.get(ACCOUNTS))["accounts"] == [mailbox]


def server_row(server, text, *values):
    with sqlite3.connect(server.data / "outtray.db") as connection:
        return connection.execute(text, values).fetchone()[0]


def test_mailboxes_of_former_versions():
    """Where two organizations have an address, the one that had it first keeps the folder."""
    scripts = sorted((ROOT / "sql/migrations").glob("*.sql"))
    before = [script for script in scripts if script.name < APART.name]
    connection = sqlite3.connect(":memory:")
    for script in before:
        connection.executescript(script.read_text())
    rows = [  # id, organization, provider, address, is_active, apart afterwards
        ("1", "one", "sandbox", "a@x.example", 0, 0), ("2", "two", "sandbox", "A@x.example", 1, 1),
        ("3", "one", "sandbox", "a@x.example", 1, 0), ("4", "two", "sandbox", "b@x.example", 1, 0),
        ("5", "one", "smtp", "b@x.example", 1, 0), ("6", "one", "sandbox", "b@x.example", 1, 1)]
    for identifier, organization, provider, address, is_active, _ in rows:
        connection.execute(
            "INSERT INTO accounts (id, organization_id, user_id, provider, email_address, "
            "is_default, is_active, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 0, ?, 0, 0)",
            (identifier, organization, organization, provider, address, is_active))
    connection.executescript(APART.read_text())
    assert connection.execute("SELECT id, is_apart FROM accounts ORDER BY id").fetchall() == [
        (row[0], row[5]) for row in rows]
