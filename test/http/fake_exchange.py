"""One request to a fake, from its header to its reply or to the fault that strikes instead."""
import asyncio
import dataclasses
import re

import fake_faults
from fake_wire import Gone, Refused, Request, body_size, discard, read_body, read_head


class Route:
    """One line of a table of routes. A path's {name} is one segment, decoded. call: the name, or a
    function of the request that gives it; it may look at the body where reads_first. about: what
    the handler wants to know besides."""

    def __init__(self, method, path, call, handler, reads_first=False, about=None):
        self.method, self.call, self.handler = method, call, handler
        self.reads_first, self.about = reads_first, about
        pieces = re.split(r"\{(\w+)\}", path)
        self.match = re.compile("".join(
            f"(?P<{piece}>[^/]+)" if number % 2 else re.escape(piece)
            for number, piece in enumerate(pieces))).fullmatch


@dataclasses.dataclass
class Call:
    request: Request
    connection: int
    is_reused: bool   # the connection had carried a request before
    name: str = ""    # "" as long as nobody knows such a call
    arguments: dict = dataclasses.field(default_factory=dict)
    address: str = None   # whose mailbox it is about
    fault: str = None     # the kind of fault that struck
    status: int = None    # of the reply; None: there was none
    body_size: int = 0
    token: object = None  # the fake's own idea of who asks
    route: Route = None

    method = property(lambda self: self.request.method)
    target = property(lambda self: self.request.target)
    headers = property(lambda self: self.request.headers)
    query = property(lambda self: self.request.query)
    body = property(lambda self: self.request.body)

    @property
    def bearer(self):
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else None


class Refusal(Exception):
    """An error reply, from wherever in a handler."""

    def __init__(self, reply):
        super().__init__(reply.status)
        self.reply = reply


class Connection:
    def __init__(self, provider, reader, writer, number):
        self.provider, self.reader, self.writer, self.number = provider, reader, writer, number
        self.requests, self.call = 0, None

    async def serve(self):
        try:
            while True:
                self.call = None
                exchange = Exchange(self, await read_head(self.reader))
                self.call = exchange.call
                self.requests += 1
                await exchange.run()
        except Refused as refused:
            await self._refuse(refused)
        except (Gone, ConnectionError):
            pass
        finally:
            self.writer.close()

    async def _refuse(self, refused):
        """Answers at once, and lets the client finish what it has to say, so that it can read."""
        reply = self.provider.malformed(refused.status, str(refused))
        reply.closes = True
        if self.call:
            self.call.status = reply.status
        self.writer.write(reply.wire())
        await discard(self.reader)


class Exchange:
    """One request and what becomes of it."""

    def __init__(self, connection, request):
        self.provider, self.connection = connection.provider, connection
        self.reader, self.writer = connection.reader, connection.writer
        self.call = Call(request, connection.number, connection.requests > 0)
        self.fault = None

    async def run(self):
        provider, call = self.provider, self.call
        provider.find_route(call)
        reads_first = call.route and call.route.reads_first
        if reads_first:
            await self._read()
        provider.name_call(call)
        if call.route is not OVERVIEW:
            self.fault = provider.faults.take(call)
            provider.keep(call)
        provider.enter(call)
        try:
            await self._answer(reads_first)
        finally:
            provider.leave(call)
        if call.headers.get("connection", "").lower() == "close":
            raise Gone

    async def _read(self):
        call, request = self.call, self.call.request
        limit = self.provider.body_limit(call)
        if self.fault and self.fault.kind == "reset_during":
            stops_after = self.fault.after_bytes
            if stops_after is None:
                stops_after = (body_size(request) or 0) // 2
            await read_body(self.reader, self.writer, request, limit, stops_after)
        else:
            await read_body(self.reader, self.writer, request, limit)
        call.body_size = len(request.body)

    async def _answer(self, has_read):
        provider, call, reply = self.provider, self.call, None
        if self.fault:
            call.fault = self.fault.kind
            if self.fault.kind == "close_idle":
                fake_faults.reset(self.writer)
                raise Gone
        if not has_read:
            await self._read()
        if not call.request.is_whole:
            provider.take_part(call)
            if self.fault:
                fake_faults.reset(self.writer)
            raise Gone
        if self.fault:
            reply = await fake_faults.before(self.fault, self)
        if reply is None:
            reply = acted = provider.act(call)
            if provider.latency:
                await asyncio.sleep(provider.latency)
            if self.fault:
                reply = await fake_faults.after(self.fault, self, acted)
            if reply is None:  # it has been written
                call.status = acted.status
                return
        call.status = reply.status
        self.writer.write(reply.wire())
        await self.writer.drain()

    async def hang(self):
        """Until release(), or Gone when the client leaves first."""
        released = asyncio.ensure_future(self.provider.wait_for_release())
        gone = asyncio.ensure_future(self.reader.read(1))
        await asyncio.wait((released, gone), return_when=asyncio.FIRST_COMPLETED)
        is_gone = gone.done()
        for task in (released, gone):
            task.cancel()
        await asyncio.gather(released, gone, return_exceptions=True)
        if is_gone:
            raise Gone


OVERVIEW = Route("GET", "/fake", "overview", "overview")  # neither counted nor failed
