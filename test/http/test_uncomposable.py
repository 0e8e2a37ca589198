"""HTML of which no mail can be made is refused where it would be queued, and never tried for days.

covers: src/html/check.c src/message/outgoing.c src/api/sending.c src/api/drafting.c
covers: src/api/editing.c src/api/email_decisions.c src/delivery/sender.c
"""
import json
import subprocess

import pytest

from mailboxes import LATER, RECORDS, SEND
from people import new_user
from running import BUILD, SECONDS, wait_until
from shapes import refusal, said

DEEP = "<div>" * 600
KINDS = {"deep": DEEP, "paragraphs": "<p>" * 500_000, "inline": "<b><i><u>" * 200_000,
         "attributes": "<a " + " ".join(f"a{number}" for number in range(3000)) + ">x</a>",
         "repeated": "<p>" + "".join(f"<font x{number}=1>" for number in range(400)) + "<p>x" * 3000}
NEWSLETTER = "<table>" + "".join(
    f"<tr><td style='padding:0 4px'><a href='https://x.example/{number}'><b>Offer {number}</b></a>"
    "</td></tr>" for number in range(5000)) + "</table>"
DRAFTS = "/api/v1/email/outbound/drafts"
PLAN = "2100-01-01T00:00:00Z"


@pytest.fixture
def user(server):
    client = new_user(server)
    [client.account] = [account["_id"]
                        for account in said(client.get("/api/email/accounts"))["accounts"]
                        if account["emailAddress"] == client.address]
    return client


def refused(family, reply):
    body = said(reply, 400)
    message = body["message"] if family == "messages" else body["error"]["message"]
    assert message.startswith("body_html is ") and message.endswith(" for a mail"), message
    assert body == refusal(family, 400, message, None if family == "messages" else "body_html")


def fields(user, html, **more):
    return {"from_account_id": user.account, "to": ["a@example.com"], "subject": "s",
            "body_html": html, **more}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_refused_and_nothing_is_kept(server, user, kind):
    refused("email", user.post(SEND, json=fields(user, KINDS[kind])))
    assert said(user.get(RECORDS))["items"] == [] and server.mails(user.address) == []


def test_each_family_and_a_plan(user):
    refused("outbound", user.post("/api/v1/email/outbound/send",
                                  json={"to": ["a@example.com"], "subject": "s", "body_html": DEEP}))
    refused("messages", user.post("/api/email/messages/send", json={
        "from": user.address, "to": ["a@example.com"], "subject": "s", "body": DEEP,
        "isHtml": True}))
    refused("email", user.post(SEND, json=fields(user, DEEP, planned_send_at=PLAN)))
    refused("email", user.post("/api/email/drafts", json=fields(user, DEEP, planned_send_at=PLAN)))
    assert said(user.get("/api/email/drafts"))["count"] == 0


def test_a_large_newsletter_leaves(server, user):
    assert said(user.post(SEND, json=fields(user, NEWSLETTER)))["status"] == "sent"
    [mail] = server.mails(user.address)
    assert "Offer 4999" in mail.get_body(("plain",)).get_content()


def test_with_a_text_it_needs_to_be_read_by_nobody(user):
    sent = said(user.post(SEND, json=fields(user, DEEP, body_text="t")))
    assert sent["status"] == "sent"


def test_a_draft_is_saved_but_does_not_leave(user):
    """An editor that saves loses nothing; whatever would queue the draft says what is wrong."""
    draft = said(user.post("/api/email/drafts", json=fields(user, DEEP)), 201)["uid"]
    refused("email", user.post(SEND, json={"draft_uid": draft}))
    refused("outbound", user.post(f"{DRAFTS}/{draft}/send"))
    refused("email", user.post(f"{RECORDS}/{draft}/submit", json={}))
    refused("email", user.post("/api/email/drafts", json={"uid": draft, "planned_send_at": PLAN}))
    assert said(user.get(f"{RECORDS}/{draft}"))["status"] == "draft"
    said(user.post("/api/email/drafts", json={"uid": draft, "body_html": "<p>x</p>"}))
    assert said(user.post(SEND, json={"draft_uid": draft}))["status"] == "sent"


def test_what_is_pending_cannot_become_so(user):
    draft = said(user.post("/api/email/drafts", json=fields(user, "<p>x</p>")), 201)["uid"]
    said(user.post(f"{RECORDS}/{draft}/submit", json={}))
    refused("email", user.post("/api/email/drafts", json={"uid": draft, "body_html": DEEP}))
    assert said(user.get(f"{RECORDS}/{draft}"))["status"] == "pending_approval"


def test_templates_and_what_is_made_of_them(user):
    template = {"name": "n", "subject": "s", "body_html": DEEP}
    refused("email", user.post("/api/email/templates", json=template))
    made = said(user.post("/api/email/templates", json={**template, "body_html": "x"}), 201)
    refused("email", user.patch(f"/api/email/templates/{made['uid']}", json={"body_html": DEEP}))
    assert said(user.get(f"/api/email/templates/{made['uid']}")) == made
    for path in ("prepare", "preview"):
        refused("email", user.post(f"/api/email/{path}", json={"body_html": DEEP}))


def test_what_reaches_the_sender_all_the_same_has_failed_at_once(server, user):
    mail = {"to": ["a@example.com"], "subject": "s", "body_html": DEEP}
    done = subprocess.run([BUILD / "outtray", "--data", server.data, "send", "--from", user.address,
                           "--json-input", "--json"], input=json.dumps(mail), text=True, check=False,
                          capture_output=True, timeout=SECONDS, env=server.environment)
    [uid] = [item["uid"] for item in said(user.get(RECORDS))["items"]]
    record = wait_until(lambda: (found := said(user.get(f"{RECORDS}/{uid}")))["status"] == "failed"
                        and found)
    assert record["error"] == "is nested too deep", done.stderr
    refused("email", user.post(f"{RECORDS}/{uid}/retry", json={}, headers=LATER))


def test_an_answer_quotes_what_can_be_composed(user):
    """The quote of a mail that is nearly too deep is less deep."""
    nearly = "<div>" * 505 + "deep words"
    sent = said(user.post(SEND, json=fields(user, nearly, to=[user.address])))
    envelope = said(user.post("/api/v1/email/outbound/reply-envelope",
                              json={"correspondence_id": sent["outbound_email_uid"]}))
    assert "deep words" in envelope["body_html"] and 300 < envelope["body_html"].count("<div>") < 450
    reply = {"to": ["a@example.com"], "subject": "s", "body_html": envelope["body_html"]}
    assert said(user.post("/api/v1/email/outbound/send", json=reply))["status"] == "sent"
