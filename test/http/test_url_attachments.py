"""Attachments that are given by their URL: fetched by the server, from places that everybody can
reach, and from no others.

covers: src/api/fetching.c src/api/attaching.c
"""
import concurrent.futures
import itertools

import pytest

from files import MIB, begun, blobs, nothing_is_begun, sha256, unique, upload_document
from origin import Origin
from people import new_user
from running import Server, wait_until
from shapes import DOC_ID, TEXT, email_error, holding, messages_error, refusal, said
from wire import Wire

OUTBOUND = "/api/v1/email/outbound/drafts"
EMAIL = "/api/email/drafts"
SEND = "/api/email/send"
MESSAGES = "/api/email/messages/send"


@pytest.fixture(scope="module")
def origin():
    server = Origin()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def open_server(tmp_path_factory, authority):
    """A server that may fetch from this machine."""
    with Server(tmp_path_factory.mktemp("open"), authority, allow_private_addresses="true",
                fetch_timeout="20s", fetch_wait="2s") as running:
        yield running


@pytest.fixture
def user(open_server):
    return with_mailbox(new_user(open_server))


def with_mailbox(user):
    [account] = said(user.get("/api/email/accounts"))["accounts"]
    user.account = account["_id"]
    return user


numbers = itertools.count()


def serve(origin, content=None, name=None, **headers):
    """The URL of new content."""
    content = unique() if content is None else content
    path = name or f"/file{next(numbers)}"
    origin.paths[path] = {"body": content, "headers": {
        key.replace("_", "-"): value for key, value in headers.items()}}
    return origin.url(path)


def draft(user, *attachments, status=201, **fields):
    return said(user.post(OUTBOUND, json={"attachments": list(attachments), **fields}), status)


def refused(server, user, attachments, status=400, message=TEXT, field=None):
    """In all families alike; nothing stays."""
    before = blobs(server)
    body = {"subject": "s", "to": ["a@example.com"], "attachments": attachments}
    asked = {
        "outbound": user.post(OUTBOUND, json=body),
        "email": user.post(EMAIL, json={**body, "from_account_id": user.account}),
        "messages": user.post(MESSAGES, json={"from": user.address, "body": "b", **body}),
    }
    for family, reply in asked.items():
        assert said(reply, status) == refusal(family, status, message, field)
    nothing_is_begun(server)
    assert blobs(server) == before
    assert said(user.get(EMAIL))["items"] == []
    assert server.mails(user.address) == []


# What is fetched

def test_it_becomes_a_document(open_server, user, origin):
    content = unique()
    url = serve(origin, content, "/reports/May%202026.pdf", Content_Type="application/pdf")
    made = draft(user, {"url": url})
    assert made["attachments"] == [{"document_id": DOC_ID, "filename": "May 2026.pdf",
                                    "content_type": "application/pdf",
                                    "size_bytes": len(content)}]
    [attachment] = made["attachments"]
    reply = user.get(f"/api/v1/documents/{attachment['document_id']}/download")
    assert reply.content == content
    assert sha256(content) in blobs(open_server)
    assert said(user.get(f"{OUTBOUND}/{made['id']}")) == made
    assert origin.asked.count("/reports/May%202026.pdf") == 1


def test_in_every_family(open_server, user, origin):
    content = unique()
    url = serve(origin, content, Content_Type="text/plain")
    body = {"subject": "s", "to": ["a@example.com"]}
    said(user.post(SEND, json={**body, "from_account_id": user.account, "attachments": [
        {"url": url, "filename": "one.txt"}]}))
    sent = said(user.post(MESSAGES, json={**body, "from": user.address, "body": "b", "attachments": [
        {"url": url, "filename": "two.txt", "contentType": "text/x-two"}]}))
    assert sent["message"]["attachments"] == [{
        "storageKey": DOC_ID, "filename": "two.txt", "contentType": "text/x-two",
        "size": len(content)}]
    attached = [mail_part for mail in open_server.mails(user.address)
                for mail_part in mail.iter_attachments()]
    assert {(one.get_filename(), one.get_content_type()) for one in attached} == {
        ("one.txt", "text/plain"), ("two.txt", "text/x-two")}
    assert all(one.get_payload(decode=True) == content for one in attached)


