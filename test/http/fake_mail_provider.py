"""What the faked Gmail and the faked Graph share: mailboxes, whose tokens come from a faked
sign-in, and the mails that have left from them.

    fake.connect("ann@example.com")   a mailbox and a grant for it: .refresh_token, .access_token
    fake.box("ann@example.com")       the mailbox
    fake.oauth                        the sign-in (fake_oauth.py)
    fake.sent                         every mail accepted, once each (fake_sent.Sent)"""
from fake_oauth import FakeOAuth
from fake_provider import FakeProvider
from loop_thread import between_requests


class FakeMailProvider(FakeProvider):
    FLAVOUR, BOX = None, None  # of the sign-in; the class of a mailbox

    def __init__(self, oauth=None, keeps=None, port=0, **options):
        """oauth: whose tokens hold; one of its own otherwise. keeps: so many messages of a mailbox,
        and no mail in .sent, for benchmarks."""
        self._owns_oauth = oauth is None
        self.oauth = oauth or FakeOAuth(self.FLAVOUR, **options)
        self.keeps, self.sent, self.sent_count, self.boxes = keeps, [], 0, {}
        super().__init__(thread=self.oauth.thread, port=port, **options)

    def stop(self):
        try:
            super().stop()
        finally:
            if self._owns_oauth:
                self.oauth.stop()

    @between_requests
    def connect(self, address, name="", **grant):
        """grant: scopes, refresh_token, as oauth.issue() takes them."""
        self.box(address).name = name
        return self.oauth.issue(address, **grant)

    @between_requests
    def box(self, address):
        if address not in self.boxes:
            self.boxes[address] = self.BOX(address, self)
        return self.boxes[address]

    # What follows runs on the thread.

    def note_sent(self, sent):
        self.sent_count += 1
        if self.keeps is None:
            self.sent.append(sent)

    def whose(self, call):
        call.token = self.oauth.accesses.get(call.bearer)
        return call.token and call.token.address
