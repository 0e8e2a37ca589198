"""Mail that comes in: made by Python's email package, and taken in through the API."""
import email.message
import email.utils
import itertools

from people import new_user
from shapes import said

IMPORT = "/api/email/messages/import"
NOON = 1750000000  # the Date of a mail whose at is 0; at counts in seconds
numbers = itertools.count(1)


def user_with_mailbox(server, **options):
    """A new user; .account is his mailbox's id, .address its address."""
    user = new_user(server, **options)
    [account] = said(user.get("/api/email/accounts"))["accounts"]
    user.account = account["_id"]
    return user


def letter(user, text="Hello.\n", at=0, html=None, answers=None, references=(), files=(), **headers):
    """A mail to the user; headers by their names, with _ for -: Reply_To="..."."""
    mail = email.message.EmailMessage()
    given = {"From": '"Jane Doe" <jane@client.example>', "To": user.address, "Subject": "Contract",
             "Date": email.utils.formatdate(NOON + at),
             "Message_ID": f"<{next(numbers)}@client.example>", "In_Reply_To": answers,
             "References": " ".join(references), **headers}
    for name, value in given.items():
        if value:
            mail[name.replace("_", "-")] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail


def take_in(user, mail, status=201, **query):
    """The reply; of its message, "id" is the Message-ID that the mail has."""
    given = {"account": user.account, **query}
    reply = said(user.post(IMPORT, params=given, data=mail.as_bytes(),
                           headers={"Content-Type": "message/rfc822"}), status)
    return {**reply["message"], "id": mail["Message-ID"]}


def receive(user, **options):
    return take_in(user, letter(user, **options))