@pytest.mark.parametrize("given, headers, path, name, kind", [
    ({"filename": "mine.txt", "content_type": "a/b"}, {"Content_Type": "c/d"}, None, "mine.txt", "a/b"),
    ({}, {"Content_Disposition": 'attachment; filename="theirs.txt"'}, "/x.bin", "theirs.txt", None),
    ({}, {"Content_Disposition": "attachment; filename*=UTF-8''%C3%BC.txt"}, "/y", "ü.txt", None),
    ({}, {"Content_Disposition": 'attachment; filename="../../etc/passwd"'}, "/z", "passwd", None),
    ({}, {}, "/a/b/last.png", "last.png", None),
    ({}, {}, "/a/b/", None, None),
    ({}, {"Content_Type": "TEXT/HTML; charset=x"}, "/page", "page", "text/html"),
    ({}, {"Content_Type": "nonsense"}, "/nonsense", "nonsense", None),
])
def test_name_and_type(user, origin, given, headers, path, name, kind):
    [attachment] = draft(user, {"url": serve(origin, None, path, **headers), **given})["attachments"]
    assert (attachment["filename"], attachment["content_type"]) == (name, kind)


def test_together_with_the_others(user, origin):
    document = upload_document(user, "one", unique())
    made = draft(user, document["id"], {"url": serve(origin, None, "/two")},
                 {"filename": "three", "data_base64": "YQ=="}, {"url": serve(origin, None, "/four")})
    assert [one["filename"] for one in made["attachments"]] == ["one", "two", "three", "four"]
    changed = said(user.put(f"{OUTBOUND}/{made['id']}", json={
        "attachments": [*made["attachments"], {"url": serve(origin, None, "/five")}]}))
    assert [one["filename"] for one in changed["attachments"]] == [
        "one", "two", "three", "four", "five"]
    assert changed["attachments"][:4] == made["attachments"]


def test_redirects(user, origin):
    url = serve(origin, None, "/end.txt")
    origin.paths["/start"] = {"status": 302, "headers": {"Location": "/middle?a=b"}}
    origin.paths["/middle"] = {"status": 301, "headers": {"Location": url}}
    [attachment] = draft(user, {"url": origin.url("/start")})["attachments"]
    assert attachment["filename"] == "end.txt"
    origin.paths["/round"] = {"status": 302, "headers": {"Location": "/round"}}
    reply = draft(user, {"url": origin.url("/round")}, status=400)
    assert reply == refusal("outbound", 400, holding("attachments[0].url", "redirects"),
                            "attachments[0].url")


def test_nothing_of_the_caller_is_passed_on(user, origin):
    draft(user, {"url": serve(origin, None, "/plain")})
    head = origin.heads[-1]
    assert {name.lower() for name in head} <= {"host", "accept", "user-agent", "connection"}
    assert user.token not in str(head)


# Which of them

@pytest.mark.parametrize("attachment", [
    {}, {"filename": "a"}, {"url": ""}, {"url": None}, {"url": "https://x.example", "data_base64": "YQ=="},
    {"url": "https://x.example", "document_id": "doc_01ARZ3NDEKTSV4RRFFQ69G5FAV"},
    {"data_base64": "YQ==", "document_id": "doc_01ARZ3NDEKTSV4RRFFQ69G5FAV"},
])
def test_exactly_one_source(open_server, user, attachment):
    refused(open_server, user, [attachment], 400, holding("attachments[0]", "exactly one"),
            "attachments[0]")


@pytest.mark.parametrize("attachment", [
    {"storageKey": "k", "url": "https://x.example"}, {"storageKey": "k", "data_base64": "YQ=="},
    {"storageKey": "k", "document_id": "k"},
])
def test_exactly_one_source_of_a_message(open_server, user, attachment):
    reply = user.post(MESSAGES, json={"from": user.address, "to": "a@example.com", "body": "b",
                                      "attachments": [{"storageKey": "x"}, attachment][1:]})
    assert said(reply, 400) == messages_error("BAD_REQUEST",
                                              holding("attachments[0]", "exactly one"))
    assert open_server.mails(user.address) == []


def test_the_number_is_the_attachments(open_server, user, origin):
    good = {"url": serve(origin)}
    refused(open_server, user, [good, good, {"url": "nonsense"}], 400,
            holding("attachments[2].url"), "attachments[2].url")


def test_what_else_is_wrong_is_found_first(open_server, user, origin):
    """Nobody is asked for a file that nobody wants."""
    url = serve(origin, None, "/not-asked-for")
    for bad in ({"data_base64": "*"}, {"filename": "a"}):
        draft(user, {"url": url}, bad, status=400)
    draft(user, {"url": url}, "doc_01ARZ3NDEKTSV4RRFFQ69G5FAV", status=404)
    assert "/not-asked-for" not in origin.asked
    nothing_is_begun(open_server)


# Where it may lead

NO_URLS = ["nonsense", "http://", "//example.com/x", "example.com/x", "/x", "http:///x",
           "ftp://example.com/x", "file:///etc/passwd", "gopher://example.com/", "data:,x",
           "javascript:alert(1)", "dict://127.0.0.1:11211/", "http://user:secret@example.com/",
           "http://example.com:0/", "http://example.com:65536/", "http://exa mple.com/",
           "http://[::1/", "http://example.com/\n", "https://" + "a" * 9000]


