"""What becomes of a mail at each of its recipients: servers that take a few of them at once, refuse some,
or fall silent in between. Nobody gets a mail twice, and nobody is forgotten.

Each was seen to fail with its guard taken out:
- verdict_is_too_many() that never says so: mail to more was never sent;
- recipient_left() that lists all: those who had accepted it got it again;
- record_conclude() that leaves the outcome as it is: a mail that some had got was failed.
What a crash leaves of it is tried by test/torture/test_split.py.

covers: src/net/submission.c src/provider/smtp_transactions.c src/model/recipient.c
covers: src/store/recipient_store.c src/delivery/record.c src/delivery/settling.c
"""
import collections

import pytest

from mailboxes import ACCOUNTS, RECORDS, connect
from people import new_user
from running import Server, wait_until
from shapes import SECONDS, email_error, holding, said
from smtp_peer import DROP, RESET

TO = [f"r{number}@example.org" for number in range(25)]


@pytest.fixture(scope="module")
def server(tmp_path_factory, authority):
    with Server(tmp_path_factory.mktemp("server"), authority, send_wait="5s") as running:
        yield running


@pytest.fixture
def start(start_smtp, server):
    """A peer and a mailbox on it."""
    def begin(**options):
        peer = start_smtp(security="none", **options)
        return peer, connect(server, peer)
    return begin


def reached(peer):
    """How often each recipient has got a mail."""
    return collections.Counter(address for mail in peer.accepted for address in mail.recipients)


def once(addresses):
    return collections.Counter(addresses)


def standing(box, uid):
    """The recipients by their status."""
    found = collections.defaultdict(list)
    for recipient in box.record(uid)["recipients"]:
        found[recipient["status"]].append(recipient["address"])
    return dict(found)


def reply_to(box, uid, address):
    [found] = [item for item in box.record(uid)["recipients"] if item["address"] == address]
    return found["status"], found["status_code"], found["reply"]


@pytest.mark.parametrize("options", [
    {"recipients_max": 10},
    {"recipients_max": 10, "full": "452 Too many"},
    {"recipients_max": 10, "full": "552 too many"},
    {"recipients_max": 10, "full": "552 5.5.3 too many"},
    {"recipients_max": 10, "full": "550 5.5.3 too many"},
    {"recipients_max": 10, "full": "451 too many recipients"},
    {"recipients_max": 10, "full": "421 4.5.3 too many"},
    {"recipients_max": 10, "limits": "MAILMAX=50 RCPTMAX=10 RCPTDOMAINMAX=1"},
    {"recipients_max": 1},
], ids=str)
def test_a_server_that_takes_a_few(start, options):
    peer, box = start(**options)
    uid = box.send(to=TO[:20], cc=TO[20:23], bcc=TO[23:])["outbound_email_uid"]
    record = box.record(uid)
    assert (record["status"], record["attempts"], record["error"]) == ("sent", 1, None)
    assert reached(peer) == once(TO)
    assert max(len(mail.recipients) for mail in peer.accepted) == options["recipients_max"]
    assert len({mail.content for mail in peer.accepted}) == 1
    assert [(item["address"], item["role"], item["status"]) for item in record["recipients"]] == \
        [(address, role, "accepted") for address, role in
         zip(TO, ["to"] * 20 + ["cc"] * 3 + ["bcc"] * 2)]
    assert {item["reply"] for item in record["recipients"]} == {"250 2.0.0 taken"}
    assert record["recipients"][0] == {"address": TO[0], "role": "to", "status": "accepted",
                                       "status_code": "2.0.0", "reply": "250 2.0.0 taken",
                                       "updated_at": SECONDS}
    rcpt = [word for _, word in peer.commands].count("RCPT")
    assert "limits" not in options or rcpt == 25, "it was asked what it had said it would refuse"


@pytest.mark.parametrize("point", ["data", "end"])
@pytest.mark.parametrize("words", ["554 Transaction failed: Recipient count exceeds 50.",
                                   "550 5.5.3 too many"])
def test_a_server_that_counts_at_the_end(start, point, words):
    peer, box = start()
    peer.fail(point, words, times=2)
    uid = box.send(to=TO)["outbound_email_uid"]
    assert reached(peer) == once(TO)
    assert [len(mail.recipients) for mail in peer.accepted] == [6, 6, 6, 6, 1]
    assert standing(box, uid) == {"accepted": TO}


