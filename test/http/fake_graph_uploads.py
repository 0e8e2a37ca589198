"""Attachments that come to an Outlook draft in pieces."""
import dataclasses
import re

RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
ADVISED = 320 * 1024


class WrongRange(Exception):
    pass


@dataclasses.dataclass
class Session:
    """Its URL holds a secret of its own; nobody may come with a token."""
    item: object
    address: str
    given: dict  # the AttachmentItem
    secret: str
    received: bytearray
    is_done: bool = False

    @property
    def size(self):
        return self.given["size"]

    def add(self, request, wants_advised):
        """True when it is whole now."""
        first, last = self._range(request)
        if len(request.body) != last - first + 1:
            raise WrongRange("the body is not as long as its range")
        if wants_advised and last + 1 != self.size and len(request.body) % ADVISED:
            raise WrongRange("not a multiple of 320 KiB")
        self.received += request.body
        self.is_done = len(self.received) == self.size
        return self.is_done

    def add_part(self, request):
        """Of what broke off."""
        self._range(request)
        self.received += request.body

    def _range(self, request):
        found = RANGE.fullmatch(request.headers.get("content-range", ""))
        if not found:
            raise WrongRange("Content-Range is missing, or is none")
        first, last, total = map(int, found.groups())
        if total != self.size or last >= total or last < first:
            raise WrongRange(f"Content-Range of a file of {self.size} bytes: {found[0]}")
        if first != len(self.received):
            raise WrongRange(f"{len(self.received)} is expected next")
        return first, last
