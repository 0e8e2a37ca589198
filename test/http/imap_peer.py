"""An IMAP server with folders of mail that fails and lies as it is told.

    peer = start_imap(security="tls")                 # or "starttls", "none"
    peer.folders["Sent"].append(mail)                 # bytes
    peer.folders["Gesendet"] = []; peer.special["Gesendet"] = "\\\\Sent"
    peer.fail("search", "NO [LIMIT] later", times=1)
    peer.fail("fetch", DROP)
    peer.fail("list", HANG)                           # says nothing until peer.release()
    peer.answer("search", ["* SEARCH 1 2 3"])         # instead of the truth; then OK

The points, in order: connect, capability, login, list, examine, search, fetch. It can do no more
than what a look into a folder needs, and what it does not know it answers with BAD."""
import asyncio
import base64
import email.parser
import re

from loop_thread import LoopThread, between_requests
from running import SECONDS, wait_until
from smtp_peer import DROP, HANG, PASSWORD, USER

POINTS = {"CAPABILITY": "capability", "AUTHENTICATE": "login", "LIST": "list",
          "EXAMINE": "examine", "UID SEARCH": "search", "UID FETCH": "fetch"}


class ImapPeer:
    def __init__(self, authority, security="tls", user=USER, password=PASSWORD,
                 certificate="server", delimiter="/"):
        self.security, self.delimiter = security, delimiter
        self.user, self.password = user, password
        self.context = authority.context(certificate) if security != "none" else None
        self.folders = {"INBOX": [], "Sent": []}
        self.special = {"Sent": "\\Sent"}
        self.commands = []  # without their tags
        self.connections = 0
        self._faults, self._answers = [], {}
        self.thread = LoopThread()
        self.released = asyncio.Event()
        self._server = self.thread.wait_for(asyncio.start_server(
            self._serve, "127.0.0.1", 0, ssl=self.context if security == "tls" else None))
        self.port = self._server.sockets[0].getsockname()[1]

    @between_requests
    def fail(self, point, how, times=None):
        """how: what is said instead of OK, DROP or HANG. times: None for always."""
        self._faults.append([point, how, times])

    @between_requests
    def answer(self, point, lines):
        """Texts, each with a line end of its own behind it; the command does nothing else."""
        self._answers[point] = lines

    @between_requests
    def heal(self):
        self._faults.clear()
        self._answers.clear()

    @between_requests
    def release(self):
        """Whoever hangs goes on as if nothing were."""
        self.heal()
        self.released.set()

    def settings(self, **imap):
        """The imap part of POST /api/email/accounts that looks into this one."""
        return {"host": "127.0.0.1", "port": self.port, "security": self.security,
                "username": self.user, "password": self.password, **imap}

    def said(self, word):
        """What clients have said that begins so."""
        return [command for command in list(self.commands) if command.startswith(word)]

    def wait_for_commands(self, word, count):
        wait_until(lambda: len(self.said(word)) >= count, SECONDS, f"{word} number {count}")

    def stop(self):
        self.thread.do(self._server.close)
        self.thread.stop()

    # What follows runs on the thread of the loop.

    def fault_at(self, point):
        for fault in self._faults:
            if fault[0] == point and fault[2] != 0:
                fault[2] = fault[2] and fault[2] - 1
                return fault[1]
        return None

    def answer_at(self, point):
        return self._answers.get(point)

    async def _serve(self, reader, writer):
        self.connections += 1
        try:
            await Session(self, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()


class Session:
    def __init__(self, peer, reader, writer):
        self.peer, self.reader, self.writer = peer, reader, writer
        self.is_secure = peer.security != "starttls"
        self.folder = None

    async def run(self):
        if not await self._fails("connect", "*"):
            self._say("* OK ready")
        while not self.writer.is_closing():
            tag, _, command = (await self._hear()).partition(" ")
            self.peer.commands.append(command)
            await self._obey(tag, command)

    async def _obey(self, tag, command):
        name = next((name for name in [*POINTS, "STARTTLS", "LOGOUT"]
                     if command.upper().startswith(name)), None)
        if name is None:
            return self._say(f"{tag} BAD what?")
        if await self._fails(POINTS.get(name), tag):
            return None
        lines = self.peer.answer_at(POINTS.get(name))
        if lines is None:
            done = await getattr(self, "_" + name.lower().replace(" ", "_"))(tag, command)
            return done and self._say(f"{tag} {done}")
        for line in lines:
            self._say(line)
        return self._say(f"{tag} OK done")

    async def _hear(self):
        return (await self.reader.readuntil(b"\r\n")).decode().rstrip("\r\n")

    def _say(self, line):
        self.writer.write(line.encode() + b"\r\n")

    async def _fails(self, point, tag):
        how = self.peer.fault_at(point)
        if how == DROP:
            self.writer.transport.abort()
            raise ConnectionResetError
        if how == HANG:
            await self.peer.released.wait()
        elif how:
            self._say(f"{tag} {how}")
        return how not in (None, HANG)

    async def _capability(self, _tag, _command):
        offers = "AUTH=PLAIN SASL-IR" if self.is_secure else "STARTTLS LOGINDISABLED"
        self._say(f"* CAPABILITY IMAP4rev1 {offers}")
        return "OK done"

    async def _starttls(self, tag, _command):
        self._say(f"{tag} OK go")
        await self.writer.drain()
        await self.writer.start_tls(self.peer.context)
        self.is_secure = True

    async def _authenticate(self, _tag, command):
        words = command.split()
        if len(words) == 2:
            self._say("+ ")
            words.append(await self._hear())
        _, user, password = base64.b64decode(words[2]).decode().split("\0")
        is_good = (user, password) == (self.peer.user, self.peer.password) and self.is_secure
        return "OK in" if is_good else "NO [AUTHENTICATIONFAILED] not you"

    async def _list(self, _tag, _command):
        for name in self.peer.folders:
            self._say(f'* LIST ({self.peer.special.get(name, "")}) '
                      f'"{self.peer.delimiter}" "{name}"')
        return "OK done"

    async def _examine(self, _tag, command):
        self.folder = self.peer.folders.get(re.fullmatch(r'EXAMINE "(.*)"', command)[1])
        if self.folder is None:
            return "NO [NONEXISTENT] no such folder"
        self._say(f"* {len(self.folder)} EXISTS")
        return "OK [READ-ONLY] done"

    async def _uid_search(self, _tag, command):
        """A part of the field is enough, in any case, as RFC 3501 has it."""
        field, value = re.fullmatch(r'UID SEARCH HEADER (\S+) "(.*)"', command).groups()
        found = [str(uid) for uid, mail in enumerate(self.folder, 1)
                 if value.lower() in (header_of(mail)[field] or "").lower()]
        self._say(" ".join(["* SEARCH", *found]))
        return "OK done"

    async def _uid_fetch(self, _tag, command):
        uids, fields = re.fullmatch(
            r"UID FETCH (\S+) \(BODY\.PEEK\[HEADER\.FIELDS \((.*)\)\]\)", command).groups()
        for uid in map(int, uids.split(",")):
            header = header_of(self.folder[uid - 1])
            text = "".join(f"{name}: {value}\r\n" for name, value in header.items()
                           if name.upper() in fields.upper().split()) + "\r\n"
            self._say(f"* {uid} FETCH (UID {uid} BODY[HEADER.FIELDS ({fields})] "
                      f"{{{len(text.encode())}}}\r\n{text})")
        return "OK done"

    async def _logout(self, tag, _command):
        self._say("* BYE")
        self._say(f"{tag} OK bye")
        self.writer.close()


def header_of(mail):
    return email.parser.BytesHeaderParser().parsebytes(mail)
