"""The values that tokens take: kept by entity, and the fields that a kind of entity has.

covers: src/api/email_contexts.c src/api/context_values.c src/store/context_store.c src/json/flat.c
"""
import itertools
import json
import urllib.parse

import pytest

from people import new_user
from shapes import holding, refusal, said

numbers = itertools.count(1)
VALUES = {"invoice_number": "2026-0042", "total": "1234.50 EUR", "due": "2026-05-20", "items": 3,
          "rate": 0.5, "is_paid": False, "note": "Grüße\n\"x\""}


def path_of(kind, name):
    return f"/api/email/contexts/{urllib.parse.quote(kind, '')}/{urllib.parse.quote(name, '')}"


@pytest.fixture
def path():
    return path_of("invoice", f"n{next(numbers)}")


def fields_of(user, kind):
    return said(user.get("/api/email/dynamic-fields", params={"context_type": kind}))["fields"]


def test_kept_replaced_and_removed(server, path):
    user = new_user(server)
    assert said(user.get(path), 404) == refusal("email", 404)
    assert said(user.put(path, json=VALUES)) == VALUES
    reply = user.get(path)
    assert said(reply) == VALUES and reply.headers["Content-Type"] == "application/json"
    assert list(said(reply)) == list(VALUES)
    assert said(user.put(path, json={"a": None, "b": "", "c": 1})) == {"b": "", "c": 1}
    assert said(user.get(path)) == {"b": "", "c": 1}
    assert said(user.put(path, json={})) == {}
    assert said(user.get(path)) == {}
    assert said(user.delete(path), 204) is None
    assert said(user.get(path), 404) == refusal("email", 404)
    assert said(user.delete(path), 404) == refusal("email", 404)


def test_of_two_who_change_it_the_second_is_told(server, path):
    user = new_user(server)
    made = user.put(path, json={"a": 1})
    assert (said(made), made.headers["ETag"]) == ({"a": 1}, '"1"')
    changed = user.put(path, json={"a": 2}, headers={"If-Match": '"1"'})
    assert (said(changed), changed.headers["ETag"]) == ({"a": 2}, '"2"')
    stale = refusal("email", 412, holding("version 2"))
    assert said(user.put(path, json={"a": 3}, headers={"If-Match": '"1"'}), 412) == stale
    assert said(user.delete(path, headers={"If-Match": '"1"'}), 412) == stale
    seen = user.get(path)
    assert (said(seen), seen.headers["ETag"]) == ({"a": 2}, '"2"')
    assert said(user.delete(path, headers={"If-Match": '"2"'}), 204) is None
    assert user.put(path, json={"a": 4}, headers={"If-Match": '"2"'}).status_code == 412


def test_no_body_is_no_values(server, path):
    user = new_user(server)
    assert said(user.put(path)) == {}


def test_belongs_to_the_organization(server, path):
    user, colleague = new_user(server), new_user(server)
    stranger = new_user(server, organization="Contexts elsewhere")
    said(user.put(path, json={"a": "ours"}))
    said(stranger.put(path, json={"a": "theirs"}))
    assert said(colleague.get(path)) == {"a": "ours"}
    assert said(stranger.delete(path), 204) is None
    assert said(stranger.get(path), 404) == refusal("email", 404)
    assert said(colleague.put(path, json={"a": "changed"})) == {"a": "changed"}
    assert said(user.get(path)) == {"a": "changed"}


@pytest.mark.parametrize("kind, name", [
    ("invoice", "3c90c3cc-0d44-4b50-8888-8dd25736052a"), ("Größe", "a b"), ("a+b", "50%"),
    ("x", "n" * 255), ("t" * 255, "x"), ("...", "{id}"),
], ids=lambda value: value[:20])
def test_any_name_will_do(server, kind, name):
    user = new_user(server)
    path = path_of(kind, name)
    assert said(user.put(path, json={"a": 1})) == {"a": 1}
    assert said(user.get(path)) == {"a": 1}


def test_no_name_is_the_folder_above(server):
    """A proxy before the server may read the path so, whatever its rules say of the one that it saw."""
    refused = new_user(server).put("/api/email/contexts/%2e%2e/x", json={"a": 1})
    assert said(refused, 400) == refusal("email", 400, holding(".."), "path")


@pytest.mark.parametrize("kind, name, field", [
    ("t" * 256, "x", "context_type"), ("x", "n" * 256, "context_id"), ("a\nb", "x", "context_type"),
    ("x", "a\tb", "context_id"),
], ids=lambda value: value[:20])
def test_names_that_will_not(server, kind, name, field):
    user = new_user(server)
    refused = refusal("email", 400, holding(field), field)
    assert said(user.put(path_of(kind, name), json={}), 400) == refused
    assert said(user.get(path_of(kind, name)), 404) == refusal("email", 404)
    assert said(user.delete(path_of(kind, name)), 404) == refusal("email", 404)


