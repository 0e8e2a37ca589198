"""What replies look like where they cannot be foretold, and how each family refuses."""
import re


class Like:
    """Equals every text that has this form, so that whole replies can be compared."""

    def __init__(self, pattern):
        self.pattern = pattern

    def __eq__(self, other):
        return isinstance(other, str) and re.fullmatch(self.pattern, other) is not None

    def __repr__(self):
        return f"Like({self.pattern!r})"


HEX = "[0-9a-f]"
ULID = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
DAY_AND_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"

UID = Like(f"{HEX}{{8}}-{HEX}{{4}}-7{HEX}{{3}}-[89ab]{HEX}{{3}}-{HEX}{{12}}")
CONTACT_ID = Like(f"{HEX}{{8}}-{HEX}{{4}}-8{HEX}{{3}}-[89ab]{HEX}{{3}}-{HEX}{{12}}")
DRAFT_ID = Like(f"draft_{ULID}")
CORR_ID = Like(f"corr_{ULID}")
DOC_ID = Like(f"doc_{ULID}")
SECONDS = Like(f"{DAY_AND_TIME}Z")
MILLISECONDS = Like(rf"{DAY_AND_TIME}\.\d\d\dZ")
SHA256 = Like(f"{HEX}{{64}}")
MESSAGE_ID = Like(r"<[^<>\s]+@[^<>\s]+>")
SANDBOX_ID = Like("sandbox-.+")
TEXT = Like("(?s).+")


def holding(*words):
    """Equals every text that holds these words, in this order."""
    return Like("(?s).*" + ".*".join(map(re.escape, words)) + ".*")


def outbound_error(code, message=TEXT, **details):
    error = {"code": code, "message": message}
    return {"error": {**error, "details": details} if details else error}


def email_error(code, message=TEXT, *details):
    return {"status": "error", "error": {"code": code, "message": message,
                                         "details": list(details)}}


def messages_error(code, message=TEXT, **more):
    return {"success": False, "message": message, "error": code, **more}


def problem(status, title, detail=TEXT):
    return {"title": title, "status": status, "detail": detail}


# What a family calls what is wrong, by HTTP status.
CODES = {
    "outbound": {400: "VALIDATION_ERROR", 401: "AUTH_INVALID_KEY", 403: "AUTH_INSUFFICIENT_SCOPE",
                 404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED", 409: "CONFLICT",
                 412: "PRECONDITION_FAILED", 413: "ATTACHMENT_TOO_LARGE",
                 415: "UNSUPPORTED_MEDIA_TYPE", 502: "PROVIDER_ERROR",
                 408: "REQUEST_TIMEOUT", 414: "URI_TOO_LONG", 431: "HEADER_TOO_LARGE",
                 501: "NOT_IMPLEMENTED", 505: "VERSION_NOT_SUPPORTED"},
    "email": {400: "validation_error", 401: "unauthorized", 403: "forbidden", 404: "not_found",
              405: "method_not_allowed", 409: "conflict", 412: "precondition_failed",
              413: "too_large", 415: "unsupported_media_type", 502: "provider_error",
              408: "request_timeout", 414: "uri_too_long", 431: "header_too_large",
              501: "not_implemented", 505: "version_not_supported"},
    "messages": {400: "BAD_REQUEST", 401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND",
                 405: "METHOD_NOT_ALLOWED", 409: "CONFLICT", 413: "PAYLOAD_TOO_LARGE",
                 415: "UNSUPPORTED_MEDIA_TYPE", 502: "BAD_GATEWAY",
                 408: "REQUEST_TIMEOUT", 414: "URI_TOO_LONG", 431: "HEADER_TOO_LARGE",
                 501: "NOT_IMPLEMENTED", 505: "VERSION_NOT_SUPPORTED"},
}


def refusal(family, status, message=TEXT, field=None):
    """The body of a refusal in the family's manner; field: where it says which one is wrong."""
    code = CODES[family][status]
    if family == "outbound":
        return outbound_error(code, message, **({"field": field} if field else {}))
    if family == "email":
        return email_error(code, message, *([{"field": field, "message": TEXT}] if field else []))
    return messages_error(code, message)


def said(reply, status=200):
    """The reply's body, once its status is the one that was expected."""
    assert reply.status_code == status, f"{reply.status_code}: {reply.text}"
    return reply.json() if reply.content else None
