"""Microsoft Graph's mail, faked: drafts, replies, attachments, sending. What all fakes
have is in fake_provider.py and fake_mail_provider.py.

    graph.box("ann@example.com")       has .items, .name, .may_send_as, ...
    graph.receive(address, raw, new_conversation=False)   a mail from outside; its Item
    graph.lingers_in_drafts = 2        a sent mail still looks like a draft for two looks,
    graph.missing_for = 3              is nowhere for three more (404), then in Sent Items
    graph.settle(address)              ... at once; the only way where one of them is None
    graph.keeps_message_id = False     transport puts its own in the place of internetMessageId
    graph.range_status = 202           of a piece of an upload; 200 is what the documents say
    graph.keeps_partial_ranges = True  of a piece that broke off; otherwise it is forgotten whole
    graph.has_upload_status = False    then GET of an uploadUrl is 405
    graph.wants_advised_ranges = True  pieces that are no multiple of 320 KiB are refused
    graph.has_plain_ids = True         otherwise ids hold / and +, which must be encoded

Alone, for benchmarks: python3 -m fake_graph --port 8080 (see fake_alone.py)."""
import base64
import binascii
import itertools
import json
import re
import secrets
import urllib.parse

import fake_graph_errors as errors
from fake_exchange import Refusal, Route
from fake_faults import FAULTS
from fake_grants import bare_scope
from fake_graph_box import Box
from fake_graph_item import Attachment, Invalid, Item
from fake_graph_reading import Reading, refusal
from fake_graph_uploads import Session, WrongRange
from fake_mail_provider import FakeMailProvider
from fake_provider import MIB
from fake_wire import Reply, json_reply
from loop_thread import between_requests

RANGE_LIMIT = 4 * MIB
REQUEST_LIMIT = RANGE_LIMIT + 4096  # so that what is just too small for an upload still fits in one
ATTACHMENT_LIMIT = 3 * MIB  # by one POST; from here on by an upload session
SESSION_LIMIT = 150 * MIB
WRITE, READ, SEND = ("mail.readwrite",), ("mail.readwrite", "mail.read"), ("mail.send",)
SESSION = "/api/v2.0/Users('{user}')/Messages('{id}')/AttachmentSessions('{session}')"
MESSAGE = "/messages/{id}"
ATTACHMENTS = MESSAGE + "/attachments"
# Method, path below the user, call, handler, scopes of which one is needed.
TABLE = (
    ("GET", "", "me", "show_me", ("user.read", "mail.readwrite")),
    ("GET", "/messages", "messages.list", "list_messages", READ),
    ("POST", "/messages", "messages.create", "create_message", WRITE),
    ("GET", MESSAGE, "messages.get", "get_message", READ),
    ("GET", MESSAGE + "/$value", "messages.mime", "get_mime", READ),
    ("PATCH", MESSAGE, "messages.update", "update_message", WRITE),
    ("DELETE", MESSAGE, "messages.delete", "delete_message", WRITE),
    ("POST", MESSAGE + "/send", "messages.send", "send_message", SEND),
    ("POST", MESSAGE + "/createReply", "messages.createReply", "create_answer", WRITE),
    ("POST", MESSAGE + "/createReplyAll", "messages.createReplyAll", "create_answer", WRITE),
    ("POST", MESSAGE + "/createForward", "messages.createForward", "create_answer", WRITE),
    ("GET", ATTACHMENTS, "attachments.list", "list_attachments", READ),
    ("POST", ATTACHMENTS, "attachments.create", "create_attachment", WRITE),
    ("POST", ATTACHMENTS + "/createUploadSession", "attachments.createUploadSession",
     "create_upload", WRITE),
    ("GET", ATTACHMENTS + "/{attachment}", "attachments.get", "get_attachment", READ),
    ("DELETE", ATTACHMENTS + "/{attachment}", "attachments.delete", "delete_attachment", WRITE),
    ("GET", "/mailFolders", "mailFolders.list", "list_folders", READ),
    ("GET", "/mailFolders/{folder}", "mailFolders.get", "get_folder", READ),
    ("GET", "/mailFolders/{folder}/messages", "messages.list", "list_messages", READ),
    ("POST", "/sendMail", "sendMail", "send_mail", SEND),
)


def routes():
    for method, path, call, handler, scopes in TABLE:
        for user in ("/v1.0/me", "/v1.0/users/{user}"):
            yield Route(method, user + path, call, handler, about=scopes)
    for method, call, handler in (("PUT", "upload.put", "put_range"),
                                  ("GET", "upload.status", "show_upload"),
                                  ("DELETE", "upload.cancel", "cancel_upload")):
        yield Route(method, SESSION, call, handler)


