"""The fakes of mail providers do what they are told; else a test against them proves nothing. What
each of them is like: test_fake_gmail.py, test_fake_graph.py, test_fake_oauth.py."""
import http.client
import json
import socket
import ssl
import struct
import threading
import urllib.request

import pytest

from fake_faults import GARBAGE
from fake_gmail import FakeGmail
from fake_graph import FakeGraph
from ready_calls import ADDRESS, ALL, EVERY_CALL, MAIL, GmailCalls, Line, Ready
from running import SECONDS, wait_until
from wire import Wire

BROKEN = (OSError, EOFError)
WAITING = ("hang_before", "hang_after", "late")
SILENT = ("close_idle", "reset_during", "reset_before", "reset_after", "half_reply")


class Asking(threading.Thread):
    """Asks on another thread; .reply, or .failure."""

    def __init__(self, line, ready):
        super().__init__()
        self.line, self.asked, self.reply, self.failure = line, ready, None, None
        self.start()

    def run(self):
        try:
            self.reply = self.line.ask(self.asked)
        except BROKEN as failure:
            self.failure = failure

    def end(self):
        self.join(SECONDS)
        assert not self.is_alive()
        return self.reply


@pytest.mark.parametrize("kind, call", EVERY_CALL)
def test_every_fault_at_every_call(start_fake, kind, call):
    fake = start_fake(kind)
    calls = ALL[kind](fake)
    usual = check_without_fault(fake, calls, call)
    for name, how in kind.FAULTS.items():
        check_fault(fake, calls, call, {"pace": 0, **how}, name, usual)
    assert fake.elsewhere == []


def check_without_fault(fake, calls, call):
    ready, line = calls.ready(call), Line(fake)
    fake.forget()
    reply = line.ask(ready)
    line.close()
    assert reply.status < 400, reply.body
    assert (fake.counts, fake.acted) == ({call: 1}, {call: 1})
    [kept] = fake.calls
    assert (kept.name, kept.status, kept.method, kept.target) == (
        call, reply.status, ready.method, ready.target)
    return reply.status


def check_fault(fake, calls, call, how, name, usual):
    ready, line = calls.ready(call), Line(fake)
    line.use()
    fake.forget()
    fault = fake.fail(call, **how)
    if fault.kind in SILENT:
        with pytest.raises(BROKEN):
            line.ask(ready)
    elif fault.kind in WAITING:
        asking = Asking(line, ready)
        fake.wait_for_hanging()
        assert (fake.acted[call], asking.is_alive()) == (fault.kind == "hang_after", True)
        fake.release()
        assert asking.end().status == usual, name
    else:
        check_reply(fake, fault, line.ask(ready), usual)
    line.close()
    wait_until(lambda: fault.hits == 1, what=name)
    assert (fake.counts[call], fake.acted[call]) == (1, int(fault.happens)), name
    assert fake.calls[0].fault == fault.kind


def check_reply(fake, fault, reply, usual):
    if fault.kind == "redirect":
        assert reply.status == 307
        assert reply.headers["Location"].startswith(fake.elsewhere_url + "/")
    elif fault.kind == "status":
        assert reply.status == fault.status
        assert fault.reason is None or fault.reason in reply.body.decode()
        assert fault.retry_after is None or (
            "Retry-After" in reply.headers or "Retry after" in reply.body.decode())
        assert "error" in json.loads(reply.body)
    elif fault.kind == "garbage":
        assert (reply.status, reply.body) in ((usual, GARBAGE), (204, b""))
    else:
        assert reply.status == usual


def ready_send(fake):
    calls = GmailCalls(fake)
    return calls.ready("drafts.send")


def test_a_client_that_leaves_is_not_served(gmail):
    gmail.fail("drafts.send", "hang_before")
    line = Line(gmail)
    asking = Asking(line, ready_send(gmail))
    gmail.wait_for_hanging()
    line.socket.shutdown(socket.SHUT_RDWR)
    asking.end()
    wait_until(lambda: gmail.hanging == 0, what="the server's notice")
    gmail.release()
    assert (gmail.sent, gmail.calls[0].status) == ([], None)


def test_late_acts_though_the_client_has_left(gmail):
    gmail.fail("drafts.send", "late")
    line = Line(gmail)
    asking = Asking(line, ready_send(gmail))
    gmail.wait_for_hanging()
    line.socket.shutdown(socket.SHUT_RDWR)
    asking.end()
    assert gmail.sent == []
    gmail.release()
    wait_until(lambda: len(gmail.sent) == 1, what="the late act")


