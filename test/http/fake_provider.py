"""What all fakes of mail providers have in common: a server on this machine that keeps who asked
what, counts, waits when it is told to, and fails as it is told (fake_faults.py).

    fake.url, fake.port        where it listens
    fake.calls                 every request: call.name, .headers, .body, .address, .status, ...
    fake.counts["drafts.send"] how many of each were asked for
    fake.acted["drafts.send"]  and how many were acted on: not where a fault came first
    fake.most_at_once[address] how many requests of one mailbox were under way at once, at most
    fake.latency = 0.3         seconds that every answer takes
    fake.fail(call, kind, ...) see fake_faults.py; fake.heal() ends it
    fake.release()             whoever hangs goes on; fake.hanging counts them
    fake.elsewhere             requests that followed a redirect: there must be none

Everything that is kept belongs to one thread, on which all of a test's fakes run. What a test
calls runs there too, between two requests."""
import asyncio
import collections
import itertools
import traceback
import urllib.parse

import fake_faults
from fake_exchange import OVERVIEW, Connection, Refusal
from fake_wire import Gone, Refused, Reply, json_reply, read_body, read_head
from loop_thread import LoopThread, between_requests
from running import SECONDS, wait_until

MIB = 1024 * 1024
BODY_KEPT = MIB  # of larger ones a call keeps only body_size


