"""P4, as the program is delivered (the sanitizers of the test build want an address space without
limits): what it may not begin for want of memory it refuses (503) and goes on by itself; and where
the limit comes too suddenly for that it ends as by a crash.

Seen to fail: the first without memory_check() in api/door.c, and without that in
delivery/dispatcher.c.
"""
import concurrent.futures
import contextlib
import datetime
import resource

import pytest
import requests

from judging import judge
from limits import ATTACHED, DRAFTS, SEND, body, is_refused, limited, send_later, wait_for_end
from running import wait_until
from shapes import said
from smtp_peer import HANG
from world import World

MIB = 1024 * 1024
LARGE = {"body_text": "x" * (9 * MIB)}
AT_ONCE = 24


@pytest.fixture
def world(tmp_path, authority):
    with contextlib.closing(contextlib.ExitStack()) as ending:
        world = World(tmp_path, authority, ("smtp", "sandbox"), send_wait="2s")
        ending.callback(world.end)
        yield world


def address_space(process):
    with open(f"/proc/{process.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def now(more_seconds=0):
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=more_seconds)
    return when.isoformat(timespec="milliseconds")


def test_a_limit_on_the_address_space(world):
    """A mail that its server has taken is recorded, one that falls due waits, nobody is served but
    who asks how it is; the end of the limit is the end of all that."""
    process = world.server.process
    world.peer.fail("end", HANG, times=1)
    taken = send_later(world)
    world.peer.wait_for_mails(1)
    due = now(1)
    planned = send_later(world, planned_send_at=due)
    with limited(process, resource.RLIMIT_AS, address_space(process) + 8 * MIB):
        wait_until(lambda: world.client.get("/readyz").status_code == 503, what="/readyz to tell")
        assert world.client.get("/healthz").status_code == 200
        for more in {}, ATTACHED, LARGE:
            is_refused(world, SEND, {503}, **more)
            is_refused(world, DRAFTS, {503}, **more)
        wait_until(lambda: "dispatch_failed" in world.server.said(), what="the dispatcher to tell")
        world.peer.release()
        wait_until(lambda: now() > due, what="when it was due")
    wait_until(lambda: world.client.get("/readyz").status_code == 200, what="/readyz")
    assert world.server.process.poll() is None, world.server.said()
    wait_for_end(world, [taken, planned])


def draft(world):
    """What it was answered; None when there was no answer."""
    try:
        with world.server.client(world.server.token) as client:
            return client.post(DRAFTS, json=body(world, **LARGE))
    except requests.RequestException:
        return None


@pytest.mark.parametrize("mib", [0, 64, 80, 128])
def test_a_limit_in_the_middle(world, mib):
    """Many large requests begin at once, and so much more is to be had. Whoever was told that his
    draft is kept finds it, and mail that was under way goes out once, even where it ended."""
    waiting = [send_later(world, kind=kind) for kind in ("smtp", "sandbox") for _ in range(3)]
    process = world.server.process
    with limited(process, resource.RLIMIT_AS, address_space(process) + mib * MIB):
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            replies = list(pool.map(draft, [world] * AT_ONCE))
    if process.poll() is not None:
        world.server.kill()
        world.start()
    assert {reply.status_code for reply in replies if reply is not None} <= {201, 503}
    for reply in replies:
        if reply is not None and reply.status_code == 201:
            kept = said(world.client.get(f"{DRAFTS}/{reply.json()['uid']}"))
            assert kept["body_text"] == LARGE["body_text"]
    wait_for_end(world, waiting)
    assert judge(world)["sent"] == len(waiting) + 1
