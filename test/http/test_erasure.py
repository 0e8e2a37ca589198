"""Erasing a person's mail: what it said is nowhere any more, not even in the database's bytes, and
the trail still proves what happened to it.

covers: src/store/erasure.c src/cli/erase.c
"""
import contextlib
import json
import sqlite3
import subprocess
import uuid

import pytest

from people import ALL, USER, new_token, new_user
from received import IMPORT, letter, receive, take_in, user_with_mailbox
from running import BUILD, SECONDS, wait_until
from shapes import SECONDS as AT, email_error, said

SEND, DRAFTS, OUTBOUND = "/api/email/send", "/api/email/drafts", "/api/email/outbound"
CORRESPONDENCE = "/api/v1/email/correspondence"
GONE = "this call has had its effect; the mail that it was about is gone"


def tool(server, *arguments, status=0):
    done = subprocess.run([BUILD / "outtray", "--data", server.data, *arguments], text=True,
                          capture_output=True, timeout=SECONDS, check=False,
                          env=server.environment)
    assert done.returncode == status, done.stderr + done.stdout
    return done


def erase(server, *arguments, status=0):
    """What it says became of each mail, by id."""
    done = tool(server, "erase", "--json", *arguments, status=status)
    return {row["id"]: row["erasure"] for row in map(json.loads, done.stdout.splitlines())}


def holds(server):
    tool(server, "audit", "verify")
    return True


def found_in_files(server, word):
    """Where the data folder still has it, but for its folders."""
    return [path.name for path in server.data.iterdir()
            if path.is_file() and word.encode() in path.read_bytes()]


@pytest.fixture
def user(server):
    return user_with_mailbox(server, scopes=ALL, organization=f"Org {uuid.uuid4()}")


def send(user, to, **more):
    body = {"from_account_id": user.account, "subject": "s", "body_text": "t", "to": [to], **more}
    reply = user.post(SEND, json=body)
    if reply.status_code == 502:
        return said(user.get(OUTBOUND, params={"status": "failed"}))["items"][0]["uid"]
    return said(reply, reply.status_code)["outbound_email_uid"]


def record(user, uid):
    return said(user.get(f"{OUTBOUND}/{uid}"))


def test_what_stays(server, user):
    uid = send(user, "Ada <ada@person.example>", cc=["c@person.example"], context_type="case",
               context_id="7", attachments=[{"filename": "a.txt", "content_type": "text/plain",
                                             "data_base64": "YQ=="}])
    before = record(user, uid)
    said(user.delete(f"{OUTBOUND}/{uid}"), 204)
    after = record(user, uid)
    gone = {"from_email": None, "to": [], "cc": [], "bcc": [], "subject": None, "body_text": None,
            "body_html": None, "attachments": [], "recipients": [], "error": None}
    assert after == {**before, **gone, "erased_at": AT, "updated_at": AT}
    assert after["mail_sha256"] and after["message_id"] and after["sent_at"]
    log = said(user.get(f"{OUTBOUND}/{uid}/events"))["items"]
    assert [event["event"] for event in log] == ["send", "claim", "accepted", "erased"]
    assert {(event["reason"], event["detail"]) for event in log} == {(None, None)}
    assert log[-1]["actor"] == log[0]["actor"] and log[-1]["mail_sha256"] == after["mail_sha256"]
    assert holds(server)
    said(user.delete(f"{OUTBOUND}/{uid}"), 204)
    assert record(user, uid) == after
    assert len(said(user.get(f"{OUTBOUND}/{uid}/events"))["items"]) == 4


