"""The language and the time zone of a mailbox, in which answers say who wrote and when.

covers: src/message/manner.c src/mime/zone.c
"""
import json

import pytest

from received import IMPORT, receive, user_with_mailbox
from shapes import holding, messages_error, refusal, said

ACCOUNTS = "/api/email/accounts"
OUTBOUND = "/api/v1/email/outbound"
NOON = 1750000000  # 2025-06-15 15:06:40 UTC


@pytest.fixture
def user(server):
    return user_with_mailbox(server)


def set_manner(user, status=200, **fields):
    return said(user.patch(f"{ACCOUNTS}/{user.account}", json=fields), status)


def quoted(user, kind, message):
    draft = said(user.post(f"{OUTBOUND}/{kind}-envelope", json={"correspondence_id": message["_id"]}))
    return draft["body_text"].strip().splitlines(), draft["body_html"]


@pytest.mark.parametrize("fields, head", [
    ({}, "On 15 June 2025 at 15:06 UTC, Jane Doe <jane@client.example> wrote:"),
    ({"timezone": "Europe/Berlin"}, "On 15 June 2025 at 17:06 UTC+2, Jane Doe <jane@client.example> wrote:"),
    ({"language": "de", "timezone": "europe/berlin"},
     "Am 15. Juni 2025 um 17:06 UTC+2 schrieb Jane Doe <jane@client.example>:"),
    ({"language": "fr"}, "Le 15 juin 2025 à 15:06 UTC, Jane Doe <jane@client.example> a écrit :"),
    ({"language": "ja", "timezone": "Asia/Tokyo"},
     "2025年6月16日 0:06 UTC+9、Jane Doe <jane@client.example> のメール:"),
    ({"language": "uk"}, "15 червня 2025 р. о 15:06 UTC, Jane Doe <jane@client.example> пише:"),
    ({"language": "zh-TW"}, "2025年6月15日 15:06 UTC，Jane Doe <jane@client.example> 寫道："),
])
def test_the_head_of_a_reply(user, fields, head):
    if fields:
        shown = set_manner(user, **fields)["account"]
        assert shown["language"] == fields.get("language", "en")
        assert shown["timezone"] == fields.get("timezone", "UTC").replace("europe/b", "Europe/B")
    lines, html = quoted(user, "reply", receive(user, text="Where is it?\n"))
    assert lines == [head, "> Where is it?"]
    assert head.replace("<", "&lt;").replace(">", "&gt;") in html


@pytest.mark.parametrize("name, shown", [
    ('"Doe, Jane (Sales)"', '"Doe, Jane (Sales)"'), ('"Jane \\"JJ\\" Doe"', '"Jane \\"JJ\\" Doe"'),
    ("=?utf-8?q?Dvo=C5=99=C3=A1k=2C_Jan?=", '"Dvořák, Jan"'), ("=?utf-8?q?J=C3=BCrgen?=", "Jürgen"),
    ("Jane Doe", "Jane Doe")])
def test_names_keep_their_quotes(user, name, shown):
    raw = (f"From: {name} <jane@client.example>\r\nMessage-ID: <{abs(hash(name))}@x.example>\r\n"
           "Date: Sun, 15 Jun 2025 15:06:40 +0000\r\n\r\nx\r\n")
    got = said(user.post(IMPORT, params={"account": user.account}, data=raw.encode(),
                         headers={"Content-Type": "message/rfc822"}), 201)["message"]
    lines, html = quoted(user, "reply", got)
    assert lines[0] == f"On 15 June 2025 at 15:06 UTC, {shown} <jane@client.example> wrote:"
    assert shown.replace('"', "&quot;") in html


def test_the_head_of_a_forward(user):
    set_manner(user, language="de-AT", timezone="Europe/Vienna")
    got = receive(user, text="Where is it?\n", Cc="kim@client.example")
    lines, _ = quoted(user, "forward", got)
    assert lines == ["---------- Weitergeleitete Nachricht ----------",
                     "Von: Jane Doe <jane@client.example>", "Datum: 15. Juni 2025 um 17:06 UTC+2",
                     "Betreff: Contract", f"An: {user.address}", "Cc: kim@client.example", "",
                     "Where is it?"]


@pytest.mark.parametrize("language", ["de", "ja", "ru", "zh"])
def test_a_signature_stands_above_the_quote(server, user, language):
    """Wherever it is, the head is known for what it is."""
    set_manner(user, language=language, appendSignature=True, signatureText="Ann Example")
    got = receive(user, text="Where is it?\n")
    draft = said(user.post(f"{OUTBOUND}/reply-envelope", json={"correspondence_id": got["_id"]}))
    said(user.post(f"{OUTBOUND}/send", json={**draft, "body_html": None,
                                             "body_text": f"Here.{draft['body_text']}\nBelow.\n"}))
    text = server.mails(user.address)[-1].get_content()
    assert text.index("Here.") < text.index("Ann Example") < text.index("Jane Doe") < text.index("Below.")


@pytest.mark.parametrize("field, value", [
    ("language", "tlh"), ("language", "deutsch"), ("language", "../en"), ("language", 7),
    ("timezone", "CEST"), ("timezone", "Europe"), ("timezone", "../../etc/passwd"),
    ("timezone", "Europe/Berlin\n"), ("timezone", ["UTC"])])
def test_what_is_refused(user, field, value):
    refused = set_manner(user, 400, **{field: value})
    assert refused == refusal("messages", 400, holding(field))
    made = user.post(ACCOUNTS, json={"provider": "sandbox", "emailAddress": f"x.{user.address}",
                                     field: value})
    assert said(made, 400) == messages_error("BAD_REQUEST", holding(field))
    assert said(user.get(ACCOUNTS))["accounts"][0][field] == {"language": "en", "timezone": "UTC"}[field]


def test_it_is_set_when_a_mailbox_is_connected(server, user):
    made = said(user.post(ACCOUNTS, json={
        "provider": "sandbox", "emailAddress": f"second.{user.address}", "language": "sv",
        "timezone": "Europe/Stockholm"}), 201)["account"]
    assert (made["language"], made["timezone"]) == ("sv", "Europe/Stockholm")
    again = set_manner(user, language=None, timezone=None)["account"]
    assert (again["language"], again["timezone"]) == ("en", "UTC")
    shown = json.loads(server.tool("account", "add", "sandbox", "--user", user.address, "--email",
                                   f"third.{user.address}", "--language", "pl", "--timezone",
                                   "Europe/Warsaw", "--json"))
    assert (shown["language"], shown["timezone"]) == ("pl", "Europe/Warsaw")
