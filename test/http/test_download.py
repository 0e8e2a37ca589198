"""Downloads by key: with a token, and by a link that the server signed.

covers: src/api/downloading.c src/api/messages_files.c
"""
import re
import time
import urllib.parse

import pytest

from files import DOCUMENTS, DOWNLOAD, FORM, UPLOAD, form, part, unique, upload_files
from people import ALL, new_user
from running import wait_until
from shapes import holding, messages_error, refusal, said


@pytest.fixture
def user(server):
    return new_user(server)


@pytest.fixture
def stranger(server):
    """Has nothing but what others give him."""
    return server.client(None)


def upload(user, name="Bericht.pdf", content=None, kind="application/pdf"):
    content = content or unique()
    [file] = upload_files(user, (name, content, kind))["files"]
    file["content"] = content
    return file


def target(file):
    """The link's path and query: the port in it is the one that was configured."""
    parts = urllib.parse.urlsplit(file["signedUrl"])
    return f"{parts.path}?{parts.query}"


def changed(file, **parameters):
    """The link with other parameters; None: without."""
    parts = urllib.parse.urlsplit(file["signedUrl"])
    query = dict(urllib.parse.parse_qsl(parts.query), **parameters)
    query = {name: value for name, value in query.items() if value is not None}
    return f"{parts.path}?{urllib.parse.urlencode(query)}"


def name_of(reply):
    return re.search(r'filename="([^"]*)"', reply.headers["Content-Disposition"])[1]


# With a token

def test_by_key(user):
    file = upload(user)
    reply = user.get(DOWNLOAD, params={"key": file["key"]})
    assert (reply.status_code, reply.content) == (200, file["content"])
    assert reply.headers["Content-Type"] == "application/pdf"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert name_of(reply) == "Bericht.pdf"


def test_under_another_name(user):
    file = upload(user)
    reply = user.get(DOWNLOAD, params={"key": file["key"], "fileName": "other.pdf"})
    assert (reply.content, name_of(reply)) == (file["content"], "other.pdf")
    evil = user.get(DOWNLOAD, params={"key": file["key"], "fileName": "a\r\nX-Evil: 1"})
    assert said(evil, 400) == refusal("messages", 400, holding("fileName", "control"))


@pytest.mark.parametrize("key, status", [
    ("", 400), (None, 400), ("x", 404), ("01890000-0000-7000-8000-000000000000", 404),
    ("../../etc/passwd", 404), ("k" * 129, 400),
])
def test_keys_that_name_nothing(user, key, status):
    reply = user.get(DOWNLOAD, params={"key": key})
    assert said(reply, status) == refusal("messages", status)


def test_somebody_elses(server, user, stranger):
    file = upload(user)
    for other in (new_user(server), new_user(server, ALL, organization="Other")):
        assert said(other.get(DOWNLOAD, params={"key": file["key"]}), 404) == refusal(
            "messages", 404)
    assert said(stranger.get(DOWNLOAD, params={"key": file["key"]}), 401) == refusal(
        "messages", 401)
    drafter = new_user(server, ["inbox:draft"])
    assert said(drafter.get(DOWNLOAD, params={"key": file["key"]}), 404) == refusal("messages", 404)


# With a link

@pytest.mark.parametrize("name", ["Bericht.pdf", "a b&c=d?.pdf", "Übersicht.pdf", "100%25.txt", "#"])
def test_a_link_needs_no_token(user, stranger, name):
    file = upload(user, name)
    reply = stranger.get(target(file))
    assert (reply.status_code, reply.content) == (200, file["content"])
    assert reply.headers["Content-Type"] == "application/pdf"
    assert reply.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert stranger.head(target(file)).headers["Content-Length"] == str(len(file["content"]))


def test_a_file_without_a_name(user, stranger):
    [file] = said(user.post(UPLOAD, data=form(part("files", "x", "")), headers=FORM))["files"]
    assert file["name"] is None
    assert stranger.get(target(file)).content == b"x"


def test_a_link_is_absolute(start_server):
    server = start_server(public_url="https://mail.example.com/outtray")
    file = upload(new_user(server))
    start = "https://mail.example.com/outtray"
    assert file["signedUrl"].startswith(f"{start}{DOWNLOAD}?key={file['key']}&")
    reply = server.client(None).get(file["signedUrl"].removeprefix(start))
    assert reply.content == file["content"]


def flipped(text, at):
    return text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1:]


def test_every_part_of_a_link_is_signed(user, stranger):
    file, other = upload(user), upload(user)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(file["signedUrl"]).query))
    signature, expires = query["signature"], query["expires"]
    changes = [
        {"key": other["key"]}, {"key": "x"}, {"fileName": "other.html"}, {"fileName": None},
        {"expires": str(int(expires) + 1)}, {"expires": None}, {"expires": ""},
        {"expires": expires + "0"}, {"expires": " " + expires}, {"expires": "9" * 19},
        {"signature": ""}, {"signature": "x"}, {"signature": signature[:-1]},
        {"signature": signature + "0"}, {"signature": "0" * 64}, {"signature": "é" * 32},
        *({"signature": flipped(signature, at)} for at in range(0, 64, 7)),
    ]
    for change in changes:
        reply = stranger.get(changed(file, **change))
        assert reply.status_code == 403, (change, reply.text)
        assert file["content"] not in reply.content
    assert said(stranger.get(changed(file, signature="0" * 64)), 403) == messages_error(
        "FORBIDDEN", holding("not signed"))
    assert said(stranger.get(changed(file, signature=None)), 401) == refusal("messages", 401)
    assert stranger.get(changed(file)).status_code == 200


def test_a_link_of_another_server(start_server, user):
    """Each has a key of its own."""
    file = upload(user)
    assert said(start_server().client(None).get(target(file)), 403) == refusal("messages", 403)


def test_a_link_expires(start_server):
    server = start_server(download_link_lifetime="1s")
    user = new_user(server)
    file, stranger = upload(user), server.client(None)
    expires = int(re.search(r"expires=(\d+)", file["signedUrl"])[1])
    wait_until(lambda: stranger.get(target(file)).status_code != 200, what="the end of the link")
    assert said(stranger.get(target(file)), 403) == messages_error("FORBIDDEN", holding("expired"))
    assert user.get(DOWNLOAD, params={"key": file["key"]}).status_code == 200


def test_how_long_a_link_holds(user):
    before = int(time.time())
    expires = int(re.search(r"expires=(\d+)", upload(user)["signedUrl"])[1])
    assert before + 3600 <= expires <= time.time() + 3601


def test_a_link_is_judged_also_where_there_is_a_token(user):
    """Who follows a bad link must hear of it, whoever he is."""
    file = upload(user)
    assert user.get(target(file)).status_code == 200
    assert said(user.get(changed(file, signature="0" * 64)), 403) == refusal("messages", 403)


def test_a_link_ends_with_its_file(user, stranger):
    file = upload(user)
    said(user.delete(f"{DOCUMENTS}/{file['key']}"), 204)
    assert said(stranger.get(target(file)), 404) == refusal("messages", 404)


def test_a_link_opens_nothing_else(user, stranger):
    """Only this route takes signatures."""
    file = upload(user)
    query = urllib.parse.urlsplit(file["signedUrl"]).query
    for path in (f"{DOCUMENTS}/{file['key']}", f"{DOCUMENTS}/{file['key']}/download", DOCUMENTS,
                 "/api/email/drafts"):
        assert stranger.get(f"{path}?{query}").status_code == 401
