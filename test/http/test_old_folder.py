"""A data folder that an older version left opens in this one, and everybody goes on.

old_folder/ was written by the version whose last migration was 0009: its database as SQL, its key, and
the tokens and ids of what is in it. Two persons, an agent, mail in each state, an answer of a call that
is kept.

covers: sql/migrations/0010_apart.sql
"""
import hashlib
import json
import pathlib
import sqlite3

import pytest

from mailboxes import RECORDS, SEND
from running import Server, wait_until
from shapes import holding, outbound_error, said

OLD = pathlib.Path(__file__).parent / "old_folder"
DRAFTS, TEMPLATES, TOKENS = "/api/email/drafts", "/api/email/templates", "/api/tokens"


class OldServer(Server):
    """Server over a copy of that folder, instead of a new one."""

    def prepare(self, *arguments):
        if arguments != ("init",):
            return super().prepare(*arguments)
        about = json.loads((OLD / "about.json").read_text())
        self.data.mkdir(mode=0o700, parents=True)
        content = about["file"].encode()
        sha256 = hashlib.sha256(content).hexdigest()
        blob = self.data / "blobs" / "blobs" / sha256[:2] / sha256
        blob.parent.mkdir(parents=True)
        blob.write_bytes(content)
        key = self.data / "secret.key"
        key.write_bytes(bytes.fromhex(about["secret_key"]))
        key.chmod(0o600)
        with sqlite3.connect(self.data / "outtray.db") as database:
            database.executescript((OLD / "database.sql").read_text())
        database.close()
        (self.data / "outtray.db").chmod(0o600)
        return json.dumps({**about, "email": "you@outtray.example"})


@pytest.fixture(scope="module")
def old(tmp_path_factory, authority):
    with OldServer(tmp_path_factory.mktemp("server"), authority) as server:
        yield server


def who(old, name):
    return old.client(old.made[name])


def test_all_mail_is_as_it_was(old):
    items = said(who(old, "plain").get(RECORDS, params={"per_page": 50}))["items"]
    assert {item["uid"]: item["status"] for item in items} == old.made["states"]
    assert "holds" in old.tool("audit", "verify") and "wrong" not in old.tool("audit", "verify")


def test_mail_that_came_in_was_not_kept_as_it_came(old):
    """What can be said of it is said; what comes in from now on is kept."""
    user = who(old, "plain")
    page = said(user.get("/api/v1/email/correspondence", params={"direction": "inbound"}))["data"]
    [received] = [each["id"] for each in page]
    refused = said(user.get(f"/api/v1/email/correspondence/{received}/raw"), 409)
    assert refused == outbound_error("CONFLICT", holding("not kept as it came"))
    draft = {"to": ["a@example.com"], "subject": "s", "attachments": [{"email_id": received}]}
    refused = said(user.post("/api/v1/email/outbound/drafts", json=draft), 400)
    assert refused == outbound_error("VALIDATION_ERROR", holding("not kept"),
                                     field="attachments[0].email_id")
    [account] = [each for each in said(user.get("/api/email/accounts"))["accounts"]
                 if each["isDefault"]]
    assert (account["language"], account["timezone"]) == ("en", "UTC")
    mail = b"From: a@example.com\r\nMessage-ID: <new@example.com>\r\n\r\nHello.\r\n"
    new = said(user.post("/api/email/messages/import", params={"account": account["_id"]},
                         data=mail, headers={"Content-Type": "message/rfc822"}), 201)
    assert user.get(f"{RECORDS}/{new['message']['_id']}/raw").content == mail


def test_a_repeated_call_gets_its_old_answer(old):
    again = who(old, "plain").post(SEND, json=old.made["sent_body"])
    assert said(again) == old.made["sent"]
    assert again.headers["Idempotent-Replayed"] == "true"


def test_the_agent_goes_on_with_its_own(old):
    agent, made = who(old, "agent"), old.made
    drafts = said(agent.get(DRAFTS))["items"]
    assert made["agent_draft"] in [draft["uid"] for draft in drafts]
    assert said(agent.patch(f"{DRAFTS}/{made['agent_draft']}", json={"subject": "mine"}))["subject"] == "mine"
    assert agent.patch(f"{DRAFTS}/{made['draft']}", json={"subject": "mine"}).status_code in (403, 404)
    assert said(agent.get(f"{RECORDS}/{made['approved']}"))["status"] == "sent"


def test_a_person_goes_on(old):
    person, made = who(old, "plain"), old.made
    drafts = {draft["uid"]: draft for draft in said(person.get(DRAFTS))["items"]}
    assert drafts[made["planned"]]["planned_send_at"] == "2053-11-07T05:31:56Z"
    sent = said(person.post(SEND, json={"draft_uid": made["draft"]}))
    assert sent["status"] == "sent"
    [mail] = [mail for mail in old.mails(old.email) if mail["Subject"] == "a draft"]
    assert [part.get_content() for part in mail.iter_attachments()] == [made["file"]]


def test_what_waits_is_approved(old):
    approver, made = who(old, "second"), old.made
    path = f"{RECORDS}/{made['agent_pending']}"
    assert said(approver.get(path))["content_sha256"] == made["content_sha256"]
    said(approver.post(f"{path}/approve", json={"content_sha256": made["content_sha256"]}))
    wait_until(lambda: said(who(old, "plain").get(path))["status"] == "sent", what="sent")


def test_the_first_token_is_still_the_administrators(old):
    client = who(old, "token")
    tokens = said(client.get(TOKENS))["tokens"]
    assert len(tokens) == 4
    template = said(client.get(f"{TEMPLATES}/{old.made['template']}"))
    assert (template["name"], template["version"]) == ("t", 1)
    used = {quota["name"]: quota["used"] for quota in said(client.get("/api/quota"))["quotas"]}
    assert (used["templates"], used["contexts"], used["tokens"], used["mailboxes"]) == (1, 1, 4, 2)
    assert "differ" not in old.tool("doctor", "--offline", "--thorough")
