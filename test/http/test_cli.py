"""The command line: build/outtray on data folders of its own, beside a server or without one.

covers: src/cli/account.c src/cli/commands.c src/cli/init.c src/cli/intake.c src/cli/letter.c
covers: src/cli/main.c src/cli/outbox.c src/cli/outbox_row.c src/cli/outbox_show.c
covers: src/cli/password.c src/cli/print.c src/cli/send.c src/cli/token.c src/cli/user.c
covers: src/store/overview_store.c
"""
import base64
import contextlib
import email
import email.policy
import json
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import time

import pytest

from running import BUILD, SECONDS, clean_environment

NO_ID = "01890000-0000-7000-8000-000000000000"
SCOPES = "inbox:read inbox:write inbox:draft inbox:approve admin inbox:all"

COMMANDS = ["init", "organization quota", "user add", "user change", "user list",
            "token create", "token list",
            "token revoke", "account add sandbox", "account add smtp", "account connect",
            "account complete",
            "account list", "account test", "account pause", "account resume", "send",
            "outbox", "outbox show", "outbox cancel", "outbox retry", "outbox resolve",
            "outbox approve", "outbox reject", "backup", "restore", "doctor"]


class Tool:
    def __init__(self, data):
        self.data = data

    def run(self, *arguments, status=0, text_in="", **environment):
        done = subprocess.run([BUILD / "outtray", "--data", self.data, *arguments],
                              input=text_in.encode() if isinstance(text_in, str) else text_in,
                              capture_output=True, timeout=SECONDS, check=False,
                              env={**clean_environment(), **environment})
        output, errors = done.stdout.decode(), done.stderr.decode()
        assert done.returncode == status, f"{done.returncode}: {output}{errors}"
        return output, errors

    def say(self, *arguments, **options):
        return self.run(*arguments, **options)[0]

    def rows(self, *arguments, **options):
        output = self.say(*arguments, "--json", **options)
        return [json.loads(line) for line in output.splitlines()]

    def complain(self, *arguments, status, **options):
        output, errors = self.run(*arguments, status=status, **options)
        assert output == ""
        assert errors.startswith("outtray: ") and errors.count("\n") == 1
        return errors


@pytest.fixture
def fresh(tmp_path):
    return Tool(tmp_path / "data")


@pytest.fixture
def tool(fresh):
    fresh.made = json.loads(fresh.say("init"))
    return fresh


@pytest.fixture
def served(tool):
    """With an outtrayd on the same folder."""
    server = subprocess.Popen([BUILD / "outtrayd", "--data", tool.data, "--listen", "127.0.0.1:0"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              env=clean_environment())
    lines = []  # remarks may come first, such as one about root
    while not any("serving" in line for line in lines):
        lines.append(server.stderr.readline().decode())
        assert lines[-1], lines
    yield tool
    server.send_signal(signal.SIGTERM)
    errors = server.communicate(timeout=SECONDS)[1].decode()
    assert server.returncode == 0, errors


def sandbox_mails(tool):
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in sorted(tool.data.glob("sandbox/**/*")) if path.is_file()]


# What there is, and exit statuses

def test_help_lists_every_command():
    output = Tool("nowhere").say("--help")
    assert [command for command in COMMANDS if f"\n  {command} " not in output] == []
    assert "Exit status: 0 done, 1 failed, 2 not understood, 3 not found, 75 try later" in output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help(command, tmp_path):
    output = Tool(tmp_path / "none").say(*command.split(), "--help")
    assert output.startswith(f"outtray {command} - ")
    assert f"usage: outtray {command}" in output and "--json" in output
    assert not (tmp_path / "none").exists()


def test_version():
    assert re.fullmatch(r"outtray \d+\.\d+\.\d+\n", Tool("nowhere").say("--version"))


