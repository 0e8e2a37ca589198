"""Bodies that are refused, whole, with the family's own words and the field; nothing changes.

covers: src/api/failure.c src/api/request.c src/api/spelling.c src/model/email.c
"""
import json

import pytest

from people import new_user
from shapes import holding, refusal, said

# Where content comes in: family, method, path. {draft} stands for a draft that is there.
DOORS = {
    "outbound create": ("outbound", "POST", "/api/v1/email/outbound/drafts"),
    "outbound change": ("outbound", "PUT", "/api/v1/email/outbound/drafts/{draft}"),
    "outbound send": ("outbound", "POST", "/api/v1/email/outbound/send"),
    "email create": ("email", "POST", "/api/email/drafts"),
    "email change": ("email", "PATCH", "/api/email/drafts/{draft}"),
    "email send": ("email", "POST", "/api/email/send"),
    "messages send": ("messages", "POST", "/api/email/messages/send"),
}
OTHERS = {
    "signature": ("outbound", "PUT", "/api/v1/email/outbound/signature"),
    "send of a draft": ("outbound", "POST", "/api/v1/email/outbound/drafts/{draft}/send"),
    "account create": ("messages", "POST", "/api/email/accounts"),
    "account change": ("messages", "PATCH", "/api/email/accounts/{account}"),
}
FAMILY_OF_CONTEXT = ["email create", "email change", "email send"]


@pytest.fixture(scope="module")
def user(server):
    """With one draft, which no test of this file may change."""
    user = new_user(server)
    [account] = said(user.get("/api/email/accounts"))["accounts"]
    user.ids = {"account": account["_id"]}
    user.draft = said(user.post("/api/email/drafts", json={
        "from_account_id": account["_id"], "subject": "untouched"}), 201)
    user.ids["draft"] = user.draft["uid"]
    return user


def good(user, door):
    """A body that would be accepted."""
    body = {"to": ["a@example.com"], "subject": "s"}
    if door.startswith("email"):
        body["from_account_id"] = user.ids["account"]
    if door.startswith("messages"):
        body.update({"from": user.address, "body": "b"})
    return body


def refused(server, user, door, data, words, field=None):
    family, method, path = {**DOORS, **OTHERS}[door]
    reply = user.request(method, path.format(**user.ids), data=data,
                         headers={"Content-Type": "application/json"})
    assert said(reply, 400) == refusal(family, 400, holding(*words), field)
    assert said(user.get("/api/email/drafts")) == {"items": [user.draft], "count": 1}
    assert said(user.get("/api/email/outbound"))["count"] == 1
    assert len(said(user.get("/api/email/accounts"))["accounts"]) == 1
    assert server.mails(user.address) == []
    assert [path for path in (server.data / "blobs").rglob("*") if path.is_file()] == []


# What is no JSON, or not of the kind that can be read

@pytest.mark.parametrize("door", [*DOORS, *OTHERS])
@pytest.mark.parametrize("text, words", [
    (b'{"subject": "x",}', ["line 1, column 17"]),
    (b'{"subject": "x"\n "to": []}', ["line 2, column"]),
    (b'{"subject": "x"', ["line 1, column", "ends too early"]),
    (b"{'subject': 'x'}", ["line 1, column 2"]),
    (b'{"subject": "x"} x', ["line 1, column", "something follows"]),
    (b'\xef\xbb\xbf{}', ["line 1, column"]),
    (b'{"subject": NaN}', ["line 1, column"]),
    (b'{"subject": "\xff"}', ["line 1, column", "UTF-8"]),
    (b'{"subject": "\xc0\x80"}', ["line 1, column", "UTF-8"]),
    (b'{"subject": "\\ud800"}', ["line 1, column"]),
    (b'{"subject": "\\u0000"}', ["line 1, column", "\\u0000"]),
    (b'{"sub\\u0000ject": "x"}', ["line 1, column", "\\u0000"]),
    (b'{"subject": "a", "subject": "b"}', ["line 1, column", "twice"]),
    (b'{"subject": "\x01"}', ["line 1, column"]),
    (b'{"subject": 1e999}', ["line 1, column", "too big"]),
    (b"\0", ["line 1, column"]),
    (b"[" * 10000, ["nested deeper"]),
    (b'{"a":' * 10000 + b"1" + b"}" * 10000, ["nested deeper"]),
    (b'{"subject": ' + b"[" * 10000 + b"]" * 10000 + b"}", ["nested deeper"]),
    (b"[]", ["must be an object"]),
    (b"null", ["the body must be an object"]),
    (b'"text"', ["the body must be an object"]),
], ids=repr)
def test_what_is_no_json_object(server, user, door, text, words):
    refused(server, user, door, text, words)