@pytest.mark.parametrize("body, field, words", [
    (b"[]", None, ["must be an object"]), (b"{", None, ["line 1"]),
    (b'{"a":1,"a":2}', None, ["twice"]), (b'{"a":"\\u0000"}', None, ["\\u0000"]),
    (b'{"a":{"b":1}}', "a", ["must be text"]), (b'{"a":[1]}', "a", ["must be text"]),
    (b'{"a b":1}', "a?b", ["name of a token"]), (b'{"":1}', None, ["name of a token"]),
    (b'{"1a":1}', "1a", ["name of a token"]), (b'{"a\\r\\nb":1}', "a??b", ["name of a token"]),
    (json.dumps({"x" * 65: 1}).encode(), "x" * 40, ["64"]),
    (b'{"data_base64":"YQ=="}', "data_base64", ["attachments"]),
    (json.dumps({"ok": 1, "a": "x" * (10 * 1024 + 1)}).encode(), "a", ["10240"]),
    (json.dumps({f"a{i}": i for i in range(501)}).encode(), None, ["at most 500"]),
], ids=lambda value: str(value)[:40])
def test_what_is_wrong_is_named_and_changes_nothing(server, path, body, field, words):
    user = new_user(server)
    said(user.put(path, json={"kept": 1}))
    reply = user.put(path, data=body, headers={"Content-Type": "application/json"})
    assert said(reply, 400) == refusal("email", 400, holding(*words), field)
    assert said(user.get(path)) == {"kept": 1}


def test_as_much_as_there_may_be(server, path):
    user = new_user(server)
    many = {f"{i}".rjust(64, "x"): "ü" * 200 for i in range(500)}
    assert said(user.put(path, json=many)) == many
    large = {"a": "x" * 10 * 1024, "b": "y" * 10 * 1024}
    assert said(user.put(path, json=large)) == large
    too_large = {f"a{i}": "x" * 10 * 1024 for i in range(26)}
    refused = refusal("email", 413, holding("262144"))
    assert said(user.put(path, json=too_large), 413) == refused
    assert said(user.get(path)) == large


def test_head_and_other_methods(server, path):
    user = new_user(server)
    said(user.put(path, json={"a": 1}))
    head = user.head(path)
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", "7")
    for method in "POST", "PATCH":
        reply = user.request(method, path)
        assert said(reply, 405) == refusal("email", 405, holding(method))
        assert reply.headers["Allow"] == "PUT, GET, DELETE"
    assert said(user.get(path + "/x"), 404) == refusal("email", 404)
    assert said(user.put("/api/email/contexts/x/", json={}), 404) == refusal("email", 404)


@pytest.mark.parametrize("kind", [None, "text/plain", "multipart/form-data"])
def test_a_body_that_is_not_json(server, path, kind):
    reply = new_user(server).put(path, data=b"{}", headers={"Content-Type": kind} if kind else {})
    assert said(reply, 415) == refusal("email", 415, holding("application/json"))


def test_nobody_without_a_token(server, path):
    stranger = server.client(None)
    for reply in stranger.put(path, json={}), stranger.get(path), stranger.delete(path):
        assert said(reply, 401) == refusal("email", 401)


def test_scopes(server, path):
    writer = new_user(server, ["inbox:write"])
    refused = refusal("email", 403, holding("inbox:write"))
    for scope in "inbox:read", "inbox:draft":
        assert said(new_user(server, [scope]).put(path, json={}), 403) == refused
    assert said(writer.put(path, json={"a": 1})) == {"a": 1}
    assert said(new_user(server, ["inbox:read"]).get(path)) == said(writer.get(path)) == {"a": 1}
    assert said(new_user(server, ["inbox:draft"]).get(path), 403) == refusal(
        "email", 403, holding("inbox:read"))
    for scope in "inbox:read", "inbox:draft":
        assert said(new_user(server, [scope]).delete(path), 403) == refused
    assert said(writer.delete(path), 204) is None


# Dynamic fields

def test_the_fields_that_contexts_of_a_type_have(server):
    user = new_user(server, organization="Fields")
    assert fields_of(user, "invoice") == []
    said(user.put(path_of("invoice", "1"), json={**VALUES, "old": "x"}))
    said(user.put(path_of("case", "1"), json={"docket": "x"}))
    said(user.put(path_of("invoice", "2"), json={"total": 7, "paidAt": "2026-05-20T14:10:00Z",
                                                 "zip": "10115", "gone": None}))
    assert fields_of(user, "invoice") == [
        {"token": "due", "label": "Due", "type": "date"},
        {"token": "invoice_number", "label": "Invoice number", "type": "text"},
        {"token": "is_paid", "label": "Is paid", "type": "boolean"},
        {"token": "items", "label": "Items", "type": "number"},
        {"token": "note", "label": "Note", "type": "text"},
        {"token": "old", "label": "Old", "type": "text"},
        {"token": "paidAt", "label": "Paid at", "type": "datetime"},
        {"token": "rate", "label": "Rate", "type": "number"},
        {"token": "total", "label": "Total", "type": "number"},  # as the latest has it
        {"token": "zip", "label": "Zip", "type": "text"}]
    assert [field["token"] for field in fields_of(user, "case")] == ["docket"]
    assert fields_of(user, "Invoice") == []
    assert fields_of(new_user(server, organization="No fields"), "invoice") == []


def test_only_the_latest_hundred_count(server):
    user = new_user(server, organization="Many fields")
    for number in range(103):
        said(user.put(path_of("t", str(number)), json={f"a{number:03}": 1}))
    assert [field["token"] for field in fields_of(user, "t")] == [
        f"a{number:03}" for number in range(3, 103)]


def test_the_type_must_be_named(server):
    user = new_user(server)
    refused = refusal("email", 400, holding("context_type"), "context_type")
    assert said(user.get("/api/email/dynamic-fields"), 400) == refused
    assert said(user.get("/api/email/dynamic-fields?context_type=" + "x" * 256), 400) == refused
