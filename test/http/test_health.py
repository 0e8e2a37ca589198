"""What watches the server: alive, ready, metrics; no token needed.

covers: src/api/health.c src/metrics.c
"""
import re

import pytest

from shapes import problem


@pytest.mark.parametrize("path, text", [("/healthz", "ok\n"), ("/readyz", "ready\n")])
def test_alive_and_ready(server, path, text):
    reply = server.client(None).get(path)
    assert (reply.status_code, reply.text) == (200, text)
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_metrics_are_prometheus_text(server, api):
    def metrics():
        reply = server.client(None).get("/metrics")
        assert reply.status_code == 200
        for line in reply.text.splitlines():
            assert re.fullmatch(r'# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [\d.]+',
                                line), line
        return dict(line.rsplit(" ", 1) for line in reply.text.splitlines() if line[0] != "#")

    before = metrics()
    assert api.post("/api/v1/email/outbound/drafts").status_code == 201
    after = metrics()
    for name in ("outtray_http_requests_total", "outtray_db_transactions_total"):
        assert int(after[name]) > int(before[name])


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/other", "/healthz/x", "/api/v1x"])
def test_unknown_paths_are_problems(api, path):
    reply = api.get(path)
    assert reply.status_code == 404
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.json() == problem(404, "Not Found")
