"""outtray audit: whoever changes the trail of events is found out, by the tool and by the program
that docs/audit.md prints.

covers: src/cli/audit.c src/cli/audit_database.c src/cli/audit_file.c src/cli/audit_format.c
covers: src/cli/audit_report.c src/cli/anchor.c src/cli/trail_index.c src/store/audit_store.c
"""
import contextlib
import json
import re
import shutil
import sqlite3
import subprocess
import threading
import types

import pytest

from people import ALL, new_user
from received import receive
from running import BUILD, ROOT, SECONDS, Server, clean_environment
from shapes import SHA256, UID, said

SEND, DRAFTS = "/api/email/send", "/api/email/drafts"
NOBODYS = "01890000-0000-7000-8000-000000000000"


def tool(*arguments, **options):
    return subprocess.run([BUILD / "outtray", *arguments], text=True, capture_output=True,
                          timeout=SECONDS, check=False, env=clean_environment(), **options)


def verify(*arguments, **options):
    """(exit status, findings, trails): what the tool found, without the organization."""
    done = tool(*arguments, "--json", **options)
    assert done.stderr == "", done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    found = [(line.get("number"), line["email_id"], line["finding"])
             for line in lines if "finding" in line]
    return done.returncode, found, [line for line in lines if "holds" in line]


@contextlib.contextmanager
def database(data):
    opened = sqlite3.connect(data / "outtray.db")
    with contextlib.closing(opened), opened:
        yield opened


