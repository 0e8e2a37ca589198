"""/api/tokens: an administrator gives tokens to users of his organization, and takes them back."""
import datetime

import pytest

from people import ALL, new_token, new_user
from shapes import SECONDS, UID, holding, problem, said

NO_ID = "00000000-0000-7000-8000-000000000000"
TOKENS = "/api/tokens"


@pytest.fixture
def admin(server):
    return new_user(server, ALL, organization="Tokens")


def make(admin, **body):
    return said(admin.post(TOKENS, json={"scopes": ["inbox:read"], **body}), 201)


def test_a_token_is_made_used_and_revoked(server, admin):
    made = make(admin, label="crm", scopes=["inbox:read", "inbox:draft"])
    assert made == {"id": UID, "token": made["token"], "user": admin.address, "label": "crm",
                    "scopes": ["inbox:read", "inbox:draft"], "created_at": SECONDS,
                    "expires_at": None, "last_used_at": None, "revoked_at": None}
    client = server.client(made["token"])
    said(client.get("/api/email/drafts"))
    listed = {token["id"]: token for token in said(admin.get(TOKENS))["tokens"]}
    assert "token" not in listed[made["id"]]
    assert listed[made["id"]]["last_used_at"] == SECONDS
    assert admin.delete(f"{TOKENS}/{made['id']}").status_code == 204
    assert said(client.get("/api/email/drafts"), 401)["error"]["code"] == "unauthorized"
    assert said(admin.delete(f"{TOKENS}/{made['id']}"), 404) == problem(404, "Not Found")


def test_for_another_user_of_the_organization(server):
    admin, other = new_user(server, ALL), new_user(server)  # both of the first organization
    made = make(admin, user=other.address, scopes=["inbox:read", "inbox:write"])
    client = server.client(made["token"])
    addresses = [one["emailAddress"]
                 for one in said(client.get("/api/email/accounts"))["accounts"]]
    assert addresses == [other.address]


def test_one_that_expires(server, admin):
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    made = make(admin, expires_at=soon.isoformat())
    assert made["expires_at"] == soon.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("body, field", [
    ({}, "scopes"), ({"scopes": []}, "scopes"), ({"scopes": ["inbox:read", "all"]}, "scopes[1]"),
    ({"scopes": ["admin"], "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
    ({"scopes": ["admin"], "expires_at": "2030-01-01T00:00:00"}, "expires_at"),
    ({"scopes": ["admin"], "user": "nobody@example.com"}, "user"),
    ({"scopes": ["admin"], "label": "a\nb"}, "label"), ({"scopes": ["admin"], "x": 1}, "x"),
])
def test_refused(admin, body, field):
    before = said(admin.get(TOKENS))
    refused = said(admin.post(TOKENS, json=body), 400)
    assert refused == {**problem(400, "Bad Request", holding(field)),
                       "errors": [{"field": field, "message": holding("")}]}
    assert said(admin.get(TOKENS)) == before


def test_others_are_not_seen(server, admin):
    stranger = new_user(server, ALL, organization="Elsewhere")
    theirs = make(stranger)
    assert theirs["id"] not in [token["id"] for token in said(admin.get(TOKENS))["tokens"]]
    assert said(admin.delete(f"{TOKENS}/{theirs['id']}"), 404) == problem(404, "Not Found")
    said(server.client(theirs["token"]).get("/api/email/drafts"))
    assert said(admin.post(TOKENS, json={"scopes": ["admin"], "user": stranger.address}), 400)
    assert said(admin.delete(f"{TOKENS}/{NO_ID}"), 404) == problem(404, "Not Found")


def test_only_for_administrators(server, admin):
    user = server.client(new_token(server, admin.address, *[s for s in ALL if s != "admin"]))
    for reply in user.get(TOKENS), user.post(TOKENS, json={"scopes": ["admin"]}):
        assert said(reply, 403) == problem(403, "Forbidden", holding("admin"))


def test_a_secret_is_kept_for_no_repeated_call(server, admin):
    key = {"Idempotency-Key": "token-1"}
    body = {"scopes": ["inbox:read"], "label": "once"}
    made = said(admin.post(TOKENS, json=body, headers=key), 201)
    again = admin.post(TOKENS, json=body, headers=key)
    assert said(again, 409)["title"] == "Conflict"
    labels = [token["label"] for token in said(admin.get(TOKENS))["tokens"]]
    assert labels.count("once") == 1
    for path in server.data.iterdir():
        if path.is_file():
            assert made["token"].encode() not in path.read_bytes(), path
