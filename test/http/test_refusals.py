"""Refused requests in the server's own trail, and what the log says of requests and of mail.

covers: src/api/refusals.c src/api/access_log.c src/api/failure.c src/delivery/record.c
"""
import json
import re

import pytest

from people import ALL, new_token, new_user
from running import wait_until
from shapes import MILLISECONDS, SHA256, UID, holding, said
from test_audit import export, program, verify

SERVER = "00000000-0000-0000-0000-000000000000"
TOKENS, SEND, DRAFTS = "/api/tokens", "/api/email/send", "/api/email/drafts"


def refused(server):
    """The events of the server's own trail; its numbers have no gap."""
    head, *events, _ = map(json.loads, export(server.data, "--organization", "server"))
    assert head == {"format": "outtray-audit-1", "organization_id": SERVER,
                    "organization": "server", "after": 0, "previous": None}
    assert [event["number"] for event in events] == list(range(1, len(events) + 1))
    return events


def wait_for(server, kind, count=1):
    def found():
        with_trail = export(server.data)
        if sum('"format"' in line for line in with_trail) < 2:
            return None
        events = [event for event in refused(server) if event["event"] == kind]
        return events if len(events) >= count else None
    return wait_until(found, what=kind)


def test_bad_tokens_and_missing_scopes(start_server):
    server = start_server()
    lines = export(server.data)
    assert json.loads(lines[0])["organization"] == "My organization"
    bad = server.client("ot_this_is_none")
    reply = bad.get(DRAFTS + "?secret=x", headers={"X-Request-Id": "mine"})
    assert said(reply, 401) and reply.headers["X-Request-Id"] == "mine"
    event, = wait_for(server, "request.unauthorized")
    row = {"number": 1, "organization_id": SERVER, "email_id": None, "at": event["at"],
           "event": "request.unauthorized", "from_state": None, "to_state": None,
           "actor": "nobody", "token_id": None, "reason": None, "salt": event["salt"],
           "content_sha256": SHA256, "mail_sha256": None, "hash": SHA256, "subject_id": None,
           "address": "127.0.0.1", "request_id": "mine"}
    detail = json.loads(event.pop("detail"))
    assert event == {key: row[key] for key in row}
    assert detail == {"method": "GET", "route": DRAFTS, "reason": "the token is not known here"}
    secret = new_token(server, server.email, "inbox:read")
    reader = server.client(secret)
    said(reader.get(TOKENS), 403)
    event, = wait_for(server, "request.forbidden")
    made = json.loads(export(server.data)[5])
    assert made["event"] == "token.created"
    assert (event["actor"], event["token_id"]) == (server.made["user_id"], made["subject_id"])
    assert json.loads(event["detail"]) == {
        "organization_id": server.made["organization_id"], "method": "GET", "route": TOKENS,
        "reason": "the token lacks the scope admin"}
    whole = "\n".join(export(server.data))
    assert "ot_this_is_none" not in whole and secret not in whole and "secret=x" not in whole
    # Both trails in one export, and each checked, by the tool and by the program of docs/audit.md.
    status, found, trails = verify("--data", server.data, "audit", "verify")
    assert (status, found) == (0, [])
    assert [trail["organization"] for trail in trails] == ["server", "My organization"]
    lines = export(server.data)
    assert not list(program().findings(lines))
    file = server.data.parent / "trail.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    status, found, trails = verify("audit", "verify", file)
    assert (status, found) == (0, [])
    assert [trail["organization"] for trail in trails] == ["My organization", "server"]
    tampered = [line.replace("the token lacks", "the token has") for line in lines]
    assert list(program().findings(tampered)) == ["the content of event 2 was changed"]
    file.write_text("\n".join(tampered) + "\n", encoding="utf-8")
    assert verify("audit", "verify", file)[:2] == (
        1, [(2, None, "the reason or the detail of event 2 was changed")])
    for dropped, finding in ((-3, "event 1 is missing"), (-2, "it ends at 1, and its end says")):
        fewer = lines[:dropped] + lines[dropped + 1:]
        assert holding(finding) == list(program().findings(fewer))[0]


