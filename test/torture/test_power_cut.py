"""P1, P4: what is left after a power cut opens and goes on, and nothing that was said is undone.

Seen to fail with their guards taken out:
- PRAGMA synchronous=NORMAL in db/sqlite_file.c: mailboxes and mails were gone;
- blob.c without fsync: attachments were empty; sandbox.c without it: mails were;
- recovery in delivery/recovery.c with EVENT_TRY_LATER: a mail was accepted twice.
"""
import collections
import contextlib
import copy
import os
import random
import shutil
import signal
import sqlite3

import pytest

from disk import Disk, can_be_had
from judging import check_trail, judge, moves
from load import Load
from shapes import said
from test_random import SEED
from world import KINDS, World

CUTS = int(os.environ.get("OUTTRAY_TORTURE_CUTS", "4"))
COPIES = int(os.environ.get("OUTTRAY_TORTURE_COPIES", "1"))
AFTER = "after the power cut"
MOST_LOST = 20  # frames
FRAME_HEAD, PAGE = 24, 8192  # of the log; it begins with a head of 32 bytes


@pytest.fixture
def disk(tmp_path):
    if not can_be_had():
        pytest.skip("only root can mount a disk of its own")
    disk = Disk(tmp_path / "disk")
    yield disk
    disk.end()


def test_power_cuts_under_load(disk, authority):
    """All that was acknowledged is there, and nothing goes twice: this is the whole promise, as the
    server that was cut off never ran on."""
    print(f"OUTTRAY_TORTURE_SEED={SEED}")
    world = World(disk.place, authority, KINDS, mailboxes=2, send_wait="1s")
    load = Load(world, SEED)
    with contextlib.closing(contextlib.ExitStack()) as ending:
        ending.callback(world.end)
        for _ in range(CUTS):
            world.leave_without_answer()
            load.run_until(world.kill)
            disk.cut_power()
            world.forget_it()
            world.start()
        load.call_all_again()
        world.settle()
        states = judge(world)
        load.check(world.records())
        print(f"{len(load.calls)} calls, {CUTS} power cuts: {states}")
        assert states["sent"] > CUTS, "hardly anything was sent: nothing has been tried"


# Copies of a folder at any moment, with the end of the log as a disk may leave it.

def torn(log, chance):
    """What may be of a log, by name. Only what was never synced is really lost in a power cut; here
    more is taken away than that."""
    frame = FRAME_HEAD + PAGE
    last = len(log) - frame
    noise = chance.randbytes(PAGE)
    yield "whole", log
    yield "one byte less", log[:-1]
    yield "half a page", log[:-PAGE // 2]
    yield "the head of a frame", log[:last + FRAME_HEAD]
    yield "half the head of a frame", log[:last + FRAME_HEAD // 2]
    yield "a frame less", log[:last]
    yield "some frames less", log[:last - frame * chance.randint(2, MOST_LOST)]
    yield "noise for the last page", log[:last + FRAME_HEAD] + noise
    yield "noise for half of it", log[:-PAGE // 2] + noise[:PAGE // 2]
    yield "noise for the last head", log[:last] + noise[:FRAME_HEAD] + log[last + FRAME_HEAD:]
    yield "noise behind the end", log + noise[:chance.randint(1, PAGE)]
    yield "zeros behind the end", log + bytes(frame)
    yield "a wrong bit", log[:-100] + bytes([log[-100] ^ 4]) + log[-99:]
    yield "a head and no more", log[:32]
    yield "half a head", log[:16]
    yield "nothing", b""


def frozen_copies(world, load, count, folder):
    """Copies of the data folder, taken while it works; it stands still for that moment."""
    copies = []

    def take():  # while the senders still send
        server = world.server
        server.process.send_signal(signal.SIGSTOP)
        copies.append(folder / f"copy{len(copies)}")
        shutil.copytree(server.data, copies[-1], ignore=shutil.ignore_patterns("*-shm"))
        server.process.send_signal(signal.SIGCONT)

    for _ in range(count):
        world.leave_without_answer()
        load.run_until(take)
        world.forget_it()
    return copies


def twin(world, folder):
    """A world on a copy, with the same providers."""
    twin = copy.copy(world)
    twin.server, twin.kills = copy.copy(world.server), collections.Counter()
    twin.server.data, twin.server.process = folder, None
    twin.server.errors = folder.with_suffix(".errors")
    twin.start()
    return twin


def in_doubt_or_sent(folder):
    with contextlib.closing(sqlite3.connect(folder / "outtray.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [uid for uid, in db.execute("SELECT id FROM emails WHERE state = 'sent'"
                                           " OR state = 'sending' AND committed_at > 0")]


def check_trails(world, happened):
    """Each mail has had a part of its history, from the beginning; then the copy has gone on."""
    legal = moves()
    for uid, record in world.records().items():
        events = world.events(uid)
        check_trail(record, [(event["from"], event["event"], event["to"]) for event in events],
                    legal)
        known = [event["hash"] in happened for event in events]
        assert known == sorted(known, reverse=True), "a history that never was"
        assert known[0] or record["subject"] == AFTER, "a mail that never was"


def check_copy(world, folder, happened):
    """It opens and goes on; and nothing that it knows to have been sent, or perhaps, goes again.
    More cannot be asked of a copy from the past: what was sent later than it knows of waits in it,
    and leaves again. That is why `restore` holds overdue mail for a person."""
    before, taken = in_doubt_or_sent(folder), world.taken()
    other = twin(world, folder)
    try:
        reply = other.client.post("/api/email/send", json={
            "from_account_id": world.accounts["smtp"][0], "to": ["b@example.com"],
            "subject": AFTER, "body_text": "t"})
        assert said(reply)["status"] == "sent"
        other.settle()
        check_trails(other, happened)
        after = other.taken()
    finally:
        other.kill()
    assert all(after[uid] <= max(taken[uid], 1) for uid in before), "sent again"
    in_doubt_or_sent(folder)


def test_a_torn_log_opens(start_world, tmp_path):
    chance = random.Random(SEED)
    world = start_world("smtp", "sandbox", send_wait="1s")
    world.server.stop()  # what it has so far moves out of the log
    world.start()
    load = Load(world, SEED)
    copies = frozen_copies(world, load, COPIES, tmp_path)
    happened = {event["hash"] for uid in world.records() for event in world.events(uid)}
    world.kill()
    for folder in copies:
        log = (folder / "outtray.db-wal").read_bytes()
        assert len(log) > MOST_LOST * (FRAME_HEAD + PAGE), "nothing has been tried"
        for number, (name, rest) in enumerate(torn(log, chance)):
            one = shutil.copytree(folder, folder.with_suffix(f".{number}"))
            (one / "outtray.db-wal").write_bytes(rest)
            try:
                check_copy(world, one, happened)
            except AssertionError as failure:
                raise AssertionError(f"{folder.name}, {name}: {failure}") from failure