class FakeProvider:
    """What a fake of its own has: CALLS, the names of all its calls; ROUTES; FAULTS; and methods
    whose(call), refusal_of(fault, call), malformed(status, why), too_many_at_once()."""

    CALLS, ROUTES, FAULTS = (), (), fake_faults.FAULTS

    def __init__(self, thread=None, authority=None, certificate="server", port=0, keeps_calls=True):
        """authority: speaks TLS with a certificate of it. thread: another fake's, to run there."""
        self.thread, self._owns_thread = thread or LoopThread(), thread is None
        self.calls, self.counts = [], collections.Counter()
        self.acted, self.most_at_once = collections.Counter(), collections.Counter()
        self.connections, self.hanging, self.latency = 0, 0, 0
        self.concurrency_limit = None  # requests of one mailbox at once; more are refused
        self.elsewhere, self.faults = [], fake_faults.Faults()
        self._under_way, self._broken = collections.Counter(), []
        self._keeps_calls, self._live, self._is_stopped = keeps_calls, set(), False
        context = authority.context(certificate) if authority else None
        self._scheme = "https" if context else "http"
        self.thread.wait_for(self._listen(port, context))

    async def _listen(self, port, context):
        self._go_on = asyncio.Event()
        self._servers = [
            await asyncio.start_server(self._serve, "127.0.0.1", port, ssl=context, backlog=1000),
            await asyncio.start_server(self._catch, "127.0.0.1", 0, ssl=context)]
        self.port, caught = (server.sockets[0].getsockname()[1] for server in self._servers)
        self.url, self.elsewhere_url = (f"{self._scheme}://127.0.0.1:{number}"
                                        for number in (self.port, caught))

    def stop(self):
        """Fails when the fake itself has failed meanwhile. Twice is as good as once."""
        if self._is_stopped:
            return
        self._is_stopped = True
        self.thread.do(self._close)
        if self._owns_thread:
            self.thread.stop()
        assert not self._broken, "\n".join(self._broken)

    def _close(self):
        for server in self._servers:
            server.close()
        self._abort_all()

    @between_requests
    def fail(self, call, kind=None, **details):
        """See fake_faults.py. Gives the fault, whose hits can be looked at."""
        assert call == "*" or call in self.CALLS, f"there is no call {call}"
        return self.faults.add(call, kind, **details)

    @between_requests
    def heal(self):
        """Nothing fails any more; who hangs still hangs."""
        self.faults.all.clear()

    @between_requests
    def release(self):
        """Whoever hangs goes on, and nothing fails any more."""
        self.faults.all.clear()
        self._go_on.set()
        self._go_on = asyncio.Event()

    @between_requests
    def hang_up(self):
        """Ends every connection at once, as a restart of the server does."""
        self._abort_all()

    @between_requests
    def forget(self):
        """The calls so far, and what was counted of them."""
        self.calls.clear()
        self.counts.clear()
        self.acted.clear()
        self.most_at_once.clear()

    def calls_of(self, name):
        return [call for call in list(self.calls) if call.name == name]

    def wait_for_calls(self, name, count, seconds=SECONDS):
        """Until so many of them have come in."""
        wait_until(lambda: self.counts[name] >= count, seconds, f"call number {count} of {name}")

    def wait_for_hanging(self, count=1, seconds=SECONDS):
        wait_until(lambda: self.hanging >= count, seconds, f"hanging call number {count}")

    # What follows runs on the thread.

    async def _serve(self, reader, writer):
        self.connections += 1
        self._live.add(writer)
        try:
            await Connection(self, reader, writer, self.connections).serve()
        except asyncio.CancelledError:
            pass
        finally:
            self._live.discard(writer)

    async def _catch(self, reader, writer):
        try:
            request = await read_head(reader)
            await read_body(reader, writer, request, 64 * MIB)
            self.elsewhere.append(request)
            writer.write(Reply(200, b"{}", {"Content-Type": "application/json"}, True).wire())
        except (Refused, Gone, ConnectionError):
            pass
        finally:
            writer.close()

    def _abort_all(self):
        for writer in self._live:
            writer.transport.abort()

    async def wait_for_release(self):
        self.hanging += 1
        try:
            await self._go_on.wait()
        finally:
            self.hanging -= 1

    def find_route(self, call):
        path, method = call.request.path, call.request.method
        for route in itertools.chain(self.ROUTES, (OVERVIEW,)):
            found = route.method == method and route.match(path)
            if found:
                call.route = route
                call.arguments = {name: urllib.parse.unquote(value)
                                  for name, value in found.groupdict().items()}
                return

    def name_call(self, call):
        if call.route:
            name = call.route.call
            call.name = name(call.request) if callable(name) else name
        call.address = self.whose(call)

    def keep(self, call):
        self.counts[call.name] += 1
        if self._keeps_calls:
            self.calls.append(call)

    def enter(self, call):
        if call.address:
            self._under_way[call.address] += 1
            under_way = self._under_way[call.address]
            self.most_at_once[call.address] = max(self.most_at_once[call.address], under_way)

    def leave(self, call):
        if call.address:
            self._under_way[call.address] -= 1
        if call.body_size > BODY_KEPT:
            call.request.body = None

    def act(self, call):
        limit = self.concurrency_limit
        if limit is not None and self._under_way[call.address] > limit:
            return self.too_many_at_once()
        self.acted[call.name] += 1
        try:
            return getattr(self, call.route.handler)(call) if call.route else self.unknown(call)
        except Refusal as refusal:
            return refusal.reply
        except Exception:  # the fake is wrong; stop() says so
            self._broken.append(traceback.format_exc())
            return self.malformed(500, "the fake has failed")

    def overview(self, _call):
        """For whoever is another process."""
        return json_reply(200, {"counts": self.counts, "most_at_once": self.most_at_once,
                                "connections": self.connections, "hanging": self.hanging})

    def body_limit(self, _call):
        return 64 * MIB

    def take_part(self, call):
        """Of a call's body only a part came. Uploads that can be resumed keep it."""

    def whose(self, _call):
        return None

    def unknown(self, call):
        return self.malformed(404, f"there is no {call.method} {call.request.path}")

    def malformed(self, status, why):
        return json_reply(status, {"error": why})

    def too_many_at_once(self):
        return self.malformed(429, "too many requests at once")

    def refusal_of(self, fault, _call):
        return Reply(fault.status, fault.body or b"")