def test_every_route_still_reads_it(server, user):
    received = receive(user, text="the secret word")["_id"]
    sent = send(user, "a@person.example")
    conversation = record(user, sent)["conversation_uid"]
    for uid in received, sent:
        said(user.delete(f"{OUTBOUND}/{uid}"), 204)
        assert record(user, uid)["subject"] is None
        shown = said(user.get(f"{CORRESPONDENCE}/{uid}"))
        assert (shown["subject"], shown["to"], shown["body_text"]) == (None, [], None)
        reply = user.get(f"{OUTBOUND}/{uid}/raw")
        assert reply.status_code == 409
        for kind in "reply", "forward":
            path = f"/api/v1/email/outbound/{kind}-envelope"
            reply = user.post(path, json={"correspondence_id": shown["id"]})
            assert reply.status_code == 400, reply.text
        said(user.get(f"{OUTBOUND}/{uid}/events"))
    assert len(said(user.get(CORRESPONDENCE))["data"]) == 2
    assert said(user.get(OUTBOUND))["count"] == 1
    assert said(user.get("/api/conversations"))["data"]["pagination"]["total"] == 2
    assert said(user.get("/api/conversation"))["total"] == 2
    for path in "/api/conversations", "/api/conversation":
        reply = said(user.get(f"{path}/{conversation}"))
        opened = reply.get("data") or {**reply["conversation"], **reply}
        assert opened["participants"] == [] and len(opened["messages"]) == 1
    assert said(user.get("/api/events"))["events"][-1]["event"] == "erased"
    answer = user.post(SEND, json={"reply_to_message_uid": sent, "subject": "s", "body_text": "x",
                                   "to": ["a@person.example"]})
    assert answer.status_code == 400 and "names a mail that was erased" in answer.text


def test_a_conversation_is_of_those_who_are_left(user):
    first = letter(user, Subject="Hers", From="Eve <eve@person.example>")
    uid = take_in(user, first)["_id"]
    second = letter(user, Subject="Re: His", From="Tom <tom@person.example>",
                    answers=first["Message-ID"])
    conversation = take_in(user, second)["conversationId"]
    said(user.delete(f"{OUTBOUND}/{uid}"), 204)
    opened = said(user.get(f"/api/conversations/{conversation}"))["data"]
    assert opened["participants"] == ['"Tom" <tom@person.example>']
    assert opened["subject"] == "Re: His"
    assert len(opened["messages"]) == 2


def test_the_same_mail_again_is_still_known(server, user):
    mail = letter(user, text="the same")
    uid = take_in(user, mail)["_id"]
    said(user.delete(f"{OUTBOUND}/{uid}"), 204)
    assert take_in(user, mail, 200)["_id"] == uid
    assert record(user, uid)["body_text"] is None
    assert holds(server)


@pytest.mark.parametrize("to, state, first", [
    ("a+later@person.example", "queued", "cancel it first"),
    ("a+lost@person.example", "unknown", "resolve it first"),
])
def test_what_is_on_its_way(server, user, to, state, first):
    uid = send(user, to)
    wait_until(lambda: record(user, uid)["status"] == state)
    reply = user.delete(f"{OUTBOUND}/{uid}")
    assert (reply.status_code, first in reply.text) == (409, True)
    [said_of_it] = erase(server, "--address", to, status=1).values()
    assert said_of_it.endswith(first)
    assert record(user, uid)["subject"] == "s"


def test_a_failed_mail_is_not_sent_again(server, user):
    uid = send(user, "b+refused@person.example")
    assert record(user, uid)["error"].startswith("550")
    said(user.delete(f"{OUTBOUND}/{uid}"), 204)
    assert record(user, uid)["error"] is None
    assert user.post(f"{DRAFTS}/{uid}/send").status_code in (404, 409)
    assert user.post(SEND, json={"draft_uid": uid}).status_code == 409
    assert holds(server)


def test_a_draft_is_deleted(server, user):
    body = {"from_account_id": user.account, "subject": "s"}
    uid = said(user.post(DRAFTS, json=body), 201)["uid"]
    said(user.delete(f"{OUTBOUND}/{uid}"), 204)
    assert user.get(f"{OUTBOUND}/{uid}").status_code == 404
    assert said(user.get(DRAFTS))["count"] == 0
    log = said(user.get("/api/events", params={"kind": "mail"}))["events"]
    assert [event["event"] for event in log] == ["created", "erased", "deleted"]
    assert holds(server)


def test_who_may_not(server, user):
    uid = send(user, "a@person.example")
    plain = server.client(new_token(server, user.address, *USER))
    assert plain.delete(f"{OUTBOUND}/{uid}").status_code == 403
    stranger = new_user(server, ALL, organization="Other")
    assert stranger.delete(f"{OUTBOUND}/{uid}").status_code == 404
    assert user.delete(f"{OUTBOUND}/not-an-id").status_code == 404
    assert record(user, uid)["subject"] == "s"


def test_a_repeated_call_tells_no_more(user):
    body = {"from_account_id": user.account, "subject": "gone", "to": ["a@person.example"]}
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    uid = said(user.post(DRAFTS, json=body, headers=headers), 201)["uid"]
    sent = said(user.post(SEND, json={"draft_uid": uid}))
    said(user.delete(f"{OUTBOUND}/{uid}"), 204)
    again = said(user.post(DRAFTS, json=body, headers=headers), 201)
    assert (again["uid"], again["subject"], again["to"]) == (uid, None, [])
    assert sent["outbound_email_uid"] == uid


