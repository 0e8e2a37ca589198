"""A mail server that keeps what it accepts and fails as it is told.

    peer = start_smtp(security="tls")                 # or "starttls", "none"
    peer.fail("rcpt", "550 5.1.1 unknown", address="b@example.com")
    peer.fail("data", "451 4.3.0 later", times=1)
    peer.fail("end", DROP)                            # accepts, then hangs up without a word
    peer.fail("mail", HANG)                           # says nothing until peer.release()
    peer.fail("mail", RESET)                          # DROP is a goodbye in TCP's manner, this is none
    peer.fail("mail", HALF_CLOSE)                     # says no more, and still listens
    peer.fail("mail", GARBAGE)                        # says what is no SMTP
    peer.fail("mail", DRIP)                           # a reply byte by byte that has no end
    peer.take_at_most(10, "data", "452 4.4.5 enough") # mails of one connection, and no more

The points, in order: connect, ehlo, auth, mail, rcpt, data (before 354), body (after 354, before
the mail has come), end (the final dot has come). What fails at `end` without a reply is accepted
first: that is what makes an outcome unknown. A text at `end` is a refusal."""
import asyncio
import dataclasses
import socket
import struct
import threading
import time
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

from running import SECONDS, wait_until

DROP, HANG = "drop", "hang"
RESET, HALF_CLOSE, GARBAGE, DRIP = "reset", "half close", "garbage", "drip"
LIES = (RESET, HALF_CLOSE, GARBAGE, DRIP)
WITHOUT_GOODBYE = struct.pack("ii", 1, 0)  # SO_LINGER
DRIP_SECONDS = 0.1
POINTS = ("connect", "ehlo", "auth", "mail", "rcpt", "data", "body", "end")
USER, PASSWORD = "mailbox@example.com", "correct horse"


@dataclasses.dataclass
class Mail:
    sender: str
    recipients: list
    content: bytes
    options: list  # of MAIL FROM: SIZE=..., BODY=8BITMIME, SMTPUTF8
    user: str      # who signed in, or None
    is_encrypted: bool
    connection: int


@dataclasses.dataclass
class Fault:
    point: str
    how: str
    address: str
    times: int


