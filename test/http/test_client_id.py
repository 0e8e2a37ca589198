"""client_id: a create that is repeated makes the same draft."""
import concurrent.futures

import pytest

from people import new_user
from shapes import said

OUTBOUND, EMAIL = "/api/v1/email/outbound/drafts", "/api/email/drafts"


@pytest.fixture
def user(server):
    person = new_user(server)
    person.account = said(person.get("/api/email/accounts"))["accounts"][0]["_id"]
    return person


def body(user, path, **more):
    return {**({"from_account_id": user.account} if path == EMAIL else {}), **more}


@pytest.mark.parametrize("path", [OUTBOUND, EMAIL])
def test_the_same_draft_again(user, path):
    first = said(user.post(path, json=body(user, path, client_id="a-1", subject="one")), 201)
    assert first["client_id"] == "a-1"
    again = user.post(path, json=body(user, path, client_id="a-1", subject="two"))
    assert said(again, 200) == first and again.headers["ETag"] == '"1"'
    assert said(user.post(path, json=body(user, path, client_id="a-2")), 201) != first


def test_across_the_families_and_after_changes(user):
    first = said(user.post(OUTBOUND, json={"client_id": "b"}), 201)
    said(user.put(f"{OUTBOUND}/{first['id']}", json={"subject": "later", "client_id": "ignored"}))
    again = said(user.post(EMAIL, json=body(user, EMAIL, client_id="b")), 200)
    assert again["subject"] == "later" and again["client_id"] == "b"


def test_each_user_has_his_own(server, user):
    other = new_user(server)
    mine = said(user.post(OUTBOUND, json={"client_id": "c"}), 201)
    assert said(other.post(OUTBOUND, json={"client_id": "c"}), 201)["id"] != mine["id"]


def test_what_was_deleted_is_made_anew(user):
    first = said(user.post(OUTBOUND, json={"client_id": "d"}), 201)
    user.delete(f"{OUTBOUND}/{first['id']}")
    assert said(user.post(OUTBOUND, json={"client_id": "d"}), 201)["id"] != first["id"]


def test_many_at_once_make_one(user):
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(lambda _: user.post(OUTBOUND, json={"client_id": "e"}),
                                range(100)))
    assert sorted({reply.status_code for reply in replies}) == [200, 201]
    assert [reply.status_code for reply in replies].count(201) == 1
    assert len({reply.json()["id"] for reply in replies}) == 1
