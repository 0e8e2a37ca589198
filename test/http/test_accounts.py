"""Mailboxes: list, connect, change, disconnect.

covers: src/api/messages_accounts.c src/store/account_store.c src/model/account.c
"""
import concurrent.futures
import socket

import pytest

from people import ALL, new_token, new_user
from shapes import MILLISECONDS, UID, holding, messages_error, said

ACCOUNTS = "/api/email/accounts"
SEND = "/api/email/messages/send"


@pytest.fixture
def user(server):
    return new_user(server)


def shown(address, **fields):
    return {"_id": UID, "userId": UID, "userEmail": address.split(".", 1)[1]
            if address.startswith(("two.", "named.")) else address, "provider": "sandbox", "emailAddress": address, "displayName": None,
            "isDefault": False, "appendSignature": False, "signatureHtml": None,
            "signatureText": None, "language": "en", "timezone": "UTC", "isActive": True,
            "status": "connected",
            "createdAt": MILLISECONDS,
            "updatedAt": MILLISECONDS, **fields}


def list_of(user):
    return said(user.get(ACCOUNTS))["accounts"]


def connect(user, status=201, **fields):
    body = said(user.post(ACCOUNTS, json={"provider": "sandbox", **fields}), status)
    return body["account"] if status == 201 else body


def test_the_list(server, user):
    assert list_of(user) == [shown(user.address, isDefault=True)]
    assert list_of(new_user(server, mailbox=False)) == []


def test_connect_a_sandbox(server, user):
    second = connect(user, emailAddress="two." + user.address, displayName="Zwei ✓")
    assert second == shown("two." + user.address, displayName="Zwei ✓")
    assert list_of(user) == [shown(user.address, isDefault=True), second]
    sent = said(user.post(SEND, json={"from": "two." + user.address, "to": "a@example.com",
                                      "body": "b"}))
    assert sent["message"]["emailMetadata"]["from"] == [f'"Zwei ✓" <two.{user.address}>']
    [mail] = server.mails("two." + user.address)
    assert str(mail["From"]) == f"Zwei ✓ <two.{user.address}>"


def test_the_first_is_the_default_and_another_can_be(server):
    user = new_user(server, mailbox=False)
    first = connect(user, emailAddress=user.address)
    second = connect(user, emailAddress="two." + user.address, isDefault=True)
    assert first["isDefault"] and second["isDefault"]
    assert [account["isDefault"] for account in list_of(user)] == [False, True]
    changed = said(user.patch(f"{ACCOUNTS}/{first['_id']}", json={"isDefault": True}))
    assert changed == {"account": {**first, "updatedAt": MILLISECONDS}}
    assert [account["isDefault"] for account in list_of(user)] == [True, False]
    draft = said(user.post("/api/v1/email/outbound/drafts"), 201)
    assert draft["from_account_id"] == first["_id"]


def test_a_name_in_the_address_is_its_display_name(user):
    account = connect(user, emailAddress=f"Zoë <two.{user.address}>")
    assert account == shown("two." + user.address, displayName="Zoë")


def test_change_the_name(user):
    [account] = list_of(user)
    path = f"{ACCOUNTS}/{account['_id']}"
    named = {**account, "displayName": "Anne", "updatedAt": MILLISECONDS}
    assert said(user.patch(path, json={"displayName": "Anne"})) == {"account": named}
    assert said(user.patch(path, json={})) == {"account": named}
    assert said(user.patch(path, json={**account, "displayName": "Anne"})) == {"account": named}
    assert list_of(user) == [named]
    assert said(user.patch(path, json={"displayName": None})) == {
        "account": {**named, "displayName": None}}


@pytest.mark.parametrize("body, field", [
    ({"displayName": "a\r\nBcc: x@example.com"}, "displayName"),
    ({"displayName": 7}, "displayName"),
    ({"displayName": "a\x01b"}, "displayName"), ({"displayName": "x" * 256}, "displayName"),
    ({"isDefault": "yes"}, "isDefault"), ({"password": "x"}, "password"),
    ({"nothing": 1}, "nothing"),
])
def test_a_bad_change(user, body, field):
    [account] = list_of(user)
    refused = said(user.patch(f"{ACCOUNTS}/{account['_id']}", json=body), 400)
    assert refused == messages_error("BAD_REQUEST", holding(field))
    assert list_of(user) == [account]


def test_disconnect(server, user):
    second = connect(user, emailAddress="two." + user.address)
    path = f"{ACCOUNTS}/{second['_id']}"
    said(user.post(SEND, json={"from": "two." + user.address, "to": "a@example.com", "body": "b"}))
    assert said(user.delete(path)) == {"success": True}
    assert [account["emailAddress"] for account in list_of(user)] == [user.address]
    gone = messages_error("EMAIL_ACCOUNT_NOT_FOUND")
    assert said(user.delete(path), 404) == gone
    assert said(user.patch(path, json={"isDefault": True}), 404) == gone
    assert said(user.post(SEND, json={"from": "two." + user.address, "to": "a@example.com",
                                      "body": "b"}), 404) == gone
    [record] = said(user.get("/api/email/outbound"))["items"]
    assert record["status"] == "sent" and record["from_account_id"] == second["_id"]
    # Connected again it is the same one: its mail and its conversations would be stranded else.
    again = connect(user, emailAddress="two." + user.address)
    assert again == {**second, "updatedAt": again["updatedAt"]} and len(list_of(user)) == 2


