"""Gmail's API, faked: drafts, sending in all four ways, history, search. What all fakes have is in
fake_provider.py and fake_mail_provider.py.

    gmail.box("ann@example.com")           has .messages, .drafts, .aliases, .signature, ...
    gmail.receive(address, raw)            a mail from outside; its Message
    gmail.visible_after = 3                sent mail is in no list before so many lists were asked
    gmail.visible_after = None             ... nor before gmail.reveal(address)
    gmail.forget_history(address)          every older startHistoryId is 404 now
    gmail.expire_uploads()                 and every resumable upload
    gmail.keeps_message_id = True          otherwise Gmail puts its own in its place
    gmail.draft_outlives_send = True       a second drafts.send sends a second time, not 404
    gmail.message_id_name = "Message-Id"   how it spells that header when it is asked

Alone, for benchmarks: python3 -m fake_gmail --port 8080 (see fake_alone.py)."""
import fake_gmail_errors as errors
import fake_gmail_uploads as uploads
import fake_gmail_views as views
from fake_exchange import Refusal, Route
from fake_faults import FAULTS
from fake_gmail_box import Box, NoSuchThread, numbers
from fake_gmail_reading import EVERYTHING, Reading, draft_of, refusal
from fake_grants import GMAIL
from fake_mail_provider import FakeMailProvider
from fake_provider import MIB
from fake_wire import Reply, json_reply
from loop_thread import between_requests

UPLOAD_LIMIT = 35 * MIB
READ = ("modify", "readonly")
DRAFT = ("modify", "compose")
# What a token must have been granted, one of them, for each call.
SCOPES = {
    "profile": READ + ("compose", "metadata"), "messages.send": DRAFT + ("send",),
    "drafts.create": DRAFT, "drafts.update": DRAFT, "drafts.send": DRAFT, "drafts.delete": DRAFT,
    "drafts.get": READ + ("compose",), "drafts.list": READ + ("compose",),
    "messages.get": READ + ("metadata",), "messages.list": READ + ("metadata",),
    "attachments.get": READ, "history.list": READ + ("metadata",),
    "threads.get": READ + ("metadata",), "sendAs.list": READ + ("settings.basic",),
    "sendAs.get": READ + ("settings.basic",),
}
BASE = "/gmail/v1/users/{user}"
UPLOADED = (("POST", "/messages/send", "messages.send"), ("POST", "/drafts", "drafts.create"),
            ("PUT", "/drafts/{id}", "drafts.update"), ("POST", "/drafts/send", "drafts.send"))


def call_of_upload(name):
    def call(request):
        if "upload_id" in request.query:
            return "upload.put"
        return "upload.start" if request.asks("uploadType") == "resumable" else name
    return call


def upload_routes():
    for method, path, name in UPLOADED:
        yield Route(method, BASE + path, name, "put_mail")
        for prefix in ("/upload", "/resumable/upload"):
            for each in {method, "PUT"}:  # the bytes of a resumable upload are put
                yield Route(each, prefix + BASE + path, call_of_upload(name), "upload", about=name)


