"""A fake in a process of its own, for benchmarks and for whoever is not written in Python.

    python3 -m fake_gmail --port 8080 --oauth-port 8081 --mailboxes 32 --latency 0.3

Prints one line of JSON as soon as it listens: its URL, where tokens are had, and the mailboxes
with a refresh token each. GET /fake says how often each call has come. It ends on SIGTERM or
SIGINT with a line that says how many mails it took."""
import argparse
import json
import signal

from fake_oauth import FakeOAuth


def main(kind, flavour):
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--oauth-port", type=int, default=0)
    options.add_argument("--mailboxes", type=int, default=1)
    options.add_argument("--latency", type=float, default=0, help="seconds that each answer takes")
    options.add_argument("--keep", type=int, default=100, help="messages of each mailbox")
    chosen = options.parse_args()
    ending = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    oauth = FakeOAuth(flavour, port=chosen.oauth_port, keeps_calls=False)
    fake = kind(oauth, keeps=chosen.keep, port=chosen.port, keeps_calls=False)
    fake.latency = chosen.latency
    print(json.dumps(introduction(fake, oauth, chosen.mailboxes)), flush=True)
    signal.sigwait(ending)
    print(json.dumps({"sent": fake.sent_count, "counts": fake.counts,
                      "most_at_once": max(fake.most_at_once.values(), default=0)}), flush=True)
    fake.stop()
    oauth.stop()


def introduction(fake, oauth, mailboxes):
    addresses = [f"user{number}@example.com" for number in range(mailboxes)]
    return {"url": fake.url, "authorize_url": oauth.authorize_url, "token_url": oauth.token_url,
            "client_id": oauth.client_id, "client_secret": oauth.client_secret,
            "mailboxes": [{"address": address,
                           "refresh_token": fake.connect(
                               address, refresh_token=f"refresh-{address}").refresh_token}
                          for address in addresses]}
