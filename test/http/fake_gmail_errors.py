"""How Gmail refuses, by reason."""
import datetime

from fake_wire import Reply, json_reply

# reason: HTTP status, domain, status as a word, what is said
REASONS = {
    "badRequest": (400, "global", "INVALID_ARGUMENT", "Bad request."),
    "invalidArgument": (400, "global", "INVALID_ARGUMENT", "An argument is not valid."),
    "failedPrecondition": (400, "global", "FAILED_PRECONDITION", "A precondition does not hold."),
    "authError": (401, "global", "UNAUTHENTICATED", "Invalid Credentials"),
    "dailyLimitExceeded": (403, "usageLimits", "PERMISSION_DENIED", "Daily Limit Exceeded"),
    "userRateLimitExceeded": (403, "usageLimits", "PERMISSION_DENIED", "User Rate Limit Exceeded"),
    "rateLimitExceeded": (403, "usageLimits", "PERMISSION_DENIED", "Rate Limit Exceeded"),
    "insufficientPermissions": (403, "global", "PERMISSION_DENIED", "Insufficient Permission"),
    "domainPolicy": (403, "global", "PERMISSION_DENIED", "The domain's policy forbids this app."),
    "accessNotConfigured": (403, "usageLimits", "PERMISSION_DENIED", "Access Not Configured"),
    "forbidden": (403, "global", "PERMISSION_DENIED", "This is another user's mailbox."),
    "notFound": (404, "global", "NOT_FOUND", "Not found"),
    "methodNotAllowed": (405, "global", "UNIMPLEMENTED", "Not with this method."),
    "lengthRequired": (411, "global", "INVALID_ARGUMENT", "A Content-Length is required."),
    "uploadTooLarge": (413, "global", "INVALID_ARGUMENT", "The upload is too large."),
    "backendError": (503, "global", "UNAVAILABLE", "Backend Error"),
}
BY_STATUS = {400: "badRequest", 401: "authError", 403: "rateLimitExceeded", 404: "notFound",
             405: "methodNotAllowed", 411: "lengthRequired", 413: "uploadTooLarge",
             429: "rateLimitExceeded"}
WORDS = {429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 502: "UNAVAILABLE", 503: "UNAVAILABLE",
         504: "DEADLINE_EXCEEDED"}


def error(reason, said=None, status=None):
    usual, domain, word, text = REASONS[reason]
    status, text = status or usual, said or text
    one = {"message": text, "domain": domain, "reason": reason}
    reply = json_reply(status, {"error": {
        "code": status, "message": text, "errors": [one], "status": WORDS.get(status, word)}})
    if status == 401:
        reply.headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/"'
    return reply


def of_fault(fault):
    if fault.body is not None:
        return Reply(fault.status, fault.body, {"Content-Type": "application/json; charset=UTF-8"})
    reason = fault.reason or BY_STATUS.get(fault.status, "backendError")
    said, where = None, fault.retry_in or ("text" if fault.status == 429 else "header")
    if fault.status == 429:
        said = "User-rate limit exceeded." + (
            f"  Retry after {moment_in(fault.retry_after)}"
            if fault.retry_after is not None and where != "header" else "") + "  (Mail sending)"
    reply = error(reason, said, fault.status)
    if fault.retry_after is not None and where != "text":
        reply.headers["Retry-After"] = fault.retry_after
    return reply


def moment_in(seconds):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
