"""The current user's signature.

covers: src/api/outbound_signature.c
"""
import pytest

from people import new_user
from shapes import holding, outbound_error, said

PATH = "/api/v1/email/outbound/signature"
EMPTY = {"signature_html": "", "signature_text": ""}


def test_a_signature_is_set_field_by_field_and_cleared(server):
    user, other = new_user(server), new_user(server)
    assert said(user.get(PATH)) == EMPTY
    both = {"signature_html": "<p>Grüße</p>", "signature_text": "Grüße\nA"}
    assert said(user.put(PATH, json=both)) == both
    assert said(user.put(PATH, json={"signature_text": "B"})) == {**both, "signature_text": "B"}
    assert said(user.put(PATH, json={"signature_html": None})) == {"signature_html": "",
                                                                  "signature_text": "B"}
    assert said(user.get(PATH)) == {"signature_html": "", "signature_text": "B"}
    assert said(user.put(PATH, json={"signature_text": ""})) == EMPTY
    assert said(other.get(PATH)) == EMPTY


@pytest.mark.parametrize("body, field", [
    ({"signature_text": 7}, "signature_text"), ({"signature": "x"}, "signature"),
    ({"signature_html": "x" * (64 * 1024 + 1)}, "signature_html"),
])
def test_what_is_wrong_is_named_and_changes_nothing(server, body, field):
    user = new_user(server)
    refused = said(user.put(PATH, json={"signature_html": "new", **body}), 400)
    assert refused == outbound_error("VALIDATION_ERROR", holding(field), field=field)
    assert said(user.get(PATH)) == EMPTY


def test_a_scope_that_only_reads(server):
    user = new_user(server, ["inbox:read"])
    refused = outbound_error("AUTH_INSUFFICIENT_SCOPE", holding("inbox:write"))
    assert said(user.put(PATH, json=EMPTY), 403) == refused
