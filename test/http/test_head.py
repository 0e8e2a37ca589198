"""HEAD is GET without the body, on every route that can be read."""
import pytest

from people import new_user
from routes import ALL_ROUTES, named
from shapes import said


@pytest.fixture(scope="module")
def paths(server):
    """The user, and what stands for the open parts of each path; and a query where one is needed."""
    user = new_user(server)
    sent = said(user.post("/api/v1/email/outbound/send",
                          json={"to": "a@example.com", "subject": "s"}))["id"]
    record = said(user.get(f"/api/email/outbound/{sent}"))
    upload = said(user.post("/api/v1/documents", files={"file": ("a.txt", b"text")}), 201)["id"]
    template = said(user.post("/api/email/templates", json={"name": "n", "subject": "s"}), 201)
    said(user.put("/api/email/contexts/invoice/1", json={"number": "INV-1"}))
    account = said(user.get("/api/email/accounts"))["accounts"][0]["_id"]
    return user, {
        "/api/email/accounts/{id}/send-as": f"/api/email/accounts/{account}/send-as",
        "/api/v1/documents/{id}": f"/api/v1/documents/{upload}",
        "/api/v1/documents/{id}/download": f"/api/v1/documents/{upload}/download",
        "/api/messages/download": f"/api/messages/download?key={upload}",
        "/api/email/templates/{id}": f"/api/email/templates/{template['uid']}",
        "/api/email/dynamic-fields": "/api/email/dynamic-fields?context_type=invoice",
        "/api/email/contexts/{context_type}/{context_id}": "/api/email/contexts/invoice/1",
        "/api/conversations/{id}": f"/api/conversations/{record['conversation_uid']}",
        "/api/conversation/{id}": f"/api/conversation/{record['conversation_uid']}",
    }, sent


READERS = [route for route in ALL_ROUTES if route[0] == "GET" and "oauth" not in route[1]]


@pytest.mark.parametrize("route", READERS, ids=named)
def test_head(paths, route):
    user, special, sent = paths
    path = special.get(route[1]) or route.path(sent)
    got, head = user.get(path), user.head(path)
    assert (got.status_code, head.status_code, head.content) == (200, 200, b"")
    for name in ("Content-Type", "Content-Length", "ETag"):
        assert head.headers.get(name) == got.headers.get(name)


def test_head_of_what_is_not_there(paths):
    user = paths[0]
    head = user.head("/api/email/drafts/x")
    assert (head.status_code, head.content) == (404, b"")
    assert user.get("/api/email/drafts").status_code == 200  # on the same connection
