"""Documents: uploaded as a form, listed, shown, given away, removed; what mails have stays.

covers: src/api/outbound_documents.c src/api/documenting.c src/api/document_view.c
covers: src/api/uploading.c
"""
import concurrent.futures
import re
import urllib.parse

import pytest

from files import (DOCUMENTS, FORM, MIB, begun, blob_path, blobs, form, nothing_is_begun, part,
                   sha256, unique, upload_document)
from people import ALL, new_user
from running import wait_until
from shapes import DOC_ID, SECONDS, TEXT, holding, outbound_error, refusal, said
from wire import Wire

DRAFTS = "/api/v1/email/outbound/drafts"
SEND = "/api/v1/email/outbound/send"
TYPE = "application/octet-stream"


@pytest.fixture
def user(server):
    return new_user(server)


def listed(user, **query):
    return said(user.get(DOCUMENTS, params=query))


def names(user, **query):
    return [document["filename"] for document in listed(user, **query)["data"]]


def refused(server, user, body, status, message=TEXT, field=None, **headers):
    """A form that is not taken leaves nothing."""
    before = blobs(server)
    reply = user.post(DOCUMENTS, data=body, headers={**FORM, **headers})
    assert said(reply, status) == refusal("outbound", status, message, field)
    nothing_is_begun(server)
    assert blobs(server) == before
    assert listed(user)["data"] == []


# Uploads

def test_an_upload(server, user):
    content = unique()
    document = upload_document(user, "Vertrag.pdf", content, case_id="case-7")
    assert document == {
        "id": DOC_ID, "filename": "Vertrag.pdf", "mime_type": "application/pdf",
        "size_bytes": len(content), "status": "processed", "case_id": "case-7",
        "created_at": SECONDS, "updated_at": SECONDS,
    }
    assert list(document) == ["id", "filename", "mime_type", "size_bytes", "status", "case_id",
                              "created_at", "updated_at"]
    assert blob_path(server, content).read_bytes() == content
    assert said(user.get(f"{DOCUMENTS}/{document['id']}")) == document
    assert begun(server) == []


def test_what_may_be_left_out(user):
    body = form(part("file", "x", "notes"))
    document = said(user.post(DOCUMENTS, data=body, headers=FORM), 201)
    assert (document["mime_type"], document["case_id"]) == (TYPE, None)
    document = said(user.post(DOCUMENTS, data=form(part("case_id", ""), part("file", "x", "")),
                              headers=FORM), 201)
    assert (document["filename"], document["case_id"]) == (None, None)


@pytest.mark.parametrize("name, shown", [
    ("Übersicht 2026.pdf", "Übersicht 2026.pdf"), ("a b'c;d.txt", "a b'c;d.txt"),
    ("../../etc/passwd", "passwd"), ("C:\\Temp\\x.doc", "x.doc"), ("x" * 255, "x" * 255),
])
def test_names(user, name, shown):
    document = said(user.post(DOCUMENTS, data=form(part("file", "x", name)), headers=FORM), 201)
    assert document["filename"] == shown


@pytest.mark.parametrize("given, shown", [
    ("TEXT/Plain; charset=utf-8", "text/plain; charset=utf-8"), ("image/svg+xml", "image/svg+xml"),
    ("nonsense", TYPE), ("a/b/c", TYPE), ("x" * 200 + "/y", TYPE),
])
def test_media_types(user, given, shown):
    body = form(part("file", "x", "a", given))
    assert said(user.post(DOCUMENTS, data=body, headers=FORM), 201)["mime_type"] == shown


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 3 * MIB])
def test_sizes(user, size):
    content = unique(size)[:size]
    document = upload_document(user, content=content)
    assert document["size_bytes"] == size
    assert user.get(f"{DOCUMENTS}/{document['id']}/download").content == content


def test_a_form_of_unknown_size(user):
    body = form(part("case_id", "c"), part("file", unique(200_000), "big"))
    pieces = (body[at:at + 777] for at in range(0, len(body), 777))
    assert said(user.post(DOCUMENTS, data=pieces, headers=FORM), 201)["size_bytes"] == 200_000


def test_equal_content_is_kept_once(server, user):
    content = unique()
    first, second = upload_document(user, content=content), upload_document(user, content=content)
    assert first["id"] != second["id"]
    assert blobs(server).count(sha256(content)) == 1


