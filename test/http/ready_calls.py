"""Each call of each fake, ready to be made once: for tests of every fault at every call."""
import base64
import dataclasses
import json
import re
import socket
import urllib.parse

from fake_gmail import FakeGmail
from fake_graph import ATTACHMENT_LIMIT, FakeGraph
from fake_graph_item import Item
from fake_oauth import FakeOAuth
from fake_wire import Reply
from running import SECONDS

ADDRESS = "ann@example.com"
MAIL = (b"From: Ann <ann@example.com>\r\nTo: b@example.com\r\nSubject: hello\r\n"
        b"Message-ID: <ours@example.com>\r\nDate: Sat, 21 Nov 2026 11:47:35 +0000\r\n\r\nbody\r\n")
REDIRECT = "http://127.0.0.1:1/callback"


@dataclasses.dataclass
class Ready:
    method: str
    target: str
    body: bytes = b""
    media_type: str = "application/json"
    headers: dict = dataclasses.field(default_factory=dict)


class Line:
    """One connection, kept as long as the server does. Nothing is repeated or followed."""

    def __init__(self, fake, seconds=SECONDS):
        self.socket = socket.create_connection(("127.0.0.1", fake.port), timeout=seconds)

    def ask(self, ready):
        """OSError, EOFError when there is no whole reply."""
        headers = {"Host": "localhost", "Content-Length": len(ready.body),
                   "Content-Type": ready.media_type, **ready.headers}
        head = f"{ready.method} {ready.target} HTTP/1.1\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.socket.sendall(head.encode() + b"\r\n" + ready.body)
        return self._read()

    def _read(self):
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._piece()
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        while len(body) < int(headers.get("Content-Length", 0)):
            body += self._piece()
        return Reply(int(first.split(" ")[1]), body, headers)

    def _piece(self):
        piece = self.socket.recv(65536)
        if not piece:
            raise EOFError("closed in the middle of a reply")
        return piece

    def use(self):
        """So that the next request finds the connection kept."""
        assert self.ask(Ready("GET", "/nowhere")).status == 404

    def close(self):
        self.socket.close()


def base64url(data):
    return base64.urlsafe_b64encode(data).decode()


def as_json(**fields):
    return json.dumps(fields).encode()


def form(**fields):
    return urllib.parse.urlencode(fields).encode()


class GmailCalls:
    kind = FakeGmail

    def __init__(self, fake):
        self.fake, self.box = fake, fake.box(ADDRESS)
        self.token = {"Authorization": f"Bearer {fake.connect(ADDRESS).access_token}"}

    def ready(self, call):
        ready = getattr(self, call.replace(".", "_"))()
        ready.headers = {**self.token, **ready.headers}
        ready.target = re.sub("^(/upload|)ME", r"\1/gmail/v1/users/me", ready.target)
        return ready

    def draft(self):
        return self.fake.thread.do(lambda: self.box.create_draft(MAIL, None))

    def message(self):
        return self.fake.receive(ADDRESS, MAIL)

    def profile(self):
        return Ready("GET", "ME/profile")

    def messages_send(self):
        return Ready("POST", "ME/messages/send", as_json(raw=base64url(MAIL)))

    def messages_get(self):
        return Ready("GET", f"ME/messages/{self.message().id}")

    def messages_list(self):
        return Ready("GET", "ME/messages")

    def attachments_get(self):
        return Ready("GET", f"ME/messages/{self.message().id}/attachments/ANG-0")

    def drafts_create(self):
        return Ready("POST", "ME/drafts", as_json(message={"raw": base64url(MAIL)}))

    def drafts_get(self):
        return Ready("GET", f"ME/drafts/{self.draft().id}")

    def drafts_list(self):
        return Ready("GET", "ME/drafts")

    def drafts_update(self):
        body = as_json(message={"raw": base64url(MAIL)})
        return Ready("PUT", f"ME/drafts/{self.draft().id}", body)

    def drafts_send(self):
        return Ready("POST", "ME/drafts/send", as_json(id=self.draft().id))

    def drafts_delete(self):
        return Ready("DELETE", f"ME/drafts/{self.draft().id}")

    def history_list(self):
        return Ready("GET", f"ME/history?startHistoryId={self.box.history_id}")

    def threads_get(self):
        return Ready("GET", f"ME/threads/{self.message().thread_id}")

    def sendAs_list(self):
        return Ready("GET", "ME/settings/sendAs")

    def sendAs_get(self):
        return Ready("GET", f"ME/settings/sendAs/{ADDRESS}")

    def upload_start(self):
        return Ready("POST", "/uploadME/messages/send?uploadType=resumable")

    def upload_put(self):
        line = Line(self.fake)
        where = line.ask(self.ready("upload.start")).headers["Location"]
        line.close()
        return Ready("PUT", where.removeprefix(self.fake.url), MAIL, "message/rfc822")