# Fields that every writer of content has

@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("fields, field, words", [
    ({"colour": "red"}, "colour", ["not a known field"]),
    ({"subject": 7}, "subject", ["must be"]),
    ({"subject": {}}, "subject", ["must be"]),
    ({"subject": ["x"]}, "subject", ["must be"]),
    ({"subject": "x" * 999}, "subject", ["998"]),
    ({"to": 7}, "to", ["list"]),
    ({"to": [7]}, "to[0]", ["an email address"]),
    ({"to": [{}]}, "to[0]", ["an email address"]),
    ({"to": ["a@example.com", "nobody"]}, "to[1]", ["nobody is not an email address"]),
    ({"to": ["a@example.com", "a@b@c"]}, "to[1]", ["a@b@c"]),
    ({"to": ["a@example.com", "a@-x.example"]}, "to[1]", ["a@-x.example"]),
    ({"to": ["a@example.com", ""]}, "to[1]", ["empty"]),
    ({"to": ["a@example.com", None]}, "to[1]", []),
    ({"to": "a@example.com, nobody"}, "to", ["not an email address"]),
    ({"to": "a@example.com; b@@example.com"}, "to[1]", ["b@@example.com is not"]),
    ({"to": ["Doe, Jane <jane@example.com>"]}, "to[0]", ["put the name in quotes"]),
    ({"to": ["an\u200bn@example.com"]}, "to[0]", ["an<U+200B>n@example.com", "invisible", "U+200B"]),
    ({"to": ["Ann\u202e <ann@example.com>"]}, "to[0]", ["<U+202E>", "direction"]),
    ({"to": ["a@example.com"] * 2001}, "to", ["2000"]),
    ({"cc": ["x"]}, "cc[0]", ["x"]),
    ({"bcc": ["x"]}, "bcc[0]", ["x"]),
    ({"subject": "a\r\nBcc: evil@example.com"}, "subject", ["one line"]),
    ({"subject": "a\nb"}, "subject", ["one line"]),
    ({"subject": "a\rb"}, "subject", ["one line"]),
    ({"subject": "a\x01b"}, "subject", ["control"]),
    ({"subject": "a\x7fb"}, "subject", ["control"]),
    ({"to": ['"a\r\nBcc: b" <a@example.com>']}, "to[0]", ["not an email address"]),
    ({"to": ["a@example.com\r\nBcc: b@example.com"]}, "to[0]", ["not an email address"]),
    ({"to": ["=?utf-8?q?a=0D=0ABcc:_b?= <a@example.com>"]}, "to[0]", ["not an email address"]),
    ({"attachments": {}}, "attachments", ["list"]),
    ({"attachments": [7]}, "attachments[0]", []),
    ({"attachments": [{}]}, "attachments[0]", ["data_base64"]),
    ({"attachments": [{"filename": "a", "data_base64": 7}]}, "attachments[0].data_base64", []),
    ({"attachments": [{"filename": "a", "data_base64": None}]}, "attachments[0]", []),
    ({"attachments": [{"data_base64": "YQ=="}, {"data_base64": "Y!=="}]},
     "attachments[1].data_base64", ["base64"]),
    ({"attachments": [{"data_base64": "YQ==YQ=="}]}, "attachments[0].data_base64", ["base64"]),
    ({"attachments": [{"data_base64": "Y"}]}, "attachments[0].data_base64", ["base64"]),
    ({"attachments": [{"data_base64": "YQ==", "path": "/etc/passwd"}]}, "attachments[0].path",
     ["not a known field"]),
    ({"attachments": [{"data_base64": "YQ==", "filename": "a\r\nX: y"}]},
     "attachments[0].filename", ["control"]),
    ({"attachments": [{"data_base64": "YQ==", "filename": "x" * 256}]},
     "attachments[0].filename", ["255"]),
    ({"attachments": [{"data_base64": "YQ==", "inline": "yes"}]}, "attachments[0].inline",
     ["true or false"]),
    ({"data_base64": "YQ=="}, "data_base64", ["not a known field"]),
], ids=lambda value: str(value)[:60])
def test_fields_of_content(server, user, door, fields, field, words):
    body = {**good(user, door), **fields}
    refused(server, user, door, json.dumps(body), [field, *words], field)


