"""The first minutes with it: what is printed and where it leads, a port that is taken, a variable that
is misspelled, the examples of README and its pages, a tree that was copied.

covers: src/first_start.c src/api/reference.c src/http/listen.c src/settings.c
"""
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess

import pytest
import requests

from people import new_token
from running import BUILD, SECONDS, clean_environment
from shapes import said
from tooling import objects

ROOT = pathlib.Path(__file__).resolve().parents[2]


def start(data, listen="127.0.0.1:0", **environment):
    return subprocess.Popen([BUILD / "outtrayd", "--data", data, "--listen", listen],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True,
                            env={**clean_environment(), **environment})


def serve_once(data, **environment):
    """Until it serves: what it printed, and its log."""
    process, log = start(data, **environment), ""
    for line in iter(process.stderr.readline, ""):
        log += line
        if "event=serving" in line:
            break
    process.terminate()
    printed, more = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, log + more
    return printed, log + more


def test_a_second_start_tells_how_to_get_a_token(tmp_path):
    data = tmp_path / "it's here"
    first, _ = serve_once(data)
    assert "/docs" in first and "token create" not in first
    second, _ = serve_once(data)
    assert "/docs" in second and "ot_" not in second
    [line] = [line for line in second.splitlines() if "token create" in line]
    made = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True,
                          env=clean_environment())
    assert re.fullmatch(r"ot_[\w-]{43}\n", made.stdout)


def test_a_port_that_is_taken(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = "127.0.0.1:%d" % taken.getsockname()[1]
        process = start(tmp_path / "data", address)
        _, log = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert f"another program listens on {address} already" in log
    assert "make run LISTEN=" in log and "--listen" in log


def test_a_variable_that_says_nothing(tmp_path):
    """Seen to fail without the look at it: nothing is said."""
    given = {"OUTTRAY_LISEN": "1", "OUTTRAY_": "x", "OUTTRAY_EMPTY": "", "OUTTRAY_send_wait": "1s",
             "OUTTRAY_SEND_WAIT": "2s", "OUTTRAYX": "1", "OUTTRAY_PASSWORD": "x"}
    _, log = serve_once(tmp_path / "data", **given)
    assert set(re.findall(r"event=unknown_variable name=(\S+)", log)) == {
        "OUTTRAY_LISEN", "OUTTRAY_", "OUTTRAY_send_wait"}
    found = [one["finding"] for one in objects(tmp_path / "data", "doctor", "--offline", **given)
             if one["check"] == "settings"]
    assert len(found) == 3 and any("OUTTRAY_LISEN" in finding for finding in found)


def test_the_front_door_leads_to_a_page(server):
    reply = requests.get(server.url + "/", allow_redirects=False, timeout=SECONDS)
    assert (reply.status_code, reply.headers["Location"]) == (302, "/docs")
    page = requests.get(server.url + "/", timeout=SECONDS)
    assert page.status_code == 200 and "+refused@example.com" in page.text


PAGES = "README.md", "docs/using.md", "docs/mailboxes.md"
ELSEWHERE = "smtp.example.com", "connect gmail"  # these examples need a mailbox of a real provider
BETWEEN = "--- between two examples ---"


def examples(page):
    """Each command of the page that can be pasted here, and the answer printed below it, or None."""
    found = re.findall(r"```sh\n(.*?)```\n(?:\n```json\n(.*?)```)?", (ROOT / page).read_text(), re.S)
    return [(command, answer and json.loads(answer)) for command, answer in found
            if not any(word in command for word in ELSEWHERE)]


def same_shape(shown, given):
    """Both have the same members; what is no id, time or hash is also the same."""
    if isinstance(shown, dict):
        assert list(shown) == list(given)
        for name, value in shown.items():
            same_shape(value, given[name])
    elif isinstance(shown, str) and not re.search(r"[0-9A-Za-z]{8}-|_0|\dZ$", shown):
        assert given == shown
    else:
        assert isinstance(given, type(shown))


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page_can_be_pasted(page, start_server, tmp_path):
    """All of them, one after the other, into one shell; each answer is the printed one."""
    server = start_server()
    (tmp_path / "build").symlink_to(BUILD)
    (tmp_path / "var").symlink_to(server.data)
    pasted = examples(page)
    assert pasted
    script = f"\necho; echo '{BETWEEN}'\n".join(command for command, _ in pasted)
    for former, present in ("http://127.0.0.1:8025", server.url), ("/tmp/", f"{tmp_path}/"):
        script = script.replace(former, present)
    done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=tmp_path,
                          capture_output=True, text=True, check=False, env=clean_environment())
    assert done.returncode == 0, done.stdout + done.stderr
    outputs = done.stdout.split(f"\n{BETWEEN}\n")
    assert len(outputs) == len(pasted)
    for (command, answer), output in zip(pasted, outputs):
        if "curl" in command:
            given = json.loads(output)
            assert "error" not in given, output
        if answer:
            same_shape(answer, given)


