"""What watches the server: alive, ready, metrics; no token needed.

covers: src/api/health.c src/metrics.c
"""
import pytest
from prometheus_client.parser import text_string_to_metric_families

from running import wait_until
from shapes import problem, said


@pytest.mark.parametrize("path, text", [("/healthz", "ok\n"), ("/readyz", "ready\n")])
def test_alive_and_ready(server, path, text):
    reply = server.client(None).get(path)
    assert (reply.status_code, reply.text) == (200, text)
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"


class Metrics:
    """What /metrics says, as Prometheus' own library reads it."""

    def __init__(self, server):
        reply = server.client(None).get("/metrics")
        assert reply.status_code == 200
        assert reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        self.text, self.samples = reply.text, {}
        names = set()
        for family in text_string_to_metric_families(reply.text):
            assert family.name not in names and family.documentation
            assert family.name.startswith("outtray_") and family.type != "unknown"
            names.add(family.name)
            for sample in family.samples:
                key = (sample.name, *sorted(sample.labels.values()))
                assert key not in self.samples
                self.samples[key] = sample.value

    def __getitem__(self, key):
        name, *labels = key if isinstance(key, tuple) else (key,)
        return self.samples["outtray_" + name, *sorted(labels)]


def test_metrics(start_server):
    """A mail that is sent, a draft, one that waits for its time, and a request that is refused."""
    server = start_server()
    api = server.client(server.token)
    before = Metrics(server)
    mail = {"from_account_id": server.account_id, "to": ["b@example.com"], "subject": "s",
            "body_text": "t"}
    assert said(api.post("/api/email/send", json=mail))["status"] == "sent"
    assert api.post("/api/v1/email/outbound/drafts").status_code == 201
    assert api.get("/api/v1/email/outbound/drafts/nothing").status_code == 404
    after = Metrics(server)
    grown = {key: value - before.samples[key] for key, value in after.samples.items()}
    assert grown["outtray_http_replies_total", "2xx"] == 3  # the page before counts as well
    assert grown["outtray_http_replies_total", "4xx"] == 1
    assert grown["outtray_http_refusals_total", "404"] == 1
    assert sum(value for key, value in grown.items()
               if key[0] == "outtray_http_refusals_total") == 1
    assert grown["outtray_outcomes_total", "sandbox", "sent"] == 1
    assert grown["outtray_claims_total",] == 1
    assert grown["outtray_lateness_seconds_count",] == 1
    assert grown["outtray_lateness_seconds_bucket", "+Inf"] == 1
    assert grown["outtray_emails", "sent"] == 1 and grown["outtray_emails", "draft"] == 1
    assert grown["outtray_db_transactions_total",] >= grown["outtray_db_commits_total",] > 2
    assert after["mailboxes", "connected"] == 1 and after["emails_held"] == 0
    assert after["oldest_unknown_seconds"] == after["oldest_due_seconds"] == 0
    assert after["rate_limited_total"] == 0
    assert "@" not in after.text and server.account_id not in after.text


def test_webhooks_by_state(start_server):
    server = start_server(allow_private_addresses="true")
    api = server.client(server.token)

    def make(**changes):
        made = said(api.post("/api/webhooks", json={"url": "http://127.0.0.1:1/"}), 201)
        said(api.patch(f"/api/webhooks/{made['id']}", json={"description": "x", **changes}))

    make(is_active=False)
    make()
    api.post("/api/email/send", json={"from_account_id": server.account_id, "to": ["b@example.com"],
                                      "subject": "s"})
    wait_until(lambda: Metrics(server)["webhooks", "failing"] == 1, what="a webhook that fails")
    make()
    after = Metrics(server)
    assert [after["webhooks", state] for state in ("active", "failing", "off")] == [1, 1, 1]


@pytest.mark.parametrize("path", ["/nothing", "/api/other", "/healthz/x", "/api/v1x"])
def test_unknown_paths_are_problems(api, path):
    reply = api.get(path)
    assert reply.status_code == 404
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.json() == problem(404, "Not Found")
