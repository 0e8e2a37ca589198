"""A mail that a fake provider has accepted: what a test counts. One record for each acceptance."""
import dataclasses
import email
import email.policy
import functools


@dataclasses.dataclass
class Sent:
    address: str       # the mailbox that it left from
    id: str            # of the provider's sent copy
    thread_id: str
    draft_id: str      # None: sent without one
    message_id: str    # as the provider stamped it
    recipients: list   # To, Cc and Bcc, each once
    content: bytes     # what the recipients get: without Bcc
    given: bytes       # what the client gave; Graph: composed of what it gave
    call: str          # that did it

    @functools.cached_property
    def message(self):
        """The content, read by Python's email package."""
        return email.message_from_bytes(self.content, policy=email.policy.default)

    def header(self, name):
        """As it is written, or None."""
        return self.message.get(name)
