"""One mail in the words of each family: how it is drafted, changed, sent and answered there, and
what each family shows of it afterwards.

A mail is told by: to, cc, bcc (lists), subject, text, html, context (type, id), attachments (as
that family takes them)."""
import base64
import uuid
from email.utils import parseaddr

from shapes import (CONTACT_ID, DOC_ID, MESSAGE_ID, MILLISECONDS, SANDBOX_ID, SECONDS, SHA256,
                    UID, said)

OUTBOUND = "/api/v1/email/outbound"
CORRESPONDENCE = "/api/v1/email/correspondence"
EMAIL = "/api/email"
MESSAGES = "/api/email/messages/send"
FAMILIES = ["outbound", "email", "messages"]
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def uid_of(identifier):
    """The UUID behind an id of the outbound family."""
    value = 0
    for letter in identifier.split("_")[1]:
        value = value * 32 + CROCKFORD.index(letter)
    return str(uuid.UUID(int=value))


def outbound_id(prefix, uid):
    value, letters = uuid.UUID(uid).int, ""
    for _ in range(26):
        letters = CROCKFORD[value % 32] + letters
        value //= 32
    return f"{prefix}_{letters}"


def in_words_of(family, mail):
    """The fields of a mail as a family spells them; messages has one body and no context."""
    body = {name: mail[name] for name in ("to", "cc", "bcc", "subject", "attachments")
            if name in mail}
    if family == "messages":
        is_html = "html" in mail
        return {**body, "body": mail.get("html", mail.get("text", "b")),
                **({"isHtml": True} if is_html else {})}
    body.update({f"body_{kind}": mail[kind] for kind in ("text", "html") if kind in mail})
    if "context" in mail:
        kind, identifier = mail["context"]
        if family == "email":
            return {**body, "context_type": kind, "context_id": identifier}
        assert kind == "case"
        return {**body, "case_id": identifier}
    return body


def send(family, user, **mail):
    """The uid of a mail that is sent at once; answers: the uid of the mail that it answers."""
    body, answers = in_words_of(family, mail), mail.get("answers")
    if family == "outbound":
        more = {"reply_to_correspondence_id": answers} if answers else {}
        return uid_of(said(user.post(f"{OUTBOUND}/send", json={**body, **more}))["id"])
    if family == "email":
        more = {"reply_to_message_uid": answers} if answers else {"from_account_id": user.account}
        return said(user.post(f"{EMAIL}/send", json={**body, **more}))["outbound_email_uid"]
    more = {"threadId": thread_of(user, answers)} if answers else {}
    sent = said(user.post(MESSAGES, json={"from": user.address, **body, **more}))
    return sent["message"]["_id"]


def thread_of(user, uid):
    return said(user.get(f"{EMAIL}/outbound/{uid}"))["provider_thread_id"]


def draft(family, user, **mail):
    """The uid of a new draft."""
    body = in_words_of(family, mail)
    if family == "outbound":
        return uid_of(said(user.post(f"{OUTBOUND}/drafts", json=body), 201)["id"])
    return said(user.post(f"{EMAIL}/drafts", json={"from_account_id": user.account, **body}),
                201)["uid"]


def change(way, user, uid, **mail):
    """way: how; autosave of the outbound family, or one of the email family's two."""
    if way == "PUT":
        return said(user.put(f"{OUTBOUND}/drafts/{outbound_id('draft', uid)}",
                             json=in_words_of("outbound", mail)))
    body = in_words_of("email", mail)
    if way == "PATCH":
        return said(user.patch(f"{EMAIL}/drafts/{uid}", json=body))
    return said(user.post(f"{EMAIL}/drafts", json={"uid": uid, **body}))


def send_draft(family, user, uid):
    if family == "outbound":
        return said(user.post(f"{OUTBOUND}/drafts/{outbound_id('draft', uid)}/send"))
    return said(user.post(f"{EMAIL}/send", json={"draft_uid": uid}))


