"""Templates: kept subjects and bodies with tokens in them.

covers: src/api/email_templates.c src/api/template_view.c src/store/template_store.c
"""
import pytest

from people import new_user
from shapes import SECONDS, UID, holding, refusal, said

TEMPLATES = "/api/email/templates"
FULL = {"name": "Reminder", "subject": "Invoice {number}", "body_text": "Dear {name},\n",
        "body_html": "<p>Dear {name},</p>", "context_type": "invoice"}
BARE = {"name": "Bare", "subject": None, "body_text": None, "body_html": None,
        "context_type": None}


def make(user, **fields):
    return said(user.post(TEMPLATES, json={"name": "n", **fields}), 201)


def test_made_read_changed_removed(server):
    user = new_user(server)
    made = make(user, **FULL)
    assert made == {"uid": UID, **FULL, "version": 1, "created_at": SECONDS, "updated_at": SECONDS}
    path = f"{TEMPLATES}/{made['uid']}"
    assert said(user.get(path)) == made
    changed = said(user.patch(path, json={"subject": "New", "body_html": None, "uid": "ignored"}))
    assert changed == {**made, "subject": "New", "body_html": None, "version": 2,
                       "updated_at": SECONDS}
    assert said(user.get(path)) == changed
    assert said(user.patch(path, json={})) == {**changed, "version": 3, "updated_at": SECONDS}
    assert said(user.delete(path), 204) is None
    for again in user.get(path), user.patch(path, json={"name": "x"}), user.delete(path):
        assert said(again, 404) == refusal("email", 404, holding("template"))
    bare = make(user, name="Bare")
    assert bare == {"uid": UID, **BARE, "version": 1, "created_at": SECONDS, "updated_at": SECONDS}


def test_of_two_who_change_it_the_second_is_told(server):
    user = new_user(server)
    made = user.post(TEMPLATES, json={"name": "n"})
    path, first = f"{TEMPLATES}/{said(made, 201)['uid']}", {"If-Match": made.headers["ETag"]}
    changed = user.patch(path, json={"name": "one"}, headers=first)
    assert (said(changed)["name"], changed.headers["ETag"]) == ("one", '"2"')
    stale = refusal("email", 412, holding("version 2"))
    assert said(user.patch(path, json={"name": "two"}, headers=first), 412) == stale
    assert said(user.delete(path, headers=first), 412) == stale
    seen = user.get(path)
    assert (said(seen)["name"], seen.headers["ETag"]) == ("one", '"2"')
    assert said(user.delete(path, headers={"If-Match": '"2"'}), 204) is None


def test_lists(server):
    user = new_user(server, organization="Templates")
    assert said(user.get(TEMPLATES)) == {"items": [], "count": 0}
    made = [make(user, name=f"n{number}", context_type=kind)
            for number, kind in enumerate(["invoice", None, "case", "invoice", "invoice"])][::-1]
    for params, expected, count in [
            ({}, made, 5), ({"per_page": 2}, made[:2], 5),
            ({"page": 2, "per_page": 2}, made[2:4], 5),
            ({"page": 3, "per_page": 2}, made[4:], 5), ({"page": 4, "per_page": 2}, [], 5),
            ({"context_type": "invoice", "per_page": 2}, made[:2], 3),
            ({"context_type": "case"}, made[2:3], 1), ({"context_type": "x"}, [], 0)]:
        assert said(user.get(TEMPLATES, params=params)) == {"items": expected, "count": count}


@pytest.mark.parametrize("params, field", [
    ({"page": 0}, "page"), ({"page": "x"}, "page"), ({"per_page": 101}, "per_page"),
    ({"context_type": "x" * 256}, "context_type"),
], ids=lambda value: str(value)[:40])
def test_a_list_that_is_not_there(server, params, field):
    refused = refusal("email", 400, holding(field), field)
    assert said(new_user(server).get(TEMPLATES, params=params), 400) == refused


