"""HTTP/1.1 as the fakes speak it: requests off a stream, replies onto one."""
import asyncio
import dataclasses
import functools
import http
import json
import re
import socket
import struct
import urllib.parse

HEAD_LIMIT = 64 * 1024
PIECE = 256 * 1024
ONCE = ("content-length", "transfer-encoding", "host", "authorization", "content-range")
PHRASES = {status.value: status.phrase for status in http.HTTPStatus} | {308: "Resume Incomplete"}
WITHOUT_GOODBYE = struct.pack("ii", 1, 0)  # SO_LINGER


class Refused(Exception):
    """What cannot be taken as a request, and the status that says so."""

    def __init__(self, status, why):
        super().__init__(why)
        self.status = status


class Gone(Exception):
    """The connection has ended, by whomever."""


@dataclasses.dataclass
class Request:
    method: str
    target: str      # as it was sent
    headers: dict    # names in lower case
    body: bytes = b""
    is_whole: bool = True  # False: the connection broke while the body came

    @functools.cached_property
    def path(self):
        """Not decoded, so that an encoded slash is none."""
        return self.target.partition("?")[0]

    @functools.cached_property
    def query(self):
        """Name to list of values."""
        return urllib.parse.parse_qs(self.target.partition("?")[2], keep_blank_values=True)

    @functools.cached_property
    def form(self):
        """The body as name to value; an empty one where it is no form."""
        return dict(urllib.parse.parse_qsl(self.body.decode("utf-8", "replace"),
                                           keep_blank_values=True))

    @functools.cached_property
    def json(self):
        """The body; ValueError where it is no JSON."""
        return json.loads(self.body)

    def asks(self, name, preset=None):
        """The first value of a query parameter."""
        return self.query.get(name, [preset])[0]

    @property
    def media_type(self):
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclasses.dataclass
class Reply:
    status: int
    body: bytes = b""
    headers: dict = dataclasses.field(default_factory=dict)
    closes: bool = False  # the connection, after it

    def wire(self):
        head = f"HTTP/1.1 {self.status} {PHRASES.get(self.status, 'Unknown')}\r\n"
        for name, value in self.headers.items():
            head += f"{name}: {value}\r\n"
        if self.closes:
            head += "Connection: close\r\n"
        if self.status != 204:
            head += f"Content-Length: {len(self.body)}\r\n"
        return head.encode("latin-1") + b"\r\n" + self.body

    @property
    def json(self):
        return json.loads(self.body)


def json_reply(status, value, **headers):
    """headers: Retry_After=1."""
    given = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status, json.dumps(value).encode(),
                 {"Content-Type": "application/json; charset=UTF-8", **given})


async def read_head(reader):
    """The next request, its body still to come; Gone when the client has closed."""
    try:
        block = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        raise Refused(431, "the header is too large") from None
    except (asyncio.IncompleteReadError, ConnectionError):
        raise Gone from None
    first, *lines = block[:-4].decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0"):
        raise Refused(400, f"no request line: {first!r}")
    return Request(words[0], words[1], _headers(lines))


def _headers(lines):
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        name, value = name.lower(), value.strip()
        if not colon or not re.fullmatch(r"[!#$%&'*+.^_`|~0-9a-z-]+", name):
            raise Refused(400, f"no header: {line!r}")
        if name in headers and name in ONCE:
            raise Refused(400, f"{name} twice")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    if "host" not in headers:
        raise Refused(400, "no Host")
    return headers


def body_size(request):
    """None when it comes in chunks."""
    given, coding = (request.headers.get(name) for name in ("content-length", "transfer-encoding"))
    if coding is not None:
        if given is not None or coding.lower() != "chunked":
            raise Refused(400, "Transfer-Encoding and Content-Length, or not chunked")
        return None
    if given is None:
        if request.method in ("POST", "PUT", "PATCH"):
            raise Refused(411, "neither Content-Length nor Transfer-Encoding")
        return 0
    if not re.fullmatch("[0-9]{1,15}", given):
        raise Refused(400, f"Content-Length: {given!r}")
    return int(given)


async def read_body(reader, writer, request, limit, stops_after=None):
    """Into the request. Refused with 413 as soon as it is known to be larger than limit. Where the
    connection breaks, or after stops_after bytes, is_whole is False, and the body what has come."""
    size = body_size(request)
    if size is not None and size > limit:
        raise Refused(413, f"{size} bytes")
    if size != 0 and request.headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if size is not None and stops_after is not None:
        size = min(size, stops_after)
    pieces = _chunks(reader) if size is None else _pieces(reader, size)
    read = []
    got = 0
    try:
        async for piece in pieces:
            read.append(piece)
            got += len(piece)
            if got > limit:
                raise Refused(413, f"more than {limit} bytes")
            if stops_after is not None and got >= stops_after:
                break
    except (asyncio.IncompleteReadError, ConnectionError):
        request.is_whole = False
    request.is_whole = request.is_whole and stops_after is None
    request.body = read[0] if len(read) == 1 else b"".join(read)


async def _pieces(reader, size):
    if 0 < size <= PIECE:  # nearly always; one await
        try:
            yield await reader.readexactly(size)
        except asyncio.IncompleteReadError as ended:
            yield ended.partial
            raise
        return
    while size > 0:
        piece = await reader.read(min(size, PIECE))
        if not piece:
            raise asyncio.IncompleteReadError(b"", size)
        size -= len(piece)
        yield piece


async def _chunks(reader):
    while True:
        line = (await reader.readuntil(b"\r\n")).partition(b";")[0].strip()
        if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", line):
            raise Refused(400, f"no chunk: {line!r}")
        size = int(line, 16)
        if size == 0:
            while await reader.readuntil(b"\r\n") != b"\r\n":
                pass
            return
        async for piece in _pieces(reader, size):
            yield piece
        if await reader.readexactly(2) != b"\r\n":
            raise Refused(400, "a chunk without an end")


async def discard(reader):
    """What the client still sends, until it has nothing more to say."""
    try:
        while await reader.read(PIECE):
            pass
    except ConnectionError:
        pass


def reset(writer):
    """Ends the connection at once: the client sees "connection reset", not an end of file."""
    bare = writer.get_extra_info("socket")
    if bare is not None:
        bare.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, WITHOUT_GOODBYE)
    writer.transport.abort()