TYPE = {name: "contentType" if name.startswith("messages") else "content_type" for name in DOORS}
CONTENT_ID = {name: "contentId" if name.startswith("messages") else "content_id" for name in DOORS}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("names, value, words", [
    (TYPE, "text/plain\r\nX: y", ["type"]), (TYPE, "text/plain; charset", ["type"]), (TYPE, "*/*", ["type"]),
    (TYPE, "text", ["type"]), (TYPE, "text/" + "x" * 128, ["127"]),
    (CONTENT_ID, "a\r\nb", ["id"]), (CONTENT_ID, "<a@b>", ["id"]), (CONTENT_ID, "a b", ["id"]),
    (CONTENT_ID, "x" * 251, ["250"]), (CONTENT_ID, "ü", ["id"]),
])
def test_what_becomes_a_header_of_an_attachment(server, user, door, names, value, words):
    attachment = {"data_base64": "YQ==", names[door]: value}
    body = {**good(user, door), "attachments": [attachment]}
    field = f"attachments[0].{names[door]}"
    refused(server, user, door, json.dumps(body), [field, *words], field)


# Fields of one family

@pytest.mark.parametrize("door", FAMILY_OF_CONTEXT)
@pytest.mark.parametrize("fields, field, words", [
    ({"context_id": "x" * 256}, "context_id", ["255"]),
    ({"context_id": "a\nb"}, "context_id", ["control"]),
    ({"context_type": "a\tb"}, "context_type", ["control"]),
    ({"context_type": 7}, "context_type", ["must be"]),
    ({"planned_send_at": "2053-01-01T09:00:00"}, "planned_send_at", []),
    ({"planned_send_at": 1700000000}, "planned_send_at", ["a time"]),
    ({"from_account_id": 7}, "from_account_id", ["an id"]),
    ({"from_account_id": "x" * 129}, "from_account_id", ["128"]),
    ({"body_text": 7}, "body_text", ["text"]),
    ({"body_html": "x" * (10 * 1024 * 1024 + 1)}, "body_html", ["10485760"]),
], ids=lambda value: str(value)[:60])
def test_fields_of_the_email_family(server, user, door, fields, field, words):
    body = {**good(user, door), **fields}
    refused(server, user, door, json.dumps(body), [field, *words], field)


@pytest.mark.parametrize("door", ["outbound create", "outbound change", "outbound send"])
@pytest.mark.parametrize("fields, field", [
    ({"case_id": "x" * 256}, "case_id"), ({"case_id": "a\r\nb"}, "case_id"),
    ({"case_id": 7}, "case_id"), ({"body_html": []}, "body_html"),
    ({"planned_send_at": "2053-01-01T09:00:00"}, "planned_send_at"),
])
def test_fields_of_the_outbound_family(server, user, door, fields, field):
    refused(server, user, door, json.dumps({**good(user, door), **fields}), [field], field)


def test_a_key_that_would_mislead_a_reader(server, user):
    refused(server, user, "email create", json.dumps({"a\r\n\u202e" + "x" * 500: 1}), ["a??"],
            "a?????" + "x" * 34)
