"""How a fake fails on demand: one fault for one call, as often as wanted.

    fake.fail("drafts.send", "reset_after")             # acts, then resets without a reply
    fake.fail("messages.get", "hang_before", times=2)   # twice, until fake.release()
    fake.fail("drafts.send", status=503)                # refuses, nothing has happened
    fake.fail("drafts.send", status=503, acts=True)     # refuses what it has done
    fake.fail("*", status=429, retry_after=30, times=None, address="ann@example.com")

Kinds, in the order of the phases of a request:

    close_idle    drops a kept connection when its next request comes in; a fresh one is spared
    reset_during  reads half the body (or after_bytes of it) and resets
    reset_before  reads the request, does nothing, resets
    hang_before   no answer and no act until release(); a client that leaves has not been served
    late          no answer until release(); acts then, though the client may have left long ago
    redirect      sends the client elsewhere (status: 307), which keeps who comes: fake.elsewhere
    status        an error reply as the provider spells it; by reason, retry_after, acts
    reset_after   acts, then resets without a reply
    hang_after    acts, then no answer until release()
    garbage       acts, then a body that is no JSON, or the body given
    half_reply    acts, then hangs up in the middle of the reply
    drip          acts, then the reply byte by byte, pace seconds apart
"""
import asyncio
import dataclasses

from fake_wire import Gone, Reply, reset

BEFORE = ("close_idle", "reset_during", "reset_before", "hang_before", "late", "redirect", "status")
AFTER = ("reset_after", "hang_after", "garbage", "half_reply", "drip")
KINDS = BEFORE + AFTER
GARBAGE = b'{"id": "17f", "threadId'


@dataclasses.dataclass
class Fault:
    call: str              # "*": every call
    kind: str
    times: int = 1         # None: always
    skip: int = 0          # so many calls pass first
    address: str = None    # this mailbox alone
    is_reused: bool = None  # only on a connection that has carried a request before, or only on one
    #                         that has not; a client that repeats by itself does so on the former
    status: int = None
    reason: str = None     # of the provider's own; None: the usual one for the status
    retry_after: int = None  # seconds; or the text of the header
    retry_in: str = None     # "header", "text" or "both"; None: where the provider usually says it
    acts: bool = False     # with status: does what it was asked for before it refuses
    body: bytes = None     # with status, garbage: instead of the usual one
    after_bytes: int = None
    pace: float = 0.001
    hits: int = 0

    @property
    def happens(self):
        """Whether the call has its effect all the same, at the latest after release()."""
        return self.kind in AFTER or self.kind in ("late", "hang_before") or self.acts

    def is_for(self, call):
        is_reused = True if self.kind == "close_idle" else self.is_reused
        return (self.call in ("*", call.name) and self.address in (None, call.address) and
                is_reused in (None, call.is_reused) and self.times != 0)


# Every fault there is, for tests that go through all of them: fake.fail(call, **FAULTS[name]).
FAULTS = {kind: {"kind": kind} for kind in KINDS if kind != "status"}
FAULTS |= {f"{status}": {"status": status} for status in (401, 429, 500, 502, 503, 504)}
FAULTS |= {f"{status}_after_acting": {"status": status, "acts": True}
           for status in (500, 502, 503, 504)}
FAULTS["429_with_retry_after"] = {"status": 429, "retry_after": 1}


class Faults:
    def __init__(self):
        self.all = []

    def add(self, call, kind=None, **details):
        kind = kind or "status"
        assert kind in KINDS, kind
        assert kind != "status" or details.get("status"), "which status?"
        self.all.append(Fault(call, kind, **details))
        return self.all[-1]

    def take(self, call):
        """The one that strikes now, or None."""
        for fault in self.all:
            if not fault.is_for(call):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.hits += 1
            if fault.times is not None:
                fault.times -= 1
            return fault
        return None


async def before(fault, exchange):
    """What becomes of the request before it is acted on. A reply: instead of acting. Gone: the
    connection has ended."""
    if fault.kind in ("reset_during", "reset_before"):
        reset(exchange.writer)
        raise Gone
    if fault.kind == "hang_before":
        await exchange.hang()
    if fault.kind == "late":
        await exchange.provider.wait_for_release()
    if fault.kind == "redirect":
        where = exchange.provider.elsewhere_url + exchange.call.request.target
        return Reply(fault.status or 307, b"", {"Location": where})
    if fault.kind == "status" and not fault.acts:
        return exchange.provider.refusal_of(fault, exchange.call)
    return None


async def after(fault, exchange, reply):
    """The reply to give, after the act. Gone: the connection has ended."""
    if fault.kind == "reset_after":
        reset(exchange.writer)
        raise Gone
    if fault.kind == "hang_after":
        await exchange.hang()
    if fault.kind == "garbage":
        return dataclasses.replace(reply, body=GARBAGE if fault.body is None else fault.body)
    if fault.kind == "status" and fault.acts:
        return exchange.provider.refusal_of(fault, exchange.call)
    if fault.kind == "half_reply":
        await _write_half(exchange.writer, reply)
        raise Gone
    if fault.kind == "drip":
        await _drip(exchange.writer, reply.wire(), fault.pace)
        return None
    return reply


async def _write_half(writer, reply):
    """Half of the body, or of the head when there is no body."""
    data = reply.wire()
    head = len(data) - len(reply.body)
    writer.write(data[:head + len(reply.body) // 2] if reply.body else data[:head // 2])
    await writer.drain()
    writer.close()


async def _drip(writer, data, pace):
    for place in range(len(data)):
        writer.write(data[place:place + 1])
        await writer.drain()
        await asyncio.sleep(pace)
