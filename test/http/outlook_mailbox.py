"""Outlook mailboxes of a server under test, on a faked Microsoft Graph (fake_graph.py)."""
import itertools

from mailboxes import ACCOUNTS, Mailbox
from people import ALL, new_user
from shapes import said

numbers = itertools.count(1)


def settings(graph, **more):
    """Of a server that takes the fake for Graph."""
    oauth = graph.oauth
    return {"graph_api_url": graph.url, "microsoft_authorize_url": oauth.authorize_url,
            "microsoft_token_url": oauth.token_url, "microsoft_client_id": oauth.client_id,
            "microsoft_client_secret": oauth.client_secret, **more}


def connect(server, graph, user=None):
    """A mailbox of its own, of a new user unless one is given."""
    user = user or new_user(server, scopes=ALL, mailbox=False)
    address = f"outlook{next(numbers)}@example.com"
    grant = graph.connect(address)
    body = {"provider": "outlook", "refreshToken": grant.refresh_token, "emailAddress": address}
    mailbox = Mailbox(user, said(user.post(ACCOUNTS, json=body), 201)["account"])
    mailbox.grant = grant
    return mailbox


def sent_from(graph, mailbox):
    """What has left from it, by the fake's account."""
    return [sent for sent in list(graph.sent) if sent.address == mailbox.address]


def drafts_of(graph, mailbox):
    """What lies in its Drafts."""
    return graph.box(mailbox.address).listed("drafts")