class SmtpPeer:
    def __init__(self, authority, security="starttls", user=USER, password=PASSWORD,
                 certificate="server", mechanisms=("PLAIN", "LOGIN"), utf8=True,
                 size_limit=64 * 1024 * 1024, recipients_max=None, full="452 4.5.3 Too many recipients",
                 limits=None):
        """recipients_max: of one mail; the next one is answered with full. limits: the LIMITS that
        it offers (RFC 9422)."""
        self.recipients_max, self.full, self.limits = recipients_max, full, limits
        self.security, self.user, self.password = security, user, password
        self.utf8, self.size_limit = utf8, size_limit
        self.left_out = {"PLAIN", "LOGIN"} - set(mechanisms)
        self.context = authority.context(certificate) if security != "none" else None
        self.accepted, self.commands, self.connections = [], [], 0
        self._faults, self._live, self._lock = [], [], threading.Lock()
        self._session = None
        self._loop = asyncio.new_event_loop()
        self._go_on = None
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(SECONDS)

    def fail(self, point, how, address=None, times=None):
        """how: a reply, DROP or HANG. address: this recipient alone. times: None for always."""
        assert point in POINTS
        with self._lock:
            self._faults.append(Fault(point, how, address, times))

    def take_at_most(self, mails, point, reply):
        """A connection that has carried so many mails is refused more, always."""
        assert point in POINTS
        self._session = (mails, point, reply)

    def spent_at(self, point, carried):
        """The reply to a connection that has carried so many; None: it may go on."""
        mails, at, reply = self._session or (None, None, None)
        return reply if at == point and carried >= mails else None

    def heal(self):
        """Nothing fails any more."""
        with self._lock:
            self._faults.clear()

    def release(self):
        """Whoever hangs goes on as if nothing were."""
        self.heal()
        self._loop.call_soon_threadsafe(self._let_go)

    def hang_up(self):
        """Ends every connection, as a restart of the server does."""
        done = threading.Event()
        self._loop.call_soon_threadsafe(self._abort_all, done)
        assert done.wait(SECONDS)

    def wait_for_mails(self, count, seconds=SECONDS):
        wait_until(lambda: len(self.accepted) >= count, seconds, f"mail number {count}")
        return self.accepted

    def wait_for_command(self, word, seconds=SECONDS):
        """Until a client has said DATA, QUIT, ..."""
        wait_until(lambda: any(said == word for _, said in self.commands), seconds, word)

    def stays_at(self, count, seconds):
        """Watches that no more than `count` mails come within that time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert len(self.accepted) <= count
            time.sleep(0.01)

    def mailbox(self, address, **smtp):
        """The body of POST /api/email/accounts that connects a mailbox here."""
        server = {"host": "127.0.0.1", "port": self.port, "security": self.security}
        if self.user:
            server |= {"username": self.user, "password": self.password}
        return {"provider": "smtp", "emailAddress": address, "smtp": {**server, **smtp}}

    def stop(self):
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(SECONDS)

    # What follows runs on the thread of the loop.

    def _run(self, ready):
        asyncio.set_event_loop(self._loop)
        self._go_on = asyncio.Event()
        encrypted = self.context if self.security == "tls" else None
        server = self._loop.run_until_complete(
            self._loop.create_server(self._connect, "127.0.0.1", 0, ssl=encrypted))
        self.port = server.sockets[0].getsockname()[1]
        self._loop.set_exception_handler(lambda *_: None)  # connections that we broke ourselves
        ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _connect(self):
        self.connections += 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # AUTH over implicit TLS looks bare to aiosmtpd
            self._live.append(Connection(self, self.connections))
            return self._live[-1]

    def _abort_all(self, done):
        for connection in self._live:
            if connection.transport is not None:
                connection.transport.abort()
        self._live.clear()
        done.set()

    def fault_at(self, point, address=None):
        with self._lock:
            for fault in self._faults:
                if fault.point != point or fault.address not in (None, address):
                    continue
                if fault.times is None or fault.times > 0:
                    if fault.times is not None:
                        fault.times -= 1
                    return fault.how
        return None

    def _let_go(self):
        self._go_on.set()
        self._go_on = asyncio.Event()  # for whoever hangs from now on

    async def wait_for_release(self):
        await self._go_on.wait()

    def may_sign_in(self, _server, _session, _envelope, _mechanism, data):
        good = (data.login, data.password) == (self.user.encode(), self.password.encode())
        return AuthResult(success=good, handled=False, auth_data=data)


class Connection(SMTP):
    def __init__(self, peer, number):
        self.peer, self.number, self.carried = peer, number, 0
        signs_in = {"authenticator": peer.may_sign_in, "auth_required": True} if peer.user else {}
        super().__init__(
            Handler(), hostname="peer.example", ident="ESMTP", loop=asyncio.get_event_loop(),
            data_size_limit=peer.size_limit, enable_SMTPUTF8=peer.utf8,
            tls_context=peer.context if peer.security == "starttls" else None,
            require_starttls=peer.security == "starttls",
            auth_require_tls=peer.security == "starttls",
            auth_exclude_mechanism=peer.left_out if peer.user else {"PLAIN", "LOGIN"}, **signs_in)

    async def fails(self, point, address=None):
        """Whether it failed here; the reply has been given."""
        how = self.peer.spent_at(point, self.carried) or self.peer.fault_at(point, address)
        if how is None:
            return False
        if how == DROP:
            self.transport.abort()
            raise ConnectionResetError
        if how == HANG:
            await self.peer.wait_for_release()
            return False
        if how in LIES:
            await self.lie(how)
        await self.push(how)
        return True

    async def lie(self, how):
        """Ends with the connection."""
        if how == RESET:
            self.transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, WITHOUT_GOODBYE)
            self.transport.abort()
            raise ConnectionResetError
        if how == HALF_CLOSE:
            self.transport.write_eof()
        if how == GARBAGE:
            self.transport.write(b"\x00\xff<html>250 no</html>\r\n")
        while not self.transport.is_closing():
            if how == DRIP:
                self.transport.write(b"2")
            await asyncio.sleep(DRIP_SECONDS)
        raise ConnectionResetError

    async def _handle_client(self):
        try:
            if await self.fails("connect"):
                self.transport.close()
                return
            await super()._handle_client()
        except ConnectionResetError:
            pass

    async def push(self, status):
        if self.transport is not None and not self.transport.is_closing():
            await super().push(status)

    def _note(self, word):
        self.peer.commands.append((self.number, word))

    async def smtp_EHLO(self, arg):
        self._note("EHLO")
        if not await self.fails("ehlo"):
            await super().smtp_EHLO(arg)

    async def smtp_STARTTLS(self, arg):
        self._note("STARTTLS")
        await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg):
        self._note("AUTH")
        if not await self.fails("auth"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg):
        self._note("MAIL")
        if not await self.fails("mail"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg):
        self._note("RCPT")
        address = (arg or "").partition("<")[2].partition(">")[0]
        most = self.peer.recipients_max
        if most is not None and len(self.envelope.rcpt_tos) >= most:
            await self.push(self.peer.full)
            if self.peer.full.startswith("421"):
                self.transport.close()
            return
        if not await self.fails("rcpt", address):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg):
        self._note("DATA")
        if await self.fails("data"):
            return
        if self.peer.fault_at("body") is not None:
            await self.push("354 go on")
            self.transport.abort()
            raise ConnectionResetError
        await super().smtp_DATA(arg)

    async def smtp_RSET(self, arg):
        self._note("RSET")
        await super().smtp_RSET(arg)

    async def smtp_QUIT(self, arg):
        self._note("QUIT")
        await super().smtp_QUIT(arg)


class Handler:
    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        limits = [f"250-LIMITS {server.peer.limits}"] if server.peer.limits else []
        return responses[:-1] + limits + responses[-1:]

    async def handle_DATA(self, server, session, envelope):
        how = server.peer.fault_at("end")
        if how is None or how in (DROP, HANG, *LIES):
            server.carried += 1
            user = session.auth_data.login if session.auth_data else None
            server.peer.accepted.append(Mail(
                envelope.mail_from, list(envelope.rcpt_tos), bytes(envelope.original_content),
                list(envelope.mail_options), user.decode() if user else None,
                session.ssl is not None or server.peer.security == "tls", server.number))
        if how == DROP:
            server.transport.abort()
            raise ConnectionResetError
        if how in LIES:
            await server.lie(how)
        if how == HANG:
            await server.peer.wait_for_release()
        return how if how not in (None, HANG) else "250 2.0.0 taken"
