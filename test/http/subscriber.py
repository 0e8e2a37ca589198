"""Who hears of events: an endpoint on this machine that keeps what it is told, and misbehaves when
told to. Signatures are verified by the library of Standard Webhooks, which nobody here wrote."""
import collections
import http.server
import json
import subprocess
import threading
import time

from node_program import NODE_FOLDER, node_program
from running import SECONDS, wait_until

Told = collections.namedtuple("Told", "path headers body at connection")


class Subscriber:
    """answers: what is replied, from the first request on; the last one stays: a status, a tuple of
    status and headers, or a function that is given the handler and has replied when it returns.
    told has everything, in the order in which it came; taken only what was answered with 2xx."""

    def __init__(self, *answers, authority=None):
        subscriber = self
        self.answers = list(answers) or [204]
        self.told, self.taken = [], []
        self.release = threading.Event()  # what hangs goes on
        self._lock = threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if len(body) < int(self.headers["Content-Length"]):
                    return  # whoever was telling it was killed
                told = Told(self.path, dict(self.headers), body.decode(), time.time(),
                            self.client_address)
                self.told = told
                answer = subscriber.hear(told)
                if callable(answer):
                    answer = answer(self)
                if answer is None:
                    return
                status, headers = answer if isinstance(answer, tuple) else (answer, {})
                if status // 100 == 2:
                    subscriber.taken.append(told)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_):
                pass  # the client has gone, which may be the point

        self._server = Server(("127.0.0.1", 0), Handler)
        if authority:
            self._server.socket = authority.context().wrap_socket(self._server.socket,
                                                                  server_side=True)
        self.port = self._server.server_port
        self.url = f"http{'s' if authority else ''}://127.0.0.1:{self.port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def hear(self, told):
        with self._lock:
            self.told.append(told)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def hang(self, handler):
        """Says nothing until it is released."""
        self.release.wait(SECONDS)
        handler.close_connection = True

    def drip(self, handler):
        """A letter now and then, for ever."""
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not self.release.wait(0.1):
            handler.wfile.write(b"x")
        handler.close_connection = True

    @staticmethod
    def garble(handler):
        handler.wfile.write(b"220 mail.example.com ESMTP\r\n\r\n")
        handler.close_connection = True

    def stop(self):
        self.release.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def heard(self):
        """The bodies of what was taken."""
        return [json.loads(told.body) for told in list(self.taken)]

    @property
    def numbers(self):
        return [body["data"]["number"] for body in self.heard]

    def wait_for(self, count, of="taken"):
        return wait_until(lambda: len(getattr(self, of)) >= count and list(getattr(self, of)),
                          what=f"{count} calls; there are {len(getattr(self, of))}")


def wrongs(secret, calls):
    """What the library has against the signature of each."""
    given = [{"secret": secret, "headers": call.headers, "body": call.body} for call in calls]
    assert (NODE_FOLDER / "node_modules/standardwebhooks").exists(), "run scripts/setup.sh test"
    done = subprocess.run([node_program(), NODE_FOLDER / "webhooks.mjs"], input=json.dumps(given).encode(),
                          capture_output=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)