class FakeGmail(Reading, FakeMailProvider):
    CALLS = tuple(SCOPES) + ("upload.start", "upload.put")
    FAULTS = FAULTS | {
        "403_user_rate": {"status": 403, "reason": "userRateLimitExceeded"},
        "403_rate": {"status": 403, "reason": "rateLimitExceeded"},
        "403_daily": {"status": 403, "reason": "dailyLimitExceeded"},
        "403_permission": {"status": 403, "reason": "insufficientPermissions"},
        "403_policy": {"status": 403, "reason": "domainPolicy"}}
    ROUTES = tuple(upload_routes()) + (
        Route("GET", BASE + "/profile", "profile", "profile"),
        Route("GET", BASE + "/messages", "messages.list", "list_messages"),
        Route("GET", BASE + "/messages/{id}", "messages.get", "get_message"),
        Route("GET", BASE + "/messages/{id}/attachments/{attachment}", "attachments.get",
              "get_attachment"),
        Route("GET", BASE + "/drafts", "drafts.list", "list_drafts"),
        Route("GET", BASE + "/drafts/{id}", "drafts.get", "get_draft"),
        Route("DELETE", BASE + "/drafts/{id}", "drafts.delete", "delete_draft"),
        Route("GET", BASE + "/history", "history.list", "list_history"),
        Route("GET", BASE + "/threads/{id}", "threads.get", "get_thread"),
        Route("GET", BASE + "/settings/sendAs", "sendAs.list", "list_send_as"),
        Route("GET", BASE + "/settings/sendAs/{id}", "sendAs.get", "get_send_as"))

    FLAVOUR, BOX = "google", Box

    def __init__(self, *arguments, **options):
        self.keeps_message_id, self.draft_outlives_send = False, False
        self.visible_after, self.message_id_name = 0, "Message-ID"
        self.upload_limit = UPLOAD_LIMIT
        self.uploads, self.numbers = {}, numbers()
        super().__init__(*arguments, **options)

    @between_requests
    def receive(self, address, raw, thread_id=None):
        return self.box(address).receive(raw, thread_id)

    @between_requests
    def reveal(self, address):
        self.box(address).reveal()

    @between_requests
    def forget_history(self, address):
        self.box(address).forget_history()

    @between_requests
    def expire_uploads(self):
        self.uploads.clear()

    # What follows runs on the thread.

    def body_limit(self, call):
        return self.upload_limit * 4 // 3 + MIB  # as base64 in JSON

    def malformed(self, status, why):
        return errors.error(errors.BY_STATUS.get(status, "backendError"), why, status)

    def too_many_at_once(self):
        return errors.error("rateLimitExceeded", "Too many concurrent requests for user", 429)

    def refusal_of(self, fault, call):
        return errors.of_fault(fault)

    def _box_for(self, call, name=None):
        """The mailbox, when the token may do this in it."""
        if not call.token or not call.token.is_good():
            raise refusal("authError")
        if call.arguments["user"] not in ("me", call.address):
            raise refusal("forbidden")
        allowed = {GMAIL + scope for scope in SCOPES[name or call.name]} | {EVERYTHING}
        if not allowed & set(call.token.scopes):
            raise refusal("insufficientPermissions")
        return self.box(call.address)

    # Mail that is handed in.

    def put_mail(self, call):
        box = self._box_for(call)
        try:
            metadata, raw = uploads.from_json(call.body, call.name != "messages.send")
            return self._do(call.name, box, call.arguments, metadata, raw)
        except uploads.NotTaken as failure:
            raise refusal("invalidArgument", str(failure)) from None

    def upload(self, call):
        name = call.route.about
        if call.name == "upload.put":
            return self._upload_more(call)
        box = self._box_for(call, name)
        kind = call.request.asks("uploadType")
        try:
            if call.name == "upload.start":
                return self._start_upload(call, name)
            if kind not in ("media", "multipart") or call.target.startswith("/resumable"):
                raise refusal("badRequest", f"uploadType: {kind}")
            read = uploads.from_media if kind == "media" else uploads.from_multipart
            return self._do(name, box, call.arguments, *read(call.request))
        except uploads.NotTaken as failure:
            raise refusal("badRequest", str(failure)) from None

    def _start_upload(self, call, name):
        size = call.headers.get("x-upload-content-length")
        if size is not None and not size.isdigit():
            raise refusal("badRequest", "X-Upload-Content-Length")
        if size is not None and int(size) > self.upload_limit:
            raise refusal("uploadTooLarge")
        if not call.headers.get("x-upload-content-type", "message/").startswith("message/"):
            raise refusal("badRequest", "X-Upload-Content-Type")
        number = f"AHm-{next(self.numbers):x}"
        self.uploads[number] = uploads.Upload(
            name, call.arguments, call.address, uploads.json_object(call.body),
            size and int(size), bytearray())
        where = f"{self.url}{call.request.path}?uploadType=resumable&upload_id={number}"
        return Reply(200, b"", {"Location": where, "X-GUploader-UploadID": number})

    def _upload_more(self, call):
        upload = self._upload_of(call)
        if not upload:
            raise refusal("notFound")
        if upload.reply:
            return upload.reply
        try:
            is_whole = upload.add(call.request)
            if len(upload.received) > self.upload_limit:
                raise refusal("uploadTooLarge")
            if not is_whole:
                return upload.progress()
            upload.reply = self._do(upload.name, self.box(upload.address), upload.arguments,
                                    upload.metadata, bytes(upload.received))
        except uploads.NotTaken as failure:
            raise refusal("badRequest", str(failure)) from None
        except Refusal as refused:
            upload.reply = refused.reply
        return upload.reply

    def _upload_of(self, call):
        """Its URI is a secret of its own: a token is not needed, but a wrong one does not hold."""
        if call.bearer and not (call.token and call.token.is_good()):
            raise refusal("authError")
        upload = self.uploads.get(call.request.asks("upload_id"))
        return upload if upload and call.address in (None, upload.address) else None

    def take_part(self, call):
        upload = self.uploads.get(call.request.asks("upload_id"))
        if call.name == "upload.put" and upload and not upload.reply:
            upload.add_part(call.request)

    def _do(self, name, box, arguments, metadata, raw):
        if raw is not None and len(raw) > self.upload_limit:
            raise refusal("uploadTooLarge")
        try:
            return getattr(self, "_" + name.replace(".", "_"))(box, arguments, metadata, raw)
        except ValueError as failure:
            said = "Invalid To header" if str(failure) else "Recipient address required"
            raise refusal("invalidArgument", said) from None
        except NoSuchThread:
            raise refusal("notFound") from None

    def _messages_send(self, box, _arguments, metadata, raw):
        need(raw)
        return json_reply(200, views.labelled(
            box.send(raw, thread_of(metadata), "messages.send")))

    def _drafts_create(self, box, _arguments, metadata, raw):
        need(raw)
        return json_reply(200, draft_view(box.create_draft(raw, thread_of(metadata, "message"))))

    def _drafts_update(self, box, arguments, metadata, raw):
        need(raw)
        draft = draft_of(box, arguments["id"])
        return json_reply(200, draft_view(
            box.update_draft(draft, raw, thread_of(metadata, "message"))))

    def _drafts_send(self, box, _arguments, metadata, raw):
        if not isinstance(metadata.get("id"), str):
            raise refusal("invalidArgument", "id")
        draft = draft_of(box, metadata["id"])
        if raw is not None:
            box.update_draft(draft, raw, thread_of(metadata, "message"))
        message = draft.message
        return json_reply(200, views.labelled(
            box.send(message.raw, None, "drafts.send", draft)))


def need(raw):
    if raw is None:
        raise refusal("invalidArgument", "neither raw nor an upload")


def thread_of(metadata, inside=None):
    message = metadata.get(inside, {}) if inside else metadata
    thread_id = message.get("threadId") if isinstance(message, dict) else None
    if thread_id is not None and not isinstance(thread_id, str):
        raise refusal("invalidArgument", "threadId")
    return thread_id or None


def draft_view(draft):
    return {"id": draft.id, "message": views.labelled(draft.message)}


if __name__ == "__main__":
    import fake_alone
    fake_alone.main(FakeGmail, "google")
