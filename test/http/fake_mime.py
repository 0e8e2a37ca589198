"""The header of a mail as fields that can be looked at and exchanged; the body is left alone, so
that large mails cost nothing."""
import email.header
import email.utils
import re

HEAD_END = re.compile(rb"\r\n\r\n|\n\n")
FIELD_END = re.compile(rb"\r?\n(?![ \t])")
PREFIX = re.compile(r"\s*(?:re|fwd?|aw|sv|wg)\s*(?:\[\d+\])?\s*:\s*", re.IGNORECASE)


class Mail:
    def __init__(self, raw):
        self.raw = raw
        found = HEAD_END.search(raw)
        end = found.start() if found else len(raw)
        self.body = raw[found.end():] if found else b""
        self._fields = [(field.partition(b":")[0].strip().decode("latin-1"), field)
                        for field in FIELD_END.split(raw[:end].strip(b"\r\n")) if field]

    def fields(self):
        """Name and value of each, as they were written but unfolded."""
        return [(name, _value(field)) for name, field in self._fields]

    def all(self, name):
        return [_value(field) for known, field in self._fields if known.lower() == name.lower()]

    def get(self, name):
        """The first of that name, or None."""
        return next(iter(self.all(name)), None)

    def set(self, name, value):
        """In the place of the first of that name, otherwise on top; no other of it stays."""
        field = (name, f"{name}: {value}".encode())
        places = [place for place, (known, _) in enumerate(self._fields)
                  if known.lower() == name.lower()]
        if not places:
            self._fields.insert(0, field)
            return
        self._fields[places[0]] = field
        for place in reversed(places[1:]):
            del self._fields[place]

    def remove(self, name):
        self._fields = [(known, field) for known, field in self._fields
                        if known.lower() != name.lower()]

    def bytes(self):
        head = b"".join(field + b"\r\n" for _, field in self._fields)
        return head + b"\r\n" + self.body

    def head(self):
        return b"".join(field + b"\r\n" for _, field in self._fields)

    def addresses(self, *names):
        """All of these fields, without names, in their order. ValueError: one that is none."""
        found = email.utils.getaddresses(
            [text for name in names for text in self.all(name)
             if text and not re.fullmatch(r"[^@<>]*:\s*;", text)])
        for _, address in found:
            if not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+|\"[^\"]*\"@[^\s@<>]+", address):
                raise ValueError(address)
        return [address for _, address in found]

    def subject(self):
        """Decoded, and without what was put before it by replies."""
        return bare_subject(decoded(self.get("Subject") or ""))

    def ids(self, *names):
        """What stands in angle brackets."""
        return [found for name in names for text in self.all(name)
                for found in re.findall(r"<[^<>\s]+>", text)]


def _value(field):
    value = field.partition(b":")[2].decode("utf-8", "surrogateescape")
    return re.sub(r"\r?\n", "", value).strip()


def decoded(text):
    if "=?" not in text:
        return text
    return str(email.header.make_header(email.header.decode_header(text)))


def bare_subject(subject):
    while PREFIX.match(subject):
        subject = PREFIX.sub("", subject, count=1)
    return subject.strip()
