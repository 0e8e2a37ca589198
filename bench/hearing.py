"""How fast events are told: to one webhook's endpoint, to one reader of /api/events who waits, and
what a thousand waiting readers cost those who write."""
import contextlib
import http.client
import json
import socket
import statistics
import subprocess
import threading
import time

from loading import load, scaled, write_bodies
from people import USER, new_user
from running import BUILD, SECONDS, wait_until
from served import served

DRAFTS = "/api/v1/email/outbound/drafts"
EVENTS = 20_000
LANES = 8  # of a webhook: so many calls at once
WAITING = 1000
HEARD_ALONE = 200


@contextlib.contextmanager
def receiver(requests):
    """Its port, and a function that waits for what it says at the end."""
    process = subprocess.Popen([BUILD / "bench/receiver", "--requests", str(requests)],
                               stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline()), lambda: json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(SECONDS)


def write_events(server, folder, count):
    """Drafts, each of which is one event."""
    bodies = write_bodies(folder, "heard", [{"to": ["client@example.com"], "subject": "s"}])
    return load(server, DRAFTS, bodies, 64, count)


def webhook(table, folder, scale):
    """What was written before is told at once, so nothing but the telling is measured; the limit is
    what bench/load posts to the same receiver."""
    count = scaled(EVENTS, scale)
    with served(folder, allow_private_addresses="true") as server:
        client = server.client(server.token)
        with receiver(count) as (port, result):
            made = client.post("/api/webhooks", json={"url": f"http://127.0.0.1:{port}/"}).json()
            path = f"/api/webhooks/{made['id']}"
            client.patch(path, json={"is_active": False})
            write_events(server, folder, count)
            client.patch(path, json={"is_active": True})
            measured = result()
            wait_until(lambda: client.get(path).json()["delivered"] >= count, what="the last one")
        with receiver(2 * count) as (port, _):
            aside = type("Aside", (), {"port": port, "token": "", "said": lambda _: ""})()
            body = write_bodies(folder, "posted", [{"type": "email.created", "data": "x" * 400}])
            limit = load(aside, "/", body, LANES, count)
        table.add("events to one webhook", measured["per_second"], "/s", limit["per_second"])


class Reader:
    """Keeps its connection; only next_after of a reply is looked at, so that Python is not what is
    measured."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
        self.headers = {"Authorization": f"Bearer {server.token}"}

    def read(self, after, wait):
        self.connection.request("GET", f"/api/events?after={after}&limit=1000&wait={wait}",
                                headers=self.headers)
        text = self.connection.getresponse().read()
        return int(text.rpartition(b'"next_after":')[2].partition(b",")[0])

    def read_to(self, after, end):
        while after < end:
            after = self.read(after, 60)


def newest(server):
    """The number of the last event so far: how the organization came to be is in its trail, too."""
    return Reader(server).read(0, 0)


def log(table, folder, scale):
    count = scaled(EVENTS, scale)
    with served(folder) as server:
        made = newest(server)
        write_events(server, folder, count)
        began = time.monotonic()
        Reader(server).read_to(made, made + count)
        table.add("events to one reader, 1,000 at a time", count / (time.monotonic() - began), "/s")
        behind = threading.Thread(target=Reader(server).read_to, args=(made + count, made + 2 * count))
        behind.start()
        began = time.monotonic()
        written = write_events(server, folder, count)
        behind.join()
        table.add("events to one reader, as they are written", count / (time.monotonic() - began),
                  "/s", written["per_second"])
        heard = sorted(alone(server, made + 2 * count + number)
                       for number in range(scaled(HEARD_ALONE, scale)))
        table.add("an event to a reader who waits", statistics.median(heard), "ms",
                  p50=statistics.median(heard), p99=heard[int(0.99 * len(heard))])


def alone(server, number):
    """number: of the newest event. From when its draft was answered to when the reader had it."""
    heard = []

    def wait():
        Reader(server).read_to(number, number + 1)
        heard.append(time.monotonic())

    reader = threading.Thread(target=wait)
    reader.start()
    with server.client(server.token) as client:
        wait_until(lambda: is_waiting(client, 1), what="the reader")
        client.post(DRAFTS, json={})
        written = time.monotonic()
    reader.join()
    return max(0, 1000 * (heard[0] - written))


def is_waiting(client, count):
    text = client.get("/metrics").text
    return any(line == f"outtray_http_parked {count}" for line in text.splitlines())


def waiting(table, folder, scale):
    """Readers who may not hear of what is written: nobody needs to be woken."""
    count = scaled(EVENTS, scale)
    readers = scaled(WAITING, scale)
    room = str(2 * readers + 100)  # a quarter is kept for those who do not wait
    with served(folder, connection_limit=room, connections_per_address=room,
                waiting_per_token=room) as server:
        write_events(server, folder, count)
        before = write_events(server, folder, count)
        other = new_user(server, USER)
        with contextlib.ExitStack() as open_sockets:
            for _ in range(readers):
                reader = open_sockets.enter_context(socket.create_connection(
                    ("127.0.0.1", server.port), timeout=SECONDS))
                reader.sendall(f"GET /api/events?after={2 * count}&wait=60 HTTP/1.1\r\n"
                               f"Host: localhost\r\nAuthorization: Bearer {other.token}\r\n\r\n"
                               .encode())
            wait_until(lambda: is_waiting(server.client(server.token), readers),
                       what="all of them waiting")
            measured = write_events(server, folder, count)
        table.add(f"drafts, 64 connections, {readers:,} readers wait", measured["per_second"], "/s",
                  before["per_second"], p50=measured["p50_ms"], p99=measured["p99_ms"])


def hearing(table, folder, scale):
    for number, part in enumerate((webhook, log, waiting)):
        place = folder / str(number)
        place.mkdir()
        part(table, place, scale)
