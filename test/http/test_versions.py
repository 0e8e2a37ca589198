"""If-Match on every write of a draft and of what else has versions, If-None-Match on every look.

What they watch: precondition_check in sending.c, editing.c and email_outbound.c, is_weak in
precondition.c, and that drafting_is_known looks at the state.

covers: src/api/precondition.c
"""
import pytest

from people import ALL, new_user
from shapes import email_error, outbound_error, said

OUTBOUND, EMAIL = "/api/v1/email/outbound/drafts", "/api/email/drafts"
SEND, RECORDS = "/api/email/send", "/api/email/outbound"
CONTEXT, TEMPLATES = "/api/email/contexts/invoice/7", "/api/email/templates"


@pytest.fixture(scope="module")
def user(server):
    user = new_user(server, ALL)
    user.account = said(user.get("/api/email/accounts"))["accounts"][0]["_id"]
    return user


@pytest.fixture
def draft(user):
    """At version 2; its uid."""
    made = said(user.post(EMAIL, json={"from_account_id": user.account, "to": ["a@example.com"],
                                       "subject": "one", "body_text": "t"}), 201)
    said(user.patch(f"{EMAIL}/{made['uid']}", json={"subject": "two"}))
    return made["uid"]


# Every way to write or send a draft: method, path, body (a function of its uid), status.
WRITES = {
    "PUT": ("PUT", OUTBOUND + "/{}", lambda uid: {"subject": "three"}, 200),
    "PATCH": ("PATCH", EMAIL + "/{}", lambda uid: {"subject": "three"}, 200),
    "POST uid": ("POST", EMAIL, lambda uid: {"uid": uid, "subject": "three"}, 200),
    "DELETE outbound": ("DELETE", OUTBOUND + "/{}", None, 204),
    "DELETE email": ("DELETE", EMAIL + "/{}", None, 204),
    "DELETE record": ("DELETE", RECORDS + "/{}", None, 204),
    "send": ("POST", OUTBOUND + "/{}/send", None, 200),
    "send draft_uid": ("POST", SEND, lambda uid: {"draft_uid": uid}, 200),
    "send later": ("POST", SEND, lambda uid: {"draft_uid": uid}, 202),
    "submit": ("POST", RECORDS + "/{}/submit", None, 200),
    "cancel": ("POST", RECORDS + "/{}/cancel", None, 200),
}
STALE = ['"1"', '"3"', 'W/"2"', '"1", W/"2"', '"x"', '"2', '"2" x', '"22"']
FRESH = ['"2"', "2", "*", '"1", "2"', 'W/"1","2"', '"a,b" , "2"']


def write(user, name, uid, **headers):
    method, path, body, _ = WRITES[name]
    headers |= {"Prefer": "respond-async"} if name == "send later" else {}
    return user.request(method, path.format(uid), json=body and body(uid), headers=headers)


@pytest.mark.parametrize("tags", STALE)
@pytest.mark.parametrize("name", WRITES)
def test_a_stale_write_changes_nothing(user, draft, name, tags):
    before = said(user.get(f"{EMAIL}/{draft}"))
    reply = write(user, name, draft, **{"If-Match": tags})
    body = said(reply, 412)
    shown = body.pop("draft", None)
    if WRITES[name][1].startswith(OUTBOUND):
        assert body == outbound_error("PRECONDITION_FAILED", "If-Match does not name version 2")
        assert shown == said(user.get(f"{OUTBOUND}/{draft}"))
    else:
        assert body == email_error("precondition_failed", "If-Match does not name version 2")
        assert shown == (None if name in ("submit", "cancel", "DELETE record") else before)
    assert said(user.get(f"{EMAIL}/{draft}")) == before
    assert said(user.get(f"{RECORDS}/{draft}/events"))["count"] == 1  # created, and no more


@pytest.mark.parametrize("tags", FRESH)
@pytest.mark.parametrize("name", WRITES)
def test_a_write_of_what_the_caller_has_seen(user, draft, name, tags):
    said(write(user, name, draft, **{"If-Match": tags}), WRITES[name][3])


@pytest.mark.parametrize("name", WRITES)
def test_a_write_that_wants_none_there(user, draft, name):
    reply = write(user, name, draft, **{"If-None-Match": "*"})
    assert "If-None-Match" in str(said(reply, 412))
    assert said(user.get(f"{EMAIL}/{draft}"))["version"] == 2


