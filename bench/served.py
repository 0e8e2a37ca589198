"""The server under load, and the mail sink it delivers to."""
import contextlib
import re
import shutil
import socket
import sqlite3
import subprocess
import time

from running import BUILD, SECONDS, Server, clean_environment, wait_until

MAILBOXES = 32  # three mails at once each: more than may leave at the same time
SETTLE_SECONDS = 300


class BenchServer(Server):
    def wait_until_all_left(self):
        """Until nothing is queued or being sent any more; all must have been sent."""
        wait_until(lambda: not self._has("queued", "sending"), SETTLE_SECONDS, "an empty queue")
        assert not self._has("failed", "unknown"), "not every mail was sent"

    def wait_until_all_sent(self, kinds):
        """Those whose ids begin so."""
        def is_done():
            time.sleep(0.1)
            with contextlib.closing(sqlite3.connect(self.data / "outtray.db")) as db:
                return not any(db.execute("SELECT 1 FROM emails WHERE id GLOB ? AND state <> 'sent'"
                                          " LIMIT 1", (f"{kind}-*",)).fetchone() for kind in kinds)
        wait_until(is_done, SETTLE_SECONDS, "every mail sent")

    def _has(self, *states):
        time.sleep(0.1)  # looking must not cost what is measured
        with contextlib.closing(sqlite3.connect(self.data / "outtray.db")) as db:
            found = "SELECT 1 FROM emails WHERE state = ? LIMIT 1"
            return any(db.execute(found, (state,)).fetchone() for state in states)


@contextlib.contextmanager
def served(folder, **settings):
    server = BenchServer(folder, port=free_port(), log_level="warning",
                         quota_stored_bytes=0, quota_waiting_emails=0, **settings)
    with server:
        yield server


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def memory_of(server, field):
    """In MB, as /proc says: VmRSS now, VmHWM at most."""
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
        return int(re.search(rf"{field}:\s+(\d+) kB", status.read())[1]) / 1000


def start_seconds(folder):
    """From fork to the first 200 of /readyz, on data that are there already."""
    port = free_port()
    began = time.monotonic()
    process = subprocess.Popen([BUILD / "outtrayd", "--data", folder / "data",
                                "--listen", f"127.0.0.1:{port}", "--log-level", "warning"],
                               stdout=subprocess.DEVNULL, env=clean_environment())
    try:
        while not is_ready(port):
            assert process.poll() is None, "outtrayd has ended"
            assert time.monotonic() - began < SECONDS, "outtrayd is not ready"
            time.sleep(0.0005)
        return time.monotonic() - began
    finally:
        process.terminate()
        process.wait(SECONDS)


def is_ready(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
            connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return connection.recv(100).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


class Sink:
    """postfix's smtp-sink: takes mail as fast as it can and throws it away."""

    def __enter__(self):
        self.port = free_port()
        self.process = subprocess.Popen(
            [program("smtp-sink"), "-u", "nobody", f"127.0.0.1:{self.port}", "1000"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._answers, what="smtp-sink")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(SECONDS)

    def _answers(self):
        assert self.process.poll() is None, "smtp-sink has ended"
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS) as connection:
                return connection.recv(3) == b"220"
        except OSError:
            return False

    def connect_mailboxes(self, server):
        """Their ids."""
        client = server.client(server.token)
        replies = [client.post("/api/email/accounts", json={
            "provider": "smtp", "emailAddress": f"user{number}@example.com",
            "smtp": {"host": "127.0.0.1", "port": self.port, "security": "none"}})
                   for number in range(MAILBOXES)]
        for reply in replies:
            assert reply.status_code == 201, reply.text
        return [reply.json()["account"]["_id"] for reply in replies]

    def fastest_sender(self, sessions, count, size):
        """How many mails a second smtp-source sends here, its connections kept open."""
        began = time.monotonic()
        subprocess.run([program("smtp-source"), "-d", "-s", str(sessions), "-m", str(count),
                        "-l", str(size), "-f", "a@example.com", "-t", "b@example.com",
                        f"127.0.0.1:{self.port}"], check=True, timeout=SETTLE_SECONDS,
                       stdout=subprocess.DEVNULL)
        return count / (time.monotonic() - began)


def program(name):
    """postfix keeps its own where an ordinary PATH does not look."""
    return shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin") or name
