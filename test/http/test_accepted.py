"""202 says that a mail was taken, and nothing that could be read as sent; first_try_decides, with
which there is none for what did not leave.

What they watch: the blanks of sending_accept, the setting in record_event and
sending_check_mailbox, and planned_give_back.
"""
import datetime

import pytest

from people import new_user
from running import Server, wait_until
from shapes import (CORR_ID, DRAFT_ID, TEXT, UID, email_error, holding,
                    messages_error, outbound_error, said)

OUTBOUND, SEND, MESSAGES = ("/api/v1/email/outbound", "/api/email/send",
                            "/api/email/messages/send")
DRAFTS, RECORDS = "/api/email/drafts", "/api/email/outbound"
LATER = {"Prefer": "respond-async"}
PLAN = "2099-03-26T09:00:00Z"


@pytest.fixture
def user(server):
    user = new_user(server)
    user.account = said(user.get("/api/email/accounts"))["accounts"][0]["_id"]
    return user


def sends(user, to, **more):
    """The same mail in each family: path and body."""
    plan = {"plannedSendAt" if name == "planned_send_at" else name: value
            for name, value in more.items()}
    return {
        "outbound": (f"{OUTBOUND}/send", {"to": to, "subject": "s", "body_text": "t", **more}),
        "email": (SEND, {"from_account_id": user.account, "to": to, "subject": "s",
                         "body_text": "t", **more}),
        "messages": (MESSAGES, {"from": user.address, "to": to, "subject": "s", "body": "t", **plan}),
    }


FAMILIES = ["outbound", "email", "messages"]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("to, headers, status, reason", [
    ("a@example.com", LATER, "queued", "waits for its turn"),
    ("a+unknown@example.com", {}, "unknown", ""),
    ("a+later@example.com", {}, "queued", ""),
])
def test_accepted_is_not_sent(user, family, to, headers, status, reason):
    path, body = sends(user, to)[family]
    reply = user.post(path, json=body, headers=headers)
    got = said(reply, 202)
    assert reply.headers.get("Preference-Applied") == ("respond-async" if headers else None)
    if family == "outbound":
        assert got == {"id": CORR_ID, "direction": "outbound", "status": status, "sent_at": None,
                       "subject": "s", "case_id": None, "provider_message_id": None,
                       "provider_thread_id": None, "reason": holding(reason)}
    elif family == "email":
        assert got == {"outbound_email_uid": UID, "provider_message_id": None,
                       "provider_thread_id": None, "status": status, "sent_at": None,
                       "reason": holding(reason)}
    else:
        assert (got["threadId"], got["message"]["emailMetadata"]["threadId"]) == (None, None)
        assert (got["message"]["status"], got["reason"]) == (status, holding(reason))
    shown = said(user.get(reply.headers["Location"]))
    assert shown.get("uid", shown.get("id", "")) in (got.get("outbound_email_uid"), DRAFT_ID,
                                                    got.get("message", {}).get("_id"))


@pytest.mark.parametrize("family", FAMILIES)
def test_sent_says_nothing_of_waiting(user, family):
    path, body = sends(user, "a@example.com")[family]
    got = said(user.post(path, json=body))
    assert not {"reason", "planned_send_at", "plannedSendAt", "from", "from_email"} & set(got)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_planned_send_shows_sender_id_and_time(user, family):
    path, body = sends(user, "a@example.com", planned_send_at=PLAN)[family]
    reply = user.post(path, json=body)
    got = said(reply, 202)
    assert holding(PLAN) == got["reason"]
    if family == "outbound":
        assert got == {"id": DRAFT_ID, "direction": "outbound", "status": "draft", "sent_at": None,
                       "subject": "s", "case_id": None, "provider_message_id": None,
                       "provider_thread_id": None, "reason": TEXT, "planned_send_at": PLAN,
                       "from": user.address}
        uid = got["id"]
    elif family == "email":
        assert got == {"outbound_email_uid": UID, "provider_message_id": None,
                       "provider_thread_id": None, "status": "draft", "sent_at": None,
                       "reason": TEXT, "planned_send_at": PLAN, "from_email": user.address}
        uid = got["outbound_email_uid"]
    else:
        assert got["plannedSendAt"] == "2099-03-26T09:00:00.000Z"
        assert got["message"]["emailMetadata"]["from"] == [user.address]
        uid = got["message"]["_id"]
    draft = said(user.get(f"{DRAFTS}/{uid}"))
    assert (draft["from_email"], draft["planned_send_at"]) == (user.address, PLAN)
    assert said(user.get(f"{OUTBOUND}/drafts/{uid}"))["from"] == user.address
    assert said(user.get(f"{RECORDS}/{uid}"))["from_email"] == user.address


