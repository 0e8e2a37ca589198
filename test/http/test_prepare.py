"""Texts with tokens become texts without: prepare and preview.

covers: src/api/email_prepare.c src/api/preparing.c src/template/template.c
"""
import itertools

import pytest

from people import new_user
from shapes import TEXT, holding, refusal, said

PREPARE, PREVIEW = "/api/email/prepare", "/api/email/preview"
TEMPLATES = "/api/email/templates"
numbers = itertools.count(1)
VALUES = {"invoice_number": "2026-0042", "total": "1234.5 EUR", "due_date": "2026-05-20",
          "customer_name": "Müller & Söhne <GmbH>", "is_paid": True, "items": 12000,
          "rate": 1234.5}


@pytest.fixture
def user(server):
    return new_user(server)


@pytest.fixture
def context(user):
    """Names a context that holds VALUES."""
    name = f"p{next(numbers)}"
    said(user.put(f"/api/email/contexts/invoice/{name}", json=VALUES))
    return {"context_type": "invoice", "context_uid": name}


def prepared(user, path=PREPARE, **body):
    return said(user.post(path, json=body))


def missing(*tokens):
    return [{"token": token, "message": TEXT} for token in tokens]


def test_the_tokens_of_all_texts_are_filled(user, context):
    assert prepared(
        user, **context, mode="dynamic", subject="Regarding Invoice {invoice_number}",
        body_text="Dear {customer_name},\n{total} by {due_date}, {items} at {rate}. {is_paid}",
        body_html="<p title='{customer_name}'>{customer_name} {{total}}</p>") == {
            "subject": "Regarding Invoice 2026-0042",
            "body_text": "Dear Müller & Söhne <GmbH>,\n€1,234.50 by May 20, 2026, 12000 at "
                         "1,234.5. yes",
            "body_html": "<p title='Müller &amp; Söhne &lt;GmbH&gt;'>Müller &amp; Söhne "
                         "&lt;GmbH&gt; €1,234.50</p>",
            "mode": "dynamic", "errors": []}


def test_unknown_tokens_stay_and_are_named_once(user, context):
    assert prepared(user, **context, subject="{b} {invoice_number}", body_text="{a} {b} {c} {a}",
                    body_html="<style>p{color}</style>{d}{b}") == {
        "subject": "{b} 2026-0042", "body_text": "{a} {b} {c} {a}",
        "body_html": "<style>p{color}</style>{d}{b}", "mode": "dynamic",
        "errors": missing("b", "a", "c", "d")}


def test_fields_come_before_the_context(user, context):
    text = "{invoice_number} {customer_name} {extra} {total}"
    assert prepared(user, **context, subject=text, fields={
        "customer_name": "Zoë", "extra": False, "total": None})["subject"] == (
            "2026-0042 Zoë no €1,234.50")


def test_texts_that_are_not_given_stay_so(user):
    assert prepared(user) == {"subject": None, "body_text": None, "body_html": None,
                              "mode": "dynamic", "errors": []}
    assert prepared(user, subject="", body_html="<p>{x}", fields={"x": 1}) == {
        "subject": None, "body_text": None, "body_html": "<p>1", "mode": "dynamic", "errors": []}


@pytest.mark.parametrize("context", [
    {}, {"context_type": "invoice"}, {"context_type": "invoice", "context_uid": "not there"},
    {"context_type": "no such type", "context_uid": "1"}, {"context_type": None},
])
def test_a_context_that_is_not_kept_is_no_error(user, context):
    answer = prepared(user, **context, subject="{a}{b}", fields={"b": "B"})
    assert (answer["subject"], answer["errors"]) == ("{a}B", missing("a"))


def test_somebody_elses_context_has_no_values(server, user, context):
    stranger = new_user(server, organization="Prepares elsewhere")
    assert prepared(stranger, **context, subject="{total}")["errors"] == missing("total")
    assert prepared(new_user(server), **context, subject="{total}")["errors"] == []


def test_context_id_is_the_same_as_context_uid(user, context):
    name = context.pop("context_uid")
    assert prepared(user, **context, context_id=name, subject="{total}")["errors"] == []
    assert prepared(user, **context, context_id=name, context_uid=name,
                    subject="{total}")["errors"] == []
    both = {**context, "context_id": name, "context_uid": "other"}
    assert said(user.post(PREPARE, json=both), 400) == refusal("email", 400, TEXT, "context_id")


