"""Gmail mailboxes of a server under test, on a faked Gmail (fake_gmail.py)."""
import itertools

from mailboxes import ACCOUNTS, Mailbox
from people import ALL, new_user
from shapes import said

numbers = itertools.count(1)


def settings(gmail, **more):
    """Of a server that takes the fake for Gmail."""
    oauth = gmail.oauth
    return {"gmail_api_url": gmail.url, "google_authorize_url": oauth.authorize_url,
            "google_token_url": oauth.token_url, "google_client_id": oauth.client_id,
            "google_client_secret": oauth.client_secret, **more}


def connect(server, gmail, user=None, address=None):
    """A mailbox of its own, of a new user unless one is given."""
    user = user or new_user(server, scopes=ALL, mailbox=False)
    address = address or f"gmail{next(numbers)}@example.com"
    grant = gmail.connect(address)
    body = {"provider": "gmail", "refreshToken": grant.refresh_token, "emailAddress": address}
    mailbox = Mailbox(user, said(user.post(ACCOUNTS, json=body), 201)["account"])
    mailbox.grant = grant
    return mailbox


def sent_from(gmail, mailbox):
    """What has left from it, by the fake's account."""
    return [sent for sent in list(gmail.sent) if sent.address == mailbox.address]
