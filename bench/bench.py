#!/usr/bin/python3
"""Speed and memory, each beside what this machine can do at best, measured in the same run.

    bench/bench.py [--runs 5] [--scale 1.0] [--only drafts,sends,...] [--list]

Prints one table of medians. Everything stays on this machine and is bounded; scale makes the
numbers of requests and of stored emails smaller or larger. --list prints the names for --only."""
import argparse
import base64
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "test/http")]
os.environ["OUTTRAY_BUILD"] = str(BUILD)
sys.dont_write_bytecode = True

import chain  # noqa: E402
import gmail  # noqa: E402
import hearing  # noqa: E402
import large  # noqa: E402
import many_emails  # noqa: E402
import received  # noqa: E402
import waiting  # noqa: E402
from floor import Floor  # noqa: E402
from loading import load, scaled, write_bodies  # noqa: E402
from served import Sink, memory_of, served, start_seconds  # noqa: E402

DRAFTS = "/api/v1/email/outbound/drafts"
SEND = "/api/email/send"
CONNECTIONS = {1: 2000, 16: 12000, 64: 24000}  # and how many requests
DELIVERED = {16: 6000, 64: 6000}
EMAILS = 1_000_000
LARGE = 20 * 1024 * 1024
LARGE_SENDS = 32
LARGE_MAILBOXES = 11  # three at once from each
TEXT = "The quick brown fox jumps over the lazy dog. " * 45  # about 2 KB


class Table:
    """What was measured, by name, once for each run."""

    def __init__(self):
        self.rows = {}

    def add(self, name, value, unit, limit=None, aim=None, p50=None, p99=None):
        row = self.rows.setdefault(name, {"unit": unit, "aim": aim, "value": [], "limit": [],
                                          "p50": [], "p99": []})
        for column, number in ("value", value), ("limit", limit), ("p50", p50), ("p99", p99):
            if number is not None:
                row[column].append(number)
        print(f"  {name}: {show(value)} {unit}" + (f", limit {show(limit)}" if limit else ""),
              flush=True)

    def print(self):
        head = ("", "median", "", "p50 ms", "p99 ms", "limit", "of it", "aim")
        lines = [head]
        for name, row in self.rows.items():
            value, limit, p50, p99 = (median(row[c]) for c in ("value", "limit", "p50", "p99"))
            share = f"{100 * value / limit:.0f} %" if limit else ""
            lines.append((name, show(value), row["unit"], show(p50), show(p99), show(limit), share,
                          row["aim"] or ""))
        widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
        for line in lines:
            cells = [cell.ljust(width) if i in (0, 2, 7) else cell.rjust(width)
                     for i, (cell, width) in enumerate(zip(line, widths))]
            print("  ".join(cells).rstrip())


def median(numbers):
    return statistics.median(numbers) if numbers else None


def show(number):
    if number is None:
        return ""
    return f"{number:,.0f}" if number >= 100 else f"{number:.2f}"


def draft_bodies(folder):
    return write_bodies(folder, "draft", [{"to": ["client@example.com"], "subject": "Contract",
                                           "body_text": TEXT}])


def send_bodies(folder, accounts):
    return write_bodies(folder, "send", [
        {"from_account_id": account, "to": ["client@example.com"], "subject": "Contract",
         "body_text": TEXT} for account in accounts])


def compare(table, name, connections, measure, limit, aim):
    """The limit is taken before and after, and the better one holds: disks have moods."""
    before = limit()
    measured = measure()
    table.add(f"{name}, {connections} connections", measured["per_second"], "/s",
              max(before, limit()), aim, measured["p50_ms"], measured["p99_ms"])


def drafts(table, folder, scale):
    with served(folder) as server:
        bodies = draft_bodies(folder)
        floor = Floor(server, BUILD / "bench/sqlite_floor", folder,
                      lambda: load(server, DRAFTS, bodies, 1, 1))
        load(server, DRAFTS, bodies, 16, 500)
        for connections, requests in CONNECTIONS.items():
            count = scaled(requests, scale)
            aims = {16: "p99 < 5 ms", 64: "20,000/s, half the limit"}
            compare(table, "drafts", connections,
                    lambda: load(server, DRAFTS, bodies, connections, count),
                    lambda: floor.run(scaled(count, 0.5), connections), aims.get(connections))