@pytest.mark.parametrize("url", NO_URLS, ids=lambda url: url[:30])
def test_what_is_no_url(open_server, user, url):
    refused(open_server, user, [{"url": url}], 400, holding("attachments[0].url"),
            "attachments[0].url")


# Loopback, this machine's network, and what clouds keep beside a machine, in every spelling.
PRIVATE = [
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "0x7f.1", "0x7f000001", "2130706433",
    "017700000001", "0177.0.0.1", "0", "0.0.0.0", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "localhost", "LOCALHOST", "localhost.", "127.0.0.1.", "１２７.０.０.１", "127。0。0。1",
    "ⓛocalhost", "%31%32%37.0.0.1", "127.0.0.1%00",
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1",
    "169.254.169.254", "[::ffff:169.254.169.254]", "0xa9fea9fe", "2852039166",
    "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "224.0.0.1", "255.255.255.255",
    "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "240.0.0.1",
    "[2001:db8::1]", "[2002:7f00:1::]", "[2001::1]", "[100::1]",
]


@pytest.fixture(scope="module")
def careful(tmp_path_factory, authority):
    """A server with the settings that it comes with, and a user of it."""
    with Server(tmp_path_factory.mktemp("careful"), authority) as running:
        yield running, with_mailbox(new_user(running))


@pytest.mark.parametrize("host", PRIVATE)
def test_addresses_that_are_not_public(careful, origin, host):
    server, user = careful
    before = len(origin.asked)
    for port in (f":{origin.port}", ""):
        reply = draft(user, {"url": f"http://{host}{port}/secret"}, status=400)
        assert reply == refusal("outbound", 400, holding("attachments[0].url"),
                                "attachments[0].url")
    assert len(origin.asked) == before
    nothing_is_begun(server)
    assert blobs(server) == []


@pytest.mark.parametrize("url", ["http://9.9.9.9:22/", "https://9.9.9.9:25/", "http://9.9.9.9:6379/",
                                 "https://9.9.9.9:8443/", "https://[2620:fe::fe]:8080/"])
def test_ports_that_are_not_of_the_web(careful, url):
    server, user = careful
    reply = draft(user, {"url": url}, status=400)
    assert reply == refusal("outbound", 400, holding("attachments[0].url", "must be 80 or 443"),
                            "attachments[0].url")
    nothing_is_begun(server)


def test_in_every_family_it_is_refused(careful, origin):
    server, user = careful
    refused(server, user, [{"url": origin.url("/secret")}], 400,
            holding("attachments[0].url", "not on the public internet"), "attachments[0].url")
    assert "/secret" not in origin.asked


@pytest.mark.parametrize("location", [
    "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:25/_HELO", "http://u:p@127.0.0.1/",
    "http://", "dict://127.0.0.1/",
])
def test_redirects_that_are_not_followed(open_server, user, origin, location):
    path = f"/redirect{next(numbers)}"
    origin.paths[path] = {"status": 302, "headers": {"Location": location}}
    refused(open_server, user, [{"url": origin.url(path)}], 400, holding("attachments[0].url"),
            "attachments[0].url")


# Servers that answer otherwise

@pytest.mark.parametrize("status", [204, 206, 301, 400, 401, 403, 404, 410, 500, 503])
def test_another_status(open_server, user, origin, status):
    origin.paths[f"/{status}"] = {"status": status}
    refused(open_server, user, [{"url": origin.url(f"/{status}")}], 400,
            holding("attachments[0].url"), "attachments[0].url")


def test_nobody_answers(open_server, user):
    other = Origin()
    other.stop()
    reply = user.post(EMAIL, json={"from_account_id": user.account,
                                   "attachments": [{"url": other.url("/x")}]})
    assert said(reply, 503) == email_error("unavailable", holding("attachments[0].url"))
    assert reply.headers["Retry-After"]
    nothing_is_begun(open_server)


def test_it_breaks_off(open_server, user, origin):
    before = blobs(open_server)
    origin.paths["/half"] = {"body": b"x" * 1000, "size": 2000}
    reply = draft(user, {"url": serve(origin)}, {"url": origin.url("/half")}, status=503)
    assert reply["error"]["message"] == holding("attachments[1].url")
    nothing_is_begun(open_server)
    assert blobs(open_server) == before
    assert said(user.get(OUTBOUND))["data"] == []


def test_it_takes_too_long(start_server, origin):
    server = start_server(allow_private_addresses="true", fetch_timeout="1s")
    user = new_user(server)
    origin.paths["/slow"] = origin.wait
    reply = draft(user, {"url": origin.url("/slow")}, {"url": origin.url("/never")}, status=503)
    assert reply["error"]["message"] == holding("attachments[0].url", "too long")
    assert "/never" not in origin.asked
    nothing_is_begun(server)
    assert blobs(server) == []