def test_what_was_accepted_is_told_of_before_the_next(start):
    peer, box = start(recipients_max=10)
    uid = box.send(to=TO)["outbound_email_uid"]
    events = box.events(uid)
    assert [event["event"] for event in events] == ["send", "claim", "partly_accepted",
                                                    "partly_accepted", "accepted"]
    told = [item["address"] for event in events[2:] for item in event["detail"]["recipients"]]
    assert told == TO
    assert events[2]["from"] == events[2]["to"] == "sending"
    assert peer.connections == 2, "one to try the mailbox, one for the mail"


def test_one_refused_recipient_refuses_it_while_nobody_has_it(start):
    peer, box = start()
    peer.fail("rcpt", "550 5.1.1 no such user", address=TO[1])
    uid = box.send(502, to=TO[:3])["error"]["details"][0]["outbound_email_uid"]
    assert not peer.accepted
    assert reply_to(box, uid, TO[1]) == ("refused", "5.1.1", "550 5.1.1 no such user")
    assert standing(box, uid) == {"refused": [TO[1]], "pending": [TO[0], TO[2]]}


@pytest.mark.parametrize("point, words", [("mail", "550 5.7.1 not you"), ("data", "554 no"),
                                          ("end", "554 5.7.1 spam")])
def test_what_refuses_the_mail_refuses_all(start, point, words):
    peer, box = start()
    peer.fail(point, words)
    uid = box.send(502, to=TO[:2])["error"]["details"][0]["outbound_email_uid"]
    assert standing(box, uid) == {"refused": TO[:2]}
    assert reply_to(box, uid, TO[0])[2] == words


def partly(start, words="550 5.1.1 no such user", address=TO[15], **options):
    """A mail that all but one have got."""
    peer, box = start(recipients_max=10, **options)
    peer.fail("rcpt", words, address=address)
    return peer, box, box.send(to=TO)["outbound_email_uid"]


def test_what_some_have_got_is_sent(start):
    peer, box, uid = partly(start)
    others = [address for address in TO if address != TO[15]]
    assert reached(peer) == once(others)
    record = box.record(uid)
    assert record["status"] == "sent"
    assert record["error"] == f"of 25 recipients 1: refused; the first is {TO[15]}: " \
                              "550 5.1.1 no such user"
    assert standing(box, uid) == {"accepted": others, "refused": [TO[15]]}


def test_a_retry_reaches_only_the_others(start):
    peer, box, uid = partly(start)
    peer.heal()
    said(box.user.post(f"{RECORDS}/{uid}/retry"))
    wait_until(lambda: reached(peer)[TO[15]], what="the last recipient")
    box.wait_for(uid, "sent", 2)
    assert reached(peer) == once(TO)
    assert len({mail.content for mail in peer.accepted}) == 1
    assert box.record(uid)["error"] is None and standing(box, uid) == {"accepted": TO}
    refused = said(box.user.post(f"{RECORDS}/{uid}/retry"), 409)
    assert refused == email_error("conflict", holding("each of its recipients has got it"),
                                  *refused["error"]["details"])
    assert reached(peer) == once(TO)


def test_a_retry_in_vain_leaves_it_sent(start):
    peer, box, uid = partly(start)
    said(box.user.post(f"{RECORDS}/{uid}/retry"))
    record = box.wait_for(uid, "sent", 2)
    assert "550 5.1.1" in record["error"] and reached(peer)[TO[0]] == 1


def test_what_is_refused_for_now_is_tried_again_alone(start):
    peer, box = start(recipients_max=10)
    peer.fail("rcpt", "451 4.7.1 greylisted", address=TO[15], times=1)
    uid = box.send_later(to=TO)
    box.wait_for(uid, "sent", 2)
    assert reached(peer) == once(TO)
    assert peer.accepted[-1].recipients == [TO[15]]
    assert standing(box, uid) == {"accepted": TO}


def test_what_waits_for_some_says_so(start):
    peer, box = start(recipients_max=10)
    peer.fail("rcpt", "451 4.7.1 greylisted", address=TO[15])
    uid = box.send_later(to=TO)
    wait_until(lambda: len(reached(peer)) == 24, what="the others")
    record = box.wait_for(uid, "queued", 1)
    assert holding("of 25 recipients 1: refused for now", TO[15], "451 4.7.1") == record["error"]
    assert reply_to(box, uid, TO[15]) == ("delayed", "4.7.1", "451 4.7.1 greylisted")
    canceled = said(box.user.post(f"{RECORDS}/{uid}/cancel"))
    assert canceled["status"] == "sent", "it is not canceled for those who have it"
    assert standing(box, uid) == {"accepted": [a for a in TO if a != TO[15]], "refused": [TO[15]]}


