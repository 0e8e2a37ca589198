"""A server that takes a connection and then says nothing keeps only those who asked it waiting: the
sessions that read the database are few, and no request keeps one meanwhile.

What it watches: request_stop_reading().
"""
import concurrent.futures
import socket

from mailboxes import ACCOUNTS, RECORDS, connect
from running import wait_until
from shapes import said

CALLERS = 12  # more than READERS_MOST of db/sqlite_readers.c


class SilentServer:
    """Takes connections, and says nothing until it is ended."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.port = self.socket.getsockname()[1]
        self.taken = []

    def take(self):
        try:
            while True:
                self.taken.append(self.socket.accept()[0])
        except BlockingIOError:
            return len(self.taken)

    def end(self):
        self.socket.close()
        for taken in self.taken:
            taken.close()


def test_others_read_while_a_mail_server_is_silent(start_server, smtp_server):
    server = start_server()
    mailbox = connect(server, smtp_server)
    silent = SilentServer()

    def move(_):
        return mailbox.user.patch(f"{ACCOUNTS}/{mailbox.id}", json={
            "smtp": {"port": silent.port, "password": "p"}})

    with concurrent.futures.ThreadPoolExecutor(CALLERS) as callers:
        moves = [callers.submit(move, number) for number in range(CALLERS)]
        wait_until(lambda: silent.take() == CALLERS, what="all of them asking")
        assert said(mailbox.user.get(RECORDS))["items"] == []
        assert not any(one.done() for one in moves)
        silent.end()
        assert {one.result().status_code for one in moves} == {502}