def test_a_flood_is_counted(start_server):
    """A hundred stand one by one, the rest as their number once the minute, or the server, ends."""
    server = start_server()
    bad = server.client("ot_none")

    def commits():
        text = server.client(None).get("/metrics").text
        return int(re.search(r"^outtray_db_commits_total (\d+)$", text, re.M)[1])
    before = commits()
    for _ in range(1000):
        said(bad.get(TOKENS), 401)
    assert commits() - before < 100
    wait_for(server, "request.unauthorized", 100)
    server.stop()
    events = refused(server)
    assert [event["event"] for event in events] == ["request.unauthorized"] * 100 + [
        "requests.refused"]
    counted = json.loads(events[-1]["detail"])
    assert counted == {"unauthorized": 900, "forbidden": 0, "since": MILLISECONDS}
    assert events[-1]["actor"] == "system"
    assert verify("--data", server.data, "audit", "verify")[:2] == (0, [])


# The log

def lines_of(server, event):
    return [dict(re.findall(r'(\w+)=("[^"]*"|\S+)', line))
            for line in server.said().splitlines() if f" event={event} " in line]


def test_each_request_is_a_line(start_server):
    server = start_server(access_log="yes")
    client = server.client(server.token)
    [token] = said(client.get(TOKENS))["tokens"]
    draft = said(client.post(DRAFTS, json={"from_account_id": server.account_id},
                             headers={"X-Request-Id": "made"}), 201)
    shown = client.get(f"{DRAFTS}/{draft['uid']}")
    said(client.get(f"{DRAFTS}/{draft['uid']}?x=someone@example.com"), 400)
    said(server.client("ot_bad").get(TOKENS + "?token=ot_hidden"), 401)
    said(client.get("/nowhere/someone@example.com"), 404)
    wanted = {("GET", "200", DRAFTS + "/{id}"), ("POST", "201", DRAFTS), ("GET", "404", '""'),
              ("GET", "400", DRAFTS + "/{id}"), ("GET", "401", TOKENS)}

    def all_lines():
        lines = {(line.get("method"), line.get("status"), line.get("route")): line
                 for line in lines_of(server, "access")}
        return wanted <= set(lines) and lines
    lines = wait_until(all_lines, what="the lines")
    line = lines["GET", "200", DRAFTS + "/{id}"]
    assert line == {"time": MILLISECONDS, "level": "info", "event": "access", "method": "GET",
                    "route": DRAFTS + "/{id}", "status": "200", "bytes": str(len(shown.content)),
                    "duration_ms": line["duration_ms"], "token": token["id"],
                    "organization": server.made["organization_id"], "address": "127.0.0.1",
                    "request": UID}
    assert lines["POST", "201", DRAFTS]["request"] == "made"
    assert lines["GET", "400", DRAFTS + "/{id}"]["token"] == token["id"]
    assert lines["GET", "401", TOKENS]["token"] == '""'
    assert lines["GET", "404", '""']["request"] == UID
    text = server.said()
    assert "ot_hidden" not in text and "someone@" not in text and server.token not in text


def test_without_the_setting_there_is_none(server):
    client = server.client(server.token)
    said(client.get(TOKENS))
    assert lines_of(server, "access") == []


@pytest.mark.parametrize("to, outcome, status", [
    ("fine@example.com", "sent", 200), ("b+refused@example.com", "refused", 502)])
def test_each_outcome_is_a_line(server, to, outcome, status):
    user = new_user(server, ALL)
    [account] = [one for one in said(user.get("/api/email/accounts"))["accounts"]
                 if one["emailAddress"] == user.address]
    reply = user.post(SEND, json={"from_account_id": account["_id"], "subject": "hush", "to": [to]})
    assert reply.status_code == status, reply.text

    def found():
        return [line for line in lines_of(server, "mail_outcome")
                if line["mailbox"] == account["_id"]]
    line, = wait_until(found, what="the line")
    assert line == {"time": MILLISECONDS, "level": "info", "event": "mail_outcome", "email": UID,
                    "mailbox": account["_id"], "provider": "sandbox", "outcome": outcome,
                    "attempt": "1", "duration_ms": line["duration_ms"]}
    assert to not in server.said() and "hush" not in server.said()
    if status == 502:
        failed = lines_of(server, "request_failed")[-1]
        assert failed["reason"] == '"550 5.1.1 the sandbox refuses this recipient"'
        assert (failed["email"], failed["request"]) == (line["email"], UID)