def test_given_up_it_is_sent(tmp_path_factory, authority, start_smtp):
    peer = start_smtp(security="none", recipients_max=10)
    with Server(tmp_path_factory.mktemp("server"), authority, give_up_after="1s") as server:
        box = connect(server, peer)
        peer.fail("rcpt", "451 4.7.1 greylisted", address=TO[15])
        record = box.wait_for(box.send_later(to=TO), "sent", 2)
        assert standing(box, record["uid"])["refused"] == [TO[15]]
        assert reached(peer)[TO[0]] == 1 and TO[15] not in reached(peer)


@pytest.mark.parametrize("how", [DROP, RESET])
def test_only_those_without_an_answer_are_in_doubt(start, how):
    """The others get it at the next attempt, and the mail is unknown in the end."""
    peer, box = start(recipients_max=10)
    peer.fail("end", "250 2.0.0 taken", times=1)  # the first transaction, which reached() leaves out
    peer.fail("end", how, times=1)
    uid = box.send_later(to=TO)
    record = box.wait_for(uid, "unknown")
    assert standing(box, uid) == {"accepted": TO[:10] + TO[20:], "unknown": TO[10:20]}
    assert reached(peer)[TO[10]] == 1 and reached(peer)[TO[20]] == 1
    assert "may have the mail or not" in record["error"]
    said(box.user.post(f"{RECORDS}/{uid}/resolve", json={"outcome": "sent"}))
    assert standing(box, uid) == {"accepted": TO}


def test_sent_again_to_those_in_doubt(start):
    """As a person says that it was not sent."""
    peer, box = start(recipients_max=10)
    peer.fail("end", "250 2.0.0 taken", times=1)
    peer.fail("end", DROP, times=1)
    uid = box.send_later(to=TO)
    box.wait_for(uid, "unknown")
    said(box.user.post(f"{RECORDS}/{uid}/retry"))
    box.wait_for(uid, "sent")
    counts = reached(peer)
    assert {counts[address] for address in TO[20:]} == {1}
    assert {counts[address] for address in TO[10:20]} == {2}


def test_edited_in_between_it_reaches_only_others(server, start):
    """Some have got it, consent is needed by now, and the mail is edited meanwhile."""
    peer, box = start(recipients_max=10)
    peer.fail("rcpt", "451 4.7.1 greylisted", address=TO[15])
    uid = box.send_later(to=TO)
    wait_until(lambda: len(reached(peer)) == 24, what="the others")
    box.wait_for(uid, "queued", 1)
    said(box.user.patch(f"{ACCOUNTS}/{box.id}", json={"requiresApproval": True}))
    said(box.user.post(f"{RECORDS}/{uid}/retry"))
    box.wait_for(uid, "pending_approval")
    said(box.user.delete(f"/api/email/drafts/{uid}"), 409)
    said(box.user.patch(f"/api/email/drafts/{uid}", json={"to": [TO[0], "new@example.org"]}))
    approver = new_user(server, scopes=["inbox:read", "inbox:approve"], mailbox=False)
    said(approver.post(f"{RECORDS}/{uid}/approve",
                       json={"content_sha256": box.record(uid)["content_sha256"]}))
    box.wait_for(uid, "sent", 2)
    assert reached(peer) == once([a for a in TO if a != TO[15]] + ["new@example.org"])


def test_of_a_provider_that_does_not_tell(server):
    """All stand as the mail does."""
    user = new_user(server)
    [account] = said(user.get(ACCOUNTS))["accounts"]
    body = {"from_account_id": account["_id"], "to": TO[:2], "subject": "s", "body_text": "t"}
    uid = said(user.post("/api/email/send", json=body))["outbound_email_uid"]
    record = said(user.get(f"{RECORDS}/{uid}"))
    assert record["recipients"] == [
        {"address": address, "role": "to", "status": "accepted", "status_code": None,
         "reply": None, "updated_at": record["updated_at"]} for address in TO[:2]]
    listed = said(user.get(RECORDS, params={"view": "full"}))["items"]
    assert listed[0]["recipients"] == record["recipients"]
    assert "recipients" not in said(user.get(RECORDS))["items"][0]
