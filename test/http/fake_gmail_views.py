"""How Gmail shows a message in each of its formats, and what its search understands."""
import base64
import email
import email.policy
import re
import time

from fake_gmail_box import snippet_of
from fake_mime import decoded

INLINE = 2048  # parts that are larger, or have a name, are fetched by attachmentId
FORMATS = ("full", "metadata", "minimal", "raw")
WORD = re.compile(r'(?:(-?)(\w+):)?("[^"]*"|\S+)')
PERIODS = {"h": 3600, "d": 86400, "m": 30 * 86400, "y": 365 * 86400}
PLACES = {"sent": "SENT", "inbox": "INBOX", "draft": "DRAFT", "drafts": "DRAFT",
          "trash": "TRASH", "spam": "SPAM", "anywhere": None}


class NoSuchOperator(Exception):
    pass


def base64url(data):
    return base64.urlsafe_b64encode(data).decode()


def short(message):
    return {"id": message.id, "threadId": message.thread_id}


def labelled(message):
    return {**short(message), "labelIds": list(message.labels)}


def resource(message, form="full", wanted_headers=(), message_id_name="Message-ID"):
    shown = {**labelled(message), "snippet": snippet_of(message.mail),
             "historyId": str(message.history_id), "internalDate": str(message.date_ms),
             "sizeEstimate": len(message.raw)}
    if form == "raw":
        shown["raw"] = base64url(message.raw)
    if form == "metadata":
        wanted = {name.lower() for name in wanted_headers}
        headers = [header for header in headers_of(message.mail.fields(), message_id_name)
                   if not wanted or header["name"].lower() in wanted]
        shown["payload"] = {"mimeType": "text/plain", "headers": headers}
    if form == "full":
        read = email.message_from_bytes(message.raw, policy=email.policy.compat32)
        shown["payload"] = part(read, "", message_id_name)
    return shown


def headers_of(fields, message_id_name):
    """Gmail spells Message-ID as it likes."""
    return [{"name": message_id_name if name.lower() == "message-id" else name, "value": value}
            for name, value in fields]


def part(read, number, message_id_name):
    fields = [(name, re.sub(r"\r?\n", "", str(value)).strip()) for name, value in read.items()]
    shown = {"partId": number, "mimeType": read.get_content_type(),
             "filename": decoded(read.get_filename() or ""),
             "headers": headers_of(fields, message_id_name)}
    if read.get_content_maintype() == "multipart" and read.is_multipart():
        prefix = f"{number}." if number else ""
        shown["body"] = {"size": 0}
        shown["parts"] = [part(child, f"{prefix}{place}", message_id_name)
                          for place, child in enumerate(read.get_payload())]
        return shown
    content = content_of(read)
    if len(content) > INLINE or shown["filename"]:
        shown["body"] = {"size": len(content), "attachmentId": f"ANG-{number or '0'}"}
    else:
        shown["body"] = {"size": len(content), "data": base64url(content)}
    return shown


def content_of(read):
    if read.get_content_maintype() == "message" and read.is_multipart():
        return read.get_payload(0).as_bytes()
    return read.get_payload(decode=True) or b""


def attachment(message, attachment_id):
    """Its content, or None."""
    read = email.message_from_bytes(message.raw, policy=email.policy.compat32)
    for number in attachment_id.removeprefix("ANG-").split("."):
        if not read.is_multipart() or read.get_content_maintype() == "message":
            return content_of(read) if number == "0" else None
        children = read.get_payload()
        if not number.isdigit() or int(number) >= len(children):
            return None
        read = children[int(number)]
    return content_of(read)


def search(query):
    """A function that says of a message whether it is looked for. NoSuchOperator: nothing that
    this fake knows; Gmail itself would look for the words."""
    terms = [(bool(minus), _term(operator.lower(), value.strip('"')))
             for minus, operator, value in WORD.findall(query)]
    return lambda message: all(bool(holds(message)) != is_not for is_not, holds in terms)


def _term(operator, value):
    if operator in ("", "to", "from", "cc", "bcc", "subject"):
        return lambda message: value.lower() in _header(message, operator or "subject")
    if operator == "rfc822msgid":
        return lambda message: f"<{value.strip('<>')}>" in message.mail.ids("Message-ID")
    if operator == "in" and value.lower() in PLACES:
        label = PLACES[value.lower()]
        return lambda message: label is None or label in message.labels
    if operator == "label":
        return lambda message: value.upper() in (label.upper() for label in message.labels)
    if operator in ("newer_than", "older_than"):
        found = re.fullmatch(r"(\d+)([hdmy])", value)
        if found:
            moment = time.time() - int(found[1]) * PERIODS[found[2]]
            return lambda message: (message.date_ms / 1000 > moment) == (operator == "newer_than")
    if operator in ("after", "before") and value.isdigit():
        return lambda message: (message.date_ms / 1000 >= int(value)) == (operator == "after")
    raise NoSuchOperator(f"{operator}:{value}")


def _header(message, name):
    return decoded(message.mail.get(name) or "").lower()
