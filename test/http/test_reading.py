"""Lists as summaries or in full; what is read at once takes little memory; replies that nobody reads
take little of the disk.

covers: src/api/listing.c src/api/replies.c src/api/query.c
"""
import contextlib
import os
import re
import threading

import pytest

from received import receive, user_with_mailbox
from running import Server, wait_until
from shapes import holding, refusal, said
from wire import Wire

SIGNATURE_BYTES = 64 * 1024
MIB = 1024 * 1024
CONTROLS = ("\x01\x02\x03\x04\x05\x06\x07\x08" * 9 + "\r\n") * 14000  # 1 MB; JSON has six times that
BODY_NAMES = {"body", "body_text", "body_html", "recipients"}


@pytest.fixture(scope="module")
def user(server):
    return user_with_mailbox(server)


@pytest.fixture(scope="module")
def mails(user):
    """One that came in with an answer to it, and a draft."""
    first = receive(user, text="Hi.\n", html="<b>Hi.</b>")
    answer = said(user.post("/api/email/send", json={
        "reply_to_message_uid": first["_id"], "to": ["jane@client.example"], "subject": "Re: x",
        "body_text": "Hello.", "body_html": "<p>Hello.</p>"}))["outbound_email_uid"]
    draft = said(user.post("/api/email/drafts", json={
        "from_account_id": user.account, "subject": "d", "body_text": "t"}), 201)["uid"]
    return first["conversationId"], answer, draft


# Summaries

LISTS = {  # what view is when nobody says; where the items are
    "/api/email/outbound": ("summary", lambda said: said["items"]),
    "/api/v1/email/correspondence": ("summary", lambda said: said["data"]),
    "/api/email/drafts": ("full", lambda said: said["items"]),
    "/api/v1/email/outbound/drafts": ("full", lambda said: said["data"]),
    "/api/conversation/{}": ("full", lambda said: said["messages"]),
    "/api/conversations/{}": ("full", lambda said: said["data"]["messages"]),
}


@pytest.mark.parametrize("path", LISTS)
def test_a_summary_is_the_record_without_bodies(user, mails, path):
    usual, items_of = LISTS[path]
    path = path.format(mails[0])
    full = said(user.get(path, params={"view": "full"}))
    summary = said(user.get(path, params={"view": "summary"}))
    assert said(user.get(path)) == {"full": full, "summary": summary}[usual]
    bodies = [{name for name in item if name in BODY_NAMES} for item in items_of(full)]
    assert bodies and all(bodies)
    for item in items_of(full):
        for name in BODY_NAMES:
            item.pop(name, None)
    assert summary == full


def test_a_single_mail_is_whole(user, mails):
    assert said(user.get(f"/api/email/outbound/{mails[1]}"))["body_text"] == "Hello."
    assert said(user.get(f"/api/email/drafts/{mails[2]}"))["body_text"] == "t"


REFUSED = {
    "/api/email/drafts": lambda field: refusal("email", 400, holding(field), field=field),
    "/api/v1/email/correspondence": lambda field: refusal("outbound", 400, holding(field),
                                                          field=field),
    "/api/conversation/01890000-0000-7000-8000-000000000000":
        lambda field: refusal("messages", 400, holding(field), field=field),
}


@pytest.mark.parametrize("path", REFUSED)
@pytest.mark.parametrize("query, field", [("view=short", "view"), ("perpage=3", "perpage"),
                                          ("a=1&b=2", "a")])
def test_a_query_that_is_not_known(user, path, query, field):
    reply = user.get(f"{path}?{query}")
    assert reply.status_code == 400
    assert reply.json() == REFUSED[path](field)


def test_doors_for_others_take_any_query(server):
    nobody = server.client(None)
    assert nobody.get("/healthz?x=1").status_code == 200
    assert "status=error" in nobody.get("/api/email/oauth/callback?state=s&session_state=x",
                                        allow_redirects=False).headers["Location"]


# Memory and disk

