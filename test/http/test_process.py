"""Who runs outtrayd, and on what: what it refuses to start with, and what it says of itself.

covers: src/main.c
"""
import os
import pathlib
import re
import subprocess
import tempfile

import pytest

from running import BUILD, SECONDS, clean_environment
from tooling import call, objects


def start(data, *flags, **environment):
    """The status and the last line of a server that refuses to start."""
    done = subprocess.run([BUILD / "outtrayd", "--data", data, "--listen", "127.0.0.1:0", *flags],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, timeout=SECONDS, check=False,
                          env={**clean_environment(), **environment})
    return done.returncode, done.stderr.splitlines()[-1]


def refusal(line):
    found = re.search(r'level=error event=not_started reason="(.*)"$', line)
    assert found, line
    return found[1]


# What is open, its mode, and what makes it right again.
OPEN = [("", 0o755, 0o700), ("", 0o777, 0o700), ("", 0o750, 0o700), ("outtray.conf", 0o644, 0o600),
        ("outtray.conf", 0o640, 0o600), ("outtray.conf", 0o666, 0o600)]


@pytest.mark.parametrize("name, mode, right", OPEN)
def test_what_others_can_read_is_refused(tmp_path, start_server, name, mode, right):
    data = tmp_path / "data"
    call(data, "init")
    (data / "outtray.conf").write_text("google_client_secret = hush\ngoogle_client_id = i\n")
    (data / "outtray.conf").chmod(0o600)
    path = data / name if name else data
    path.chmod(mode)
    status, line = start(data)
    what = "file" if name else "folder"
    assert status == 1 and refusal(line) == (f"the {what} {path} is open to other users: its mode "
                                             f"is {mode:04o}; type: chmod {right:o} {path}")
    found = {one["check"]: one for one in objects(data, "doctor", "--offline", status=1)}
    assert found["rights"]["level"] == "fail" and refusal(line) == found["rights"]["finding"]
    path.chmod(right)
    process = subprocess.Popen([BUILD / "outtrayd", "--data", data, "--listen", "127.0.0.1:0"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True, env=clean_environment())
    try:
        assert any("event=serving" in line for line in iter(process.stderr.readline, ""))
    finally:
        process.terminate()
        _, said = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, said


def test_a_user_that_cannot_be_become(tmp_path):
    data = tmp_path / "data"
    call(data, "init")
    for name, reason in ("root", "--user: root is root, which is to be given up"), (
            "no_such_user", "--user: this machine has no user no_such_user"):
        status, line = start(data, "--user", name)
        assert (status, refusal(line)) == (1, reason)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be given up")
def test_a_folder_of_another_user():
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are closed to other users
        pathlib.Path(folder).chmod(0o755)
        refuse_folder_of_root(pathlib.Path(folder) / "data")


def refuse_folder_of_root(data):
    call(data, "init")
    status, line = start(data, "--user", "nobody")
    assert (status, refusal(line)) == (1, f"the folder {data} belongs to root; type: chown -R "
                                          f"nobody: {data}")


def test_it_says_what_holds(start_server):
    """In its log, and to the doctor."""
    server = start_server()
    said = server.said()
    assert ("event=runs_as_root" in said) == (os.geteuid() == 0)
    assert "event=confined" in said or "event=not_fully_confined" in said
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    assert "NoNewPrivs:\t1\n" in status and "Seccomp:\t2\n" in status
    found = [one for one in objects(server.data, "doctor", "--offline") if one["check"] == "process"]
    assert {one["finding"].split(" with")[0] for one in found} >= {"outtrayd runs"}
    assert ("outtrayd runs as root" in [one["finding"] for one in found]) == (os.geteuid() == 0)


def test_it_is_not_confined_when_the_operator_says_so(start_server):
    server = start_server(confine="false")
    assert "event=not_confined" in server.said()
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    assert "NoNewPrivs:\t0\n" in status and "Seccomp:\t0\n" in status
    found = [one["finding"] for one in objects(server.data, "doctor", "--offline")
             if one["check"] == "process" and one["level"] == "warn"]
    assert "outtrayd is not confined: the setting confine is false" in found
