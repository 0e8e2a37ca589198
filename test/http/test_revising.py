"""A mail that failed is taken up again by its owner: edited, it is a draft and another mail; sent as it
is, it is the same mail; deleted, it is gone. What approved or planned it before does not make it
leave.

Each was seen to fail with its guard taken out:
- decision_forget_consent(): the edited mail left by the consent to the former one;
- editing_drop_passed_plan(): an autosave of all that was read sent it;
- conversation_store_take_out(): a conversation with no mail in it was listed.

covers: src/api/editing.c src/api/sending.c src/store/decision.c src/store/conversation_store.c
"""
import datetime
import email
import email.utils

import pytest

from mailboxes import RECORDS, SEND
from people import ALL, new_user
from running import wait_until
from shapes import SECONDS, email_error, holding, said

DRAFTS, OUTBOUND = "/api/email/drafts", "/api/v1/email/outbound/drafts"
CONVERSATIONS = "/api/conversations"
BAD, GOOD = "typo+refused@example.com", "right@example.com"
AGENT = ["inbox:read", "inbox:draft"]


@pytest.fixture
def user(server):
    client = new_user(server, scopes=ALL)
    [client.account] = [account["_id"]
                        for account in said(client.get("/api/email/accounts"))["accounts"]
                        if account["emailAddress"] == client.address]
    return client


def body(user, **fields):
    return {"from_account_id": user.account, "to": [BAD], "subject": "s", "body_text": "t", **fields}


def failed(user, **fields):
    """Its uid."""
    refused = said(user.post(SEND, json=body(user, **fields)), 502)
    return refused["error"]["details"][0]["outbound_email_uid"]


def record(user, uid):
    return said(user.get(f"{RECORDS}/{uid}"))


def steps(user, uid):
    return [(event["from"], event["event"], event["to"])
            for event in said(user.get(f"{RECORDS}/{uid}/events"))["items"]]


def parsed(user, uid):
    return email.message_from_bytes(user.get(f"{RECORDS}/{uid}/raw").content)


def conversations(user):
    return said(user.get(CONVERSATIONS))["data"]


def in_seconds(seconds):
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return when.isoformat(timespec="seconds")


# How each family edits: the method, the path, the field of the recipients' form.
@pytest.mark.parametrize("method, path", [("PUT", OUTBOUND), ("PATCH", DRAFTS), ("POST", DRAFTS)])
def test_edited_it_is_a_draft_and_another_mail(user, method, path):
    uid = failed(user)
    before, mail = record(user, uid), parsed(user, uid)
    changes = {"to": [GOOD], **({"uid": uid} if method == "POST" else {})}
    place = path if method == "POST" else f"{path}/{uid}"
    draft = said(user.request(method, place, json=changes))
    assert (draft["status"], draft["to"]) == ("draft", [GOOD])
    assert uid in [item["uid"] for item in said(user.get(DRAFTS))["items"]]
    after = record(user, uid)
    assert after == {**before, "status": "draft", "to": [GOOD], "error": None, "message_id": None,
                     "conversation_uid": None, "provider_thread_id": None, "mail_sha256": None,
                     "recipients": [{"address": GOOD, "role": "to", "status": "pending",
                                     "status_code": None, "reply": None, "updated_at": SECONDS}],
                     "next_attempt_at": None, "updated_at": after["updated_at"]}
    assert after["attempts"] == 1
    assert steps(user, uid)[-2:] == [("sending", "refused", "failed"),
                                     ("failed", "revise", "draft")]
    assert said(user.post(SEND, json={"draft_uid": uid}))["status"] == "sent"
    sent = parsed(user, uid)
    assert sent["To"] == GOOD and sent["Message-ID"] != mail["Message-ID"]
    assert record(user, uid)["attempts"] == 2


def test_its_date_is_that_of_the_corrected_mail(user):
    uid = failed(user)
    first = email.utils.parsedate_to_datetime(parsed(user, uid)["Date"])
    wait_until(lambda: datetime.datetime.now(datetime.timezone.utc)
               >= first + datetime.timedelta(seconds=1), what="the next second")
    said(user.patch(f"{DRAFTS}/{uid}", json={"to": [GOOD]}))
    said(user.post(SEND, json={"draft_uid": uid}))
    assert email.utils.parsedate_to_datetime(parsed(user, uid)["Date"]) > first


@pytest.mark.parametrize("send", [
    lambda user, uid: user.post(f"{OUTBOUND}/{uid}/send"),
    lambda user, uid: user.post(SEND, json={"draft_uid": uid})])
def test_sent_as_it_is_it_is_the_same_mail(user, send):
    uid = failed(user)
    before = parsed(user, uid)
    said(send(user, uid), 502)  # that address is refused again
    assert parsed(user, uid).as_bytes() == before.as_bytes()
    assert record(user, uid)["attempts"] == 2
    assert steps(user, uid)[-3:] == [("failed", "send", "queued"), ("queued", "claim", "sending"),
                                     ("sending", "refused", "failed")]


def test_deleted_it_is_gone_and_its_conversation_too(user):
    uid = failed(user)
    assert [item["message_count"] for item in conversations(user)["conversations"]] == [1]
    assert user.delete(f"{DRAFTS}/{uid}").status_code == 204
    said(user.get(f"{RECORDS}/{uid}"), 404)
    assert conversations(user)["conversations"] == []
    assert conversations(user)["pagination"]["total"] == 0


def test_a_conversation_knows_it_once(user):
    uid = failed(user)
    said(user.patch(f"{DRAFTS}/{uid}", json={"to": [GOOD], "subject": "corrected"}))
    assert conversations(user)["conversations"] == []
    said(user.post(SEND, json={"draft_uid": uid}))
    [conversation] = conversations(user)["conversations"]
    assert (conversation["message_count"], conversation["subject"]) == (1, "corrected")


