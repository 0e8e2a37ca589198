"""Uploads of the messages family: up to ten files at once, whose keys attachments take.

covers: src/api/messages_files.c src/api/uploading.c
"""
import pytest

from files import (DOCUMENTS, FORM, MIB, UPLOAD, begun, blobs, form, nothing_is_begun, part, sha256,
                   unique, upload_files)
from people import new_user
from running import wait_until
from shapes import DOC_ID, TEXT, Like, holding, messages_error, refusal, said
from wire import Wire

SEND = "/api/email/messages/send"


@pytest.fixture
def user(server):
    return new_user(server)


def refused(server, user, body, status, message=TEXT):
    before = blobs(server)
    assert said(user.post(UPLOAD, data=body, headers=FORM), status) == refusal(
        "messages", status, message)
    nothing_is_begun(server)
    assert blobs(server) == before
    assert said(user.get(DOCUMENTS))["data"] == []


def test_an_upload(server, user):
    content = unique()
    reply = upload_files(user, ("report.pdf", content, "application/pdf"))
    assert reply == {"files": [{
        "key": DOC_ID, "type": "application/pdf", "name": "report.pdf", "size": len(content),
        "signedUrl": Like(r"https?://[^/ ]+/api/messages/download\?[!-~]+"), "bucket": "outtray"}]}
    assert list(reply["files"][0]) == ["key", "type", "name", "size", "signedUrl", "bucket"]
    assert sha256(content) in blobs(server)


@pytest.mark.parametrize("name", ["files", "file"])
def test_ten_files(server, user, name):
    files = [(f"{number}.txt", unique(1000 + number), "text/plain") for number in range(10)]
    reply = upload_files(user, *files, part=name)
    assert [(one["name"], one["size"], one["type"]) for one in reply["files"]] == [
        (name, len(content), kind) for name, content, kind in files]
    assert len({one["key"] for one in reply["files"]}) == 10
    assert len(said(user.get(DOCUMENTS))["data"]) == 10


def test_both_names_count_together(server, user):
    parts = [part("files", unique(), "a"), part("file", unique(), "b")] * 5
    keys = said(user.post(UPLOAD, data=form(*parts), headers=FORM))["files"]
    assert [one["name"] for one in keys] == ["a", "b"] * 5
    other = new_user(server)
    refused(server, other, form(*parts, part("file", "x", "c")), 413, holding("10 files"))


def test_more_than_ten(server, user):
    parts = [part("files", unique(), "a") for _ in range(11)]
    refused(server, user, form(*parts), 413, holding("10 files"))


def test_ten_and_some_that_were_not_chosen(user):
    empty = part("files", "", "")
    body = form(empty, *[part("files", unique(), "a") for _ in range(10)], empty)
    assert len(said(user.post(UPLOAD, data=body, headers=FORM))["files"]) == 10


