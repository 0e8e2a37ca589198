"""A server of chat completions, which says what the test wants and keeps what it was asked."""
import http.server
import json
import threading


class FakeModel:
    """say(...) sets what it answers from now on; calls holds (headers, body) of each request."""

    def __init__(self):
        self.calls, self._status, self._body = [], 200, b"{}"
        self._may_answer = threading.Event()
        self._may_answer.set()
        self.arrived = threading.Semaphore(0)
        model = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                model.calls.append((dict(self.headers), body))
                model.arrived.release()
                model._may_answer.wait()
                try:
                    self.send_response(model._status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(model._body)))
                    self.end_headers()
                    self.wfile.write(model._body)
                except OSError:
                    pass  # whoever asked has gone

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1/chat/completions"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def say(self, content, status=200):
        """content: what the model writes; a dictionary becomes JSON, bytes are the whole reply."""
        if isinstance(content, dict):
            content = json.dumps(content)
        if isinstance(content, str):
            content = json.dumps({"id": "x", "object": "chat.completion", "choices": [
                {"index": 0, "message": {"role": "assistant", "content": content},
                 "finish_reason": "stop"}]}).encode()
        self._status, self._body = status, content

    def hang(self):
        """Says nothing until release()."""
        self._may_answer.clear()

    def release(self):
        self._may_answer.set()

    def asked(self):
        """The letter of the last request."""
        body = json.loads(self.calls[-1][1])
        assert [message["role"] for message in body["messages"]] == ["system", "user"]
        return json.loads(body["messages"][1]["content"])

    def stop(self):
        self.release()
        self._server.shutdown()
        self._server.server_close()