def test_disconnected_is_disconnected(server, user):
    """Whatever else is changed at the same moment."""
    def work(client, path, method):
        return getattr(client, method)(path, json={"displayName": "x"}).status_code

    for turn in range(20):
        path = f"{ACCOUNTS}/{connect(user, emailAddress=f'{turn}.{user.address}')['_id']}"
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda method: work(server.client(user.token), path, method),
                          ["patch", "patch", "delete", "patch"]))
    assert [account["emailAddress"] for account in list_of(user)] == [user.address]


def test_what_is_connected_already(user):
    refused = connect(user, 409, emailAddress=user.address)
    assert refused == messages_error("CONFLICT", holding(user.address, "connected already"))
    assert len(list_of(user)) == 1


SMTP = {"host": "127.0.0.1", "port": 25, "security": "none"}


@pytest.mark.parametrize("body, words", [
    ({}, "provider is required"), ({"provider": "sandbox"}, "emailAddress is required"),
    ({"provider": "pigeon", "emailAddress": "a@example.com"}, "provider must be one of: sandbox"),
    ({"provider": "gmail", "emailAddress": "a@example.com"}, "provider"),
    ({"provider": "sandbox", "emailAddress": "nobody"}, "emailAddress nobody"),
    ({"provider": "sandbox", "emailAddress": ["a@example.com", "b@example.com"]}, "emailAddress"),
    ({"provider": "sandbox", "emailAddress": "a/b@example.com"}, "emailAddress"),
    ({"provider": "sandbox", "emailAddress": '"../a"@example.com'}, "emailAddress"),
    ({"provider": "sandbox", "emailAddress": "a@example.com", "smtp": SMTP}, "smtp"),
    ({"provider": "smtp", "emailAddress": "a@example.com"}, "smtp.host"),
    ({"provider": "smtp", "emailAddress": "a@example.com", "smtp": {}}, "smtp."),
    ({"provider": "smtp", "smtp": {**SMTP, "port": 0}}, "smtp.port"),
    ({"provider": "smtp", "smtp": {**SMTP, "port": 65536}}, "smtp.port"),
    ({"provider": "smtp", "smtp": {**SMTP, "port": "25"}}, "smtp.port"),
    ({"provider": "smtp", "smtp": {**SMTP, "security": "ssl"}}, "smtp.security"),
    ({"provider": "smtp", "smtp": {**SMTP, "security": ""}}, "smtp.security"),
    ({"provider": "smtp", "smtp": {**SMTP, "host": "a b"}}, "smtp.host"),
    ({"provider": "smtp", "smtp": {**SMTP, "host": "x/../y"}}, "smtp.host"),
    ({"provider": "smtp", "smtp": {**SMTP, "host": "mail.example.com"}}, "smtp.security"),
    ({"provider": "smtp", "smtp": {**SMTP, "username": "a\r\nb"}}, "smtp.username"),
    ({"provider": "smtp", "smtp": {**SMTP, "nothing": 1}}, "smtp.nothing"),
])
def test_what_cannot_be_connected(user, body, words):
    if body.get("provider") == "smtp":
        body = {"emailAddress": "a@example.com", **body}
    refused = said(user.post(ACCOUNTS, json=body), 400)
    assert refused == messages_error("BAD_REQUEST", holding(words))
    assert len(list_of(user)) == 1


def test_a_server_that_is_not_there(user):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # not listening: whoever connects is refused
        smtp = {**SMTP, "port": unused.getsockname()[1], "username": "u", "password": "secret"}
        refused = said(user.post(ACCOUNTS, json={
            "provider": "smtp", "emailAddress": "a@example.com", "smtp": smtp}), 502)
    assert refused == messages_error("BAD_GATEWAY", holding(str(smtp["port"])))
    assert "secret" not in refused["message"] and len(list_of(user)) == 1


def test_somebody_elses_mailbox(server, user):
    colleague = new_user(server)
    path = f"{ACCOUNTS}/{list_of(colleague)[0]['_id']}"
    missing = messages_error("EMAIL_ACCOUNT_NOT_FOUND")
    assert said(user.patch(path, json={"displayName": "x"}), 404) == missing
    assert said(user.delete(path), 404) == missing
    assert list_of(colleague) == [shown(colleague.address, isDefault=True)]


def test_who_administers_sees_his_organization_only(server):
    admin = new_user(server, ALL, organization="One")
    stranger = new_user(server, ALL, organization="Two")
    assert [account["emailAddress"] for account in list_of(admin)] == [admin.address]
    path = f"{ACCOUNTS}/{list_of(stranger)[0]['_id']}"
    assert said(admin.delete(path), 404) == messages_error("EMAIL_ACCOUNT_NOT_FOUND")


def test_scopes(server, user):
    reader = server.client(new_token(server, user.address, "inbox:read", "inbox:draft"))
    [account] = list_of(reader)
    refused = messages_error("FORBIDDEN", holding("inbox:write"))
    for reply in (reader.post(ACCOUNTS, json={}), reader.delete(f"{ACCOUNTS}/{account['_id']}"),
                  reader.patch(f"{ACCOUNTS}/{account['_id']}", json={})):
        assert said(reply, 403) == refused
