"""`outtray doctor`: each check made to find something once, and what it says then.

covers: src/cli/credential.c src/cli/doctor.c src/cli/doctor_machine.c src/cli/doctor_mailboxes.c
covers: src/cli/doctor_records.c src/cli/doctor_settings.c src/cli/doctor_webhooks.c
"""
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time

import pytest

from files import blob_path, unique, upload_document
from mailboxes import connect
from running import BUILD, SECONDS, clean_environment
from tooling import call, objects

NAMES = ["folder", "rights", "space", "settings", "files", "clock", "database", "time", "key",
         "server", "process", "mailboxes", "defaults", "quotas",
         "quota counts", "webhooks", "attachments", "undecided", "held", "failed", "waiting"]
HOUR_MS = 60 * 60 * 1000


def now_ms():
    return int(time.time() * 1000)


@pytest.fixture
def data(tmp_path):
    call(tmp_path / "data", "init")
    return tmp_path / "data"


def change(data, statement, *values):
    with contextlib.closing(sqlite3.connect(data / "outtray.db")) as database:
        database.execute(statement, values)
        database.commit()


def doctor(data, *arguments, status=0, **environment):
    """What it has found: a list of findings for each check."""
    found = {}
    for finding in objects(data, "doctor", *arguments, status=status, **environment):
        assert (finding["advice"] is None) == (finding["level"] == "ok")
        found.setdefault(finding["check"], []).append(finding)
    return found


def worst(found, *left_out):
    """The levels that are not ok; the clock of this machine is as it is, and so is who runs this."""
    return {name: finding["level"] for name, findings in found.items() for finding in findings
            if finding["level"] != "ok" and name not in ("clock", *left_out)
            and finding["finding"] != "outtrayd runs as root"}


def files(folder):
    return sorted((path.relative_to(folder).as_posix(), path.read_bytes())
                  for path in folder.rglob("*") if path.is_file())


def test_all_is_well(start_server):
    """While a server runs: every check has its line, and nothing is changed."""
    server = start_server()
    upload_document(server.client(server.token), content=unique())
    found = doctor(server.data, OUTTRAY_LISTEN=f"127.0.0.1:{server.port}")
    assert list(found) == NAMES and worst(found) == {}
    assert found["server"][0]["finding"] == f"outtrayd answers at 127.0.0.1:{server.port}"
    assert found["attachments"][0]["finding"] == "all 1 that documents name are there"
    found = doctor(server.data, "--thorough", OUTTRAY_LISTEN="127.0.0.1:1")
    assert worst(found) == {}  # it is asked where it listens, whatever this shell says
    assert found["server"][0]["finding"] == f"outtrayd answers at 127.0.0.1:{server.port}"
    os.kill(server.process.pid, signal.SIGSTOP)
    try:
        found = doctor(server.data, "--offline")
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
    assert worst(found) == {"server": "warn"}
    assert "does not say that it is ready" in found["server"][0]["finding"]


def test_what_a_person_reads(data):
    output, errors = call(data, "doctor", "--offline")
    lines = output.decode().splitlines()
    assert errors == "" and lines[0] == f"OK    folder       {data}"
    server = lines.index("WARN  server       no outtrayd runs on this folder: nothing is sent")
    assert lines[server + 1].startswith(" " * 19 + "Start outtrayd")


def test_nothing_is_there(tmp_path):
    found = doctor(tmp_path / "none", status=1)
    assert worst(found) == {"folder": "fail"} and "outtray init" in found["folder"][0]["advice"]
    assert "database" not in found and not (tmp_path / "none").exists()


def broken_pages(data):
    with (data / "outtray.db").open("r+b") as database:
        for page in range(20, 40):
            database.seek(page * 8192)
            database.write(b"\xff" * 8192)