def test_the_readme_begins_with_the_two_commands_and_has_an_example():
    lines = (ROOT / "README.md").read_text().splitlines()
    assert [line.split("#")[0].strip() for line in lines[2:4]] == ["make run", "make test"]
    assert any("$TOKEN" in command and answer for command, answer in examples("README.md"))


def test_each_address_that_fails_is_in_the_readme(server):
    """The table tells what comes of each."""
    rows = dict(re.findall(r"\| `(ann\+\w+@example\.com)` \| ([^|]*)", (ROOT / "README.md").read_text()))
    states = {"refused": "failed", "later": "queued", "signin": "queued", "unknown": "unknown",
              "lost": "unknown"}
    assert set(rows) == {f"ann+{tag}@example.com" for tag in states}
    server.tool("user", "add", "--email", "first@minutes.example")
    server.tool("account", "add", "sandbox", "--user", "first@minutes.example", "--email",
                "first@minutes.example")
    user = server.client(new_token(server, "first@minutes.example", "inbox:read", "inbox:write"))
    for tag, state in states.items():
        if tag == "signin":
            continue  # it holds the mailbox: test_held_mailboxes.py
        body = {"to": [f"ann+{tag}@example.com"], "subject": "s", "body_text": "t"}
        user.post("/api/v1/email/outbound/send", json=body, headers={"Idempotency-Key": tag})
        [record] = [one for one in said(user.get("/api/email/outbound"))["items"]
                    if f"+{tag}@" in json.dumps(one["to"])]
        assert record["status"] == state and (state == "queued" or f"`{state}`" in rows[
            f"ann+{tag}@example.com"])


def test_a_copied_tree_builds_itself(tmp_path):
    """Seen to fail without the look at whose the folder is: the former tree's folder is built."""
    tree, copy, moved = (tmp_path / name for name in ("tree", "copy", "moved"))
    (tree / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts/build.sh", tree / "scripts")
    (tree / "meson.build").write_text("project('tree', 'c')\nmessage('here')\n")

    def build(root):
        done = subprocess.run([root / "scripts/build.sh", "build"], capture_output=True, text=True,
                              timeout=10 * SECONDS, check=False, env=clean_environment())
        assert done.returncode == 0, done.stdout + done.stderr
        info = json.loads((root / "build/meson-info/meson-info.json").read_text())
        return info["directories"]["source"], "message" in done.stdout.lower()

    assert build(tree) == (str(tree), True)
    assert build(tree) == (str(tree), False)  # as it was: nothing is configured anew
    shutil.copytree(tree, copy, symlinks=True)
    os.utime(copy / "meson.build")
    former = (tree / "build/build.ninja").stat().st_mtime_ns
    assert build(copy) == (str(copy), True)
    assert (tree / "build/build.ninja").stat().st_mtime_ns == former
    tree.rename(moved)
    assert build(moved) == (str(moved), True)