def test_close_idle_spares_a_fresh_connection(gmail):
    fault = gmail.fail("*", "close_idle")
    calls, line = GmailCalls(gmail), Line(gmail)
    assert line.ask(calls.ready("profile")).status == 200
    with pytest.raises(BROKEN):
        line.ask(calls.ready("profile"))
    assert (fault.hits, gmail.calls[1].is_reused) == (1, True)


@pytest.mark.parametrize("kind", ["hang_before", "hang_after", "late"])
def test_the_connection_stays_after_it_hung(gmail, kind):
    gmail.fail("profile", kind)
    line, ready = Line(gmail), GmailCalls(gmail).ready("profile")
    asking = Asking(line, ready)
    gmail.wait_for_hanging()
    gmail.release()
    assert asking.end().status == line.ask(ready).status == 200
    assert [call.is_reused for call in gmail.calls] == [False, True]


def test_closes_when_it_is_asked_to(gmail):
    line, ready = Line(gmail), GmailCalls(gmail).ready("profile")
    ready.headers["Connection"] = "close"
    assert line.ask(ready).status == 200
    assert line.socket.recv(1) == b""


def test_faults_of_kept_or_fresh_connections(gmail):
    calls, line = GmailCalls(gmail), Line(gmail)
    gmail.fail("profile", status=503, is_reused=True, times=None)
    gmail.fail("profile", status=500, is_reused=False, times=None)
    assert [line.ask(calls.ready("profile")).status for _ in range(3)] == [500, 503, 503]


def test_resets_are_resets(gmail):
    """Not an end of file: a client can tell the two from each other."""
    gmail.fail("profile", "reset_before")
    with pytest.raises(ConnectionResetError):
        Line(gmail).ask(GmailCalls(gmail).ready("profile"))


def test_skips_counts_and_heals(gmail):
    calls, line = GmailCalls(gmail), Line(gmail)
    gmail.fail("profile", status=503, times=2, skip=1)
    asked = [line.ask(calls.ready("profile")).status for _ in range(5)]
    assert asked == [200, 503, 503, 200, 200]
    gmail.fail("profile", status=500, times=None)
    assert [line.ask(calls.ready("profile")).status for _ in range(3)] == [500] * 3
    gmail.heal()
    assert line.ask(calls.ready("profile")).status == 200


def test_fails_for_one_mailbox_alone(gmail):
    gmail.fail("profile", status=503, address="bob@example.com")
    ready = GmailCalls(gmail).ready("profile")
    assert Line(gmail).ask(ready).status == 200
    ready.headers["Authorization"] = f"Bearer {gmail.connect('bob@example.com').access_token}"
    assert Line(gmail).ask(ready).status == 503