QUEUED = ("INSERT INTO emails (id, organization_id, user_id, account_id, state, version, attempts, "
          "claim, created_at, updated_at, next_attempt_at) SELECT 'x', organization_id, user_id, id, "
          "?, 1, 0, 0, 0, ?, ? FROM accounts")


def webhook(data, change_it, *values):
    call(data, "webhook", "add", "--user", "you@outtray.example", "--url", "https://example.com/")
    change(data, f"UPDATE webhooks SET {change_it}", *values)


# Its name, what is done to the folder, the level, and words of the finding.
TROUBLES = {
    "rights": (lambda data: data.chmod(0o755), "fail", "its mode is 0755; type: chmod 700 "),
    "database, damaged": (broken_pages, "fail", "it is damaged"),
    "database, none": (lambda data: (data / "outtray.db").write_bytes(b"x" * 9000), "fail",
                       "is not a database"),
    "database, newer": (lambda data: change(data, "INSERT INTO schema_version VALUES (99, '', 0)"),
                        "fail", "a newer outtray has used it: its tables are number 99"),
    "database, older": (lambda data: change(data, "DELETE FROM schema_version WHERE number > 5"),
                        "warn", "its tables are number 5"),
    "time": (lambda data: (change(data, QUEUED, "draft", 0, None), change(
        data, "INSERT INTO events (organization_id, number, email_id, at, event, from_state, "
              "to_state, actor) VALUES ('o', 1, 'x', ?, 'created', 'draft', 'draft', 'system')",
        now_ms() + HOUR_MS)), "fail", "it is earlier than the newest event"),
    "key, gone": (lambda data: (data / "secret.key").unlink(), "fail", "there is no "),
    "key, open": (lambda data: (data / "secret.key").chmod(0o644), "fail", "may be read by others"),
    "key, another": (lambda data: change(data, "UPDATE accounts SET sealed_password = ?", "QUJD" * 20),
                     "fail", "does not open with this key file"),
    "key, another webhook's": (lambda data: webhook(data, "sealed_secret = ?", "QUJD" * 20), "fail",
                               "does not open with this key file"),
    "webhooks, failing": (lambda data: webhook(data, "failing_since = ?, reason = 'no'", now_ms()),
                          "warn", "https://example.com/ ("),
    "webhooks, off": (lambda data: webhook(data, "is_active = 0, reason = '410'"), "warn",
                      ") is switched off: 410"),
    "mailboxes, dead": (lambda data: change(data, "UPDATE accounts SET needs_sign_in = 1, "
                                                  "pause_reason = 'the grant is dead'"),
                        "warn", "needs a new sign-in, and its mail waits: the grant is dead"),
    "mailboxes, paused": (lambda data: change(data, "UPDATE accounts SET paused_until = ?",
                                              now_ms() + HOUR_MS), "warn", "is paused until"),
    "defaults": (lambda data: change(data, "UPDATE accounts SET is_default = 0"), "warn",
                 "1 users have mailboxes and none as their default"),
    "undecided": (lambda data: change(data, QUEUED, "unknown", 0, None), "warn", "1 mails may have"),
    "held": (lambda data: change(data, QUEUED, "queued", 0, None), "warn", "1 mails are held"),
    "failed": (lambda data: change(data, QUEUED, "failed", now_ms() - HOUR_MS, None), "warn",
               "1 mails have failed within a day"),
    "waiting": (lambda data: change(data, QUEUED, "queued", 0, now_ms() - HOUR_MS), "warn",
                "mail that could leave waits since"),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_each_check(data, name):
    make, level, words = TROUBLES[name]
    check = name.split(",", maxsplit=1)[0]
    make(data)
    before = files(data)
    found = doctor(data, "--offline", status=level == "fail")
    left_out = ["server"] + ["mailboxes"] * (check == "key")
    assert worst(found, *left_out) == {check: level}
    [finding] = found[check]
    assert words in finding["finding"] and finding["advice"]
    if check in ("database", "key"):
        assert [name for name, _ in files(data)] == [name for name, _ in before]


def test_nothing_old_is_a_trouble(data):
    change(data, QUEUED, "failed", now_ms() - 25 * HOUR_MS, None)
    change(data, QUEUED.replace("'x'", "'y'"), "queued", 0, now_ms() + HOUR_MS)
    assert worst(doctor(data, "--offline"), "server") == {}


@pytest.mark.parametrize("level, words, settings", [
    ("fail", "one is missing", {"google_client_id": "me"}),
    ("fail", "one is missing", {"google_client_secret": "s"}),
    ("fail", "microsoft_client_id is not", {"microsoft_client_secret": "s"}),
    ("fail", "tls_ca_file cannot be read", {"tls_ca_file": "/no/such/file"}),
    ("warn", "leads to this machine", {"listen": "0.0.0.0:80", "public_url": "https://127.0.0.1"}),
    ("warn", "plain http", {"listen": "[::]:80", "public_url": "http://mail.example.com"}),
    ("warn", "model_name is not", {"model_url": "https://model.example.com/v1/chat"}),
    ("warn", "too small for an attachment", {"attachment_limit": "40M"}),
    ("ok", "they fit together", {"microsoft_client_id": "me"}),
    ("ok", "they fit together", {"google_client_id": "me", "google_client_secret": "s"}),
    ("ok", "they fit together", {"listen": "[::]:80", "public_url": "https://mail.example.com"}),
])
def test_settings(tmp_path, level, words, settings):
    given = {f"OUTTRAY_{name.upper()}": value for name, value in settings.items()}
    [finding] = doctor(tmp_path / "none", status=1, **given)["settings"]
    assert finding["level"] == level and words in finding["finding"]


def test_the_disk_is_nearly_full(data):
    free = shutil.disk_usage(data).free
    assert worst(doctor(data, "--offline", "--reserve", str(free * 2)), "server") == {"space": "warn"}
    found = doctor(data, "--offline", "--reserve", str(free * 20), status=1)
    assert worst(found, "server") == {"space": "fail"}
    assert "MiB are free" in found["space"][0]["finding"]


def test_too_few_files(data):
    done = subprocess.run(["bash", "-c", 'ulimit -n 512; exec "$@"', "-", BUILD / "outtray", "--data",
                           data, "doctor", "--offline", "--json"], capture_output=True,
                          timeout=SECONDS, check=True, env=clean_environment())
    [finding] = [one for one in map(json.loads, done.stdout.splitlines()) if one["check"] == "files"]
    assert finding["level"] == "warn"
    assert finding["finding"].startswith("512 may be open") and "need 1408" in finding["finding"]


def test_attachments_that_are_gone(start_server):
    server = start_server()
    contents = [unique() for _ in range(3)]
    for content in contents:
        upload_document(server.client(server.token), content=content)
    blob_path(server, contents[1]).unlink()
    found = doctor(server.data, status=1, OUTTRAY_LISTEN="127.0.0.1:0")
    assert worst(found) == {"attachments": "fail"}
    assert found["attachments"][0]["finding"] == "1 of 3 that documents name are missing"


def test_a_mailbox_whose_password_has_changed(start_server, start_smtp):
    server, peer = start_server(), start_smtp(security="starttls")
    mailbox = connect(server, peer)
    environment = {"OUTTRAY_LISTEN": "127.0.0.1:0",
                   "OUTTRAY_TLS_CA_FILE": str(server.settings["tls_ca_file"])}
    found = doctor(server.data, **environment)
    assert worst(found) == {} and found["mailboxes"][0]["finding"] == "all 2 can be sent through"
    peer.password = "another"
    found = doctor(server.data, status=1, **environment)
    assert worst(found) == {"mailboxes": "fail"}
    [finding] = found["mailboxes"]
    assert finding["finding"].startswith(f"{mailbox.address} ({mailbox.id}): ")
    assert worst(doctor(server.data, "--offline", **environment)) == {}
