"""How Graph refuses, by code."""
import secrets

from fake_graph_item import now
from fake_wire import Reply, json_reply

STATUS = {"InvalidAuthenticationToken": 401, "ErrorAccessDenied": 403, "ErrorSendAsDenied": 403,
          "ErrorItemNotFound": 404, "ErrorIrresolvableConflict": 412, "RequestEntityTooLarge": 413,
          "InvalidRange": 416, "ApplicationThrottled": 429,
          "ErrorInternalServerTransientError": 500, "ErrorServerBusy": 503}  # others: 400
BY_STATUS = {400: "ErrorInvalidRequest", 401: "InvalidAuthenticationToken",
             403: "ErrorAccessDenied", 404: "ErrorItemNotFound", 405: "MethodNotAllowed",
             411: "LengthRequired", 412: "ErrorIrresolvableConflict",
             413: "RequestEntityTooLarge", 429: "ApplicationThrottled",
             500: "ErrorInternalServerTransientError", 502: "BadGateway", 503: "ErrorServerBusy",
             504: "GatewayTimeout"}


def error(code, said=None, status=None, request=None):
    asked = request.headers.get("client-request-id") if request else None
    number = secrets.token_hex(16)
    return json_reply(status or STATUS.get(code, 400), {"error": {
        "code": code, "message": said or f"Refused: {code}.",
        "innerError": {"date": now(), "request-id": number,
                       "client-request-id": asked or number}}})


def unauthorized(claims=None):
    reply = error("InvalidAuthenticationToken", "the access token does not hold")
    more = f', error="insufficient_claims", claims="{claims}"' if claims else ""
    reply.headers["WWW-Authenticate"] = f'Bearer realm="", authorization_uri="x"{more}'
    return reply


def of_fault(fault, request):
    if fault.body is not None:
        return Reply(fault.status, fault.body, {"Content-Type": "application/json"})
    code = fault.reason or BY_STATUS.get(fault.status, "UnknownError")
    reply = error(code, None, fault.status, request)
    if fault.status == 401:  # reason="claims": a challenge that only a new consent answers
        reply = unauthorized("eyJhY2Nlc3NfdG9rZW4iOnt9fQ==" if fault.reason == "claims" else None)
    if fault.retry_after is not None:
        reply.headers["Retry-After"] = fault.retry_after
    return reply