def as_base64(content):
    return base64.b64encode(content).decode()


def shown(user, uid):
    """What each family shows of a mail that was sent: the two records, and the mail in its
    conversation, in the manner of email and of messages."""
    record = said(user.get(f"{EMAIL}/outbound/{uid}"))
    conversation = record["conversation_uid"]
    email = said(user.get(f"/api/conversations/{conversation}"))["data"]["messages"]
    messages = said(user.get(f"/api/conversation/{conversation}"))["messages"]
    return {"correspondence": said(user.get(f"{CORRESPONDENCE}/{outbound_id('corr', uid)}")),
            "record": record, "email": next(one for one in email if one["uid"] == uid),
            "messages": next(one for one in messages if one["_id"] == uid)}


def roles_of(said_of):
    """Each address once, and where it stands first."""
    roles = {}
    for role in ("to", "cc", "bcc"):
        for text in said_of[role]:
            roles.setdefault(parseaddr(text)[1], role)
    return roles


def expected(user, uid, **mail):
    """The whole of it, for a mail that was sent from the user's sandbox and answers none; files:
    name, type and size of each attachment."""
    kind, identifier = mail.get("context", (None, None))
    said_of = {"to": mail["to"], "cc": mail.get("cc", []), "bcc": mail.get("bcc", []),
               "subject": mail["subject"]}
    bodies = {"body_text": mail.get("text"), "body_html": mail.get("html")}
    files = mail.get("files", [])
    attached = {"attachments": [{"document_id": DOC_ID, "filename": name, "content_type": media,
                                 "size_bytes": size} for name, media, size in files]}
    context = {"context_type": kind, "context_id": identifier}
    provider = {"provider_message_id": SANDBOX_ID, "provider_thread_id": UID}
    return {
        "correspondence": {
            "id": outbound_id("corr", uid), "direction": "outbound", "status": "sent",
            "from": user.address, **said_of, **bodies, **attached, **provider,
            "case_id": identifier if kind == "case" else None, "conversation_id": UID,
            "message_id": MESSAGE_ID, "sent_at": SECONDS, "created_at": SECONDS},
        "record": {
            "uid": uid, "from_account_id": user.account, "from_email": user.address, **said_of,
            **bodies, **attached, **context, **provider, "status": "sent", "error": None,
            "attempts": 1, "asked_by": UID, "erased_at": None, "conversation_uid": UID, "message_id": MESSAGE_ID,
            "provider": "sandbox", "mail_sha256": SHA256, "planned_send_at": None,
            "next_attempt_at": SECONDS, "committed_at": SECONDS, "sent_at": SECONDS,
            "recipients": [{"address": address, "role": role, "status": "accepted",
                            "status_code": None, "reply": None, "updated_at": SECONDS}
                           for address, role in roles_of(said_of).items()],
            "created_at": SECONDS, "updated_at": SECONDS},
        "email": {
            "uid": uid, "direction": "outbound", "status": "sent", "from": user.address,
            **said_of, **bodies, **attached, **context, "reply_to": [], "message_id": MESSAGE_ID,
            "in_reply_to": None, "references": None, "sent_at": SECONDS, "created_at": SECONDS},
        "messages": {
            "_id": uid, "organizationId": UID, "conversationId": UID, "contactId": CONTACT_ID,
            "userId": UID, "channelType": "email", "isIncoming": False, "isInternal": False,
            "status": "delivered", "body": mail.get("text", mail.get("html")),
            "attachments": [{"storageKey": DOC_ID, "filename": name, "contentType": media,
                             "size": size} for name, media, size in files],
            "emailMetadata": {
                "threadId": UID, "messageId": MESSAGE_ID, "inReplyTo": None, "references": None,
                "from": [user.address], "to": mail["to"], "cc": mail.get("cc", []),
                "subject": mail["subject"], "provider": "sandbox"},
            "createdAt": MILLISECONDS, "updatedAt": MILLISECONDS}}
