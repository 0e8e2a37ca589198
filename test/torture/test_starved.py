"""P4: no room on the disk, nothing that can be written, no file descriptors: the caller is told so
(507, 503), what is under way waits, and all goes on by itself when it has ended.

Each was seen to fail: the full disk with a commit() in delivery/sender.c that writes nothing, the
rest before base/error.c called a lack of descriptors and a read-only disk what they are (500), and
before the sandbox opened its folder first (a mail that it had was `unknown`).
"""
import contextlib
import errno
import os
import resource
import subprocess

import pytest
import requests

from disk import can_be_had, run
from limits import ATTACHED, DRAFTS, SEND, body, is_refused, limited, send_later, wait_for_end
from mailboxes import LATER
from running import BUILD, SECONDS, wait_until
from shapes import said
from smtp_peer import HANG
from world import World

MIB = 1024 * 1024


@pytest.fixture
def small_world(tmp_path, authority):
    """Its data folder lies where no more than 32 MiB fit."""
    if not can_be_had():
        pytest.skip("only root can mount a file system")
    place = tmp_path / "small"
    place.mkdir()
    run("mount", "-t", "tmpfs", "-o", f"size={32 * MIB}", "none", place)
    with contextlib.ExitStack() as ending:
        ending.callback(run, "umount", "-l", place)
        world = World(place, authority, ("smtp", "sandbox"), send_wait="2s")
        ending.callback(world.end)
        yield world


def fill(place):
    """Until nothing more fits; gives the file to delete."""
    with open(place / "filler", "wb", buffering=0) as file:
        for size in (MIB, 4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))
    return place / "filler"


def test_a_full_disk(small_world):
    """Three mails are under way: one that its server has taken, one whose last byte must not leave
    because that cannot be noted, and one that waits."""
    world = small_world
    world.peer.fail("end", HANG, times=1)
    taken = send_later(world)
    world.peer.wait_for_mails(1)
    world.peer.fail("data", HANG, times=1)
    held = send_later(world)
    wait_until(lambda: world.record(held)["status"] == "sending", what="the second mail")
    planned = send_later(world, kind="sandbox")
    filler = fill(world.server.data.parent)
    for path in SEND, DRAFTS:
        is_refused(world, path, {507})
        is_refused(world, path, {507}, **ATTACHED)
    upload = world.client.post("/api/upload", files={"files": ("a.bin", bytes(MIB))})
    assert upload.status_code == 507, upload.text
    assert said(world.client.get("/api/email/outbound"))["count"] == 3, "who reads is not stopped"
    world.peer.release()
    wait_until(lambda: "outcome_not_recorded" in world.server.said(), what="an outcome that waits")
    assert len(world.peer.accepted) == 1, "it left, and that it may was noted nowhere"
    filler.unlink()
    wait_for_end(world, [taken, held, planned])


def test_killed_on_a_full_disk(small_world):
    """It starts again and reads, and when there is room it sends."""
    world = small_world
    world.peer.fail("rcpt", "451 4.7.1 greylisted", times=1)
    waiting = send_later(world)
    wait_until(lambda: world.record(waiting)["attempts"] == 1, what="the first attempt")
    filler = fill(world.server.data.parent)
    world.kill()
    try:
        world.start()
    except AssertionError as failure:  # it may refuse, and must say why
        assert "room" in str(failure) or "No space" in str(failure), failure
        filler.unlink()
        world.start()
    filler.unlink(missing_ok=True)
    wait_for_end(world, [waiting])


def test_a_folder_that_is_read_only(small_world):
    """It does not start there, and says why."""
    world, data = small_world, small_world.server.data
    world.server.stop()
    run("mount", "--bind", data, data)
    run("mount", "-o", "remount,bind,ro", data)
    try:
        done = subprocess.run([BUILD / "outtrayd", "--data", data, "--listen", "127.0.0.1:0"],
                              capture_output=True, text=True, timeout=SECONDS, check=False,
                              env=world.server.environment)
    finally:
        run("umount", "-l", data)  # a file may just be open
    assert done.returncode == 1 and os.strerror(errno.EROFS) in done.stderr, done.stderr
    world.start()
    assert said(world.client.post(SEND, json=body(world)))["status"] == "sent"


def test_what_becomes_read_only_meanwhile(small_world):
    """New files can no longer be made; the database is open."""
    world, data = small_world, small_world.server.data
    waiting = []
    run("mount", "--bind", data, data)
    run("mount", "-o", "remount,bind,ro", data)
    try:
        is_refused(world, SEND, {503}, **ATTACHED)
        waiting.append(send_later(world, kind="sandbox"))
        wait_until(lambda: os.strerror(errno.EROFS) in (world.record(waiting[0])["error"] or ""),
                   what="an attempt that failed")
    finally:
        run("umount", "-l", data)  # a file may just be open
    wait_for_end(world, waiting)


def few_descriptors(process, more):
    """It may open so many more, and no further."""
    is_open = len(os.listdir(f"/proc/{process.pid}/fd"))
    return limited(process, resource.RLIMIT_NOFILE, is_open + more)


@pytest.mark.parametrize("more", [0, 1, 2, 4])
def test_no_descriptors_left(start_world, more):
    """Whoever is connected is told; mail waits; whoever connects meanwhile is served when a connection
    has closed, or there are descriptors again."""
    world = start_world("smtp", "sandbox", send_wait="2s", idle_timeout="2s")
    uids = [send_later(world)]
    world.settle()
    with few_descriptors(world.server.process, more):
        for kind in "smtp", "sandbox", "smtp":
            reply = world.client.post(SEND, json=body(world, kind, **ATTACHED), headers=LATER)
            assert reply.status_code in (202, 503), f"{reply.status_code}: {reply.text}"
            if reply.status_code == 202:
                uids.append(reply.json()["outbound_email_uid"])
            uids.append(send_later(world, kind=kind))
        with contextlib.suppress(requests.RequestException):
            world.server.client(None).get("/healthz", timeout=0.5)
    wait_until(lambda: world.server.client(None).get("/readyz").status_code == 200, what="/readyz")
    wait_for_end(world, uids)
