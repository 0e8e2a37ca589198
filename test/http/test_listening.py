"""/metrics at an address of its own; what caches may keep; where the first token goes.

covers: src/first_start.c
"""
import os
import pty
import re
import subprocess

import pytest
import requests

from running import BUILD, SECONDS, Server, clean_environment, wait_until
from shapes import said

ADDRESSED = {"/metrics": (404, 200), "/healthz": (200, 200), "/readyz": (200, 200),
             "/api/email/drafts": (200, 404), "/openapi.json": (200, 404), "/docs": (200, 404)}


@pytest.mark.parametrize("path", ADDRESSED)
def test_metrics_have_an_address_of_their_own(metrics_server, path):
    server, port = metrics_server
    headers = {"Authorization": f"Bearer {server.token}"}
    got = tuple(requests.get(f"http://127.0.0.1:{one}{path}", headers=headers, timeout=SECONDS)
                for one in (server.port, port))
    assert tuple(reply.status_code for reply in got) == ADDRESSED[path]
    if path == "/metrics":
        assert "there is no such path" in got[0].text
        assert b"http_requests_total" in got[1].content


@pytest.fixture(scope="module")
def metrics_server(tmp_path_factory, authority):

    with Server(tmp_path_factory.mktemp("server"), authority,
                metrics_listen="127.0.0.1:0") as server:
        found = wait_until(lambda: re.search(r"event=serving_metrics port=(\d+)\n", server.said()))
        yield server, int(found[1])


def test_without_it_they_are_where_the_api_is(api):
    assert api.get("/metrics").status_code == 200


def test_an_address_that_cannot_be_had_is_said(tmp_path):
    done = subprocess.run([BUILD / "outtrayd", "--data", tmp_path / "data", "--listen",
                           "127.0.0.1:0", "--metrics-listen", "192.0.2.1:9"], text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=SECONDS, check=False, env=clean_environment())
    assert done.returncode == 1 and "192.0.2.1:9" in done.stderr and done.stdout == ""


def test_nothing_is_kept_by_caches(api, server):
    """But for the two pages that are the same for everybody."""
    mail = {"from_account_id": server.account_id, "to": [server.email], "subject": "s",
            "body_text": "t", "attachments": [{"filename": "a.txt", "content_type": "text/plain",
                                               "data_base64": "SGVsbG8hCg=="}]}
    uid = said(api.post("/api/email/send", json=mail))["outbound_email_uid"]
    conversation = said(api.get("/api/conversation"))["conversations"][0]["_id"]
    shown = said(api.get(f"/api/conversation/{conversation}"))
    link = re.search(r'"(http://[^"]*/api/messages/download\?[^"]*)"', api.get(
        f"/api/conversation/{conversation}").text)
    rows = [("GET", "/api/email/drafts"), ("GET", f"/api/email/outbound/{uid}/raw"),
            ("GET", f"/api/email/outbound/{uid}"), ("GET", "/healthz"), ("GET", "/metrics"),
            ("GET", "/api/email/drafts/none"), ("GET", "/nothing"), ("POST", "/api/email/send"),
            ("GET", f"/api/conversation/{conversation}"), ("GET", "/api/tokens")]
    for method, path in rows:
        reply = api.request(method, path, json={} if method == "POST" else None)
        assert reply.headers.get("Cache-Control") == "no-store", path
    assert shown and (not link or requests.get(
        link[1].replace("\\u0026", "&"), timeout=SECONDS).headers["Cache-Control"] == "no-store")
    for path in "/docs", "/openapi.json":
        reply = api.get(path)
        assert (reply.headers["Cache-Control"], bool(reply.headers["ETag"])) == ("no-cache", True)


def first_start(data, stdout):
    return subprocess.Popen([BUILD / "outtrayd", "--data", data, "--listen", "127.0.0.1:0"],
                            stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
                            text=True, env=clean_environment())


def port_of(process):
    for line in iter(process.stderr.readline, ""):
        if found := re.search(r"event=serving .*port=(\d+)", line):
            return int(found[1])
    raise AssertionError("it did not serve")


def test_the_first_token_goes_to_a_file(tmp_path):
    """Where standard output is kept: the line that is printed can be pasted as it is."""
    data = tmp_path / "it's here"
    process = first_start(data, subprocess.PIPE)
    try:
        port = port_of(process)
        token = (data / "first-token").read_text()
        assert (data / "first-token").stat().st_mode & 0o777 == 0o600
        assert re.fullmatch(r"ot_[\w-]{43}\n", token)
        line = next(line for line in iter(process.stdout.readline, "") if "  curl " in line)
        line = re.sub(r"http://127\.0\.0\.1:\d+", f"http://127.0.0.1:{port}", line)
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
        assert '"status":"sent"' in done.stdout.replace(" ", "")
    finally:
        process.terminate()
        printed, errors = process.communicate(timeout=SECONDS)
    assert token.strip() not in line + printed + errors


def test_a_terminal_shows_the_first_token(tmp_path):
    ours, theirs = pty.openpty()
    process = first_start(tmp_path / "data", theirs)
    os.close(theirs)
    try:
        port_of(process)
        shown = ""
        while "data_base64" not in shown:
            shown += os.read(ours, 4096).decode()
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)
        os.close(ours)
    assert re.search(r"Your token, shown only now:\s+export TOKEN=ot_[\w-]{43}\s", shown)
    assert not (tmp_path / "data/first-token").exists()
