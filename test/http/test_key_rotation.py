"""`outtray key rotate`: a new key while the server runs, and no secret is lost, wherever it is
interrupted.

covers: src/cli/key.c src/store/sealed_store.c
"""
import contextlib
import signal
import sqlite3
import subprocess

import pytest

from mailboxes import ACCOUNTS
from running import BUILD, SECONDS
from shapes import said
from tooling import call, objects, refused

SEND = "/api/email/send"


def connect(client, body):
    return said(client.post(ACCOUNTS, json=body), 201)["account"]["_id"]


def rotate(server):
    [told] = objects(server.data, "key", "rotate")
    return told


def formers(server):
    return sorted(path for path in server.data.glob("secret.key.*"))


def sealed(server):
    with contextlib.closing(sqlite3.connect(server.data / "outtray.db")) as database:
        return [row[0] for row in database.execute(
            "SELECT sealed_password FROM accounts WHERE sealed_password IS NOT NULL UNION ALL "
            "SELECT sealed_secret FROM webhooks")]


def key_of(server):
    [found] = [one for one in objects(server.data, "doctor", "--offline") if one["check"] == "key"]
    return found["level"], found["finding"]


@pytest.fixture
def world(start_server, start_smtp):
    """A server, a mailbox whose password is sealed, and a webhook."""
    server, peer = start_server(), start_smtp(security="none")
    client = server.client(server.token)
    account = connect(client, peer.mailbox("a@example.net"))
    call(server.data, "webhook", "add", "--user", server.email, "--url", "https://example.com/")

    def send():
        mail = {"from_account_id": account, "to": ["b@example.com"], "subject": "s"}
        return said(server.client(server.token).post(SEND, json=mail))["status"]

    assert send() == "sent"
    return server, peer, send


def test_while_the_server_runs(world, tmp_path):
    """Mail goes on, what is sealed from then on is sealed with the new key, and a backup from
    before opens with the former one."""
    server, peer, send = world
    former_key, before = (server.data / "secret.key").read_bytes(), sealed(server)
    call(server.data, "backup", tmp_path / "before.tar")
    told = rotate(server)
    [former] = formers(server)
    assert told == {"former_key": str(former), "sealed_anew": len(before), "unopened": 0}
    assert former.read_bytes() == former_key != (server.data / "secret.key").read_bytes()
    assert former.stat().st_mode & 0o777 == (server.data / "secret.key").stat().st_mode & 0o777 == 0o600
    assert not set(before) & set(sealed(server))
    assert send() == "sent"
    connect(server.client(server.token), peer.mailbox("later@example.net"))
    assert key_of(server) == ("ok", f"mode 0600, and opens what is sealed with it: {len(before) + 1} secrets")
    former.rename(tmp_path / "former")
    assert send() == "sent"
    call(tmp_path / "restored", "restore", tmp_path / "before.tar", "--key", tmp_path / "former")
    assert {one["level"] for one in objects(tmp_path / "restored", "doctor", "--offline")
            if one["check"] == "key"} == {"ok"}
    assert "the key file is another one" in refused(
        tmp_path / "other", "restore", tmp_path / "before.tar", "--key", server.data / "secret.key",
        status=1)
    with contextlib.closing(sqlite3.connect(server.data / "outtray.db")) as database:
        [[actor]] = database.execute("SELECT actor FROM events WHERE event = 'key.rotated'")
    assert actor == "operator"


@pytest.mark.parametrize("fault", ["key_linked:1", "key_replaced:1", "sealed_anew:1"])
def test_killed_in_the_middle(world, fault):
    """Everything opens: for the server that runs, for one that starts anew, and for the tool; and
    to do it again makes it whole."""
    server, _, send = world
    environment = {**server.environment, "OUTTRAY_FAULT": fault}
    done = subprocess.run([BUILD / "outtray", "--data", server.data, "key", "rotate"], check=False,
                          env=environment, timeout=SECONDS, capture_output=True)
    assert done.returncode == -signal.SIGKILL
    assert send() == "sent"
    level, finding = key_of(server)
    assert level == ("warn" if fault == "key_replaced:1" else "ok"), finding
    if level == "warn":
        assert finding == ("2 of 2 secrets are sealed with a former key; outtray key rotate seals "
                           "all anew")
    server.stop()
    server.start()
    assert send() == "sent"
    assert rotate(server)["unopened"] == 0
    assert key_of(server)[0] == "ok" and send() == "sent"
    for former in formers(server):
        former.unlink()
    server.stop()
    server.start()
    assert send() == "sent"


def test_what_a_person_reads(world):
    server, _, _ = world
    output, _ = call(server.data, "key", "rotate")
    assert output.decode() == (
        f"The key is a new one, and 2 secrets are sealed with it. The former key is "
        f"{formers(server)[0]}:\nkeep it as long as there are backups from before (outtray restore "
        "--key).\n")
