"""A token with inbox:all is for an application's back end: it reaches the whole organization by ids and
addresses, in each family alike; lists stay its user's, and ?user= widens them. Also: what becomes of a
revoked token's long poll, and tokens page by page.

covers: src/api/permission.c src/api/tokens.c
"""
import threading
import time

import pytest

from people import ALL, new_token, new_user
from running import SECONDS, wait_until
from shapes import said

BACK_END = ["inbox:read", "inbox:write", "inbox:all"]
LISTS = ["/api/email/drafts", "/api/v1/email/outbound/drafts", "/api/email/outbound", "/api/conversations",
         "/api/conversation", "/api/v1/email/correspondence", "/api/v1/documents"]


@pytest.fixture
def house(server):
    return server


@pytest.fixture
def back_end(house):
    return new_user(house, BACK_END)


@pytest.fixture
def colleague(house):
    return new_user(house)


@pytest.fixture
def stranger(house):
    return new_user(house, organization="Others")


def mailbox(client):
    [account] = said(client.get("/api/email/accounts"))["accounts"]
    return account["_id"]


def sends_from(user):
    """One send from that user's mailbox in each family, as (path, body)."""
    mail = {"to": ["client@example.com"], "subject": "for a colleague"}
    return [
        ("/api/v1/email/outbound/send", {**mail, "body_text": "t", "from_account_id": mailbox(user)}),
        ("/api/email/send", {**mail, "body_text": "t", "from_account_id": mailbox(user)}),
        ("/api/email/messages/send", {**mail, "body": "t", "from": user.address}),
    ]


@pytest.mark.parametrize("family", range(3))
def test_sends_from_a_colleagues_mailbox(house, back_end, colleague, family):
    path, body = sends_from(colleague)[family]
    said(back_end.post(path, json=body))
    [mail] = house.mails(colleague.address)
    assert mail["From"] == colleague.address and mail["Subject"] == "for a colleague"
    [record] = said(colleague.get("/api/email/outbound"))["items"]
    events = said(colleague.get(f"/api/email/outbound/{record['uid']}/events"))["items"]
    sent = next(event for event in events if event["actor"] not in ("system", colleague.address))
    assert sent["token_id"], "the event says which token acted"


@pytest.mark.parametrize("family", range(3))
def test_without_it_a_colleagues_mailbox_is_not_there(house, colleague, family):
    other = new_user(house, ["inbox:read", "inbox:write", "inbox:approve", "admin"])
    path, body = sends_from(colleague)[family]
    assert other.post(path, json=body).status_code == 404
    assert house.mails(colleague.address) == []


@pytest.mark.parametrize("family", range(3))
def test_it_ends_at_the_organization(house, back_end, stranger, family):
    path, body = sends_from(stranger)[family]
    assert back_end.post(path, json=body).status_code == 404
    assert house.mails(stranger.address) == []


def test_reads_and_changes_a_colleagues_draft(back_end, colleague, stranger):
    draft = said(colleague.post("/api/email/drafts", json={"from_account_id": mailbox(colleague),
                                                           "subject": "one"}), 201)["uid"]
    assert said(back_end.get(f"/api/email/drafts/{draft}"))["subject"] == "one"
    said(back_end.patch(f"/api/email/drafts/{draft}", json={"subject": "two"}))
    assert said(colleague.get(f"/api/email/drafts/{draft}"))["subject"] == "two"
    assert stranger.get(f"/api/email/drafts/{draft}").status_code == 404


def count(reply):
    page = said(reply)
    page = page.get("data", page) if isinstance(page, dict) else page
    items = page if isinstance(page, list) else next(
        value for value in page.values() if isinstance(value, list))
    return len(items)


@pytest.mark.parametrize("path", LISTS)
def test_lists_are_its_users_and_user_widens_them(back_end, colleague, stranger, path):
    said(colleague.post("/api/email/drafts", json={"from_account_id": mailbox(colleague)}), 201)
    said(colleague.post("/api/email/send", json={
        "from_account_id": mailbox(colleague), "to": ["a@example.com"], "subject": "s",
        "body_text": "t", "attachments": [{"filename": "a", "data_base64": "YQ=="}]}))
    colleague.post("/api/v1/documents", files={"file": ("a.txt", b"a")})
    own = count(colleague.get(path))
    assert own >= 1 and count(back_end.get(path)) == 0
    assert count(back_end.get(path, params={"user": colleague.address})) == own
    for other in colleague, stranger:
        assert other.get(path, params={"user": back_end.address}).status_code == 404
    assert back_end.get(path, params={"user": stranger.address}).status_code == 404


@pytest.mark.parametrize("by", ["api", "command line"])
def test_a_revoked_tokens_poll_ends(house, by):
    admin = new_user(house, ALL)
    made = said(admin.post("/api/tokens", json={"scopes": ["inbox:read"]}), 201)
    client, heard = house.client(made["token"]), []
    after = said(client.get("/api/events", params={"after": 0, "limit": 1000}))["next_after"]

    def poll():
        began = time.monotonic()
        reply = client.get("/api/events", params={"after": after, "wait": 60})
        heard.append((reply.status_code, reply.text, time.monotonic() - began))

    waiting = threading.Thread(target=poll)
    waiting.start()
    wait_until(lambda: "\nouttray_http_parked 1\n" in admin.get("/metrics").text, what="the poll")
    if by == "api":
        assert admin.delete(f"/api/tokens/{made['id']}").status_code == 204
    else:
        house.tool("token", "revoke", made["id"])
    waiting.join(SECONDS)
    [(status, text, seconds)] = heard
    assert status == 401 and "events" not in text and seconds < 10


def test_tokens_page_by_page_newest_first(house):
    admin = new_user(house, ALL, organization="Pages")
    made = [said(admin.post("/api/tokens", json={"scopes": ["inbox:read"], "label": str(n)}), 201)["id"]
            for n in range(7)]
    seen, cursor = [], None
    while cursor or not seen:
        page = said(admin.get("/api/tokens", params={"limit": 3, **({"cursor": cursor} if cursor else {})}))
        assert len(page["tokens"]) <= 3
        seen += [token["id"] for token in page["tokens"]]
        cursor = page["next_cursor"]
    assert seen[:7] == made[::-1] and len(seen) == len(set(seen)) == 8  # and the administrator's own
    assert admin.get("/api/tokens", params={"cursor": "nonsense"}).status_code == 400


def test_an_agents_token_is_not_another_agents(house):
    user = new_user(house)
    one, other = (house.client(new_token(house, user.address, "inbox:draft")) for _ in range(2))
    draft = said(one.post("/api/email/drafts", json={"from_account_id": mailbox(user)}), 201)["uid"]
    said(one.get(f"/api/email/drafts/{draft}"))
    for act in (other.get, other.delete):
        assert act(f"/api/email/drafts/{draft}").status_code in (403, 404)
    said(user.get(f"/api/email/drafts/{draft}"))
