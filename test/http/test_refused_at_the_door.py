"""Who has no token gets nothing, in each family's own words."""
import pytest

from shapes import refusal, said

PATHS = {
    "outbound": "/api/v1/email/outbound/drafts",
    "email": "/api/email/drafts",
    "messages": "/api/email/accounts",
}


@pytest.mark.parametrize("family", PATHS)
@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer ot_unknown",
                                    "Basic YTpi", "Bearer {token}x"])
def test_no_token_that_holds(server, family, header):
    headers = {} if header is None else {"Authorization": header.format(token=server.token)}
    reply = server.client(None).get(PATHS[family], headers=headers)
    assert said(reply, 401) == refusal(family, 401)
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