def test_an_answer_stays_in_its_conversation(user):
    first = said(user.post(SEND, json=body(user, to=[GOOD])))["outbound_email_uid"]
    uid = failed(user, reply_to_message_uid=first)
    conversation = record(user, first)["conversation_uid"]
    draft = said(user.patch(f"{DRAFTS}/{uid}", json={"to": [GOOD]}))
    assert draft["reply_to_message_uid"] == first
    [told] = conversations(user)["conversations"]
    assert told["message_count"] == 1
    said(user.post(SEND, json={"draft_uid": uid}))
    assert record(user, uid)["conversation_uid"] == conversation
    assert parsed(user, uid)["In-Reply-To"] == record(user, first)["message_id"]
    [told] = conversations(user)["conversations"]
    assert told["message_count"] == 2


def test_a_plan_that_has_passed_is_cleared(user):
    """Also where all that was read is saved again, which is no wish to send."""
    draft = said(user.post(OUTBOUND, json={"to": [BAD], "subject": "s", "body_text": "t",
                                           "planned_send_at": in_seconds(1)}), 201)
    uid = draft["id"]
    wait_until(lambda: record(user, uid)["status"] == "failed", what="failed")
    whole = said(user.get(f"{OUTBOUND}/{uid}"))
    assert whole["planned_send_at"]
    again = said(user.put(f"{OUTBOUND}/{uid}", json=whole))
    assert (again["status"], again.get("planned_send_at")) == ("draft", None)


def test_a_new_plan_holds(user):
    uid = failed(user)
    said(user.patch(f"{DRAFTS}/{uid}", json={"to": [GOOD], "planned_send_at": in_seconds(1)}))
    assert wait_until(lambda: record(user, uid)["status"] == "sent", what="sent")


def approved(user, approver, agent, **fields):
    """An agent's mail that was agreed to, and failed; its uid."""
    uid = said(agent.post(DRAFTS, json=body(user, **fields)), 201)["uid"]
    seen = said(agent.post(f"{RECORDS}/{uid}/submit"))["content_sha256"]
    said(approver.post(f"{RECORDS}/{uid}/approve", json={"content_sha256": seen}))
    wait_until(lambda: record(user, uid)["status"] == "failed", what="failed")
    return uid


@pytest.fixture
def agent(server, user):
    return server.client(said(user.post("/api/tokens", json={"scopes": AGENT}), 201)["token"])


def test_an_edit_of_an_agent_needs_consent_again(user, agent):
    uid = approved(user, user, agent)
    said(agent.patch(f"{DRAFTS}/{uid}", json={"to": [GOOD]}))
    assert record(user, uid)["status"] == "draft"
    assert "approved_by" not in record(user, uid)
    assert said(agent.post(SEND, json={"draft_uid": uid}), 202)["status"] == "pending_approval"
    seen = record(user, uid)["content_sha256"]
    said(user.post(f"{RECORDS}/{uid}/approve", json={"content_sha256": seen}))
    wait_until(lambda: record(user, uid)["status"] == "sent", what="sent")
    assert parsed(user, uid)["To"] == GOOD


def test_what_was_agreed_to_may_be_sent_as_it_is(user, agent):
    uid = approved(user, user, agent)
    said(user.post(SEND, json={"draft_uid": uid}), 502)
    assert record(user, uid)["attempts"] == 2


def test_a_mailbox_that_needs_consent_by_now(server, user):
    """What failed before that waits for an approver, and keeps its Message-ID."""
    uid = failed(user)
    before = record(user, uid)["message_id"]
    said(user.patch(f"/api/email/accounts/{user.account}", json={"requiresApproval": True}))
    assert said(user.post(SEND, json={"draft_uid": uid}), 202)["status"] == "pending_approval"
    assert record(user, uid)["message_id"] == before
    approver = new_user(server, scopes=["inbox:read", "inbox:approve"], mailbox=False)
    said(approver.post(f"{RECORDS}/{uid}/approve",
                       json={"content_sha256": record(user, uid)["content_sha256"]}))
    wait_until(lambda: record(user, uid)["status"] == "failed", what="failed again")


def test_another_mailbox(server, user):
    """Another mail may leave from another mailbox, in a conversation of that one."""
    uid = failed(user)
    server.tool("account", "add", "sandbox", "--user", user.address, "--email",
                f"second.{user.address}")
    [other] = [account["_id"] for account in said(user.get("/api/email/accounts"))["accounts"]
               if account["emailAddress"] == f"second.{user.address}"]
    said(user.patch(f"{DRAFTS}/{uid}", json={"to": [GOOD], "from_account_id": other}))
    said(user.post(SEND, json={"draft_uid": uid}))
    assert record(user, uid)["from_email"] == f"second.{user.address}"


def test_others_cannot(server, user):
    uid = failed(user)
    colleague = new_user(server)
    said(colleague.patch(f"{DRAFTS}/{uid}", json={"to": [GOOD]}), 404)
    said(colleague.delete(f"{DRAFTS}/{uid}"), 404)
    assert record(user, uid)["status"] == "failed"


@pytest.mark.parametrize("change", [
    lambda user, uid: user.patch(f"{DRAFTS}/{uid}", json={"to": [GOOD]}),
    lambda user, uid: user.delete(f"{DRAFTS}/{uid}"),
    lambda user, uid: user.post(SEND, json={"draft_uid": uid})])
def test_what_was_erased_stays_erased(user, change):
    uid = failed(user)
    user.delete(f"{RECORDS}/{uid}")
    refused = said(change(user, uid), 409)
    assert refused == email_error("conflict", holding("erased"), *refused["error"]["details"])
    assert record(user, uid)["erased_at"]
