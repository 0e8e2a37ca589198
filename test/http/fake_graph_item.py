"""One message of an Exchange mailbox: from JSON or MIME, to JSON, and the mail that it becomes."""
import base64
import datetime
import email
import email.header
import email.message
import email.policy
import email.utils
import re
import secrets

from fake_mime import Mail, decoded

IN_REPLY_TO, REFERENCES, HEADERS = "String 0x1042", "String 0x1039", "String 0x007D"
RECIPIENTS = {"toRecipients": "To", "ccRecipients": "Cc", "bccRecipients": "Bcc",
              "replyTo": "Reply-To"}
SIMPLE = {"subject": str, "internetMessageId": str, "importance": str, "isRead": bool,
          "categories": list, "isDeliveryReceiptRequested": bool, "isReadReceiptRequested": bool,
          "flag": dict, "inferenceClassification": str}
ONLY_NEW = ("internetMessageHeaders", "attachments")
PROPERTY_ID = re.compile(
    r"(String|Integer|Long|Boolean|SystemTime|CLSID|Binary) "
    r"(\{[0-9a-fA-F-]{36}\} (Name .+|Id 0x[0-9a-fA-F]+)|0x[0-9a-fA-F]{1,4})")
TRANSPORT = email.policy.SMTP.clone(max_line_length=998)


class Invalid(Exception):
    """What a client may not say; code is Exchange's."""

    def __init__(self, code, why):
        super().__init__(why)
        self.code = code


class Attachment:
    def __init__(self, name, content, media_type, is_inline=False, content_id=None):
        self.id = f"AAMkAttachment{secrets.token_urlsafe(8)}="
        self.name, self.content, self.media_type = name, content, media_type
        self.is_inline, self.content_id = is_inline, content_id

    def shown(self):
        return {"@odata.type": "#microsoft.graph.fileAttachment", "id": self.id, "name": self.name,
                "contentType": self.media_type, "size": len(self.content),
                "isInline": self.is_inline, "contentId": self.content_id,
                "contentBytes": base64.b64encode(self.content).decode()}