FILE = part("files", "x", "a")
BROKEN = {
    "empty": (form(), ["files is required"]),
    "none was chosen": (form(part("files", "", "")), ["files is required"]),
    "no filename": (form(part("files", "text")), ["files", "must be a file"]),
    "another name": (form(part("documents", "x", "a")), ["documents", "is not a known field"]),
    "a field": (form(FILE, part("case_id", "c")), ["case_id", "is not a known field"]),
    "no end": (FILE, ["closing boundary"]),
    "half an end": (form(FILE)[:-4], ["closing boundary"]),
    "something behind it": (FILE + b"--" + b"x" * 100, ["closing boundary"]),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_form_that_is_broken(server, user, broken):
    body, words = BROKEN[broken]
    refused(server, user, body, 400, holding(*words))


def test_one_of_many_is_too_large(start_server):
    server = start_server(upload_limit="10K")
    user = new_user(server)
    small, large = ("a", bytes(10240), "a/b"), ("b", bytes(10241), "a/b")
    assert upload_files(user, small, large, status=413) == messages_error(
        "PAYLOAD_TOO_LARGE", holding("10240"))
    nothing_is_begun(server)
    assert blobs(server) == []
    assert len(upload_files(user, *[small] * 10)["files"]) == 10


def test_more_than_the_body_limit(server, user):
    """The limit of other bodies is 50 MiB: files may have that each."""
    files = [(name, unique(26 * MIB), "a/b") for name in "ab"]
    reply = upload_files(user, *files)
    assert [one["size"] for one in reply["files"]] == [26 * MIB] * 2
    assert {sha256(content) for _, content, _ in files} <= set(blobs(server))


@pytest.mark.parametrize("more", [{}, {"Expect": "100-continue"}])
def test_more_than_ten_files_can_have(server, user, more):
    with Wire(server) as wire:
        wire.say(f"POST {UPLOAD}", Authorization=f"Bearer {user.token}",
                 Content_Length=502 * MIB, Content_Type=FORM["Content-Type"], **more)
        assert wire.status() == 413
        assert wire.body() == messages_error("PAYLOAD_TOO_LARGE", holding("10 files", str(50 * MIB)))


def test_a_client_that_hangs_up_in_the_last_file(server, user):
    before = blobs(server)
    with Wire(server) as wire:
        wire.say(f"POST {UPLOAD}", Authorization=f"Bearer {user.token}",
                 Content_Length=MIB, Content_Type=FORM["Content-Type"])
        wire.send(b"".join(part("files", unique(1000), "a") for _ in range(9)))
        wire.send(part("files", "", "last")[:-2] + bytes(1000))
        wait_until(lambda: len(begun(server)) == 10, what="ten files")
    nothing_is_begun(server)
    assert blobs(server) == before


def test_the_key_is_what_storage_key_wants(server, user):
    content = unique()
    [file] = upload_files(user, ("a.txt", content, "text/plain"))["files"]
    sent = said(user.post(SEND, json={
        "from": user.address, "to": "b@example.com", "body": "b",
        "attachments": [{"storageKey": file["key"]},
                        {"storageKey": file["key"], "filename": "other.bin",
                         "contentType": "application/octet-stream"}]}))
    assert [(one["storageKey"], one["filename"]) for one in sent["message"]["attachments"]] == [
        (file["key"], "a.txt"), (file["key"], "other.bin")]
    [mail] = server.mails(user.address)
    attached = list(mail.iter_attachments())
    assert [one.get_payload(decode=True) for one in attached] == [content, content]
    assert [one.get_filename() for one in attached] == ["a.txt", "other.bin"]
    assert [one.get_content_type() for one in attached] == [
        "text/plain", "application/octet-stream"]


def test_documents_and_uploads_are_one(user):
    [file] = upload_files(user, ("a.txt", unique(), "text/plain"))["files"]
    document = said(user.get(f"{DOCUMENTS}/{file['key']}"))
    assert (document["filename"], document["mime_type"], document["case_id"]) == (
        "a.txt", "text/plain", None)
    assert said(user.get(DOCUMENTS))["data"] == [document]


def test_the_same_upload_is_answered_again(server, user):
    key = {"Idempotency-Key": user.address}
    files = [("a", unique(), "a/b"), ("b", unique(), "a/b")]
    first = upload_files(user, *files, headers=key)
    assert upload_files(user, *files, headers=key) == first
    refused = upload_files(user, *files[::-1], headers=key, status=422)
    assert refused == messages_error("IDEMPOTENCY_MISMATCH")
    assert len(said(user.get(DOCUMENTS))["data"]) == 2


@pytest.mark.parametrize("scopes, status", [
    (["inbox:read"], 403), (["inbox:approve", "admin"], 403), (["inbox:draft"], 200),
])
def test_who_may(server, scopes, status):
    user = new_user(server, scopes)
    upload_files(user, ("a", unique(), "a/b"), status=status)
    nothing_is_begun(server)
