"""A web server on this machine that files can be fetched from, and that misbehaves when told to."""
import http.server
import socket
import threading
import urllib.parse


class Origin:
    """paths maps a path to what is answered: bytes, a dictionary (status, headers, body, pieces),
    or a function that is given the handler. Knows what it was asked for."""

    def __init__(self, host="127.0.0.1"):
        origin = self
        self.paths, self.asked, self.heads = {}, [], []
        self.release = threading.Event()  # what waits goes on

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                path = urllib.parse.urlsplit(self.path).path
                origin.asked.append(self.path)
                origin.heads.append(dict(self.headers))
                answer = origin.paths.get(path, {"status": 404})
                if callable(answer):
                    answer(self)
                else:
                    origin.reply(self, **({"body": answer} if isinstance(answer, bytes)
                                          else answer))

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
            request_queue_size = 64

            def handle_error(self, *_):
                pass  # the client has gone, which may be the point

        self._server = Server((host, 0), Handler)
        self.port = self._server.server_port
        self.host = host
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @staticmethod
    def reply(handler, status=200, headers=None, body=b"", size=None):
        handler.send_response(status)
        given = {"Content-Length": str(len(body) if size is None else size),
                 "Connection": "close", **(headers or {})}
        for name, value in given.items():
            if value is not None:
                handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = True

    def url(self, path="/", host=None):
        return f"http://{host or self.host}:{self.port}{path}"

    def wait(self, handler):
        """Says nothing until it is released."""
        self.release.wait(60)
        self.reply(handler, body=b"late")

    def stop(self):
        self.release.set()
        self._server.shutdown()
        self._server.server_close()