def test_belongs_to_the_organization(server):
    user, colleague = new_user(server), new_user(server)
    stranger = new_user(server, organization="Templates elsewhere")
    path = f"{TEMPLATES}/{make(user, **FULL)['uid']}"
    for other in (stranger.get(path), stranger.patch(path, json={"name": "x"}),
                  stranger.delete(path)):
        assert said(other, 404) == refusal("email", 404)
    assert said(stranger.get(TEMPLATES))["count"] == 0
    assert said(colleague.patch(path, json={"name": "Ours"}))["name"] == "Ours"
    assert said(user.get(path))["name"] == "Ours"
    assert said(colleague.delete(path), 204) is None


@pytest.mark.parametrize("way", ["POST", "PATCH"])
@pytest.mark.parametrize("fields, field, words", [
    ({"name": ""}, "name", ["required"]), ({"name": None}, "name", ["required"]),
    ({"name": "a\nb"}, "name", ["control"]), ({"name": "x" * 256}, "name", ["255"]),
    ({"subject": "a\r\nBcc: x@example.com"}, "subject", ["one line"]),
    ({"subject": "x" * 999}, "subject", ["998"]), ({"subject": 7}, "subject", []),
    ({"body_text": "x" * (256 * 1024 + 1)}, "body_text", ["262144"]),
    ({"body_html": "x" * (256 * 1024 + 1)}, "body_html", ["262144"]),
    ({"body_text": ["x"]}, "body_text", ["text"]), ({"context_type": "a\tb"}, "context_type", []),
    ({"body": "x"}, "body", ["not a known field"]),
], ids=lambda value: str(value)[:40])
def test_what_is_wrong_is_named_and_changes_nothing(server, way, fields, field, words):
    user = new_user(server, organization=f"Wrong templates {way}")
    [*before] = said(user.get(TEMPLATES))["items"]
    made = make(user, **FULL)
    path = TEMPLATES if way == "POST" else f"{TEMPLATES}/{made['uid']}"
    reply = user.request(way, path, json={"name": "x", **fields})
    assert said(reply, 400) == refusal("email", 400, holding(field, *words), field)
    assert said(user.get(TEMPLATES, params={"per_page": 100}))["items"] == [made, *before]
    said(user.delete(f"{TEMPLATES}/{made['uid']}"), 204)


def test_a_template_needs_its_name(server):
    refused = refusal("email", 400, holding("name", "required"), "name")
    assert said(new_user(server).post(TEMPLATES, json={}), 400) == refused


def test_as_large_as_it_may_be(server):
    user = new_user(server)
    large = {**FULL, "body_text": "x" * 256 * 1024, "body_html": "y" * 256 * 1024}
    made = make(user, **large)
    assert said(user.get(f"{TEMPLATES}/{made['uid']}")) == made


def test_made_once_under_a_key(server):
    user = new_user(server, organization="Keys of templates")
    key = {"Idempotency-Key": "template-1"}
    first = user.post(TEMPLATES, json=FULL, headers=key)
    second = user.post(TEMPLATES, json=FULL, headers=key)
    assert said(first, 201) == said(second, 201)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert said(user.get(TEMPLATES))["count"] == 1


def test_head(server):
    user = new_user(server)
    path = f"{TEMPLATES}/{make(user, **FULL)['uid']}"
    got, head = user.get(path), user.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


def test_scopes(server):
    writer = new_user(server, ["inbox:write"])
    made = make(writer, **FULL)
    path = f"{TEMPLATES}/{made['uid']}"
    refused = refusal("email", 403, holding("inbox:write"))
    for scope in "inbox:read", "inbox:draft":
        other = new_user(server, [scope])
        assert said(other.get(path)) == made
        for reply in (other.post(TEMPLATES, json=FULL), other.patch(path, json={}),
                      other.delete(path)):
            assert said(reply, 403) == refused
    assert said(new_user(server, ["inbox:approve"]).get(path), 403) == refusal(
        "email", 403, holding("inbox:read"))
    assert said(writer.delete(path), 204) is None