@pytest.mark.parametrize("arguments, status, words", [
    ([], 2, "usage: outtray"),
    (["dance"], 2, 'no command "dance"'),
    (["token"], 2, "token revoke"),
    (["--nothing"], 2, "there is no option --nothing"),
    (["init", "--nothing"], 2, "there is no option --nothing"),
    (["init", "extra"], 2, "usage: outtray init"),
    (["token", "create", "--scope", "admin"], 2, "--user is needed"),
    (["token", "create", "--user", "you@outtray.example"], 2, "--scope is needed"),
    (["token", "create", "--user", "you@outtray.example", "--scope", "all"], 2,
     f"there is no scope all; there are: {SCOPES}"),
    (["token", "create", "--user", "you@outtray.example", "--scope", "admin", "--expires-in",
      "soon"], 2, "--expires-in must be a time such as 30s"),
    (["token", "create", "--user", "no@outtray.example", "--scope", "admin"], 3,
     "there is no user no@outtray.example"),
    (["token", "revoke"], 2, "usage: outtray token revoke ID"),
    (["token", "revoke", NO_ID], 3, NO_ID),
    (["token", "revoke", "7"], 3, "7 is not an id"),
    (["account", "test", NO_ID], 3, NO_ID),
    (["account", "add", "sandbox", "--user", "you@outtray.example", "--email", "nobody"], 2,
     "nobody"),
    (["outbox", "show", NO_ID], 3, NO_ID),
    (["outbox", "--state", "lost"], 2, "there is no state lost"),
    (["outbox", "--user", "no@outtray.example"], 3, "there is no user no@outtray.example"),
    (["outbox", "--mailbox", "nobody"], 2, "nobody"),
    (["outbox", "--since", "yesterday"], 2, "--since must be a time such as"),
    (["outbox", "--limit", "0"], 2, "--limit must be a whole number, from 1 to 10000"),
    (["user", "add", "--email", "you@outtray.example"], 1, "already"),
    (["user", "add", "--email", "a@b\n.example"], 2, "--email must be one line"),
    (["send", "--to", "a@b.example"], 2, "is required"),
    (["send", "--subject", "x"], 2, "at least one recipient"),
    (["send", "--to", "nobody", "--subject", "x"], 2, "to[0]"),
    (["send", "--from", "no@b.example", "--to", "a@b.example", "--subject", "x"], 3,
     "no@b.example is not connected"),
    (["send", "--subject", "a\nb"], 2, "--subject must be one line"),
    (["send", "--to", "a@b.example", "--subject", "x", "--attach", "/no/such"], 1, "/no/such"),
    (["send", "--eml", "--json-input"], 2, "exclude each other"),
])
def test_exit_statuses(tool, arguments, status, words):
    output, errors = tool.run(*arguments, status=status)
    assert words in errors and output == ""
    assert tool.rows("outbox") == []


def test_a_folder_without_data_is_not_made(fresh):
    assert "outtray init makes it" in fresh.complain("token", "list", status=3)
    assert not fresh.data.exists()


def test_a_broken_settings_file_is_named_with_its_line(tool):
    (tool.data / "outtray.conf").write_text("# mine\nsendwait = 3\n")
    message = tool.complain("token", "list", status=2)
    assert f"{tool.data}/outtray.conf:2: there is no setting sendwait" in message


def test_the_folder_may_be_named_anywhere(tool):
    for before, after, environment in [
            (["--data", tool.data], [], {}), ([], ["--data", tool.data], {}),
            ([f"--data={tool.data}"], [], {}), ([], [], {"OUTTRAY_DATA": str(tool.data)})]:
        done = subprocess.run([BUILD / "outtray", *before, "user", "list", *after],
                              capture_output=True, text=True, timeout=SECONDS, check=True,
                              env={**clean_environment(), **environment})
        assert "you@outtray.example" in done.stdout


# init, users, tokens