def import_keyed(user, mail, key):
    return user.post(IMPORT, params={"account": user.account}, data=mail.as_bytes(),
                     headers={"Content-Type": "message/rfc822", "Idempotency-Key": key})


def test_nor_does_a_repeated_import(server, user):
    """Whose id is known only when it is there: perhaps that of a mail that was there before."""
    word = uuid.uuid4().hex
    mail, other = (letter(user, text=word, Subject=word, From=f"{word}@person.example", at=at)
                   for at in (0, 60))
    there = take_in(user, other)["_id"]
    reply = import_keyed(user, mail, "import")
    first = said(reply, 201)["message"]["_id"]
    assert word in reply.text
    assert said(import_keyed(user, other, "again"), 200)["message"]["_id"] == there
    assert set(erase(server, "--address", f"{word}@person.example")) == {first, there}
    for uid, again, status in ((first, import_keyed(user, mail, "import"), 201),
                               (there, import_keyed(user, other, "again"), 200)):
        assert again.headers["Idempotent-Replayed"] == "true"
        assert said(again, status)["message"]["_id"] == uid
        assert word not in again.text
    assert found_in_files(server, word) == []


def rejected_and_deleted(user, word):
    """A draft with the word in all that it says, and the calls that made and decided it."""
    body = {"from_account_id": user.account, "subject": word, "body_text": word,
            "to": [f"{word}@person.example"]}
    calls = [{"url": DRAFTS, "json": body, "headers": {"Idempotency-Key": "make"}}]
    uid = said(user.post(**calls[0]), 201)["uid"]
    for decision, how in ("submit", {}), ("reject", {"reason": f"who is {word}?"}):
        calls.append({"url": f"{OUTBOUND}/{uid}/{decision}", "json": how,
                      "headers": {"Idempotency-Key": decision}})
        assert word in user.post(**calls[-1]).text
    said(user.delete(f"{DRAFTS}/{uid}"), 204)
    return uid, calls


def test_a_deleted_draft_tells_nothing_any_more(server, user):
    word = uuid.uuid4().hex
    _, calls = rejected_and_deleted(user, word)
    for call in calls:
        again = user.post(**call)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert said(again, 409) == email_error("conflict", GONE)
    log = said(user.get("/api/events", params={"kind": "mail"}))["events"]
    assert [event["event"] for event in log] == ["created", "submit", "reject", "deleted"]
    assert {(event["reason"], event["detail"]) for event in log} == {(None, None)}
    assert erase(server, "--address", f"{word}@person.example") == {}  # empties the log
    assert found_in_files(server, word) == []
    assert holds(server)


def test_what_is_left_of_a_deleted_draft(server, user):
    """Such as a reply that was kept, or a reason, by a version that did not clean up."""
    word = uuid.uuid4().hex
    uid, _ = rejected_and_deleted(user, uuid.uuid4().hex)
    with contextlib.closing(sqlite3.connect(server.data / "outtray.db")) as database, database:
        for table, column in ("events", "reason"), ("idempotency_keys", "body"):
            database.execute(f"UPDATE {table} SET {column} = ? WHERE email_id = ?", (word, uid))
    assert found_in_files(server, word)
    assert erase(server, "--email-id", uid, "--dry-run") == {uid: "would be erased"}
    assert erase(server, "--email-id", uid) == {uid: "deleted before"}
    assert found_in_files(server, word) == []
    assert holds(server)


# All mail of a person, by the tool

def test_by_address(server, user):
    address = f"{uuid.uuid4().hex}@person.example"
    other = send(user, "x" + address)
    to = [send(user, address), send(user, "b@person.example", cc=[address]),
          send(user, "b@person.example", bcc=[f"Ada <{address.upper()}>"]),
          receive(user, From=address)["_id"], receive(user, Reply_To=address)["_id"]]
    draft = said(user.post(DRAFTS, json={"from_account_id": user.account, "to": [address]}), 201)
    refused = send(user, address.replace("@", "+refused@"))
    expected = {**dict.fromkeys(to, "erased"), draft["uid"]: "deleted"}
    assert erase(server, "--address", address, "--dry-run") == dict.fromkeys(
        expected, "would be erased")
    assert record(user, to[0])["subject"] == "s"
    assert erase(server, "--address", address, "--organization", "My organization") == {}
    assert erase(server, "--address", address.title()) == expected
    assert erase(server, "--address", address) == {}
    nothing = tool(server, "erase", "--address", address)
    assert (nothing.stdout, nothing.stderr) == (
        "", f"outtray: there is no mail from or to {address}\n")
    assert {record(user, uid)["subject"] for uid in to} == {None}
    assert {record(user, uid)["subject"] for uid in (other, refused)} == {"s"}
    assert holds(server)


