"""The four ways to hand Gmail a mail, and uploads that go on after they broke off."""
import base64
import binascii
import dataclasses
import json
import re

from fake_wire import Reply

CHUNK = 256 * 1024  # uploads come in multiples of it, but for the last piece
RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


class NotTaken(Exception):
    """A body that is not what it says it is."""


def from_json(body, at_message):
    """The metadata, and the mail or None. at_message: both are in its "message"."""
    given = json_object(body)
    message = given.get("message", {}) if at_message else given
    if not isinstance(message, dict):
        raise NotTaken("message is no object")
    raw = message.get("raw")
    return given, None if raw is None else decoded_url(raw)


def json_object(body):
    try:
        given = json.loads(body or b"{}")
    except ValueError:
        raise NotTaken("the body is no JSON") from None
    if not isinstance(given, dict):
        raise NotTaken("the body is no JSON object")
    return given


def decoded_url(text):
    """Of the alphabet with - and _; padding is optional."""
    if not isinstance(text, str) or not re.fullmatch(r"[A-Za-z0-9_-]*={0,2}", text):
        raise NotTaken("raw is not base64url")
    try:
        return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except binascii.Error:
        raise NotTaken("raw is not base64url") from None


def from_media(request):
    if not request.media_type.startswith("message/"):
        raise NotTaken(f"Media type '{request.media_type}' is not supported.")
    return {}, request.body


def from_multipart(request):
    """multipart/related: JSON, then the mail as it is."""
    content_type = request.headers.get("content-type", "")
    found = re.search(r'boundary=(?:"([^"]+)"|([^\s;]+))', content_type)
    if request.media_type != "multipart/related" or not found:
        raise NotTaken("not multipart/related with a boundary")
    parts = split_parts(request.body, (found[1] or found[2]).encode())
    if len(parts) != 2:
        raise NotTaken(f"{len(parts)} parts instead of two")
    (first, metadata), (second, raw) = parts
    if not re.search(rb"(?im)^content-type:\s*application/json", first):
        raise NotTaken("the first part is not application/json")
    if not re.search(rb"(?im)^content-type:\s*message/", second):
        raise NotTaken("the second part is not message/rfc822")
    if re.search(rb"(?im)^content-transfer-encoding:\s*(?!7bit|8bit|binary)", second):
        raise NotTaken("the second part is encoded")
    return json_object(metadata), raw


def split_parts(body, boundary):
    """Header and content of each."""
    body, delimiter = b"\r\n" + body, b"\r\n--" + boundary
    place = body.find(delimiter) + len(delimiter)
    if place < len(delimiter):
        raise NotTaken("the boundary does not come")
    parts = []
    while body[place:place + 2] != b"--":
        end, start = body.find(delimiter, place), body.find(b"\r\n\r\n", place)
        if end < 0 or start < 0 or start > end or body[place:place + 2] != b"\r\n":
            raise NotTaken("a part does not end")
        parts.append((body[place + 2:start], body[start + 4:end]))
        place = end + len(delimiter)
    return parts


@dataclasses.dataclass
class Upload:
    """One that can be resumed: started with its metadata, then its bytes in order."""
    name: str       # of the call that it will be
    arguments: dict
    address: str
    metadata: dict
    size: int       # None: not said
    received: bytearray
    reply: Reply = None  # once it is whole: the same again to whoever asks

    def add(self, request):
        """True when it is whole now."""
        asked = request.headers.get("content-range")
        if asked is None:
            first, last, total = 0, len(request.body) - 1, len(request.body)
        else:
            first, last, total = self._range(asked)
        if total is not None and self.size not in (None, total):
            raise NotTaken("the size is another than was said")
        self.size = total if total is not None else self.size
        if first is None:
            return False
        if len(request.body) != last - first + 1:
            raise NotTaken("the body is not as long as its range")
        if first > len(self.received):
            raise NotTaken("something is missing before this range")
        is_last = self.size is not None and last + 1 == self.size
        if not is_last and len(request.body) % CHUNK:
            raise NotTaken("not a multiple of 256 KiB")
        del self.received[first:]
        self.received += request.body
        return is_last

    def add_part(self, request):
        """Of what broke off; no more than whole chunks are kept."""
        asked = request.headers.get("content-range")
        first = 0 if asked is None else self._range(asked)[0]
        if first is None or first > len(self.received):
            return
        del self.received[first:]
        self.received += request.body
        del self.received[len(self.received) // CHUNK * CHUNK:]

    def progress(self):
        """308: so far, and more is wanted."""
        headers = {"Range": f"bytes=0-{len(self.received) - 1}"} if self.received else {}
        return Reply(308, b"", headers)

    @staticmethod
    def _range(text):
        found = RANGE.fullmatch(text)
        if not found:
            raise NotTaken(f"Content-Range: {text}")
        first, last, total = (int(n) if n and n != "*" else None for n in found.groups())
        if first is not None and (last < first or total is not None and last >= total):
            raise NotTaken(f"Content-Range: {text}")
        return first, last, total