def test_init_makes_all_and_only_for_its_owner(fresh):
    made = json.loads(fresh.say("init", "--email", "Ann <ann@Example.ORG>"))
    assert sorted(made) == ["account_id", "email", "organization_id", "token", "user_id"]
    assert made["email"] == "ann@example.org"
    for path in [fresh.data, *fresh.data.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert (fresh.data / "secret.key").stat().st_size == 32
    [token] = fresh.rows("token", "list")
    assert token["scopes"] == SCOPES and token["state"] == "holds"
    [account] = fresh.rows("account", "list")
    assert account["id"] == made["account_id"] and account["provider"] == "sandbox"
    assert account["default"] is True


def test_init_again_refuses_and_changes_nothing(tool):
    message = tool.complain("init", status=1)
    assert "outtray token create" in message
    assert len(tool.rows("user", "list")) == 1


def test_init_with_a_bad_address(fresh):
    fresh.complain("init", "--email", "nobody", status=2)
    assert json.loads(fresh.say("init"))["token"]


def test_users_and_organizations(tool):
    [first] = tool.rows("user", "add", "--email", "b@outtray.example")
    [other] = tool.rows("user", "add", "--email", "c@outtray.example", "--organization", "Other")
    assert first["organization_id"] == tool.made["organization_id"]
    assert other["organization_id"] != tool.made["organization_id"]
    assert [user["email"] for user in tool.rows("user", "list")] == [
        "you@outtray.example", "b@outtray.example", "c@outtray.example"]


def test_tokens_come_and_go(tool):
    secret = tool.say("token", "create", "--user", "you@outtray.example", "--scope", "inbox:read")
    assert re.fullmatch(r"ot_[\w-]{43}\n", secret)
    [made] = tool.rows("token", "create", "--user", "you@outtray.example", "--scope", "inbox:read",
                       "--scope", "inbox:draft", "--expires-in", "30d", "--label", "robot")
    assert made["scopes"] == "inbox:read inbox:draft" and made["token"].startswith("ot_")
    listed = tool.rows("token", "list")
    assert len(listed) == 3 and listed[2]["label"] == "robot"
    assert listed[2]["expires_at"] == made["expires_at"] and listed[1]["expires_at"] is None
    assert secret.strip() not in json.dumps(listed)
    assert secret.strip().encode() not in (tool.data / "outtray.db").read_bytes()
    tool.say("token", "revoke", made["id"])
    assert tool.rows("token", "list")[2]["state"] == "revoked"
    tool.complain("token", "revoke", made["id"], status=3)


# Mailboxes

def smtp(*more):
    return ["account", "add", "smtp", "--user", "you@outtray.example", "--email",
            "me@mail.example", "--host", "127.0.0.1", *more]


def test_a_second_mailbox(tool):
    tool.say("account", "add", "sandbox", "--user", "you@outtray.example", "--email",
             "two@outtray.example", "--display-name", "Zwei", "--default")
    first, second = tool.rows("account", "list")
    assert (first["default"], second["default"]) == (False, True)
    assert second["display_name"] == "Zwei"
    tool.complain("account", "add", "sandbox", "--user", "you@outtray.example", "--email",
                  "two@outtray.example", status=1)


def test_a_refused_connection_is_told_and_nothing_kept(tool):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # not listening: whoever connects is refused
        port = unused.getsockname()[1]
        message = tool.complain(*smtp("--port", str(port), "--security", "none"), status=1)
    assert "127.0.0.1" in message and str(port) in message
    assert len(tool.rows("account", "list")) == 1


@pytest.mark.parametrize("more, words", [
    (["--security", "ssl"], "--security must be one of tls, starttls, none"),
    (["--port", "65536"], "--port must be a whole number, from 0 to 65535"),
    (["--host", "mail.example", "--security", "none"], "in the clear"),
    (["--host", "mail example"], "host name"),
    (["--password", "x"], "there is no option --password"),
    (["--username", "me"], "the password is empty"),
])
def test_smtp_options_are_checked(tool, more, words):
    assert words in tool.complain(*smtp(*more), status=2)
    assert len(tool.rows("account", "list")) == 1


@pytest.fixture
def smtp_port():
    controller = pytest.importorskip("aiosmtpd.controller")
    from aiosmtpd.smtp import AuthResult

    def authenticate(_server, _session, _envelope, _mechanism, data):
        return AuthResult(success=data.password == b"right horse", handled=False)

    class Quiet:
        async def handle_DATA(self, _server, _session, _envelope):
            return "250 taken"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = controller.Controller(Quiet(), "127.0.0.1", port, authenticator=authenticate,
                                   auth_require_tls=False)
    server.start()
    yield str(port)
    server.stop()


def test_the_password_is_tried_and_kept_sealed(tool, tmp_path, smtp_port):
    options = smtp("--port", smtp_port, "--security", "none", "--username", "me")
    message = tool.complain(*options, status=1, text_in="wrong mule\n")
    assert "535" in message and "wrong mule" not in message
    tool.complain(*options, "--password-file", str(tmp_path / "none"), status=1)
    password = tmp_path / "password"
    password.write_text("right horse\n")
    [made] = tool.rows(*options, "--password-file", str(password))
    assert "right horse" not in json.dumps(made)
    assert made["id"] in [account["id"] for account in tool.rows("account", "list")]
    assert "works" in tool.say("account", "test", made["id"])
    for path in tool.data.rglob("*"):
        assert path.is_dir() or b"right horse" not in path.read_bytes()


@pytest.mark.parametrize("way", ["variable", "standard input"])
def test_ways_of_a_password(tool, way, smtp_port):
    given = {"OUTTRAY_PASSWORD": "right horse"} if way == "variable" else {
        "text_in": "right horse\n"}
    tool.say(*smtp("--port", smtp_port, "--security", "none", "--username", "me"), **given)


# Sending

def test_without_a_server_the_mail_waits(tool):
    output, errors = tool.run("send", "--to", "a@b.example", "--subject", "Later", "--json",
                              status=75)
    assert "no outtrayd runs on" in errors and "leaves when one does" in errors
    assert json.loads(output)["state"] == "queued"
    [waiting] = tool.rows("outbox")
    assert waiting["id"] == json.loads(output)["id"] and waiting["subject"] == "Later"
    assert tool.rows("outbox", "--state", "sent") == []
    assert "Later" in tool.say("outbox", "show", waiting["id"])


@pytest.fixture
def waiting(tool):
    """Three mails in the queue: one is held, one has a plan, and one is another user's, and old."""
    tool.say("user", "add", "--email", "b@outtray.example")
    tool.say("account", "add", "sandbox", "--user", "b@outtray.example", "--email",
             "b@outtray.example")
    ids = {}
    for name, sender in [("held", "you"), ("planned", "you"), ("other", "b")]:
        output = tool.say("send", "--from", f"{sender}@outtray.example", "--to", "a@b.example",
                          "--subject", name, "--json", status=75)
        ids[name] = json.loads(output)["id"]
    with contextlib.closing(sqlite3.connect(tool.data / "outtray.db")) as db, db:
        db.execute("UPDATE emails SET next_attempt_at = NULL, reason = 'held: somebody said so' "
                   "WHERE id = ?", (ids["held"],))
        db.execute("UPDATE emails SET planned_send_at = 4102444800000, next_attempt_at = "
                   "4102444800000 WHERE id = ?", (ids["planned"],))
        db.execute("UPDATE emails SET updated_at = 1500000000000 WHERE id = ?", (ids["other"],))
    tool.ids = ids
    return tool


@pytest.mark.parametrize("arguments, subjects", [
    ([], ["other", "planned", "held"]),
    (["--held"], ["held"]),
    (["--planned"], ["planned"]),
    (["--held", "--planned"], []),
    (["--user", "b@outtray.example"], ["other"]),
    (["--user", "you@outtray.example"], ["planned", "held"]),
    (["--mailbox", "B <b@outtray.example>"], ["other"]),
    (["--mailbox", "none@outtray.example"], []),
    (["--since", "2020-01-01T00:00:00+01:00"], ["planned", "held"]),
    (["--state", "queued", "--user", "you@outtray.example", "--limit", "1"], ["planned"]),
    (["--state", "sent", "--held"], []),
])
def test_the_outbox_is_filtered(waiting, arguments, subjects):
    assert [row["subject"] for row in waiting.rows("outbox", *arguments)] == subjects


def test_what_waits_says_why(waiting):
    [row] = waiting.rows("outbox", "--held")
    assert row["reason"] == "held: somebody said so" and row["at"]
    shown = waiting.rows("outbox", "show", waiting.ids["planned"])[0]
    assert shown["planned_send_at"] == shown["next_attempt_at"] == "2100-01-01T00:00:00.000Z"
    assert (shown["id"], shown["state"], shown["if_missed"]) == (
        waiting.ids["planned"], "queued", "send")


def test_a_mail_from_options(served, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<p>Grüße</p>")
    blob = tmp_path / "blob.bin"
    blob.write_bytes(bytes(range(256)) * 1000)
    [sent] = served.rows("send", "--from", "you@outtray.example", "--to", "Zoë <z@b.example>",
                         "--to", "a@b.example", "--cc", "c@b.example", "--bcc", "d@b.example",
                         "--subject", "Grüße ✓", "--text", "one\ntwo", "--html-file", page,
                         "--attach", blob)
    assert sent["state"] == "sent" and sent["sent_at"] and sent["provider_message_id"]
    [mail] = sandbox_mails(served)
    assert mail["Subject"] == "Grüße ✓" and mail["Message-ID"] == sent["message_id"]
    assert [str(address) for address in mail["To"].addresses] == ["Zoë <z@b.example>",
                                                                  "a@b.example"]
    assert mail.get_body(("plain",)).get_content().splitlines() == ["one", "two"]
    assert "Grüße" in mail.get_body(("html",)).get_content()
    [attached] = mail.iter_attachments()
    assert attached.get_filename() == "blob.bin" and attached.get_content() == blob.read_bytes()
    [row] = served.rows("outbox")
    assert row["to"] == "z@b.example (+3)" and row["state"] == "sent"
    history = served.rows("outbox", "show", sent["id"])
    assert history[0]["id"] == sent["id"]
    assert [event["event"] for event in history[1:]][0] == "send"
    assert history[-1]["state"] == "sent"


def test_a_mail_from_a_message(served):
    written = email.message.EmailMessage(policy=email.policy.SMTP)
    written["From"] = "You <you@outtray.example>"
    written["To"] = "a@b.example, B <b@b.example>"
    written["Subject"] = "Ein Brief"
    written["Message-ID"] = "<mine@outtray.example>"
    written["Date"] = "Wed, 20 May 2026 14:10:00 +0200"
    written["References"] = "<old@b.example>"
    written.set_content("Plain\n")
    written.add_attachment(b"\x00\x01" * 5000, maintype="image", subtype="png",
                           filename="größe.png")
    [sent] = served.rows("send", "--eml", text_in=written.as_bytes())
    assert sent["state"] == "sent"
    [mail] = sandbox_mails(served)
    assert mail["Message-ID"] == "<mine@outtray.example>"
    assert mail["Date"].datetime.isoformat() == "2026-05-20T12:10:00+00:00"
    assert mail["References"] == "<old@b.example>" and mail["Subject"] == "Ein Brief"
    assert len(mail["To"].addresses) == 2
    [attached] = mail.iter_attachments()
    assert attached.get_filename() == "größe.png"
    assert attached.get_content() == b"\x00\x01" * 5000


def test_options_win_over_the_message(served):
    text = "From: x@nowhere.example\nTo: a@b.example\nSubject: old\n\nbody\n"
    assert "x@nowhere.example is not connected" in served.complain("send", "--eml", status=3,
                                                                   text_in=text)
    served.say("send", "--eml", "--from", "you@outtray.example", "--to", "z@b.example",
               "--subject", "new", text_in=text)
    [mail] = sandbox_mails(served)
    assert (mail["From"], mail["To"], mail["Subject"]) == ("you@outtray.example", "z@b.example",
                                                           "new")


def test_a_mail_from_json(served):
    content = os.urandom(300_000)
    written = {"from_account_id": served.made["account_id"], "to": "a@b.example",
               "cc": ["c@b.example"], "subject": "JSON", "body_text": "text",
               "context_type": "case", "context_id": "7",
               "attachments": [{"filename": "a.bin", "content_type": "application/x-a",
                                "data_base64": base64.b64encode(content).decode()}]}
    [sent] = served.rows("send", "--json-input", text_in=json.dumps(written))
    assert sent["state"] == "sent"
    [mail] = sandbox_mails(served)
    [attached] = mail.iter_attachments()
    assert attached.get_content_type() == "application/x-a" and attached.get_content() == content


@pytest.mark.parametrize("text, words", [
    ("", ""), ("[]", ""), ("{", ""), ('{"to": 7}', "to"), ('{"nothing": 1}', "nothing"),
    ('{"to": ["a@b.example", "b"], "subject": "x"}', "to[1]"),
    ('{"to": "a@b.example", "subject": "x", "attachments": [{"data_base64": "*"}]}',
     "data_base64"),
    ('{"to": "a@b.example", "subject": "a\\nb"}', "one line"),
])
def test_json_that_is_not_understood(tool, text, words):
    assert words in tool.complain("send", "--json-input", status=2, text_in=text)
    assert tool.rows("outbox") == []


def test_attachments_over_the_limit(tool, tmp_path):
    (tool.data / "outtray.conf").write_text("attachment_limit = 1K\nrecipient_limit = 2\n")
    large = tmp_path / "large"
    large.write_bytes(b"x" * 1025)
    send = ["send", "--to", "a@b.example", "--subject", "x"]
    assert "larger than 1024 bytes" in tool.complain(*send, "--attach", large, status=1)
    tool.complain(*send, "--to", "b@b.example", "--to", "c@b.example", status=2)
    assert tool.rows("outbox") == []


def test_the_terminal_is_not_obeyed(tool):
    """A recipient's name or a subject that came in by the API may hold anything."""
    tool.run("send", "--to", "a@b.example", "--subject", "x\u009b31m", status=75)
    assert "\u009b" not in tool.say("outbox")


def test_following_the_outbox(served):
    follower = subprocess.Popen([BUILD / "outtray", "--data", served.data, "outbox", "--follow",
                                 "--json"], stdout=subprocess.PIPE, env=clean_environment())
    try:
        seen, end = [], time.monotonic() + SECONDS
        served.say("send", "--to", "a@b.example", "--subject", "Seen")
        while "sent" not in seen and time.monotonic() < end:
            row = json.loads(follower.stdout.readline())
            assert row["subject"] == "Seen"
            seen.append(row["state"])
        assert seen[-1] == "sent"
    finally:
        follower.terminate()
        follower.communicate(timeout=SECONDS)