@pytest.mark.parametrize("given, kept, field, written", [
    (None, None, None, "€1,234.50, May 20, 2026"),
    ("de", None, None, "1.234,50\u00a0€, 20. Mai 2026"),
    (None, "de-AT", None, "€\u00a01.234,50, 20. Mai 2026"),
    (None, "de", "nl", "€\u00a01.234,50, 20 mei 2026"),
    ("fr", "de", "nl", "1\u00a0234,50\u00a0€, 20 mai 2026"),
    ("xx", None, None, "€1,234.50, May 20, 2026"),
    (None, 7, None, "€1,234.50, May 20, 2026"),
])
def test_the_locale(user, given, kept, field, written):
    name = f"l{next(numbers)}"
    said(user.put(f"/api/email/contexts/invoice/{name}", json={**VALUES, "locale": kept}))
    answer = prepared(user, context_type="invoice", context_uid=name, locale=given,
                      fields={"locale": field}, subject="{total}, {due_date}")
    assert answer["subject"] == written


def test_a_template_gives_what_is_not_given(user, context):
    template = said(user.post(TEMPLATES, json={
        "name": "n", "subject": "T {total}", "body_text": "text {total}",
        "body_html": "<p>{total}</p>"}), 201)
    body = {**context, "mode": "template", "template_uid": template["uid"]}
    money = "€1,234.50"
    whole = {"subject": f"T {money}", "body_text": f"text {money}", "body_html": f"<p>{money}</p>",
             "mode": "template", "errors": []}
    assert prepared(user, **body) == whole
    assert prepared(user, **body, subject="S {total}") == {**whole, "subject": f"S {money}"}
    # One body of the caller's stands alone: the template's other body says something else.
    assert prepared(user, **body, body_text="own") == {**whole, "body_text": "own",
                                                       "body_html": None}
    assert prepared(user, **{**body, "mode": "dynamic"}) == {**whole, "mode": "dynamic"}


def test_a_template_that_is_not_there(server, user):
    template = said(user.post(TEMPLATES, json={"name": "n"}), 201)
    stranger = new_user(server, organization="Templates of others")
    for who, uid in [(user, "x"), (user, "01890000-0000-7000-8000-000000000000"),
                     (stranger, template["uid"])]:
        for path in PREPARE, PREVIEW:
            reply = who.post(path, json={"template_uid": uid, "subject": "s"})
            assert said(reply, 404) == refusal("email", 404, holding("template"))
    refused = refusal("email", 400, holding("template_uid", "required"), "template_uid")
    assert said(user.post(PREPARE, json={"mode": "template", "subject": "s"}), 400) == refused


@pytest.mark.parametrize("value, subject", [
    ("a\r\nBcc: eve@example.net", "<a Bcc: eve@example.net>"), ("\n\n", "< >"), ("a\tb", "<a b>"),
    ("\u2028\u0085", "< >"), ("{x} {{y}}", "<{x} {{y}}>"),
])
def test_a_value_in_a_subject_stays_on_its_line(user, value, subject):
    answer = prepared(user, subject="<{x}>", body_text="{x}", fields={"x": value})
    assert (answer["subject"], answer["body_text"]) == (subject, value)


def test_what_was_prepared_can_be_sent(server, user):
    [account] = said(user.get("/api/email/accounts"))["accounts"]
    value = "a\r\nBcc: eve@example.net\r\n\r\n<script>alert(1)</script>"
    ready = prepared(user, subject="{x}", body_text="{x}", body_html="<p>{x}</p>",
                     fields={"x": value})
    said(user.post("/api/email/send", json={
        "from_account_id": account["_id"], "to": "a@example.com",
        **{name: ready[name] for name in ("subject", "body_text", "body_html")}}))
    [mail] = server.mails(user.address)
    assert mail["Subject"] == "a Bcc: eve@example.net <script>alert(1)</script>"
    assert mail["Bcc"] is None and mail["To"] == "a@example.com"
    html = mail.get_body("html").get_content()
    assert "<script" not in html and "&lt;script&gt;" in html


def test_a_subject_that_has_become_too_long(user):
    answer = prepared(user, subject="{x}{x}", fields={"x": "y" * 500})
    assert answer["subject"] == "y" * 1000
    assert answer["errors"] == [{"token": "", "message": holding("1000", "998")}]


