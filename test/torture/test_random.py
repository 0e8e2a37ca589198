"""P1, P2, P4, P5, P9: a server under load, of mailboxes of all kinds, whose providers fail now and
then, is killed at any moment, many times. OUTTRAY_TORTURE_ROUNDS or _SECONDS tries for longer,
OUTTRAY_TORTURE_SEED tries again what failed.

Seen to fail with its guards taken out: without recovery at the start mail stayed in `sending`; with
EVENT_TRY_LATER in delivery/recovery.c a mail was accepted twice.
"""
import os
import random
import time

from judging import judge
from load import Load
from points import all_points
from smtp_peer import DROP
from world import KINDS

SEED = int(os.environ.get("OUTTRAY_TORTURE_SEED", random.randrange(10 ** 9)))
ROUNDS = int(os.environ.get("OUTTRAY_TORTURE_ROUNDS", "10"))
SECONDS = float(os.environ.get("OUTTRAY_TORTURE_SECONDS", "0"))
MOST_PASSINGS = 30
SETTLED_EVERY = 30  # rounds: who asks Gmail later than that finds more sent mail than he looks through
SENDING = {"gmail": ("drafts.send", "drafts.create", "messages.get"),
           "graph": ("messages.send", "messages.create", "messages.get")}


def rounds():
    """So many, or as long as that takes."""
    end, number = time.monotonic() + SECONDS, 0
    while number < ROUNDS or time.monotonic() < end:
        yield number
        number += 1


def disturb(world, chance):
    """Something goes wrong at one of the providers, once."""
    kind = chance.choice(["smtp", "gmail", "graph"])
    if kind == "smtp":
        point, how = chance.choice([("rcpt", "451 4.7.1 greylisted"), ("data", DROP), ("end", DROP)])
        world.peer.fail(point, how, times=1)
    else:
        fault = chance.choice(["reset_before", "reset_after", "half_reply", "garbage"])
        getattr(world, kind).fail(chance.choice(SENDING[kind]), fault)


def kill_under_load(world, load, chance):
    """At a fault point, or at any time."""
    fault = None
    if chance.random() < 0.5:
        fault = f"{chance.choice(sorted(all_points()))}:{chance.randint(1, MOST_PASSINGS)}"
    if not world.start(fault):
        return
    disturb(world, chance)
    load.run_until(world.kill)


def test_killed_under_load(start_world):
    print(f"OUTTRAY_TORTURE_SEED={SEED}")
    chance = random.Random(SEED)
    world = start_world(*KINDS, mailboxes=2, send_wait="1s")
    load = Load(world, SEED)
    for number in rounds():
        world.server.kill()
        kill_under_load(world, load, chance)
        if number % SETTLED_EVERY == SETTLED_EVERY - 1 and world.start():
            world.settle()
    world.server.kill()
    world.start()
    load.call_all_again()
    world.settle()
    states = judge(world)
    load.check(world.records())
    print(f"{len(load.calls)} calls, {sum(world.kills.values())} kills: {states}")
    assert states["sent"] > ROUNDS, "hardly anything was sent: nothing has been tried"
