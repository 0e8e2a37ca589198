"""A server that goes on from a backup, and a database that is changed behind its back."""
import contextlib
import sqlite3

from running import Server


class Restored(Server):
    """On what a backup of another server was brought back to."""

    def __init__(self, data, other):
        self.data, self.errors = data, data.parent / "errors"
        self.settings, self.process, self.wrapper = other.settings, None, other.wrapper
        self.wanted_port = self.port = 0
        self.token, self.account_id, self.email = other.token, other.account_id, other.email


def change(data, *statements):
    with contextlib.closing(sqlite3.connect(data / "outtray.db")) as database:
        for statement in statements:
            database.execute(*statement)
        database.commit()