def test_fifty_megabytes(server, user):
    content = unique(50 * MIB)
    document = upload_document(user, content=content)
    assert document["size_bytes"] == 50 * MIB
    reply = user.get(f"{DOCUMENTS}/{document['id']}/download")
    assert reply.headers["Content-Length"] == str(50 * MIB)
    assert sha256(reply.content) == sha256(content)


# Forms that are not taken

BROKEN = {
    "no closing boundary": (part("file", "x", "a"), 400, ["closing boundary"]),
    "cut in the header": (part("file", "x", "a")[:60], 400, ["closing boundary"]),
    "no boundary at all": (b"x" * 20000, 400, ["boundary"]),
    "nothing": (b"", 400, ["closing boundary"]),
    "a part without a name": (form(part("", "x", "a")), 400, ["name"]),
    "a header without colon": (form(part("file", "x", "a").replace(b"Content-", b"Content ")), 400,
                               ["part 1"]),
    "a NUL in a header": (form(part("file", "x", "a\0b")), 400, ["NUL"]),
    "bare line feeds": (form(part("file", "x", "a")).replace(b"\r\n", b"\n"), 400, ["LF"]),
    "65 parts": (form(*[part("file", "", "")] * 65), 400, ["64"]),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_form(server, user, broken):
    body, status, words = BROKEN[broken]
    refused(server, user, body, status, holding(*words))


FILE = part("file", "x", "a")
WRONG = {
    "an empty form": (form(), "file", ["is required"]),
    "no file": (form(part("case_id", "c")), "file", ["is required"]),
    "none was chosen": (form(part("file", "", "")), "file", ["is required"]),  # as browsers do
    "no filename": (form(part("file", "x")), "file", ["must be a file"]),
    "another name": (form(part("files", "x", "a")), "files", ["is not a known field"]),
    "two files": (form(FILE, FILE), "file", ["must be one file"]),
    "a file as a case": (form(FILE, part("case_id", "c", "d")), "case_id", ["must be text"]),
    "two cases": (form(part("case_id", "c"), FILE, part("case_id", "c")), "case_id",
                  ["more than once"]),
    "a long case": (form(FILE, part("case_id", "c" * 256)), "case_id", ["255"]),
    "a case not UTF-8": (form(FILE, part("case_id", b"\xff")), "case_id", ["UTF-8"]),
    "a NUL in a case": (form(FILE, part("case_id", b"a\0b")), "case_id", ["UTF-8"]),
    "two lines in a case": (form(FILE, part("case_id", b"a\nb")), "case_id", ["control"]),
    "a long filename": (form(part("file", "x", "n" * 256)), "file", ["255"]),
    "what is only shown": (form(FILE, part("status", "x")), "status", ["is not a known field"]),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_form_with_something_wrong(server, user, wrong):
    body, field, words = WRONG[wrong]
    refused(server, user, body, 400, holding(field, *words), field)


def test_a_file_beside_one_that_was_not_chosen(user):
    body = form(part("file", "", ""), part("file", "x", "a"), part("file", "", ""))
    assert said(user.post(DOCUMENTS, data=body, headers=FORM), 201)["filename"] == "a"


@pytest.mark.parametrize("kind, status", [
    ("application/json", 415), ("multipart/mixed; boundary=x", 415), (None, 415),
    ("multipart/form-data", 400), ("multipart/form-data; boundary=", 400),
    (f"multipart/form-data; boundary={'x' * 71}", 400),
])
def test_what_is_no_form(server, user, kind, status):
    for body in (b"{}", b"x" * 100_000):
        reply = user.post(DOCUMENTS, data=body, headers={"Content-Type": kind} if kind else {})
        assert said(reply, status) == refusal("outbound", status)
    nothing_is_begun(server)


def test_a_stranger_does_not_get_to_upload(server):
    for size in (10, 10 * MIB):
        with Wire(server) as wire:
            wire.say(f"POST {DOCUMENTS}", Content_Length=size, **{"Content_Type": FORM["Content-Type"]})
            if size == 10:
                wire.send(b"x" * 10)
            assert wire.status() == 401
    reader = new_user(server, ["inbox:read"])
    refusal_of_reader = refusal("outbound", 403, holding("inbox:write"))
    assert upload_document(reader, status=403) == refusal_of_reader
    nothing_is_begun(server)


def test_agents_that_draft_upload_too(server):
    assert upload_document(new_user(server, ["inbox:draft"]))["id"] == DOC_ID


# Limits

def test_a_file_that_is_too_large(start_server):
    server = start_server(upload_limit="100K")
    user = new_user(server)
    assert upload_document(user, content=bytes(100 * 1024))["size_bytes"] == 102400
    before = blobs(server)
    for size, of in (100 * 1024 + 1, {"field": "file"}), (2 * MIB, {}):  # 2 MiB: the whole form is
        refused = upload_document(user, content=b"x" * size, status=413)
        assert refused == outbound_error("ATTACHMENT_TOO_LARGE", holding("102400"), **of)
        nothing_is_begun(server)
    assert blobs(server) == before
    assert len(listed(user)["data"]) == 1


@pytest.mark.parametrize("more", [{}, {"Expect": "100-continue"}])
def test_a_file_that_is_announced_too_large(server, user, more):
    with Wire(server) as wire:
        wire.say(f"POST {DOCUMENTS}", Authorization=f"Bearer {user.token}",
                 Content_Length=52 * MIB, Content_Type=FORM["Content-Type"], **more)
        assert wire.status() == 413
        assert wire.body() == refusal("outbound", 413, holding(str(50 * MIB)))


def test_a_file_that_turns_out_too_large(start_server):
    """It is refused in the middle, and what had come of it is gone by then."""
    server = start_server(upload_limit="1M")
    user = new_user(server)
    piece = b"x" * 65536
    with Wire(server) as wire:
        wire.say(f"POST {DOCUMENTS}", Authorization=f"Bearer {user.token}",
                 Transfer_Encoding="chunked", Content_Type=FORM["Content-Type"])
        wire.send(b"%x\r\n%s\r\n" % (len(start_of_file()), start_of_file()))
        sent = 0
        while not wire.has_answer() and sent < 10 * MIB:
            wire.send(b"%x\r\n%s\r\n" % (len(piece), piece))
            sent += len(piece)
            if sent > MIB:
                wire.has_answer(0.2)
        assert wire.status() == 413
        assert begun(server) == []
    assert blobs(server) == []


def start_of_file():
    return part("file", "", "big.bin")[:-2]


# Clients that do not stay

@pytest.mark.parametrize("sent", [0, 10, 100_000, 2 * MIB])
def test_a_client_that_hangs_up(start_server, sent):
    """It is noticed at once, or when the connection has been silent for too long."""
    server = start_server(idle_timeout="5s")
    user = new_user(server)
    with Wire(server) as wire:
        wire.say(f"POST {DOCUMENTS}", Authorization=f"Bearer {user.token}",
                 Content_Length=3 * MIB, Content_Type=FORM["Content-Type"])
        wire.send(start_of_file() + b"x" * sent)
        if sent:
            wait_until(lambda: begun(server), what="the file")
    nothing_is_begun(server)
    assert blobs(server) == []
    assert listed(server.client(user.token))["data"] == []


def test_a_server_that_is_killed_meanwhile(start_server):
    server = start_server()
    user = new_user(server)
    with Wire(server) as wire:
        wire.say(f"POST {DOCUMENTS}", Authorization=f"Bearer {user.token}",
                 Content_Length=3 * MIB, Content_Type=FORM["Content-Type"])
        wire.send(start_of_file() + b"x" * 100_000)
        wait_until(lambda: begun(server), what="the file")
        server.kill()
    assert begun(server) != []
    server.start()
    assert begun(server) == blobs(server) == []


def test_many_at_once(server, user):
    contents = [unique(MIB) for _ in range(24)]
    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        made = list(pool.map(lambda content: upload_document(
            server.client(user.token), sha256(content), content), contents))
    assert {one["filename"] for one in made} == {sha256(content) for content in contents}
    assert set(blobs(server)) >= {sha256(content) for content in contents}


# Idempotency

def test_the_same_upload_is_answered_again(user):
    content, key = unique(), {"Idempotency-Key": "upload-1"}
    first = upload_document(user, content=content, headers=key)
    assert upload_document(user, content=content, headers=key) == first
    assert len(listed(user)["data"]) == 1


@pytest.mark.parametrize("change", [
    {"name": "b"}, {"content": b"other"}, {"kind": "a/c"}, {"case_id": "d"},
])
def test_another_upload_with_the_same_key(server, user, change):
    upload = {"name": "a", "content": unique(), "kind": "a/b", "case_id": "c"}
    key = {"Idempotency-Key": user.address}
    upload_document(user, headers=key, **upload)
    before = blobs(server)
    refused = upload_document(user, status=422, headers=key, **{**upload, **change})
    assert refused == outbound_error("IDEMPOTENCY_MISMATCH")
    nothing_is_begun(server)
    assert blobs(server) == before
    assert len(listed(user)["data"]) == 1


def test_a_hundred_equal_uploads_make_one(user):
    content, key = unique(), {"Idempotency-Key": "hundred"}
    body = form(part("file", content, "a"))
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(lambda _: user.post(DOCUMENTS, data=body, headers={**FORM, **key}),
                                range(100)))
    assert {reply.status_code for reply in replies} <= {201, 409}
    assert len({reply.json()["id"] for reply in replies if reply.status_code == 201}) == 1
    assert len(listed(user)["data"]) == 1


# Lists

def test_the_list(user):
    assert listed(user) == {"data": [], "next_cursor": None, "has_more": False}
    made = [upload_document(user, f"{number}.txt") for number in range(5)]
    assert listed(user) == {"data": made[::-1], "next_cursor": None, "has_more": False}
    page, seen = listed(user, limit=2), []
    while page["has_more"]:
        assert len(page["data"]) == 2
        seen += page["data"]
        page = listed(user, limit=2, cursor=page["next_cursor"])
    assert seen + page["data"] == made[::-1]
    assert page["next_cursor"] is None


def test_the_list_of_a_case(user):
    upload_document(user, "none")
    upload_document(user, "one", case_id="1")
    upload_document(user, "two", case_id="2")
    upload_document(user, "again", case_id="1")
    assert names(user, case_id="1") == ["again", "one"]
    assert names(user, case_id="3") == []
    page = listed(user, case_id="1", limit=1)
    assert names(user, case_id="1", limit=1, cursor=page["next_cursor"]) == ["one"]


@pytest.mark.parametrize("query, field", [
    ({"limit": "0"}, "limit"), ({"limit": "101"}, "limit"), ({"limit": "x"}, "limit"),
    ({"cursor": "x"}, "cursor"), ({"case_id": "c" * 256}, "case_id"),
])
def test_queries_that_are_refused(user, query, field):
    reply = user.get(DOCUMENTS, params=query)
    assert said(reply, 400) == refusal("outbound", 400, holding(field), field)


def test_the_list_is_his_own_and_of_uploads(server, user):
    draft = said(user.post(DRAFTS, json={"attachments": [
        {"filename": "inline.txt", "data_base64": "YQ=="}]}), 201)
    [attached] = draft["attachments"]
    assert names(user) == []
    assert said(user.get(f"{DOCUMENTS}/{attached['document_id']}"))["filename"] == "inline.txt"
    upload_document(user, "his.txt")
    assert names(new_user(server)) == names(new_user(server, ALL, organization="Other")) == []
    assert names(new_user(server, ALL)) == []


# One of them

@pytest.mark.parametrize("rest", ["", "/download"])
def test_somebody_elses(server, user, rest):
    document = upload_document(user)
    for other in (new_user(server), new_user(server, ALL, organization="Other")):
        reply = other.get(f"{DOCUMENTS}/{document['id']}{rest}")
        assert said(reply, 404) == outbound_error("DOCUMENT_NOT_FOUND")
        assert said(other.delete(f"{DOCUMENTS}/{document['id']}"), 404) == outbound_error(
            "DOCUMENT_NOT_FOUND")
    assert said(user.get(f"{DOCUMENTS}/{document['id']}")) == document


def test_any_spelling_of_its_id(user):
    document = upload_document(user)
    bare = document["id"].removeprefix("doc_")
    for spelling in (document["id"], bare, f"draft_{bare}", bare.lower()):
        assert said(user.get(f"{DOCUMENTS}/{spelling}")) == document


def test_removed(server, user):
    kept, gone = upload_document(user, "kept"), upload_document(user, "gone")
    path = f"{DOCUMENTS}/{gone['id']}"
    assert said(user.delete(path), 204) is None
    assert names(user) == ["kept"]
    for reply in (user.get(path), user.get(f"{path}/download"), user.delete(path),
                  user.post(DRAFTS, json={"attachments": [gone["id"]]})):
        assert said(reply, 404) == outbound_error("DOCUMENT_NOT_FOUND")
    assert said(user.get(f"{DOCUMENTS}/{kept['id']}")) == kept


def test_mails_keep_what_is_removed(server, user):
    content = unique()
    document = upload_document(user, "a.txt", content, "text/plain")
    draft = said(user.post(DRAFTS, json={"to": ["b@example.com"], "subject": "s",
                                         "attachments": [document["id"]]}), 201)
    said(user.delete(f"{DOCUMENTS}/{document['id']}"), 204)
    path = f"{DRAFTS}/{draft['id']}"
    assert said(user.get(path))["attachments"] == draft["attachments"]
    # what a GET gave may be saved again, by whoever has it, and by nobody else
    saved = said(user.put(path, json={"subject": "t", "attachments": draft["attachments"]}))
    assert saved["attachments"] == draft["attachments"]
    reply = user.post(DRAFTS, json={"attachments": draft["attachments"]})
    assert said(reply, 404) == outbound_error("DOCUMENT_NOT_FOUND")
    said(user.post(f"{path}/send"))
    [mail] = server.mails(user.address)
    [attachment] = mail.iter_attachments()
    assert attachment.get_filename() == "a.txt"
    assert attachment.get_payload(decode=True) == content


# The file itself

def name_of(reply):
    """As a browser reads it: filename* wins (RFC 6266)."""
    header = reply.headers["Content-Disposition"]
    assert header.isascii() and header.startswith("attachment")
    extended = re.search(r"filename\*=UTF-8''([^;]*)", header)
    if extended:
        return urllib.parse.unquote(extended[1], errors="strict")
    return re.sub(r"\\(.)", r"\1", re.search(r'filename="((?:\\.|[^"\\])*)"', header)[1])


def test_the_download(user):
    content = unique()
    document = upload_document(user, "Angebot.pdf", content)
    reply = user.get(f"{DOCUMENTS}/{document['id']}/download")
    assert reply.status_code == 200
    assert reply.content == content
    assert reply.headers["Content-Type"] == "application/pdf"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert name_of(reply) == "Angebot.pdf"
    head = user.head(f"{DOCUMENTS}/{document['id']}/download")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(content))