def test_redirected_clients_are_seen(gmail):
    gmail.fail("profile", "redirect", status=302)
    ready = GmailCalls(gmail).ready("profile")
    asked = urllib.request.Request(gmail.url + ready.target, headers=ready.headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(asked, timeout=SECONDS):
        pass
    [request] = gmail.elsewhere
    assert request.path == "/gmail/v1/users/me/profile"
    assert request.headers["authorization"].startswith("Bearer ")


def test_a_body_of_one_s_own(gmail):
    calls, line = GmailCalls(gmail), Line(gmail)
    gmail.fail("profile", "garbage", body=b"[7]")
    assert line.ask(calls.ready("profile")).body == b"[7]"
    gmail.fail("profile", status=503, body=b"<html>")
    assert line.ask(calls.ready("profile")).body == b"<html>"


def test_counts_what_is_under_way_at_once(gmail):
    ready = GmailCalls(gmail).ready("profile")
    gmail.fail("profile", "hang_before", times=None)
    asking = [Asking(Line(gmail), ready) for _ in range(5)]
    gmail.wait_for_hanging(5)
    gmail.release()
    assert [one.end().status for one in asking] == [200] * 5
    assert gmail.most_at_once == {ADDRESS: 5}
    assert len({call.connection for call in gmail.calls}) == 5


@pytest.mark.parametrize("kind, call", [(FakeGmail, "profile"), (FakeGraph, "me")])
def test_refuses_more_at_once_than_allowed(start_fake, kind, call):
    fake = start_fake(kind)
    ready = ALL[kind](fake).ready(call)
    fake.concurrency_limit = 2
    fake.fail(call, "hang_before", times=2)
    asking = [Asking(Line(fake), ready) for _ in range(2)]
    fake.wait_for_hanging(2)
    assert Line(fake).ask(ready).status == 429
    fake.release()
    assert [one.end().status for one in asking] == [200, 200]


def test_takes_its_time(gmail):
    """A client that waits less gets nothing, and the mail is taken all the same."""
    gmail.latency = SECONDS
    line = Line(gmail, seconds=0.05)
    with pytest.raises(TimeoutError):
        line.ask(ready_send(gmail))
    wait_until(lambda: len(gmail.sent) == 1, what="the act")


def test_hangs_up(gmail):
    line = Line(gmail)
    line.use()
    gmail.hang_up()
    with pytest.raises(BROKEN):
        line.use()


def test_is_found_again_after_a_restart(start_fake):
    first = start_fake(FakeGmail)
    first.stop()
    second = start_fake(FakeGmail, port=first.port)
    assert second.url == first.url != second.oauth.url
    assert Line(second).ask(GmailCalls(second).ready("profile")).status == 200


def test_speaks_tls(start_fake, authority):
    fake = start_fake(FakeGmail, tls=True)
    ready = GmailCalls(fake).ready("profile")
    assert fake.url.startswith("https:")
    trust = ssl.create_default_context(cafile=authority.file)
    connection = http.client.HTTPSConnection("127.0.0.1", fake.port, timeout=SECONDS, context=trust)
    for _ in range(2):
        connection.request("GET", ready.target, headers=ready.headers)
        assert json.load(connection.getresponse())["emailAddress"] == ADDRESS
    fake.fail("profile", "reset_before")
    connection.request("GET", ready.target, headers=ready.headers)
    with pytest.raises((OSError, http.client.HTTPException)):
        connection.getresponse()


def test_unknown_calls_are_kept(gmail):
    assert Line(gmail).ask(Ready("GET", "/gmail/v1/users/me/labels")).status == 404
    assert [(call.name, call.status) for call in gmail.calls] == [("", 404)]
    with pytest.raises(AssertionError, match="there is no call drafts.sent"):
        gmail.fail("drafts.sent", "late")


def test_says_when_it_is_wrong_itself():
    fake = FakeGmail()
    ready = GmailCalls(fake).ready("profile")
    fake.boxes[ADDRESS].messages = None
    assert Line(fake).ask(ready).status == 500
    with pytest.raises(AssertionError, match="TypeError"):
        fake.stop()


def send_head(fake, **headers):
    wire = Wire(fake)
    calls = GmailCalls(fake)
    wire.say("POST /upload/gmail/v1/users/me/messages/send?uploadType=media",
             Content_Type="message/rfc822", **calls.token, **headers)
    return wire


def test_reads_chunks(gmail):
    with send_head(gmail, Transfer_Encoding="chunked") as wire:
        for piece in (MAIL[:10], MAIL[10:]):
            wire.send(f"{len(piece):x};extension=1\r\n".encode() + piece + b"\r\n")
        wire.send("0\r\nTrailer: x\r\n\r\n")
        assert wire.status() == 200
    assert gmail.sent[0].given == MAIL


def test_says_continue(gmail):
    with send_head(gmail, Content_Length=len(MAIL), Expect="100-continue") as wire:
        assert wire.status() == 100
        wire.read = b""
        wire.send(MAIL)
        assert wire.status() == 200


@pytest.mark.parametrize("headers, status", [
    ({}, 411),
    ({"Content_Length": "7", "Transfer_Encoding": "chunked"}, 400),
    ({"Transfer_Encoding": "gzip"}, 400),
    ({"Content_Length": "-1"}, 400),
    ({"Content_Length": str(10 ** 10)}, 413),
    ({"Content_Length": "1", "content_length": "2"}, 400),
    ({"Bad name": "x"}, 400),
    ({"X": "y" * 70000}, 431)])
def test_refuses_what_is_no_request(gmail, headers, status):
    with send_head(gmail, **headers) as wire:
        assert wire.status() == status
    assert gmail.sent == []


def test_too_large_is_said_before_the_end(gmail):
    """And the connection stays until the client has finished, so that it reads the answer."""
    gmail.upload_limit = 1000
    size = gmail.body_limit(None) + 1
    with send_head(gmail, Content_Length=size) as wire:
        assert wire.status() == 413
        wire.send(b"x" * size)
        wire.socket.shutdown(socket.SHUT_WR)
    assert [call.status for call in gmail.calls] == [413]


def test_reset_during_reads_a_part(gmail):
    gmail.fail("messages.send", "reset_during", after_bytes=10)
    with send_head(gmail, Content_Length=len(MAIL)) as wire:
        wire.send(MAIL[:10])
        with pytest.raises(ConnectionResetError):
            wire.socket.recv(1)
    assert (gmail.calls[0].body, gmail.sent) == (MAIL[:10], [])


def test_a_client_that_breaks_off_is_not_served(gmail):
    with send_head(gmail, Content_Length=len(MAIL)) as wire:
        gmail.wait_for_calls("messages.send", 1)
        wire.send(MAIL[:-1])
        wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    Line(gmail).use()
    assert (gmail.sent, gmail.acted["messages.send"]) == ([], 0)