class LimitedServer(Server):
    """Freed memory is not kept aside by the sanitizer, which would be counted."""

    @property
    def environment(self):
        kept = os.environ.get("ASAN_OPTIONS", "")
        return {**super().environment, "ASAN_OPTIONS": f"{kept}:quarantine_size_mb=1"}


@contextlib.contextmanager
def limited(folder, mails, **settings):
    """A server with one conversation of so many mails, each 6 MB as JSON; and its id."""
    with LimitedServer(folder, **settings) as server:
        user = server.client(server.token)
        user.address, user.account = server.email, server.account_id
        first = receive(user, text=CONTROLS)
        for _ in range(mails - 1):
            receive(user, text=CONTROLS, answers=first["id"])
        server.user, server.conversation = user, first["conversationId"]
        yield server


def memory(server, field):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
        return int(re.search(rf"{field}:\s+(\d+) kB", status.read())[1]) * 1024


def unlinked_bytes(server):
    """Of files that have no name any more: what replies take of the disk."""
    taken = {}
    folder = f"/proc/{server.process.pid}/fd"
    for name in os.listdir(folder):
        with contextlib.suppress(OSError):
            if "(deleted)" in os.readlink(f"{folder}/{name}"):
                found = os.stat(f"{folder}/{name}")
                taken[found.st_ino] = found.st_size
    return sum(taken.values())


def ask(server, path):
    wire = Wire(server)
    wire.say(f"GET {path}", Authorization=f"Bearer {server.token}")
    return wire


def read_whole(server, path, statuses):
    with Wire(server) as wire:
        wire.say(f"GET {path}", Authorization=f"Bearer {server.token}", Connection="close")
        statuses.append(wire.status())
        while wire.socket.recv(MIB):
            pass


def rest_of(wire):
    """How many of the announced bytes come, in whole megabytes."""
    head, _, begun = wire.read.partition(b"\r\n\r\n")
    announced, got = int(re.search(rb"Content-Length: (\d+)", head)[1]), len(begun)
    while got < announced and (piece := wire.socket.recv(4 * MIB)):
        got += len(piece)
    assert got == announced
    return got // MIB


@pytest.mark.parametrize("path", ["/api/conversation/{}", "/api/conversations/{}",
                                  "/api/v1/email/correspondence?view=full",
                                  "/api/v1/email/correspondence/{}"])