class Item:
    def __init__(self, address):
        self.address, self.folder, self.is_draft = address, "drafts", True
        self.immutable_id = self.rest_id = self.conversation_id = None
        self.change, self.created = 1, now()
        self.sent_at = None
        self.fields = {"subject": "", "body": {"contentType": "text", "content": ""},
                       "from": person(address), "sender": person(address), "importance": "normal",
                       "isRead": True, "categories": [], "isDeliveryReceiptRequested": False,
                       "isReadReceiptRequested": False, "inferenceClassification": "focused",
                       "flag": {"flagStatus": "notFlagged"},
                       "internetMessageId": f"<{secrets.token_hex(12)}@host.prod.example>",
                       **{name: [] for name in RECIPIENTS}}
        self.headers, self.properties, self.attachments = [], {}, []
        self.mime = None  # as it was given; None since it was changed, or never
        self.sent = None  # the fake's record, once it has left

    # From what a client says.

    def update(self, given, is_new=False):
        """Invalid: nothing has changed."""
        checked = [(name, value, self._checker(name, value, is_new))
                   for name, value in given.items() if not name.startswith("@odata.")]
        for name, value, apply in checked:
            apply(name, value)
            if self.mime is not None:
                self._change_mime(name)
        self.change += 1

    def _change_mime(self, name):
        """What was created as MIME stays it, but for what has another value now."""
        if name in ("body", "attachments", "internetMessageHeaders"):
            self.mime = None
            return
        mail = Mail(self.mime)
        if name in RECIPIENTS:
            mail.set(RECIPIENTS[name], ", ".join(map(written, self.fields[name])))
        elif name in ("from", "sender"):
            mail.set(name.capitalize(), written(self.fields[name]))
        elif name == "subject":
            mail.set("Subject", email.header.Header(self.fields[name]).encode())
        elif name == "internetMessageId":
            mail.set("Message-ID", self.fields[name])
        self.mime = mail.bytes()

    def _checker(self, name, value, is_new):
        """Checks, and gives what then puts it in its place."""
        if name in ONLY_NEW and not is_new:
            raise Invalid("ErrorInvalidPropertySet", f"{name} can be set only when it is created")
        if name in RECIPIENTS:
            check_people(name, value)
        elif name in ("from", "sender"):
            check_people(name, [value])
        elif name == "body":
            check_body(value)
        elif name == "internetMessageHeaders":
            check_headers(value)
            return self._set_headers
        elif name == "singleValueExtendedProperties":
            check_properties(value)
            return self._set_properties
        elif name == "attachments":
            made = [attachment_of(one) for one in need_list(name, value)]
            return lambda _name, _value: self.attachments.extend(made)
        elif name not in SIMPLE or not isinstance(value, SIMPLE[name]):
            raise Invalid("RequestBodyRead", f"the property {name} is unknown or of another type")
        if isinstance(value, str) and re.search(r"[\r\n\0]", value):
            raise Invalid("ErrorInvalidArgument", f"{name} has more than one line")
        if name == "internetMessageId" and not re.fullmatch(r"<[^<>\s]+@[^<>\s]+>", value):
            raise Invalid("ErrorInvalidInternetMessageId", value)
        return self.fields.__setitem__

    def _set_headers(self, _name, value):
        self.headers = [(header["name"], header["value"]) for header in value]

    def _set_properties(self, _name, value):
        self.properties |= {each["id"]: each["value"] for each in value}

    def read_mime(self, raw):
        mail, read = Mail(raw), email.message_from_bytes(raw, policy=email.policy.default)
        self.fields["subject"] = decoded(mail.get("Subject") or "")
        for name, header in RECIPIENTS.items():
            self.fields[name] = people_of(mail, header)
        for name, header in ("from", "From"), ("sender", "Sender"):
            found = people_of(mail, header) or people_of(mail, "From")
            self.fields[name] = found[0] if found else person(self.address)
        self.fields["internetMessageId"] = (mail.ids("Message-ID") or
                                            [self.fields["internetMessageId"]])[0]
        self.set_parents(mail.ids("In-Reply-To"), mail.ids("References"))
        self.headers = [(name, value) for name, value in mail.fields()
                        if name.lower().startswith("x-")]
        best = read.get_body(("html", "plain"))
        if best is not None:
            kind = "html" if best.get_content_subtype() == "html" else "text"
            self.fields["body"] = {"contentType": kind, "content": best.get_content()}
        self.attachments = [
            Attachment(part.get_filename() or "", part.get_payload(decode=True) or b"",
                       part.get_content_type(), part.get_content_disposition() == "inline",
                       (part.get("Content-ID") or "").strip("<>") or None)
            for part in read.walk() if part.get_content_disposition() and not part.is_multipart()]
        self.mime = raw

    def set_parents(self, in_reply_to, references):
        if in_reply_to:
            self.properties[IN_REPLY_TO] = in_reply_to[0]
        if references:
            self.properties[REFERENCES] = " ".join(references)

    def message_ids_answered(self):
        return re.findall(r"<[^<>\s]+>", " ".join(self.properties.get(name, "")
                                                  for name in (IN_REPLY_TO, REFERENCES)))

    # To what others see.

    def recipients(self):
        found = [one["emailAddress"]["address"] for name in
                 ("toRecipients", "ccRecipients", "bccRecipients") for one in self.fields[name]]
        return list(dict.fromkeys(found))

    def size(self):
        return len(self.fields["body"]["content"]) + sum(len(a.content) for a in self.attachments)

    def shown(self, folder_id, is_immutable):
        sent_at = self.sent_at or self.created
        return {"@odata.etag": self.etag, "id": self.immutable_id if is_immutable else self.rest_id,
                "createdDateTime": self.created, "lastModifiedDateTime": self.created,
                "changeKey": self.change_key, "receivedDateTime": sent_at, "sentDateTime": sent_at,
                "hasAttachments": any(not a.is_inline for a in self.attachments),
                "bodyPreview": self.fields["body"]["content"][:255],
                "parentFolderId": folder_id, "conversationId": self.conversation_id,
                "conversationIndex": base64.b64encode(self.conversation_id.encode()).decode(),
                "isDraft": self.is_draft, **self.fields,
                "internetMessageHeaders": [{"name": name, "value": value}
                                           for name, value in self.headers]}

    @property
    def change_key(self):
        return f"CQAAABYA{self.change}"

    @property
    def etag(self):
        return f'W/"{self.change_key}"'

    def property(self, wanted):
        """Its value, or None."""
        if wanted == HEADERS and not self.is_draft and self.sent:
            return Mail(self.sent.content).head().decode("utf-8", "replace")
        return self.properties.get(wanted)

    def compose(self):
        """The mail, its Bcc still in it. MIME that nobody has changed stays as it was given."""
        if self.mime is not None:
            return self.mime
        mail = email.message.EmailMessage(policy=TRANSPORT)
        mail["From"] = written(self.fields["from"])
        if address_of(self.fields["sender"]) != address_of(self.fields["from"]):
            mail["Sender"] = written(self.fields["sender"])
        for name, header in RECIPIENTS.items():
            if self.fields[name]:
                mail[header] = ", ".join(map(written, self.fields[name]))
        mail["Subject"] = self.fields["subject"]
        mail["Date"] = email.utils.formatdate()
        mail["Message-ID"] = self.fields["internetMessageId"]
        for name, header in (IN_REPLY_TO, "In-Reply-To"), (REFERENCES, "References"):
            if name in self.properties:
                mail[header] = self.properties[name]
        for name, value in self.headers:
            mail[name] = value
        self._put_content(mail)
        return mail.as_bytes()

    def _put_content(self, mail):
        body = self.fields["body"]
        kind = "html" if body["contentType"].lower() == "html" else "plain"
        mail.set_content(body["content"], subtype=kind)
        for attachment in sorted(self.attachments, key=lambda one: not one.is_inline):
            main, _, sub = attachment.media_type.partition("/")
            more = {"cid": f"<{attachment.content_id}>"} if attachment.content_id else {}
            add = mail.add_related if attachment.is_inline else mail.add_attachment
            add(attachment.content, main or "application", sub or "octet-stream",
                filename=attachment.name,
                disposition="inline" if attachment.is_inline else "attachment", **more)


