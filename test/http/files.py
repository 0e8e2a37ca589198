"""Files that are uploaded, attached and given away: how to ask for it, and what is on the disk."""
import hashlib
import itertools

from running import wait_until
from shapes import said

DOCUMENTS = "/api/v1/documents"
UPLOAD = "/api/upload"
DOWNLOAD = "/api/messages/download"
MIB = 1024 * 1024
BOUNDARY = "a-boundary-of-the-test"
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def upload_document(user, name="letter.pdf", content=b"content", kind="application/pdf", status=201,
                    headers=None, **fields):
    """POST /api/v1/documents."""
    reply = user.post(DOCUMENTS, files={"file": (name, content, kind)}, data=fields,
                      headers=headers)
    return said(reply, status)


def upload_files(user, *files, status=200, part="files", headers=None):
    """POST /api/upload, each file a (name, content, type)."""
    return said(user.post(UPLOAD, files=[(part, file) for file in files], headers=headers), status)


def part(name, content, filename=None, kind=None):
    """A part of a form, to be changed before it is sent."""
    if isinstance(content, str):
        content = content.encode()
    more = "" if filename is None else f'; filename="{filename}"'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n'
    head += f"Content-Type: {kind}\r\n" if kind else ""
    return head.encode() + b"\r\n" + content + b"\r\n"


def form(*parts):
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def blobs(server):
    """The names of the blobs that are kept."""
    return sorted(path.name for path in (server.data / "blobs").rglob("*")
                  if path.is_file() and path.parent.name != "tmp")


def begun(server):
    """The files of blobs on their way."""
    return [path for path in (server.data / "blobs").rglob("tmp/*") if path.is_file()]


def nothing_is_begun(server):
    wait_until(lambda: not begun(server), what="the end of all that was begun")


def blob_path(server, content):
    [path] = (server.data / "blobs").rglob(sha256(content))
    return path


numbers = itertools.count()


def unique(size=20):
    """Content that nobody else has uploaded."""
    start = b"content %d " % next(numbers)
    return start + bytes(size - len(start)) if size > len(start) else start