def sends(table, folder, scale):
    with Sink() as sink, served(folder) as server:
        bodies = send_bodies(folder, sink.connect_mailboxes(server))
        take = ("Prefer: respond-async",)
        floor = Floor(server, BUILD / "bench/sqlite_floor", folder,
                      lambda: load(server, SEND, bodies[:1], 1, 1, *take))
        for connections, requests in CONNECTIONS.items():
            count = scaled(requests, scale)

            def measure():
                measured = load(server, SEND, bodies, connections, count, *take)
                server.wait_until_all_left()
                return measured

            compare(table, "respond-async sends", connections, measure,
                    lambda: floor.run(scaled(count, 0.5), connections),
                    "20,000/s, half the limit" if connections == 64 else None)


def delivery(table, folder, scale):
    with Sink() as sink, served(folder) as server:
        bodies = send_bodies(folder, sink.connect_mailboxes(server))
        load(server, SEND, bodies, 16, 200)
        for connections, requests in DELIVERED.items():
            count = scaled(requests, scale)
            compare(table, "delivered", connections,
                    lambda: load(server, SEND, bodies, connections, count),
                    lambda: sink.fastest_sender(connections, count, len(TEXT)), "5,000/s")


def memory(table, folder, _scale):
    with Sink() as sink, served(folder) as server:
        table.add("memory, idle", memory_of(server, "VmRSS"), "MB", aim="< 16 MB")
        content = base64.b64encode(bytes(range(256)) * (LARGE // 256)).decode()
        bodies = write_bodies(folder, "large", (
            {"from_account_id": account, "to": ["client@example.com"], "subject": "Large",
             "attachments": [{"filename": "a.bin", "data_base64": content}]}
            for account in sink.connect_mailboxes(server)[:LARGE_MAILBOXES]))
        load(server, SEND, bodies, LARGE_SENDS, LARGE_SENDS)
        server.wait_until_all_left()
        table.add("memory, 32 sends of 20 MiB", memory_of(server, "VmHWM"), "MB", aim="< 128 MB")


def start(table, folder, scale):
    with served(folder):
        pass
    for count in 0, scaled(EMAILS, scale):
        if count:
            many_emails.fill(folder / "data/outtray.db", count)
        table.add(f"start with {count:,} emails", 1000 * start_seconds(folder), "ms",
                  aim="< 200 ms")


def chain_cost(table, folder, scale):
    chain.cost(table, folder, scale, BUILD / "bench/chain")


PARTS = {"drafts": drafts, "sends": sends, "delivery": delivery, "memory": memory, "start": start,
         "stored": received.stored, "imports": received.imports, "base64": large.sends,
         "uploads": large.uploads, "readers": large.readers,
         "gmail": gmail.sends, "chain": chain_cost,
         "hearing": hearing.hearing, "waiting": waiting.waiting}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--folder", help="on the disk to measure [build/bench-data]")
    parser.add_argument("--list", action="store_true")
    wish = parser.parse_args()
    if wish.list:
        print("\n".join(PARTS))
        return
    subprocess.run(["ninja", "-C", BUILD, "bench/load", "bench/receiver",
                    "bench/sqlite_floor", "bench/chain"], check=True,
                   stdout=subprocess.DEVNULL)
    base = pathlib.Path(wish.folder or BUILD / "bench-data")
    base.mkdir(parents=True, exist_ok=True)
    table = Table()
    for run in range(wish.runs):
        print(f"run {run + 1} of {wish.runs}", flush=True)
        for name in wish.only.split(","):
            folder = pathlib.Path(tempfile.mkdtemp(dir=base))
            try:
                PARTS[name](table, folder, wish.scale)
            finally:
                shutil.rmtree(folder)
    print()
    table.print()


if __name__ == "__main__":
    main()
