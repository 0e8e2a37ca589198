"""A server that goes on from a backup."""
from running import Server


class Restored(Server):
    """On what a backup of another server was brought back to."""

    def __init__(self, data, other):
        self.data, self.errors = data, data.parent / "errors"
        self.settings, self.process, self.wrapper = other.settings, None, other.wrapper
        self.wanted_port = self.port = 0
        self.token, self.account_id, self.email = other.token, other.account_id, other.email
