"""HEAD is GET without the body, on every route that can be read."""
import pytest

from people import new_user
from routes import ROUTES, named
from shapes import said


@pytest.fixture(scope="module")
def user(server):
    user = new_user(server)
    user.sent = said(user.post("/api/v1/email/outbound/send",
                               json={"to": "a@example.com", "subject": "s"}))
    return user


@pytest.mark.parametrize("route", [route for route in ROUTES if route[0] == "GET"], ids=named)
def test_head(user, route):
    path = route[1].format(id=user.sent["id"])
    got, head = user.get(path), user.head(path)
    assert (got.status_code, head.status_code, head.content) == (200, 200, b"")
    for name in ("Content-Type", "Content-Length", "ETag"):
        assert head.headers.get(name) == got.headers.get(name)


def test_head_of_what_is_not_there(user):
    head = user.head("/api/email/drafts/x")
    assert (head.status_code, head.content) == (404, b"")
    assert user.get("/api/email/drafts").status_code == 200  # on the same connection