def test_many_readers_take_little_memory(tmp_path, path):
    """16 readers of 24 MB each: a row at a time is in memory, and few replies are made at once."""
    with limited(tmp_path, 4, reply_wait="60s") as server:
        mail = said(server.user.get("/api/v1/email/correspondence"))["data"][0]["id"]
        path = path.format(mail if "correspondence" in path else server.conversation)
        read_whole(server, path, [])
        with open(f"/proc/{server.process.pid}/clear_refs", "w", encoding="ascii") as peak:
            peak.write("5")
        before, statuses = memory(server, "VmRSS"), []
        readers = [threading.Thread(target=read_whole, args=(server, path, statuses))
                   for _ in range(16)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert statuses == [200] * 16
        assert memory(server, "VmHWM") - before < 48 * MIB
        wait_until(lambda: not unlinked_bytes(server), what="the disk free again")


def test_many_readers_of_mailboxes_take_little_memory(tmp_path):
    """16 readers of 200 mailboxes with the largest signatures there may be, 12 MB: 202 MB when each
    has its list in memory. The sanitizer's own memory for each worker is counted, too."""
    with limited(tmp_path, 1, reply_wait="60s") as server:
        for number in range(200):
            made = said(server.user.post("/api/email/accounts", json={
                "provider": "sandbox", "emailAddress": f"box{number}@example.com"}), 201)
            said(server.user.patch(f"/api/email/accounts/{made['account']['_id']}",
                                   json={"signatureText": "s" * SIGNATURE_BYTES}))
        path, statuses = "/api/email/accounts", []
        listed = said(server.user.get(path))["accounts"]
        assert len(listed) >= 200 and len(listed[-1]["signatureText"]) == SIGNATURE_BYTES
        with open(f"/proc/{server.process.pid}/clear_refs", "w", encoding="ascii") as peak:
            peak.write("5")
        before = memory(server, "VmRSS")
        readers = [threading.Thread(target=read_whole, args=(server, path, statuses))
                   for _ in range(16)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert statuses == [200] * 16
        assert memory(server, "VmHWM") - before < 128 * MIB


def test_replies_that_nobody_reads(tmp_path):
    """Take their share of the disk; then 503 before any of the body, until clients go or read."""
    with limited(tmp_path, 2, reply_limit="40M", reply_wait="1s") as server:
        path = f"/api/conversation/{server.conversation}"
        held = [ask(server, path) for _ in range(3)]
        assert [wire.status() for wire in held] == [200] * 3
        assert 30 * MIB < unlinked_bytes(server) <= 40 * MIB
        refused = ask(server, path)
        assert refused.status() == 503
        assert b"Retry-After: " in refused.read
        assert refused.body() == {"success": False, "error": "SERVICE_UNAVAILABLE",
                                  "message": holding("large replies")}
        assert unlinked_bytes(server) <= 40 * MIB
        assert said(server.user.get(f"{path}?view=summary"))["messages"]  # small ones go on
        assert server.user.post("/api/email/drafts", json={
            "from_account_id": server.account_id, "subject": "d"}).status_code == 201
        held.pop().socket.close()
        statuses = []
        wait_until(lambda: read_whole(server, path, statuses) or statuses[-1] == 200,
                   what="room again")
        for wire in held:
            wire.socket.close()
        wait_until(lambda: not unlinked_bytes(server), what="the disk free again")


def test_another_organization_has_its_own_share(tmp_path):
    with limited(tmp_path, 2, reply_limit="14M", reply_wait="1s") as server:
        path = f"/api/conversation/{server.conversation}"
        held = ask(server, path)
        assert held.status() == 200
        assert ask(server, path).status() == 503
        server.tool("user", "add", "--email", "eve@other.example", "--organization", "Other")
        made = server.tool("--json", "token", "create", "--user", "eve@other.example", "--scope",
                           "inbox:read", "--scope", "inbox:write")
        server.token = re.search(r'"token": *"([^"]+)"', made)[1]
        user = server.client(server.token)
        user.address = "eve@other.example"
        user.account = said(user.post("/api/email/accounts", json={
            "provider": "sandbox", "emailAddress": user.address}), 201)["account"]["_id"]
        first = receive(user, text=CONTROLS)
        receive(user, text=CONTROLS, answers=first["id"])
        other = ask(server, f"/api/conversation/{first['conversationId']}")
        assert other.status() == 200
        assert unlinked_bytes(server) > 20 * MIB
        other.socket.close()
        held.socket.close()


def test_a_slow_reader_holds_nothing_but_the_disk(tmp_path):
    """One place, one worker; its reply is made, and others are served."""
    with limited(tmp_path, 2, reply_places=1, http_workers=1) as server:
        path = f"/api/conversation/{server.conversation}"
        slow = [ask(server, path) for _ in range(3)]
        statuses = []
        read_whole(server, path, statuses)
        assert statuses == [200]
        assert [wire.status() for wire in slow] == [200] * 3
        for wire in slow:
            assert rest_of(wire) == 10


def test_waiting_readers_end_with_the_server(tmp_path):
    with limited(tmp_path, 2, reply_limit="14M", reply_wait="60s") as server:
        path = f"/api/conversation/{server.conversation}"
        held, waiting = ask(server, path), None
        assert held.status() == 200
        waiting = ask(server, path)
        assert not waiting.has_answer(0.5)
        held.socket.close()
        assert waiting.status() == 200
        again = ask(server, path)
        assert not again.has_answer(0.2)
        waiting.socket.close()