def person(address, name=""):
    return {"emailAddress": {"name": name or address, "address": address}}


def address_of(one):
    return one["emailAddress"]["address"].lower()


def written(one):
    found = one["emailAddress"]
    return email.utils.formataddr((found.get("name") or "", found["address"]))


def people_of(mail, header):
    return [person(address, decoded(name)) for name, address in
            email.utils.getaddresses(mail.all(header)) if "@" in address]


def need_list(name, value):
    if not isinstance(value, list):
        raise Invalid("RequestBodyRead", f"{name} is no list")
    return value


def check_people(name, value):
    for one in need_list(name, value):
        found = one.get("emailAddress") if isinstance(one, dict) else None
        if not isinstance(found, dict) or not isinstance(found.get("address"), str):
            raise Invalid("RequestBodyRead", f"{name}: no emailAddress with an address")
        if set(found) - {"name", "address"}:
            raise Invalid("RequestBodyRead", f"{name}: unknown properties of an emailAddress")
        if re.search(r"[\r\n\0]", f"{found['address']}{found.get('name')}"):
            raise Invalid("ErrorInvalidArgument", f"{name} has more than one line")


def check_body(value):
    if (not isinstance(value, dict) or not isinstance(value.get("content"), str) or
            str(value.get("contentType", "text")).lower() not in ("text", "html")):
        raise Invalid("RequestBodyRead", "body")
    value.setdefault("contentType", "text")


def check_headers(value):
    for header in need_list("internetMessageHeaders", value):
        if not isinstance(header, dict) or set(header) != {"name", "value"}:
            raise Invalid("RequestBodyRead", "internetMessageHeaders")
        if not header["name"].lower().startswith("x-"):
            raise Invalid("InvalidInternetMessageHeader",
                          f"{header['name']} does not begin with x-")


def check_properties(value):
    for each in need_list("singleValueExtendedProperties", value):
        if not isinstance(each, dict) or not {"id", "value"} <= set(each):
            raise Invalid("RequestBodyRead", "singleValueExtendedProperties")
        if not PROPERTY_ID.fullmatch(str(each["id"])) or not isinstance(each["value"], str):
            raise Invalid("ErrorInvalidProperty", f"no extended property: {each}")


def attachment_of(given):
    if not isinstance(given, dict) or given.get("@odata.type") != "#microsoft.graph.fileAttachment":
        raise Invalid("RequestBodyRead", "@odata.type is not #microsoft.graph.fileAttachment")
    name = given.get("name")
    if not isinstance(name, str) or not name:
        raise Invalid("ErrorRequiredPropertyMissing", "an attachment needs a name")
    try:
        content = base64.b64decode(given["contentBytes"], validate=True)
    except (KeyError, TypeError, ValueError):
        raise Invalid("RequestBodyRead", "contentBytes is not base64") from None
    return Attachment(name, content, given.get("contentType") or "application/octet-stream",
                      bool(given.get("isInline")), given.get("contentId"))


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
