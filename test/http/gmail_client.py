"""A client of Gmail's API, for the tests of the fake."""
import base64
import json
import re

import requests

from shapes import said

ANN = "ann@example.com"
PARENT = (b"From: bob@example.com\r\nTo: ann@example.com\r\nSubject: A matter\r\n"
          b"Message-ID: <parent@example.com>\r\n\r\nWell?\r\n")


def mail(body="body", **fields):
    """Fields: In_Reply_To="<...>"; None leaves one out."""
    given = {"From": "Ann <ann@example.com>", "To": "b@example.com", "Subject": "hello",
             "Message-ID": "<ours@example.com>", "Date": "Sat, 21 Nov 2026 11:47:35 +0000",
             **{name.replace("_", "-"): value for name, value in fields.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value is not None)
    return f"{head}\r\n{body}\r\n".encode()


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Client(requests.Session):
    """Paths below /gmail/v1/users/me; /upload and /resumable/upload, put first, come before it."""

    def __init__(self, gmail, address=ANN, scopes=None):
        super().__init__()
        self.gmail, self.trust_env = gmail, False
        self.grant = gmail.connect(address, scopes=scopes)
        self.headers["Authorization"] = f"Bearer {self.grant.access_token}"

    def request(self, method, path, **options):
        if not path.startswith("http"):
            before = re.match("/(upload|resumable/upload)(?=/)|", path)[0]
            path = f"{self.gmail.url}{before}/gmail/v1/users/me{path[len(before):]}"
        return super().request(method, path, **{**options, "allow_redirects": False})

    def send_raw(self, raw, thread_id=None):
        return self.post("/messages/send", json={"raw": base64url(raw), "threadId": thread_id})

    def send_media(self, raw):
        return self.post("/upload/messages/send?uploadType=media", data=raw,
                         headers={"Content-Type": "message/rfc822"})

    def multipart(self, path, metadata, raw, method="POST", media_type="message/rfc822"):
        body = (b"--a boundary\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n" +
                json.dumps(metadata).encode() + b"\r\n--a boundary\r\nContent-Type: " +
                media_type.encode() + b"\r\n\r\n" + raw + b"\r\n--a boundary--")
        return self.request(method, f"/upload{path}?uploadType=multipart", data=body, headers={
            "Content-Type": 'multipart/related; boundary="a boundary"'})

    def send_multipart(self, raw):
        return self.multipart("/messages/send", {}, raw)

    def start_upload(self, size=None, metadata=None, path="/resumable/upload/messages/send"):
        headers = {"X-Upload-Content-Type": "message/rfc822"}
        if size is not None:
            headers["X-Upload-Content-Length"] = str(size)
        reply = self.post(f"{path}?uploadType=resumable", json=metadata, headers=headers)
        assert reply.status_code == 200, reply.text
        return reply.headers["Location"]

    def put(self, where, data=b"", span=None):
        headers = {"Content-Range": f"bytes {span}"} if span else {}
        return super().put(where, data=data, headers=headers)

    def send_resumable(self, raw):
        return self.put(self.start_upload(len(raw)), raw)

    def draft(self, raw=None, thread_id=None):
        message = {"raw": base64url(raw or mail()), "threadId": thread_id}
        return said(self.post("/drafts", json={"message": message}))

    def send_draft(self, draft_id):
        return self.post("/drafts/send", json={"id": draft_id})

    def history(self, start, **more):
        return self.get("/history", params={"startHistoryId": start, **more})

    def found(self, query):
        return [message["id"] for message in
                said(self.get("/messages", params={"q": query})).get("messages", [])]


def refused(reply, reason, status):
    error = reply.json()["error"]
    assert (reply.status_code, error["code"], error["errors"][0]["reason"]) == (
        status, status, reason), reply.text
    return error["message"]
