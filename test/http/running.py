"""An outtrayd in a folder of its own, and a client for it."""
import email
import email.policy
import functools
import json
import os
import pathlib
import re
import signal
import subprocess
import time

import requests

from contract import Contract

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("OUTTRAY_BUILD", ROOT / "build-test"))
# Whose `outtray` makes users and tokens before a test begins: without sanitizers, which take most of
# the time of so short a program. What a test is about is always done by BUILD.
PREPARING_BUILD = pathlib.Path(os.environ.get("OUTTRAY_PREPARING_BUILD", BUILD))
SECONDS = 60
MOST_CHECKED = 1024 * 1024  # bytes of a request
FINDING = re.compile(r"runtime error:|ERROR: \w*Sanitizer|WARNING: ThreadSanitizer")


class Killed(Exception):
    """The server was ended by SIGKILL, and not by us."""


def wait_until(check, seconds=SECONDS, what="what was waited for"):
    """What check() gives as soon as it is true. Fails when that takes too long."""
    end = time.monotonic() + seconds
    while True:
        found = check()
        if found:
            return found
        assert time.monotonic() < end, f"{what} did not happen within {seconds} s"
        time.sleep(0.01)


def clean_environment():
    """Without what is set for another server, and with leave to use mail servers of the test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OUTTRAY_")}
    return {**kept, "OUTTRAY_ALLOW_PRIVATE_MAIL_HOSTS": "yes"}


@functools.cache
def contract():
    """What the programs under test say of themselves."""
    return Contract(BUILD / "outtrayd", clean_environment())


def json_text(options):
    """The body of a request as JSON text; None when it has none, or is too large to be looked at."""
    if options.get("json") is not None:
        return json.dumps(options["json"])
    data, headers = options.get("data"), options.get("headers") or {}
    is_json = headers.get("Content-Type", "").startswith("application/json")
    return data if is_json and isinstance(data, (str, bytes)) and len(data) < MOST_CHECKED else None


class Client(requests.Session):
    """Takes paths instead of URLs, and carries a token unless it is None. Every reply must be as
    the server's OpenAPI document says."""

    def __init__(self, url, token):
        super().__init__()
        self.url, self.token = url, token
        self.trust_env = False
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def request(self, method, path, **options):
        options.setdefault("timeout", SECONDS)
        reply = super().request(method, self.url + path, **options)
        first = reply.history[0] if reply.history else reply
        contract().check(method, path, json_text(options), first, not options.get("stream"))
        return reply


class Server:
    """settings are names and values as in outtray.conf: send_wait="1s". It listens on any free
    port, and on another one after each start, unless one is given. wrapper: a command before it."""

    def __init__(self, folder, authority=None, port=0, wrapper=(), **settings):
        self.data = pathlib.Path(folder) / "data"
        self.errors = pathlib.Path(folder) / "errors"
        if authority:
            settings.setdefault("tls_ca_file", authority.file)
        settings.setdefault("requests_per_minute", 0)  # tests ask as fast as they can
        self.wrapper = list(wrapper)
        self.settings, self.process, self.wanted_port, self.port = settings, None, port, port
        self.made = json.loads(self.prepare("init"))
        self.token, self.account_id = self.made["token"], self.made["account_id"]
        self.email = self.made["email"]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self):
        given = {f"OUTTRAY_{name.upper()}": str(value) for name, value in self.settings.items()}
        return {**clean_environment(), **given}

    def client(self, token):
        return Client(self.url, token)

    def tool(self, *arguments):
        """What `outtray` prints; fails when it does."""
        return self._run(BUILD, arguments)

    def prepare(self, *arguments):
        """The same for what no test is about."""
        return self._run(PREPARING_BUILD, arguments)

    def _run(self, build, arguments):
        done = subprocess.run([build / "outtray", "--data", self.data, *arguments], text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS,
                              check=False, env=self.environment)
        assert done.returncode == 0, f"outtray {' '.join(map(str, arguments))}: {done.stderr}"
        return done.stdout

    def start(self):
        """Returns itself once /readyz says so."""
        assert not self.process, "it runs already"
        before = self.said()
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                [*self.wrapper, BUILD / "outtrayd", "--data", self.data,
                 "--listen", f"127.0.0.1:{self.wanted_port}"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
                env=self.environment)
        try:
            self.port = self.wanted_port or wait_until(lambda: self._found_port(before),
                                                       what="listening")
            wait_until(lambda: self._alive(before) and self._is_ready(), what="/readyz")
        except BaseException:
            self.kill()
            raise
        return self

    def _found_port(self, before):
        self._alive(before)
        found = re.search(r" port=(\d+)\n", self.said()[len(before):])
        return found and int(found[1])

    def _alive(self, before):
        if self.process.poll() == -signal.SIGKILL:
            raise Killed
        assert self.process.poll() is None, self.said()[len(before):]
        return True

    def _is_ready(self):
        try:
            return self.client(None).get("/readyz").status_code == 200
        except requests.ConnectionError:
            return False

    def said(self):
        """Everything it has written to standard error so far."""
        return self.errors.read_text(errors="replace") if self.errors.exists() else ""

    def stop(self):
        """Ends it as an operator would; it must end well, and no sanitizer have anything to say."""
        if not self.process:
            return
        process, self.process = self.process, None
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            status = "not ended in time"
        said = self.said()
        assert status == 0, f"exit status {status}\n{said}"
        assert not FINDING.search(said), said

    def kill(self):
        """As a power cut would. Its data stay, and start() goes on from there."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None
        assert not FINDING.search(self.said()), self.said()

    def mail_files(self, address):
        """What the sandbox has delivered for this mailbox."""
        return sorted((self.data / "sandbox" / address / "new").glob("*"))

    def mails(self, address):
        """The same, read by Python's email package."""
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                for path in self.mail_files(address)]

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        if kind:
            self.kill()
        else:
            self.stop()