def export(data, *arguments):
    done = tool("--data", data, "audit", "export", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def original(tmp_path_factory, authority):
    """The data of a server that has ended: sent, refused, received mail and a draft thrown away."""
    server = Server(tmp_path_factory.mktemp("server"), authority, send_wait="3s")
    with server:
        client = server.client(server.token)
        for to in "a@example.com", "b+refused@example.com":
            client.post(SEND, json={"from_account_id": server.account_id, "subject": "s",
                                    "to": [to]})
        draft = said(client.post(DRAFTS, json={"from_account_id": server.account_id}), 201)
        said(client.delete(f"{DRAFTS}/{draft['uid']}"), 204)
        client.account, client.address = server.account_id, server.email
        receive(client)
    with database(server.data) as opened:
        emails = [email for email, in
                  opened.execute("SELECT email_id FROM events ORDER BY number")]
        assert [name for name, in opened.execute("SELECT event FROM events ORDER BY number")] == [
            "organization.created", "user.created", "token.created", "mailbox.connected",
            "send", "claim", "accepted", "send", "claim", "refused", "created", "deleted",
            "received"]
    return types.SimpleNamespace(data=server.data, emails=[None, *emails], made=server.made)


@pytest.fixture
def copy(original, tmp_path):
    """Of the database, to be tampered with."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    shutil.copy(original.data / "outtray.db", data)
    return data


def test_a_trail_that_holds(original):
    status, found, [trail] = verify("--data", original.data, "audit", "verify")
    assert (status, found) == (0, [])
    assert trail == {"organization_id": original.made["organization_id"],
                     "organization": "My organization", "holds": True, "events": 13, "first": 1,
                     "last": 13, "older": 0, "findings": 0, "end": trail["end"]}
    number, end = trail["end"].split(":")
    assert (number, end) == ("13", SHA256)


CHANGED = "event {} was changed, or what stood before it: its hash is another"
CONTENT = "the reason or the detail of event {} was changed"
ELSEWHERE = "its mail is {}, and event {} left it {}"


# What somebody does to the database, and all that is found: (number, its email, what).
TAMPERINGS = {
    # Each column of an event.
    "position": ("UPDATE events SET position = 100 WHERE number = 6",
                 [(7, 7, "event 7 stands at another place than it did"),
                  (7, 7, "event 7 begins at sending, where its mail was not"),
                  (6, 6, "event 6 begins at queued, where its mail was not"),
                  (6, 6, ELSEWHERE.format("sent", 6, "sending"))]),
    "number": ("UPDATE events SET number = 70 WHERE number = 13",
               [(70, 13, "events 13 to 69 are missing"),
                (None, None, "the chain ends at 70, and its end says 13")]),
    "email_id": (f"UPDATE events SET email_id = '{NOBODYS}' WHERE number = 13",
                 [(13, NOBODYS, CHANGED.format(13)),
                  (13, NOBODYS, "its mail is gone, and no event says so"),
                  (None, 13, "no event tells of this mail")]),
    "at": ("UPDATE events SET at = at + 1 WHERE number = 9", [(9, 9, CHANGED.format(9))]),
    "event": ("UPDATE events SET event = 'found' WHERE number = 7",
              [(7, 7, CHANGED.format(7)),
               (7, 7, "event 7 leads from sending by found to sent, which cannot be")]),
    "no event": ("UPDATE events SET event = 'sunk' WHERE number = 10",
                 [(10, 10, CHANGED.format(10)), (10, 10, "event 10 has a name that there is not")]),
    "from_state": ("UPDATE events SET from_state = 'unknown' WHERE number = 7",
                   [(7, 7, CHANGED.format(7)),
                    (7, 7, "event 7 begins at unknown, where its mail was not")]),
    "to_state": ("UPDATE events SET to_state = 'failed' WHERE number = 7",
                 [(7, 7, CHANGED.format(7)),
                  (7, 7, "event 7 leads from sending by accepted to failed, which cannot be"),
                  (7, 7, ELSEWHERE.format("sent", 7, "failed"))]),
    "actor": ("UPDATE events SET actor = 'system' WHERE number = 5", [(5, 5, CHANGED.format(5))]),
    "token_id": ("UPDATE events SET token_id = NULL WHERE number = 5",
                 [(5, 5, CHANGED.format(5))]),
    "reason": ("UPDATE events SET reason = '250 fine' WHERE number = 10",
               [(10, 10, CONTENT.format(10))]),
    "a reason more": ("UPDATE events SET reason = 'x' WHERE number = 6",
                      [(6, 6, CONTENT.format(6))]),
    "detail": ("UPDATE events SET detail = '{}' WHERE number = 10", [(10, 10, CONTENT.format(10))]),
    "salt": ("UPDATE events SET salt = 'x' WHERE number = 10", [(10, 10, CONTENT.format(10))]),
    "content": ("UPDATE events SET reason = NULL, detail = NULL, salt = NULL WHERE number = 10",
                [(10, 10, "the reason and the detail of event 10 are gone, and nobody has erased or "
                        "deleted its mail")]),
    "content_sha256": ("UPDATE events SET content_sha256 = NULL WHERE number = 10",
                       [(10, 10, CHANGED.format(10))]),
    "mail_sha256": ("UPDATE events SET mail_sha256 = 'x' WHERE number = 7",
                    [(7, 7, CHANGED.format(7)),
                     (7, 7, "its mail has another SHA-256 than event 7 says")]),
    "hash": ("UPDATE events SET hash = 'x' WHERE number = 9",
             [(9, 9, CHANGED.format(9)), (10, 10, CHANGED.format(10))]),
    "no hash": ("UPDATE events SET hash = NULL WHERE number = 9",
                [(9, 9, "event 9 has lost its hash"), (10, 10, CHANGED.format(10))]),
    "organization_id": (
        f"UPDATE events SET organization_id = '{NOBODYS}' WHERE number = 13",
        [(13, 13, "events 1 to 12 are missing"),
         (None, None, "the chain ends at 13, and its end says 0"),
         (None, None, "the chain ends at 12, and its end says 13")]),
    # Whole rows.
    "the first": ("DELETE FROM events WHERE number = 1", [(2, 2, "event 1 is missing")]),
    "a mail's first": ("DELETE FROM events WHERE number = 5",
                       [(6, 6, "event 5 is missing"),
                        (6, 6, "event 6 begins at queued, where its mail was not")]),
    "one in the middle": ("DELETE FROM events WHERE number = 9",
                          [(10, 10, "event 9 is missing"),
                           (10, 10, "event 10 begins at sending, where its mail was not")]),
    "some": ("DELETE FROM events WHERE number IN (8, 9, 10)",
             [(11, 11, "events 8 to 10 are missing"), (None, 8, "no event tells of this mail")]),
    "the last": ("DELETE FROM events WHERE number = 13",
                 [(None, None, "the chain ends at 12, and its end says 13"),
                  (None, 13, "no event tells of this mail")]),
    "all": ("DELETE FROM events",
            [(None, None, "the chain ends at 0, and its end says 13")] +
            [(None, email, "no event tells of this mail") for email in (5, 8, 13)]),
    "two swapped": (
        "UPDATE events SET number = -number WHERE number IN (8, 9);"
        "UPDATE events SET number = 17 + number WHERE number < 0",
        [(number, number, CHANGED.format(number)) for number in (8, 9, 10)]),
    "one put in": (
        "INSERT INTO events (organization_id, number, email_id, at, event, from_state, to_state, "
        "actor, hash) SELECT organization_id, 14, email_id, at, 'retry', 'failed', 'queued', "
        "'system', hash FROM events WHERE number = 10",
        [(14, 8, CHANGED.format(14)), (None, None, "the chain ends at 14, and its end says 13"),
         (14, 8, ELSEWHERE.format("failed", 14, "queued"))]),
    "one put before": (
        "INSERT INTO events (organization_id, number, email_id, at, event, from_state, to_state, "
        "actor, hash) SELECT organization_id, 0, email_id, at, 'changed', 'failed', 'failed', "
        "'system', hash FROM events WHERE number = 10",
        [(0, 8, "event 0 stands behind event 0")]),
    # Of administration: of no email, and as well chained.
    "an act": ("UPDATE events SET event = 'token.revoked' WHERE number = 3",
               [(3, 3, CHANGED.format(3))]),
    "an act's detail": ("UPDATE events SET detail = '{}' WHERE number = 3",
                        [(3, 3, CONTENT.format(3))]),
    "an act's content": (
        "UPDATE events SET reason = NULL, detail = NULL, salt = NULL WHERE number = 3",
        [(3, 3, CONTENT.format(3))]),
    "who acted": ("UPDATE events SET actor = 'system' WHERE number = 4",
                  [(4, 4, CHANGED.format(4))]),
    "by which token": ("UPDATE events SET token_id = 'x' WHERE number = 4",
                       [(4, 4, CHANGED.format(4))]),
    "on what": ("UPDATE events SET subject_id = NULL WHERE number = 4",
                [(4, 4, CHANGED.format(4))]),
    "from where": ("UPDATE events SET address = '192.0.2.1' WHERE number = 4",
                   [(4, 4, CHANGED.format(4))]),
    "by which request": ("UPDATE events SET request_id = 'x' WHERE number = 5",
                         [(5, 5, CHANGED.format(5))]),
    "by no request": ("UPDATE events SET request_id = NULL WHERE number = 5",
                      [(5, 5, CHANGED.format(5))]),
    "an act of a mail": (f"UPDATE events SET email_id = '{NOBODYS}' WHERE number = 4",
                         [(4, NOBODYS, CHANGED.format(4)),
                          (4, NOBODYS, "event 4 has a name that there is not"),
                          (4, NOBODYS, "its mail is gone, and no event says so")]),
    "a mail's as an act": ("UPDATE events SET email_id = NULL WHERE number = 13",
                           [(13, None, CHANGED.format(13)),
                            (None, 13, "no event tells of this mail")]),
    "an act dropped": ("DELETE FROM events WHERE number = 3", [(4, 4, "event 3 is missing")]),
    "acts swapped": ("UPDATE events SET number = -number WHERE number IN (2, 3);"
                     "UPDATE events SET number = 5 + number WHERE number < 0",
                     [(number, number, CHANGED.format(number)) for number in (2, 3, 4)]),
    "an act put in": (
        "INSERT INTO events (organization_id, number, at, event, actor, hash) "
        "SELECT organization_id, 14, at, 'token.revoked', 'operator', hash FROM events "
        "WHERE number = 13",
        [(14, None, CHANGED.format(14)),
         (None, None, "the chain ends at 14, and its end says 13")]),
    # What stands beside the trail.
    "the end's number": ("UPDATE chains SET number = 16",
                         [(None, None, "the chain ends at 13, and its end says 16")]),
    "the end's hash": ("UPDATE chains SET hash = 'x'",
                       [(None, None, "the end has another hash than event 13")]),
    "no end": ("DELETE FROM chains", [(None, None, "the chain ends at 13, and its end says 0")]),
    "a mail's state": ("UPDATE emails SET state = 'sent' WHERE state = 'failed'",
                       [(10, 10, ELSEWHERE.format("sent", 10, "failed"))]),
    "a mail's hash": ("UPDATE emails SET mail_sha256 = 'x' WHERE state = 'sent'",
                      [(7, 7, "its mail has another SHA-256 than event 7 says")]),
    "a mail's end": ("UPDATE emails SET erased_at = 1 WHERE state = 'sent'",
                     [(7, 7, "its mail says that it was erased, and no event does")]),
    "a mail": ("DELETE FROM emails WHERE state = 'received'",
               [(13, 13, "its mail is gone, and no event says so")]),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_who_tampers_is_found(original, copy, what):
    sql, expected = TAMPERINGS[what]
    with database(copy) as opened:
        opened.executescript(sql)
    status, found, trails = verify("--data", copy, "audit", "verify")
    named = [(number or None, original.emails[email] if isinstance(email, int) else email, finding)
             for number, email, finding in expected]
    assert sorted(found, key=str) == sorted(named, key=str)
    assert status == 1
    assert sum(trail["findings"] for trail in trails) == len(expected)
    assert not all(trail["holds"] for trail in trails)


def test_who_cuts_off_the_end_as_well_is_found_by_what_was_noted(original, copy):
    whole = export(copy)
    noted = "13:" + json.loads(whole[-1])["end_hash"]
    draft = "8:" + json.loads(whole[8])["hash"]
    expected = ["--expect", draft, "--expect", noted]
    assert verify("--data", copy, "audit", "verify", *expected)[:2] == (0, [])
    with database(copy) as opened:
        opened.executescript("""
            DELETE FROM events WHERE number = 13; DELETE FROM emails WHERE state = 'received';
            UPDATE chains SET (number, hash) = (SELECT number, hash FROM events WHERE number = 12)
        """)
    assert verify("--data", copy, "audit", "verify")[:2] == (0, [])
    assert verify("--data", copy, "audit", "verify", *expected)[:2] == (
        1, [(13, None, "event 13 was noted, and is not there")])
    other = "8:" + "0" * 64
    assert verify("--data", copy, "audit", "verify", "--expect", other)[:2] == (
        1, [(8, original.emails[8], "event 8 is not the one that was noted")])


@pytest.mark.parametrize("noted", ["", "4", "4:", "4:abc", "x:" + "0" * 64, "0:" + "0" * 64])
def test_what_is_no_note(original, noted):
    done = tool("--data", original.data, "audit", "verify", "--expect", noted)
    assert (done.returncode, done.stdout) == (2, "")
    assert "NUMBER:HASH" in done.stderr


# Exports

def program():
    """What docs/audit.md prints, as a module."""
    page = (ROOT / "docs/audit.md").read_text(encoding="utf-8")
    [text] = re.findall("```python\n(.*?)```", page, re.DOTALL)
    module = types.ModuleType("documented")
    exec(compile(text, "docs/audit.md", "exec"), vars(module))  # pylint: disable=exec-used
    return module


def verify_lines(tmp_path, lines, *arguments):
    file = tmp_path / "trail.jsonl"
    file.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return verify("audit", "verify", file, *arguments)


def test_an_export_is_as_documented(original, tmp_path):
    lines = export(original.data)
    head, *events, end = map(json.loads, lines)
    assert head == {"format": "outtray-audit-1", "organization": "My organization", "after": 0,
                    "organization_id": original.made["organization_id"], "previous": None}
    assert events[9] == {
        "number": 10, "organization_id": head["organization_id"], "email_id": UID,
        "at": events[9]["at"], "event": "refused", "from_state": "sending", "to_state": "failed",
        "actor": "system", "token_id": None,
        "reason": "550 5.1.1 the sandbox refuses this recipient", "detail": events[9]["detail"],
        "salt": events[9]["salt"], "content_sha256": SHA256, "mail_sha256": SHA256,
        "hash": SHA256, "subject_id": None, "address": None, "request_id": None}
    assert events[7]["request_id"] == UID
    assert end == {"end_number": 13, "end_hash": events[-1]["hash"]}
    assert not list(program().findings(lines))
    status, found, [trail] = verify_lines(tmp_path, lines)
    assert (status, found) == (0, [])
    assert trail == verify("--data", original.data, "audit", "verify")[2][0]


def test_an_export_of_the_rest(original, tmp_path):
    lines = export(original.data, "--after", "9")
    assert json.loads(lines[0])["previous"] == json.loads(export(original.data)[9])["hash"]
    assert len(lines) == 6
    assert not list(program().findings(lines))
    assert verify_lines(tmp_path, lines)[:2] == (0, [])
    done = tool("--data", original.data, "audit", "export", "--after", "14")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "outtray: there is no event 14; the trail ends at 13\n"


def changed(lines, number, **values):
    event = json.loads(lines[number])
    return [*lines[:number], json.dumps({**event, **values}), *lines[number + 1:]]


EXPORTS = {  # what somebody does to the lines; what the tool says; what the documented program says
    "a column": (lambda lines: changed(lines, 9, actor="x"),
                 [(9, 8, CHANGED.format(9))], ["event 9 was changed"]),
    "the reason": (lambda lines: changed(lines, 10, reason="fine"),
                   [(10, 8, CONTENT.format(10))], ["the content of event 10 was changed"]),
    "no reason": (lambda lines: changed(lines, 10, reason=None, detail=None, salt=None),
                  [(10, 8, "the reason and the detail of event 10 are gone, and nobody has erased "
                          "or deleted its mail")], ["nobody erased {8}"]),
    "a line": (lambda lines: lines[:11] + lines[12:],
               [(12, 11, "event 11 is missing")], ["event 11 is missing"]),
    "cut off": (lambda lines: lines[:-2], [(None, None, "the export has no end: it was cut off")],
                ["it ends at 11, and its end says otherwise"]),
    "cut off, the end kept": (lambda lines: lines[:-2] + lines[-1:],
                              [(None, None, "the chain ends at 12, and its end says 13")],
                              ["it ends at 12, and its end says otherwise"]),
    "two swapped": (lambda lines: lines[:11] + [lines[12], lines[11]] + lines[13:],
                    [(12, 11, "event 11 is missing"), (11, 11, "event 11 stands behind event 12"),
                     (11, 11, "event 11 comes after the end of its mail")],
                    ["event 11 is missing", "event 13 is missing", "event 12 is missing"]),
    "another's": (lambda lines: changed(lines, 13, organization_id=NOBODYS),
                  [(13, 13, "event 13 is of another organization"), (13, 13, CHANGED.format(13))],
                  ["event 13 was changed"]),
}


@pytest.mark.parametrize("what", EXPORTS)
def test_who_tampers_with_an_export_is_found(original, tmp_path, what):
    change, expected, documented = EXPORTS[what]
    lines = change(export(original.data))
    status, found, _ = verify_lines(tmp_path, lines)
    assert sorted(found, key=str) == sorted(
        ((number, email and original.emails[email], finding)
         for number, email, finding in expected), key=str)
    assert status == 1
    assert list(program().findings(lines)) == [
        finding.replace("{8}", original.emails[8]) for finding in documented]


def test_a_line_that_is_no_event(original, tmp_path):
    lines = export(original.data)
    lines[7] = '{"number":3,"surplus":1}'
    status, found, _ = verify_lines(tmp_path, lines)
    assert status == 1
    assert (None, None, "line 7 is not an event") in [(None, None, found[0][2])]
    assert (8, original.emails[8], "event 7 is missing") in found


@pytest.mark.parametrize("text", ["", "{}\n", "no JSON\n", '{"format":"outtray-audit-2",'
                                  '"organization_id":"x","organization":null,"after":0,'
                                  '"previous":null}\n'])
def test_what_is_no_export(tmp_path, text):
    file = tmp_path / "trail.jsonl"
    file.write_text(text, encoding="utf-8")
    done = tool("audit", "verify", file)
    assert (done.returncode, done.stdout) == (1, "")
    assert "its first line is not the head of an export" in done.stderr


def test_from_standard_input_and_from_nowhere(original):
    lines = "".join(line + "\n" for line in export(original.data))
    assert verify("audit", "verify", "-", input=lines)[:2] == (0, [])
    done = tool("audit", "verify", "/nowhere/trail.jsonl")
    assert done.returncode == 1 and "/nowhere/trail.jsonl" in done.stderr


def test_a_deleted_draft_takes_its_reasons_along(server, tmp_path):
    user = new_user(server, ALL, organization="Deleting")
    [account] = said(user.get("/api/email/accounts"))["accounts"]
    body = {"from_account_id": account["_id"], "subject": "s", "to": ["a@example.com"]}
    draft = said(user.post(DRAFTS, json=body), 201)["uid"]
    said(user.post(f"/api/email/outbound/{draft}/submit"))
    said(user.post(f"/api/email/outbound/{draft}/reject", json={"reason": "who is Xanthippe?"}))
    said(user.delete(f"{DRAFTS}/{draft}"), 204)
    lines = export(server.data, "--organization", "Deleting")
    _, *events, _ = map(json.loads, lines)
    acts, events = events[:4], events[4:]
    assert {act["email_id"] for act in acts} == {None}
    assert [event["event"] for event in events] == ["created", "submit", "reject", "deleted"]
    assert {(event["reason"], event["detail"], event["salt"]) for event in events} == {
        (None, None, None)}
    assert events[2]["content_sha256"] == SHA256
    assert verify_lines(tmp_path, lines)[:2] == (0, [])
    assert not list(program().findings(lines))
    assert verify("--data", server.data, "audit", "verify", "--organization", "Deleting")[:2] == (
        0, [])


# Several organizations, and a server that runs

def test_organizations_one_by_one(server):
    other = new_user(server, ALL, organization="Other & Sons")
    [account] = said(other.get("/api/email/accounts"))["accounts"]
    said(other.post(SEND, json={"from_account_id": account["_id"], "subject": "s",
                                "to": ["a@example.com"]}))
    status, found, trails = verify("--data", server.data, "audit", "verify")
    assert (status, found) == (0, [])
    [others] = [trail for trail in trails if trail["organization"] == "Other & Sons"]
    assert others["events"] == 7
    _, _, [trail] = verify("--data", server.data, "audit", "verify", "--organization",
                           "Other & Sons", "--expect", others["end"])
    assert trail == others
    for command, words in [("verify", ["--expect", trail["end"]]), ("export", [])]:
        done = tool("--data", server.data, "audit", command, *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert "--organization" in done.stderr
    assert len(export(server.data, "--organization", trail["organization_id"])) == 9
    done = tool("--data", server.data, "audit", "verify", "--organization", "Nobody")
    assert (done.returncode, done.stderr) == (3, "outtray: there is no organization Nobody\n")


def test_while_mail_is_sent(start_server):
    """Of a database that changes at every moment, one moment is looked at. Without that, mails are
    found where their last event did not leave them."""
    server = start_server(send_wait="3s")
    ending, rounds = threading.Event(), 0

    def send_on():
        client = server.client(server.token)
        while not ending.is_set():
            said(client.post(SEND, json={"from_account_id": server.account_id, "subject": "s",
                                         "to": ["a@example.com"]}))

    senders = [threading.Thread(target=send_on) for _ in range(4)]
    for sender in senders:
        sender.start()
    try:
        events = 0
        while events < 300:
            status, found, [trail] = verify("--data", server.data, "audit", "verify")
            assert (status, found) == (0, [])
            lines = export(server.data)
            assert not list(program().findings(lines))
            events, rounds = trail["events"], rounds + 1
    finally:
        ending.set()
        for sender in senders:
            sender.join()
    assert rounds > 2


def test_an_export_from_before_there_was_administration(tmp_path):
    """Its lines lack the keys that came later; its hashes are what they were."""
    organization, previous, lines = "0" * 36, None, []
    hashed = program().sha256
    for number in range(1, 4):
        event = {"number": number, "organization_id": organization, "email_id": NOBODYS,
                 "at": number, "event": "created" if number == 1 else "changed",
                 "from_state": "draft", "to_state": "draft", "actor": "u", "token_id": None,
                 "reason": None, "detail": None, "salt": None, "content_sha256": None,
                 "mail_sha256": None}
        previous = hashed(previous, organization, number, NOBODYS, number, event["event"],
                          "draft", "draft", "u", None, None, None)
        lines.append(json.dumps({**event, "hash": previous}))
    head = {"format": "outtray-audit-1", "organization_id": organization, "organization": None,
            "after": 0, "previous": None}
    lines = [json.dumps(head), *lines, json.dumps({"end_number": 3, "end_hash": previous})]
    assert verify_lines(tmp_path, lines)[:2] == (0, [])
    assert not list(program().findings(lines))
    assert verify_lines(tmp_path, changed(lines, 2, address="192.0.2.1"))[:2] == (
        1, [(2, NOBODYS, CHANGED.format(2))])
