"""The fakes as processes of their own, as benchmarks use them."""
import contextlib
import json
import pathlib
import signal
import subprocess
import sys

import pytest
import requests

from gmail_client import mail
from running import SECONDS
from shapes import said

HERE = pathlib.Path(__file__).resolve().parent
MESSAGE = {"subject": "hello", "toRecipients": [{"emailAddress": {"address": "b@example.com"}}]}
SENDS = {"fake_gmail": ("/upload/gmail/v1/users/me/messages/send?uploadType=media",
                        {"data": mail(), "headers": {"Content-Type": "message/rfc822"}}, 200),
         "fake_graph": ("/v1.0/me/sendMail", {"json": {"message": MESSAGE}}, 202)}


@contextlib.contextmanager
def alone(module, *options):
    process = subprocess.Popen([sys.executable, "-B", "-m", module, *options], cwd=HERE, text=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("module", SENDS)
def test_serves_another_process(module):
    with alone(module, "--mailboxes", "3", "--keep", "2", "--latency", "0.001") as process:
        told = json.loads(process.stdout.readline())
        assert [mailbox["address"] for mailbox in told["mailboxes"]] == [
            "user0@example.com", "user1@example.com", "user2@example.com"]
        with requests.Session() as session:
            session.trust_env = False
            tokens = said(session.post(told["token_url"], data={
                "grant_type": "refresh_token", "client_id": told["client_id"],
                "client_secret": told["client_secret"],
                "refresh_token": told["mailboxes"][1]["refresh_token"]}))
            session.headers["Authorization"] = f"Bearer {tokens['access_token']}"
            path, options, status = SENDS[module]
            for _ in range(5):
                assert session.post(told["url"] + path, **options).status_code == status
            counts = said(session.get(told["url"] + "/fake"))
        assert (sum(counts["counts"].values()), counts["most_at_once"]) == (
            5, {"user1@example.com": 1})
        process.send_signal(signal.SIGTERM)
        told = json.loads(process.stdout.readline())
        assert (told["sent"], process.wait(SECONDS)) == (5, 0)
