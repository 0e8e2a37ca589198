"""The programs as `make build` makes them, behind their lock: they do all their work there, and it
holds. What it keeps out, call by call and path by path, is in test/unit/base/confine_test.c.

Seen to fail: without /usr/lib and /lib among the paths.
"""
import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from judging import judge
from running import BUILD, SECONDS, clean_environment
from shapes import said
from tooling import call, objects
from world import KINDS, World

SEND = "/api/email/send"
IMPORT = "/api/email/messages/import"
# Each needs a module of the C library's that is loaded when it is first asked for.
CHARSETS = {"koi8-r": "Письмо", "shift_jis": "手紙", "euc-kr": "편지", "gb18030": "信件",
            "windows-1256": "رسالة", "iso-2022-jp": "手紙", "big5": "信件", "ibm850": "é"}


def state_of(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)


def mail_in(charset, text):
    body = text.encode(charset)
    return (f"From: a@example.com\r\nTo: sandbox0@torture.example\r\nSubject: {charset}\r\n"
            f"Message-ID: <{charset}@example.com>\r\nMIME-Version: 1.0\r\n"
            f"Content-Type: text/plain; charset={charset}\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\n").encode() + body + b"\r\n"


def test_it_does_its_work_behind_the_lock(tmp_path, authority):
    """Mail of each kind, through a host's name too; names that were never looked up; charsets that
    were never read; a restart; a backup while it runs."""
    world = World(tmp_path, authority, KINDS, send_wait="30s")
    with contextlib.closing(contextlib.ExitStack()) as ending:
        ending.callback(world.end)
        state = state_of(world.server.process)
        assert (state["NoNewPrivs"], state["Seccomp"]) == ("1", "2")
        limits = pathlib.Path(f"/proc/{world.server.process.pid}/limits").read_text(encoding="ascii")
        assert "Max core file size        0                    0  " in limits
        for kind, [account] in world.accounts.items():
            mail = {"from_account_id": account, "to": ["b@example.com"], "subject": "s"}
            assert said(world.client.post(SEND, json=mail))["status"] == "sent", kind
        account = world.accounts["sandbox"][0]
        for charset, text in CHARSETS.items():
            reply = world.client.post(IMPORT, params={"account": account},
                                      data=mail_in(charset, text),
                                      headers={"Content-Type": "message/rfc822"})
            assert reply.status_code == 201 and text in reply.text, (charset, reply.text)
        call(world.server.data, "backup", tmp_path / "backup.tar")
        world.server.stop()
        world.start()
        assert judge(world)["sent"] == len(KINDS)
        found = [one for one in objects(world.server.data, "doctor", "--offline")
                 if one["check"] == "process" and "as root" not in one["finding"]]
        assert [one["level"] for one in found] == ["ok"], found


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be given up")
def test_root_is_given_up(authority):
    """Started by root as another user: it serves, belongs to that user, and cannot be looked into
    by that user's other processes."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        shutil.copy((BUILD / "outtrayd").resolve(), folder / "outtrayd")
        (folder / "data").mkdir(mode=0o700)
        shutil.chown(folder / "data", "nobody")
        process = subprocess.Popen(
            [folder / "outtrayd", "--data", folder / "data", "--listen", "127.0.0.1:0", "--user",
             "nobody"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, env=clean_environment())
        try:
            lines = []
            assert any("event=serving" in line
                       for line in iter(process.stderr.readline, "") if not lines.append(line))
            state = state_of(process)
            nobody = str(pathlib.Path(folder / "data").stat().st_uid)
            assert state["Uid"].split() == [nobody] * 4
            assert len(state["Groups"].split()) == 1
            assert int(state["CapEff"], 16) == int(state["CapPrm"], 16) == 0
            assert os.stat(f"/proc/{process.pid}/environ").st_uid == 0  # it cannot be dumped
            assert not any("runs_as_root" in line for line in lines)
            assert all(path.stat().st_uid == int(nobody)
                       for path in (folder / "data").rglob("*"))
        finally:
            process.terminate()
            process.communicate(timeout=SECONDS)
        assert process.returncode == 0