@pytest.mark.parametrize("kind, given", [
    ("text/html", TYPE), ("image/svg+xml", TYPE), ("application/xhtml+xml", TYPE),
    ("text/javascript", TYPE), ("application/xml", TYPE), ("text/xml", TYPE),
    ("multipart/x-mixed-replace", TYPE), ("application/vnd.wap.xhtml+xml", TYPE),
    ("message/rfc822", TYPE), ("text/css", TYPE), ("x/y", TYPE),
    ("image/png", "image/png"), ("text/plain", "text/plain"), ("text/csv", "text/csv"),
    ("application/vnd.ms-excel", "application/vnd.ms-excel"), ("video/mp4", "video/mp4"),
])
def test_nothing_that_runs_is_called_what_it_is(user, kind, given):
    document = upload_document(user, "a", b"<script>alert(1)</script>", kind)
    assert document["mime_type"] == kind
    reply = user.get(f"{DOCUMENTS}/{document['id']}/download")
    assert reply.headers["Content-Type"] == given
    assert name_of(reply) == "a"


@pytest.mark.parametrize("name", ["Übersicht.pdf", 'a"b\\c.txt', "100%.txt", "a;b=c.txt"])
def test_the_name_of_a_download(user, name):
    body = form(part("file", "x", name.replace('"', "%22").replace("\\", "\\\\")))
    document = said(user.post(DOCUMENTS, data=body, headers=FORM), 201)
    reply = user.get(f"{DOCUMENTS}/{document['id']}/download")
    assert name_of(reply) == document["filename"]


def test_a_download_after_a_restart(start_server):
    server = start_server()
    user, content = new_user(server), unique()
    document = upload_document(user, content=content)
    server.kill()
    server.start()
    user = server.client(user.token)
    assert user.get(f"{DOCUMENTS}/{document['id']}/download").content == content