def test_sending_again_what_was_sent(user, draft):
    """The version counts edits: it is what left that the caller has seen."""
    path = f"{OUTBOUND}/{draft}/send"
    first = said(user.post(path, headers={"If-Match": '"2"'}))
    assert said(user.post(path, headers={"If-Match": '"2"'})) == first
    said(user.post(path, headers={"If-Match": '"1"'}), 412)


@pytest.mark.parametrize("path, method", [(EMAIL, "PATCH"), (EMAIL, "POST")])
def test_version_in_the_body_guards_in_the_email_family(user, draft, path, method):
    def save(version, status, headers=None):
        body = {"version": version, "subject": f"as of {version}"}
        body |= {"uid": draft} if method == "POST" else {}
        target = path if method == "POST" else f"{path}/{draft}"
        return said(user.request(method, target, json=body, headers=headers), status)

    assert save(1, 412) == {**email_error("precondition_failed", "version is not the current one, "
                                          "which is 2"), "draft": said(user.get(f"{EMAIL}/{draft}"))}
    said(user.patch(f"{EMAIL}/{draft}", json={"version": 2}, headers={"If-Match": '"1"'}), 412)
    assert save(2, 200)["version"] == 3
    assert save(None, 200)["version"] == 4
    for wrong in (0, -1, "4", 4.5, True, [4]):
        assert save(wrong, 400) == email_error(
            "validation_error", "version must be a whole number of at least 1",
            {"field": "version", "message": "must be a whole number of at least 1"})
    assert save(4, 200, {"If-Match": '"4"'})["version"] == 5


def test_version_in_the_body_is_what_get_gave_in_the_outbound_family(user, draft):
    path = f"{OUTBOUND}/{draft}"
    seen = said(user.get(path))
    said(user.put(path, json={**seen, "subject": "autosaved"}))
    assert said(user.put(path, json={**seen, "subject": "again"}))["version"] == 4


def test_version_of_a_new_draft_says_nothing(user):
    made = said(user.post(EMAIL, json={"from_account_id": user.account, "version": 7}), 201)
    assert made["version"] == 1


@pytest.mark.parametrize("path", [OUTBOUND, EMAIL, RECORDS])
def test_a_look_at_what_is_known(user, draft, path):
    path = f"{path}/{draft}"
    for tags in ('"2"', 'W/"2"', '"1", "2"', "*", "2"):
        reply = user.get(path, headers={"If-None-Match": tags})
        assert (reply.status_code, reply.content, reply.headers["ETag"]) == (304, b"", '"2"'), tags
        assert user.head(path, headers={"If-None-Match": tags}).status_code == 304
    for tags in ('"1"', '"22"', '"2" x', '"x"', '""'):
        assert said(user.get(path, headers={"If-None-Match": tags})), tags


def test_a_look_at_what_has_gone_on_without_an_edit(user, draft):
    """Asked for, and given back: the version is the same, and what is shown is not."""
    said(user.post(f"{RECORDS}/{draft}/submit"))
    for path in OUTBOUND, EMAIL, RECORDS:
        reply = user.get(f"{path}/{draft}", headers={"If-None-Match": '"2"'})
        assert said(reply)["status"] == "pending_approval"
    said(user.post(f"{RECORDS}/{draft}/cancel"))
    for path in OUTBOUND, EMAIL, RECORDS:
        reply = user.get(f"{path}/{draft}", headers={"If-None-Match": '"2"'})
        assert said(reply)["status"] == "canceled"


def test_contexts_and_templates(user):
    made = said(user.post(TEMPLATES, json={"name": "n", "subject": "s"}), 201)
    said(user.put(CONTEXT, json={"a": 1}))
    for path in (CONTEXT, f"{TEMPLATES}/{made['uid']}"):
        assert user.get(path, headers={"If-None-Match": '"1"'}).status_code == 304
        said(user.get(path, headers={"If-None-Match": '"2"'}))
        said(user.delete(path, headers={"If-Match": 'W/"1"'}), 412)
        said(user.delete(path, headers={"If-Match": '"5", "1"'}), 204)
    said(user.put(CONTEXT, json={"a": 1}, headers={"If-Match": "*"}), 412)
    said(user.put(CONTEXT, json={"a": 1}, headers={"If-None-Match": "*"}))
    said(user.put(CONTEXT, json={"a": 2}, headers={"If-None-Match": "*"}), 412)
    assert said(user.get(CONTEXT)) == {"a": 1}
