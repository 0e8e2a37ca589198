"""A client of Microsoft Graph's mail, for the tests of the fake."""
import base64
import urllib.parse

import requests

from shapes import said

ANN = "ann@example.com"
REF = "String {5f3e9e9a-52a1-4c8d-9a53-0c1b2d3e4f50} Name SendRef"
IMMUTABLE = {"Prefer": 'outlook.timezone="UTC", IdType="ImmutableId"'}
PARENT = (b"From: Bob <bob@example.com>\r\nTo: ann@example.com, Cee <cee@example.com>\r\n"
          b"Cc: dee@example.com\r\nSubject: A matter\r\nMessage-ID: <parent@example.com>\r\n"
          b"References: <root@example.com>\r\nContent-Type: text/html\r\n\r\n<p>Well?</p>\r\n")
MIME = (b"From: Ann <ann@example.com>\r\nTo: b@example.com\r\nBcc: d@example.com\r\n"
        b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <ours@example.com>\r\n"
        b"X-Ref: r7\r\nDate: Sat, 21 Nov 2026 11:47:35 +0000\r\n\r\nbody\r\n")


class Client(requests.Session):
    """Paths below /v1.0/me. Ids are immutable ones, unless the header is taken away."""

    def __init__(self, graph, address=ANN, scopes=None):
        super().__init__()
        self.graph, self.trust_env = graph, False
        self.grant = graph.connect(address, scopes=scopes)
        self.headers.update({"Authorization": f"Bearer {self.grant.access_token}", **IMMUTABLE})

    def request(self, method, path, **options):
        if not path.startswith("http"):
            path = f"{self.graph.url}/v1.0/me{path}"
        return super().request(method, path, **{**options, "allow_redirects": False})

    def make(self, **fields):
        given = {"subject": "hello", "body": {"contentType": "text", "content": "body"},
                 "toRecipients": people("b@example.com"), **fields}
        return self.post("/messages", json=given)

    def draft(self, **fields):
        """Its path."""
        return place_of(said(self.make(**fields), 201)["id"])

    def make_mime(self, raw=MIME, path="/messages"):
        return self.post(path, data=base64.b64encode(raw), headers={"Content-Type": "text/plain"})

    def send_draft(self, place):
        return self.post(f"{place}/send")

    def listed(self, query, **more):
        return said(self.get("/messages", params={"$filter": query, **more}))["value"]

    def start_upload(self, place, size, **more):
        item = {"attachmentType": "file", "name": "large.bin", "size": size, **more}
        return self.post(f"{place}/attachments/createUploadSession", json={"AttachmentItem": item})


def put(where, data, first, total, **headers):
    span = f"bytes {first}-{first + len(data) - 1}/{total}"
    with requests.Session() as session:
        session.trust_env = False
        return session.put(where, data=data, headers={"Content-Range": span, **headers})


def people(*addresses):
    return [{"emailAddress": {"address": address}} for address in addresses]


def addresses(found):
    return [one["emailAddress"]["address"] for one in found]


def place_of(item_id):
    return "/messages/" + urllib.parse.quote(item_id, safe="")


def file(content, name="a.txt", **more):
    return {"@odata.type": "#microsoft.graph.fileAttachment", "name": name,
            "contentType": "text/plain", "contentBytes": base64.b64encode(content).decode(), **more}


def refused(reply, code, status=400):
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code), reply.text
    return reply.json()["error"]