# Limits

def test_too_large(start_server, origin):
    server = start_server(allow_private_addresses="true", attachment_limit="100K")
    user = with_mailbox(new_user(server))
    half = {"url": serve(origin, bytes(50 * 1024))}
    more = {"url": serve(origin, bytes(50 * 1024 + 1))}
    unsaid = serve(origin, bytes(200 * 1024), Content_Length=None)
    for attachments in ([half, more], [{"url": unsaid}], [{"url": serve(origin, bytes(3 * MIB))}]):
        refused(server, user, attachments, 413, holding(str(100 * 1024)), "attachments")
    document = upload_document(user, content=bytes(60 * 1024))
    reply = draft(user, document["id"], half, status=413)
    assert reply["error"]["message"] == holding("attachments", str(100 * 1024))
    assert len(draft(user, half, half)["attachments"]) == 2


def test_sixteen_at_once_and_no_more(open_server, origin):
    waiting = Origin()
    waiting.paths["/wait"] = waiting.wait
    users = [new_user(open_server, organization=f"sixteen {number}") for number in range(17)]

    def ask(user):
        return user.post(OUTBOUND, json={"attachments": [{"url": waiting.url("/wait")}]})

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        asked = [pool.submit(ask, user) for user in users[:16]]
        wait_until(lambda: len(waiting.asked) == 16, what="sixteen fetches")
        reply = users[16].post(OUTBOUND, json={"attachments": [{"url": serve(origin)}]})
        assert said(reply, 503)["error"]["message"] == holding("too many requests fetch")
        assert reply.headers["Retry-After"]
        # what fetches nothing goes on meanwhile
        assert said(users[16].get(OUTBOUND))["data"] == []
        waiting.release.set()
        for one in asked:
            assert said(one.result(), 201)["attachments"][0]["size_bytes"] == 4
    waiting.stop()
    draft(users[16], {"url": serve(origin)})


def test_one_organization_cannot_take_all_places(open_server, origin):
    """It has half of them, a few of its requests wait, and others go on at once."""
    waiting = Origin()
    waiting.paths["/wait"] = waiting.wait
    slow, other = (new_user(open_server, organization=name) for name in ("slow", "other"))

    def ask(_):
        return slow.post(OUTBOUND, json={"attachments": [{"url": waiting.url("/wait")}]}).status_code

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(ask, number) for number in range(20)]
        wait_until(lambda: len(waiting.asked) == 8, what="eight fetches")
        assert draft(other, {"url": serve(origin)})["attachments"][0]["size_bytes"] > 0
        assert len(waiting.asked) == 8
        waiting.release.set()
        statuses = [one.result() for one in asked]
    waiting.stop()
    assert statuses.count(201) >= 8 and set(statuses) <= {201, 503}


def test_who_waits_holds_no_reader(open_server, origin):
    """There are eight, for everybody."""
    waiting = Origin()
    waiting.paths["/wait"] = waiting.wait
    users = [new_user(open_server, organization=f"reader {number}") for number in range(12)]
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        asked = [pool.submit(draft, user, {"url": waiting.url("/wait")}) for user in users]
        wait_until(lambda: len(waiting.asked) == 12, what="twelve fetches")
        assert said(users[0].get(OUTBOUND))["data"] == []
        waiting.release.set()
        for one in asked:
            assert one.result()["attachments"][0]["size_bytes"] == 4
    waiting.stop()


def test_a_caller_who_hangs_up(open_server, user, origin):
    """What he asked for is made all the same, or not at all; nothing is left half done."""
    waiting = Origin()
    waiting.paths["/wait"] = waiting.wait
    body = '{"attachments": [{"url": "%s"}]}' % waiting.url("/wait")
    with Wire(open_server) as wire:
        wire.say(f"POST {OUTBOUND}", Authorization=f"Bearer {user.token}",
                 Content_Type="application/json", Content_Length=len(body))
        wire.send(body)
        wait_until(lambda: waiting.asked, what="the fetch")
    assert len(begun(open_server)) == 1
    waiting.release.set()
    nothing_is_begun(open_server)
    waiting.stop()


def test_the_same_call_fetches_once(user, origin):
    url = serve(origin, None, "/once")
    key = {"Idempotency-Key": user.address}
    body = {"attachments": [{"url": url}]}
    first = user.post(OUTBOUND, json=body, headers=key)
    assert said(user.post(OUTBOUND, json=body, headers=key), 201) == said(first, 201)
    assert origin.asked.count("/once") == 1