class FakeGraph(Reading, FakeMailProvider):
    CALLS = tuple(dict.fromkeys(row[2] for row in TABLE)) + (
        "upload.put", "upload.status", "upload.cancel")
    ROUTES = tuple(routes())
    FAULTS = FAULTS | {
        "403_permission": {"status": 403, "reason": "ErrorAccessDenied"},
        "403_send_as": {"status": 403, "reason": "ErrorSendAsDenied"},
        "429_concurrency": {"status": 429, "reason": "MailboxConcurrency", "retry_after": 1},
        "503_with_retry_after": {"status": 503, "retry_after": 1}}

    FLAVOUR, BOX = "microsoft", Box

    def __init__(self, *arguments, **options):
        self.keeps_message_id, self.has_plain_ids, self.has_mail = True, False, True
        self.lingers_in_drafts, self.missing_for = 0, 0
        self.range_status, self.has_upload_status = 200, True
        self.keeps_partial_ranges, self.wants_advised_ranges = False, False
        self.request_limit = REQUEST_LIMIT
        self.sessions, self._numbers = {}, itertools.count(1)
        super().__init__(*arguments, **options)

    @between_requests
    def receive(self, address, raw, new_conversation=False):
        return self.box(address).receive(raw, new_conversation)

    @between_requests
    def settle(self, address):
        self.box(address).settle()

    # What follows runs on the thread.

    def whose(self, call):
        session = self.sessions.get(call.arguments.get("session"))
        return session.address if session else super().whose(call)

    def body_limit(self, call):
        return RANGE_LIMIT if call.name == "upload.put" else self.request_limit

    def act(self, call):
        reply = super().act(call)
        asked = call.headers.get("client-request-id")
        reply.headers["request-id"] = secrets.token_hex(16)
        if asked:
            reply.headers["client-request-id"] = asked
        if is_immutable(call):
            reply.headers["Preference-Applied"] = 'IdType="ImmutableId"'
        return reply

    def malformed(self, status, why):
        return errors.error(errors.BY_STATUS.get(status, "UnknownError"), why, status)

    def too_many_at_once(self):
        reply = errors.error("ApplicationThrottled",
                             "Application is over its MailboxConcurrency limit.")
        reply.headers["Retry-After"] = 1
        return reply

    def refusal_of(self, fault, call):
        return errors.of_fault(fault, call.request)

    def box_for(self, call):
        """The mailbox, when the token may do this in it."""
        if not call.token or not call.token.is_good():
            raise Refusal(errors.unauthorized())
        if call.arguments.get("user", call.address).lower() != call.address.lower():
            raise refusal("ErrorAccessDenied")
        granted = {bare_scope(scope) for scope in call.token.scopes}
        if not granted & set(call.route.about):
            raise refusal("ErrorAccessDenied")
        return self.box(call.address)

    def show_me(self, call):
        box = self.box_for(call)
        return json_reply(200, {"id": f"user-{box.address}", "displayName": box.name or box.address,
                                "mail": box.address if self.has_mail else None,
                                "userPrincipalName": box.address})

    # Drafts.

    def create_message(self, call):
        box, item = self.box_for(call), Item(call.address)
        fill(item, call.request)
        return self.shown(call, box, box.add(item, "drafts"), 201)

    def create_answer(self, call):
        box = self.box_for(call)
        parent = self.item_of(box, call)
        kind = call.name.rpartition(".")[2]
        item = (box.forward_of(parent) if kind == "createForward" else
                box.reply_to(parent, kind == "createReplyAll"))
        if call.request.media_type == "text/plain":
            item.read_mime(mime_of(call.request))
            return self.shown(call, box, box.add(item, "drafts"), 201)
        given = object_of(call.request) if call.body else {}
        changes = given.get("message") or {}
        if "comment" in given and "body" in changes:
            raise refusal("ErrorInvalidRequest", "a comment and a body")
        if "comment" in given:
            item.fields["body"]["content"] = (f"<div>{given['comment']}</div>" +
                                              item.fields["body"]["content"])
        apply(item, changes, is_new=True)
        return self.shown(call, box, box.add(item, "drafts"), 201)

    def update_message(self, call):
        box = self.box_for(call)
        item = self.item_of(box, call)
        if call.headers.get("if-match", item.etag) not in (item.etag, "*"):
            raise refusal("ErrorIrresolvableConflict")
        changes = object_of(call.request)
        if not item.is_draft and set(changes) - {"isRead", "categories", "flag",
                                                 "singleValueExtendedProperties"}:
            raise refusal("ErrorInvalidPropertySet", "only a draft can be changed so")
        apply(item, changes)
        return self.shown(call, box, item)

    def delete_message(self, call):
        box = self.box_for(call)
        box.remove(self.item_of(box, call))
        return Reply(204)

    # Attachments.

    def create_attachment(self, call):
        item = self.draft_of(call)
        before = len(item.attachments)
        apply(item, {"attachments": [object_of(call.request)]}, is_new=True)
        if len(item.attachments[before].content) >= ATTACHMENT_LIMIT:
            del item.attachments[before:]
            raise refusal("RequestEntityTooLarge", "from 3 MB on it takes an upload session")
        return json_reply(201, item.attachments[before].shown())

    def delete_attachment(self, call):
        item = self.draft_of(call)
        item.attachments.remove(self.attachment_of(item, call))
        item.mime = None
        return Reply(204)

    def draft_of(self, call):
        item = self.item_of(self.box_for(call), call)
        if not item.is_draft:
            raise refusal("ErrorInvalidRequest", "it is no draft")
        return item

    def create_upload(self, call):
        item, given = self.draft_of(call), object_of(call.request).get("AttachmentItem")
        if (not isinstance(given, dict) or given.get("attachmentType") != "file" or
                not isinstance(given.get("size"), int) or not given.get("name")):
            raise refusal("RequestBodyRead", "AttachmentItem: attachmentType, name, size")
        if given["size"] < ATTACHMENT_LIMIT:
            raise refusal("ErrorAttachmentSizeShouldNotBeLessThanMinimumSize")
        if given["size"] > SESSION_LIMIT:
            raise refusal("ErrorAttachmentSizeLimitExceeded")
        number, secret = f"AAMkSession{next(self._numbers)}=", secrets.token_urlsafe(16)
        self.sessions[number] = Session(item, call.address, given, secret, bytearray())
        path = SESSION.format(user=call.address, session=urllib.parse.quote(number, safe=""),
                              id=urllib.parse.quote(item.immutable_id, safe=""))
        return json_reply(201, {"uploadUrl": f"{self.url}{path}?authtoken={secret}",
                                "expirationDateTime": "2099-01-01T00:00:00Z",
                                "nextExpectedRanges": ["0-"]})

    def session_of(self, call):
        session = self.sessions.get(call.arguments["session"])
        if not session or session.is_done or not session.item.is_draft:
            raise refusal("ErrorItemNotFound")
        if "authorization" in call.headers or call.request.asks("authtoken") != session.secret:
            raise Refusal(errors.unauthorized())
        return session

    def put_range(self, call):
        session = self.session_of(call)
        try:
            if not session.add(call.request, self.wants_advised_ranges):
                return self.progress(session, self.range_status)
        except WrongRange as wrong:
            raise refusal("InvalidRange", str(wrong)) from None
        given = session.given
        attachment = Attachment(given["name"], bytes(session.received),
                                given.get("contentType") or "application/octet-stream",
                                bool(given.get("isInline")), given.get("contentId"))
        session.item.attachments.append(attachment)
        session.item.mime = None
        where = call.request.path.partition("/AttachmentSessions")[0]
        where += f"/Attachments('{urllib.parse.quote(attachment.id, safe='')}')"
        return Reply(201, b"", {"Location": self.url + where})

    def take_part(self, call):
        session = self.sessions.get(call.arguments.get("session"))
        if session and call.name == "upload.put" and self.keeps_partial_ranges:
            try:
                session.add_part(call.request)
            except WrongRange:
                pass

    def progress(self, session, status):
        return json_reply(status, {"ExpirationDateTime": "2099-01-01T00:00:00Z",
                                   "nextExpectedRanges": [str(len(session.received))]})

    def show_upload(self, call):
        if not self.has_upload_status:
            raise Refusal(errors.error("MethodNotAllowed", None, 405))
        return self.progress(self.session_of(call), 200)

    def cancel_upload(self, call):
        self.session_of(call)
        del self.sessions[call.arguments["session"]]
        return Reply(204)

    # Sending.

    def send_message(self, call):
        box = self.box_for(call)
        item = self.item_of(box, call)
        if not item.is_draft:
            raise refusal("ErrorInvalidRequest", "it is no draft")
        return self._send(box, item, call, True)

    def send_mail(self, call):
        box, item, saves = self.box_for(call), Item(call.address), True
        if call.request.media_type == "text/plain":
            fill(item, call.request)
        else:
            given = object_of(call.request)
            if not isinstance(given.get("message"), dict):
                raise refusal("RequestBodyRead", "message")
            apply(item, given["message"], is_new=True)
            saves = given.get("saveToSentItems", True)
        return self._send(box, item, call, False, saves)

    @staticmethod
    def _send(box, item, call, is_draft, saves=True):
        try:
            box.send(item, call.name, is_draft, saves)
        except Invalid as invalid:
            raise refusal(invalid.code, str(invalid)) from None
        return Reply(202)


def is_immutable(call):
    return re.search(r'idtype\s*=\s*"?immutableid"?', call.headers.get("prefer", ""),
                     re.IGNORECASE) is not None


def object_of(request):
    try:
        given = json.loads(request.body)
    except ValueError:
        given = None
    if request.media_type != "application/json" or not isinstance(given, dict):
        raise refusal("RequestBodyRead", "the body is no JSON object, or does not say that it is")
    return given


def apply(item, given, is_new=False):
    try:
        item.update(given, is_new)
    except Invalid as invalid:
        raise refusal(invalid.code, str(invalid)) from None


def mime_of(request):
    try:
        return base64.b64decode(re.sub(rb"[\r\n]", b"", request.body), validate=True)
    except binascii.Error:
        raise refusal("ErrorMimeContentInvalidBase64String",
                      "the body is not base64") from None


def fill(item, request):
    """From JSON, or from MIME in base64."""
    if request.media_type == "text/plain":
        item.read_mime(mime_of(request))
    else:
        apply(item, object_of(request), is_new=True)


if __name__ == "__main__":
    import fake_alone
    fake_alone.main(FakeGraph, "microsoft")