class GraphCalls:
    kind = FakeGraph

    def __init__(self, fake):
        self.fake, self.box = fake, fake.box(ADDRESS)
        self.token = {"Authorization": f"Bearer {fake.connect(ADDRESS).access_token}"}

    def ready(self, call):
        ready = getattr(self, call.replace(".", "_"))()
        if not call.startswith("upload."):
            ready.headers = {**self.token, **ready.headers}
        ready.target = re.sub("^ME", "/v1.0/me", ready.target)
        return ready

    def draft(self):
        """A new one's place."""
        item = Item(ADDRESS)
        item.read_mime(MAIL)
        self.fake.thread.do(lambda: self.box.add(item, "drafts"))
        return "ME/messages/" + urllib.parse.quote(item.immutable_id, safe="")

    def attachment(self):
        return {"@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt",
                "contentBytes": "aGVsbG8="}

    def attached(self):
        line, place = Line(self.fake), self.draft()
        ready = Ready("POST", re.sub("^ME", "/v1.0/me", place) + "/attachments",
                      as_json(**self.attachment()), headers=self.token)
        made = line.ask(ready).json["id"]
        line.close()
        return f"{place}/attachments/{urllib.parse.quote(made, safe='')}"

    def session(self):
        line = Line(self.fake)
        reply = line.ask(self.ready("attachments.createUploadSession")).json
        line.close()
        return reply["uploadUrl"].removeprefix(self.fake.url)

    def me(self):
        return Ready("GET", "ME")

    def messages_list(self):
        return Ready("GET", "ME/messages")

    def messages_create(self):
        return Ready("POST", "ME/messages", as_json(subject="hello"))

    def messages_get(self):
        return Ready("GET", self.draft())

    def messages_mime(self):
        return Ready("GET", self.draft() + "/$value")

    def messages_update(self):
        return Ready("PATCH", self.draft(), as_json(subject="hello"))

    def messages_delete(self):
        return Ready("DELETE", self.draft())

    def messages_send(self):
        return Ready("POST", self.draft() + "/send")

    def messages_createReply(self):
        return Ready("POST", self.draft() + "/createReply")

    def messages_createReplyAll(self):
        return Ready("POST", self.draft() + "/createReplyAll")

    def messages_createForward(self):
        return Ready("POST", self.draft() + "/createForward")

    def attachments_list(self):
        return Ready("GET", self.draft() + "/attachments")

    def attachments_create(self):
        return Ready("POST", self.draft() + "/attachments", as_json(**self.attachment()))

    def attachments_get(self):
        return Ready("GET", self.attached())

    def attachments_delete(self):
        return Ready("DELETE", self.attached())

    def attachments_createUploadSession(self):
        item = {"attachmentType": "file", "name": "large", "size": ATTACHMENT_LIMIT}
        return Ready("POST", self.draft() + "/attachments/createUploadSession",
                     as_json(AttachmentItem=item))

    def mailFolders_list(self):
        return Ready("GET", "ME/mailFolders")

    def mailFolders_get(self):
        return Ready("GET", "ME/mailFolders/sentitems")

    def sendMail(self):
        return Ready("POST", "ME/sendMail", base64.b64encode(MAIL), "text/plain")

    def upload_put(self):
        return Ready("PUT", self.session(), b"x" * 1000, "application/octet-stream",
                     {"Content-Range": f"bytes 0-999/{ATTACHMENT_LIMIT}"})

    def upload_status(self):
        return Ready("GET", self.session())

    def upload_cancel(self):
        return Ready("DELETE", self.session())


class OAuthCalls:
    kind = FakeOAuth

    def __init__(self, fake):
        self.fake = fake
        self.client = {"client_id": fake.client_id, "client_secret": fake.client_secret}

    def ready(self, call):
        return getattr(self, call.replace(".", "_"))()

    def authorize(self):
        query = {"response_type": "code", "client_id": self.fake.client_id, "scope": "openid",
                 "redirect_uri": REDIRECT, "state": "the state"}
        path = self.fake.authorize_url.removeprefix(self.fake.url)
        return Ready("GET", f"{path}?{urllib.parse.urlencode(query)}")

    def token_code(self):
        line = Line(self.fake)
        where = line.ask(self.authorize()).headers["Location"]
        line.close()
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(where).query)["code"][0]
        return self._token(grant_type="authorization_code", code=code, redirect_uri=REDIRECT)

    def token_refresh(self):
        token = self.fake.issue(ADDRESS).refresh_token
        return self._token(grant_type="refresh_token", refresh_token=token)

    def revoke(self):
        path = self.fake.revoke_url.removeprefix(self.fake.url)
        return Ready("POST", path, form(token=self.fake.issue(ADDRESS).refresh_token),
                     "application/x-www-form-urlencoded")

    def _token(self, **fields):
        path = self.fake.token_url.removeprefix(self.fake.url)
        return Ready("POST", path, form(**fields, **self.client),
                     "application/x-www-form-urlencoded")


ALL = {calls.kind: calls for calls in (GmailCalls, GraphCalls, OAuthCalls)}
EVERY_CALL = [(kind, call) for kind in ALL for call in kind.CALLS]