@pytest.mark.parametrize("address", ['"a\\"b%_"@person.example', "ä@person.example",
                                     "o'neil_x@person.example"])
def test_addresses_with_odd_letters(server, user, address):
    receive_from = send(user, address)
    assert erase(server, "--address", address) == {receive_from: "erased"}


@pytest.mark.parametrize("sent_to, given", [
    ("ada@bücher.example", "ada@bücher.example"),
    ("ada@xn--bcher-kva.example", "Ada@BÜCHER.example"),
    ("ada@bücher.example", "ADA@xn--bcher-kva.example"),
    ("ada@person.example", "Ada <ada@person.example>"),
    ("ada@person.example", '"Lovelace, Ada" <Ada@Person.Example>'),
])
def test_one_address_in_many_spellings(server, user, sent_to, given):
    uid = send(user, sent_to)
    assert erase(server, "--address", given)[uid] == "erased"
    assert record(user, uid)["to"] == []


@pytest.mark.parametrize("given", [
    "person.example", "ada", "@person.example", "ada@", "", "a@person.example, b@person.example",
    "Friends: a@person.example;", "%", "a b@person.example",
])
def test_what_is_no_address_erases_nothing(server, user, given):
    uid = send(user, "a@person.example")
    refused = tool(server, "erase", "--address", given, status=2)
    assert (refused.stdout, refused.stderr.count("\n")) == ("", 1)
    assert record(user, uid)["subject"] == "s"


def test_one_mail_and_what_is_none(server, user):
    uid = send(user, "a@person.example")
    assert erase(server, "--email-id", uid, "--dry-run") == {uid: "would be erased"}
    assert erase(server, "--email-id", uid) == {uid: "erased"}
    assert erase(server, "--email-id", uid) == {uid: "erased before"}
    for words, status, message in [
            ([], 2, "give either --address or --email-id"),
            (["--email-id", uid, "--address", "a@b.example"], 2, "give either"),
            (["--email-id", str(uuid.UUID(int=7))], 3, "no mail has the id"),
            (["--address", "a@b.example", "--organization", "Nobody"], 3, "no organization")]:
        assert message in tool(server, "erase", *words, status=status).stderr


# The bytes

MAILS = 40


def test_nothing_is_left_in_the_bytes_of_the_database(start_server):
    """Whatever SQLite does with pages: split, merged, freed, in its log. It has been seen to find a
    word, when the rows of attached documents were left to the sweeper."""
    server = start_server(send_wait="3s")
    client = server.client(server.token)
    client.account, client.address = server.account_id, server.email
    word, kept = "Xanthippe", "Sokrates"
    for number in range(MAILS):
        who = word if number % 2 else kept
        send(client, f"{who} <{who}{number}@person.example>", subject=f"{who} {number}",
             body_text=f"{who} " * (10 ** (number % 5)), body_html=f"<p>{who}</p>",
             attachments=[{"filename": f"{who}.txt", "content_type": "text/plain",
                           "data_base64": "YQ=="}])
        receive(client, text=f"{who} {number}", From=f"{who}{number}@person.example",
                Subject=f"{who} {number}")
        send(client, f"{who}{number}+refused@person.example")
    files = [server.data / name for name in ("outtray.db", "outtray.db-wal")]
    assert any(word.encode() in path.read_bytes() for path in files)
    for number in range(1, MAILS, 2):
        for address in f"{word}{number}@person.example", f"{word}{number}+refused@person.example":
            assert erase(server, "--address", address)
    assert holds(server)
    server.stop()
    for path in filter(lambda path: path.exists(), files):
        content = path.read_bytes().lower()
        places = [content[at - 40:at + 40] for at in range(len(content))
                  if content.startswith(word.lower().encode(), at)][:3]
        assert places == []
        assert path.name != "outtray.db" or kept.lower().encode() in content