# draft_uid

def draft_of(user, **fields):
    return said(user.post(DRAFTS, json={"from_account_id": user.account, "to": ["a@example.com"],
                                        "subject": "s", "body_text": "t", **fields}), 201)["uid"]


@pytest.mark.parametrize("field, value", [
    ("subject", "other"), ("to", ["b@example.com"]), ("cc", ["b@example.com"]), ("body_html", "<p>"),
    ("body_text", "x"), ("reply_to_message_uid", "x"), ("from_account_id", "x"),
    ("context_type", "invoice"), ("context_id", "7"), ("if_missed", "hold"),
    ("attachments", [{"filename": "a", "data_base64": "YQ=="}])])
def test_nothing_stands_beside_draft_uid(user, field, value):
    uid = draft_of(user)
    message = "must not stand beside draft_uid: that draft is sent as it is"
    assert said(user.post(SEND, json={"draft_uid": uid, field: value}), 400) == email_error(
        "validation_error", f"{field} {message}", {"field": field, "message": message})
    assert said(user.get(f"{DRAFTS}/{uid}"))["version"] == 1
    said(user.post(SEND, json={"draft_uid": uid, field: None, "idempotency_key": f"k-{field}"}))


def test_a_draft_is_planned_by_its_uid(user):
    uid = draft_of(user)
    body = {"draft_uid": uid, "planned_send_at": PLAN}
    assert said(user.post(SEND, json=body, headers={"If-Match": '"7"'}), 412)
    got = said(user.post(SEND, json=body), 202)
    assert (got["status"], got["planned_send_at"], got["outbound_email_uid"]) == ("draft", PLAN, uid)
    assert said(user.get(f"{DRAFTS}/{uid}"))["planned_send_at"] == PLAN
    empty = draft_of(user, to=[])
    said(user.post(SEND, json={"draft_uid": empty, "planned_send_at": PLAN}), 400)
    assert said(user.get(f"{DRAFTS}/{empty}"))["planned_send_at"] is None


# A plan that cannot be kept

@pytest.mark.parametrize("fields, why", [({"to": []}, "recipient"), ({"subject": None}, "subject")])
def test_a_draft_that_cannot_leave_stays_one(user, fields, why):
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1)
    uid = draft_of(user, planned_send_at=soon.strftime("%Y-%m-%dT%H:%M:%SZ"), **fields)
    draft = wait_until(lambda: (lambda one: one["planned_send_at"] is None and one)(
        said(user.get(f"{DRAFTS}/{uid}"))), what="the plan's end")
    assert (draft["status"], draft["reason"]) == ("draft", holding("cannot be sent", why))
    assert said(user.get(f"{OUTBOUND}/drafts/{uid}"))["reason"] == draft["reason"]
    events = [event["event"] for event in said(user.get(f"{RECORDS}/{uid}/events"))["items"]]
    assert events == ["created", "missed"]
    said(user.patch(f"{DRAFTS}/{uid}", json={"to": ["a@example.com"], "subject": "s",
                                             "planned_send_at": None}))
    assert said(user.post(SEND, json={"draft_uid": uid}))["status"] == "sent"


# first_try_decides

@pytest.fixture(scope="module")
def deciding(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("deciding"), send_wait="5s",
                first_try_decides="yes") as running:
        yield running


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("to, status", [("a+later@example.com", "failed"),
                                        ("a+signin@example.com", "failed"),
                                        ("a+unknown@example.com", "unknown"),
                                        ("a+refused@example.com", "failed")])
def test_what_does_not_leave_is_an_error(deciding, family, to, status):
    user = new_user(deciding)
    user.account = said(user.get("/api/email/accounts"))["accounts"][0]["_id"]
    path, body = sends(user, to)[family]
    got = said(user.post(path, json=body), 502)
    if family == "outbound":
        assert got == outbound_error("PROVIDER_ERROR", TEXT, id=CORR_ID, status=status)
    elif family == "email":
        assert got == email_error("provider_error", TEXT, {"outbound_email_uid": UID, "status": status})
    else:
        assert got == messages_error("BAD_GATEWAY", TEXT, messageId=UID)
    [record] = said(user.get(RECORDS))["items"]
    assert (record["status"], record["attempts"]) == (status, 1) and record["error"]


def test_what_leaves_is_sent(deciding):
    user = new_user(deciding)
    user.account = said(user.get("/api/email/accounts"))["accounts"][0]["_id"]
    for path, body in sends(user, "a@example.com").values():
        said(user.post(path, json=body))
    assert said(user.post(SEND, json=sends(user, "a@example.com")["email"][1], headers=LATER), 202)
