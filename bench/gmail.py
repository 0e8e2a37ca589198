"""Sends through a Gmail that takes its time (test/http/fake_gmail.py, a process of its own)."""
import contextlib
import json
import subprocess
import sys
import time

import requests

from loading import load, scaled, write_bodies
from running import ROOT, SECONDS
from served import free_port, memory_of, served

SEND = "/api/email/send"
MAILBOXES, AT_ONCE, LATENCY = 100, 3, 0.3
CALLS = 3  # of a mail: the draft, its sending, and what Gmail made of it
MAILS = 3000


@contextlib.contextmanager
def slow_gmail():
    process = subprocess.Popen(
        [sys.executable, "-m", "fake_gmail", "--port", str(free_port()), "--oauth-port",
         str(free_port()), "--mailboxes", str(MAILBOXES), "--latency", str(LATENCY)],
        cwd=ROOT / "test/http", stdout=subprocess.PIPE, text=True)
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(SECONDS)


def threads_of(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("Threads:"))


def sends(table, folder, scale):
    bound = MAILBOXES * AT_ONCE / (CALLS * LATENCY)
    with slow_gmail() as fake, served(
            folder, gmail_api_url=fake["url"], google_token_url=fake["token_url"],
            google_authorize_url=fake["authorize_url"],
            google_client_id=fake["client_id"],
            google_client_secret=fake["client_secret"],
            delivery_threads=str(MAILBOXES * AT_ONCE)) as server:
        client = server.client(server.token)
        accounts = [client.post("/api/email/accounts", json={
            "provider": "gmail", "refreshToken": mailbox["refresh_token"]}).json()["account"]["_id"]
                    for mailbox in fake["mailboxes"]]
        bodies = write_bodies(folder, "gmail", (
            {"from_account_id": account, "to": ["client@example.com"], "subject": "Contract",
             "body_text": "Here it is."} for account in accounts))
        count = scaled(MAILS, scale)
        began = time.monotonic()
        load(server, SEND, bodies, 16, count, "Prefer: respond-async")
        threads = threads_of(server)
        server.wait_until_all_left()
        rate = count / (time.monotonic() - began)
        asked = requests.get(fake["url"] + "/fake", timeout=SECONDS).json()["counts"]
        assert asked["drafts.send"] == count, asked
        table.add("sent through Gmail at 300 ms, 100 mailboxes", rate, "/s", bound, "90 % of it")
        table.add("  threads meanwhile", threads, "")
        table.add("  memory meanwhile", memory_of(server, "VmHWM"), "MB", aim="< 64 MB")