def test_a_text_that_has_become_too_large(user):
    body = {"body_text": "{x}" * 2000, "fields": {"x": "y" * 10 * 1024}}
    assert said(user.post(PREPARE, json=body), 413) == refusal("email", 413)


def test_very_many_tokens(user):
    text = "".join(f"{{t{number}}}" for number in range(5000))
    answer = prepared(user, subject="{t1}{last}", body_text=text, body_html=f"<p>{text}")
    assert answer["body_text"] == text
    tokens = [error["token"] for error in answer["errors"]]
    assert tokens[:2] == ["t1", "last"] and len(tokens) == len(set(tokens)) == 1001


@pytest.mark.parametrize("path", [PREPARE, PREVIEW])
@pytest.mark.parametrize("body, field", [
    ({"mode": "other"}, "mode"), ({"mode": 7}, "mode"), ({"subject": "a\nb"}, "subject"),
    ({"subject": "x" * 999}, "subject"), ({"body_text": 7}, "body_text"),
    ({"context_uid": "1"}, "context_type"), ({"context_id": "1"}, "context_type"),
    ({"context_type": "a\nb"}, "context_type"), ({"context_uid": "x" * 256}, "context_uid"),
    ({"locale": "x" * 36}, "locale"), ({"locale": 7}, "locale"), ({"fields": []}, "fields"),
    ({"fields": {"a": {}}}, "fields.a"), ({"fields": {"a b": 1}}, "fields.a?b"),
    ({"fields": {"a": "x" * (10 * 1024 + 1)}}, "fields.a"),
    ({"fields": {f"a{i}": 1 for i in range(501)}}, "fields"),
    ({"fields": {"data_base64": "x"}}, "fields.data_base64"), ({"unknown": 1}, "unknown"),
    ({"template_uid": 7}, "template_uid"),
], ids=lambda value: str(value)[:40])
def test_what_is_wrong_is_named(user, path, body, field):
    assert said(user.post(path, json=body), 400) == refusal("email", 400, TEXT, field)


def test_preview_mode_is_of_preview(user):
    refused = refusal("email", 400, TEXT, "preview_mode")
    assert said(user.post(PREPARE, json={"preview_mode": "live"}), 400) == refused
    assert said(user.post(PREVIEW, json={"preview_mode": "dead"}), 400) == refused


@pytest.mark.parametrize("mode", [{}, {"preview_mode": "live"}, {"preview_mode": None}])
def test_a_live_preview_is_what_prepare_gives(user, context, mode):
    body = {**context, "subject": "{invoice_number} {x}", "body_html": "<p>{customer_name}"}
    assert prepared(user, PREVIEW, **body, **mode) == prepared(user, **body)


def test_samples(user, context):
    said(user.put("/api/email/contexts/invoice/another", json={"opened": "2020-01-01"}))
    body = {"preview_mode": "sample", "locale": "de",
            "subject": "{invoice_number} {customer_name}",
            "body_text": "{total} {due_date} {is_paid} {items} {opened} {new_balance} {why} {own}",
            "body_html": "<p>{why}{created_at}"}
    expected = {
        "subject": "1042 Alex Morgan",
        "body_text": "1.234,50\u00a0€ 20. Mai 2026 ja 42 20. Mai 2026 1.234,50\u00a0€ Why "
                     "20. Mai 2026",
        "body_html": "<p>Why20. Mai 2026 um 14:10 UTC", "mode": "dynamic", "errors": []}
    fields = {"own": "2026-01-01"}
    assert prepared(user, PREVIEW, **body, **context, fields=fields) == expected
    # The kind of the entity is enough: what others of it have says what a token holds.
    assert prepared(user, PREVIEW, **body, context_type="invoice", fields=fields) == expected


def test_a_sample_knows_nothing_of_the_real_one(user, context):
    answer = prepared(user, PREVIEW, **context, preview_mode="sample", fields={"name": "Real"},
                      subject="{customer_name} {name} {invoice_number}")
    assert answer["subject"] == "Alex Morgan Alex Morgan 1042"


def test_scopes(server):
    approver = new_user(server, ["inbox:approve"])
    readers = [new_user(server, [scope]) for scope in ("inbox:draft", "inbox:read")]
    for path in PREPARE, PREVIEW:
        refused = refusal("email", 403, holding("inbox:read"))
        assert said(approver.post(path, json={"subject": "s"}), 403) == refused
        for reader in readers:
            assert said(reader.post(path, json={"subject": "s"}))["subject"] == "s"
