"""A bare connection, for what no client library would send."""
import json
import re
import select
import socket

from running import SECONDS


class Wire:
    def __init__(self, server):
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS)
        self.read = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def say(self, line, **headers):
        """A whole header: method and target, and Content_Length=7."""
        text = f"{line} HTTP/1.1\r\nHost: localhost\r\n"
        for name, value in headers.items():
            text += f"{name.replace('_', '-')}: {value}\r\n"
        self.send(text + "\r\n")

    def send(self, data):
        self.socket.sendall(data.encode() if isinstance(data, str) else data)

    def has_answer(self, seconds=0.0):
        return bool(select.select([self.socket], [], [], seconds)[0])

    def is_closed(self):
        """Waits until the other side says no more, and whether it said nothing at all."""
        try:
            return not self.socket.recv(1)
        except ConnectionError:
            return True

    def _read_until(self, is_enough):
        while not is_enough():
            piece = self.socket.recv(65536)
            assert piece, f"closed after {self.read!r}"
            self.read += piece

    def status(self):
        self._read_until(lambda: b"\r\n\r\n" in self.read)
        return int(self.read.split(b" ", 2)[1])

    def body(self):
        """The JSON of the answer whose status was read."""
        head, _, _ = self.read.partition(b"\r\n\r\n")
        size = int(re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)[1])
        self._read_until(lambda: len(self.read) >= len(head) + 4 + size)
        return json.loads(self.read[len(head) + 4:len(head) + 4 + size])
