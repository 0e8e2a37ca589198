"""What one Gmail mailbox holds, and what Gmail does to a mail that leaves through it."""
import dataclasses
import email.utils
import itertools
import re
import secrets
import time

from fake_mime import Mail, decoded
from fake_sent import Sent

FIRST_HISTORY = 1000


@dataclasses.dataclass
class Message:
    id: str
    thread_id: str
    labels: list
    mail: Mail
    date_ms: int
    history_id: int = 0

    @property
    def raw(self):
        return self.mail.raw


@dataclasses.dataclass
class Draft:
    id: str
    message: Message


class NoSuchThread(Exception):
    pass


class Box:
    """options: the fake, for keeps_message_id, visible_after and so on."""

    def __init__(self, address, options, name=""):
        self.address, self.name, self.options, self.signature = address, name, options, ""
        self.aliases = {}   # address to verificationStatus
        self.messages, self.drafts = {}, {}
        self.history = []   # of (history id, kind, Message)
        self.history_id = self.oldest_history_id = FIRST_HISTORY
        self._hidden = []   # [how many looks it takes, Message]: sent, and not to be seen yet

    # Threads and ids.

    def thread_for(self, wanted, mail, message_id):
        """All three: the thread is named, the mail answers one of it, the subject is the same."""
        if wanted is None:
            return message_id
        thread = self.thread(wanted)
        if not thread:
            raise NoSuchThread(wanted)
        known = {found for message in thread for found in message.mail.ids("Message-ID")}
        answers = known & set(mail.ids("References", "In-Reply-To"))
        same = any(mail.subject() == message.mail.subject() for message in thread)
        return wanted if answers and same else message_id

    def thread(self, thread_id):
        return [message for message in self.messages.values() if message.thread_id == thread_id]

    def new_id(self):
        return f"{next(self.options.numbers):016x}"

    def _add(self, mail, labels, thread_id, message_id):
        message = Message(message_id, thread_id, labels, mail, int(time.time() * 1000))
        self.messages[message_id] = message
        while self.options.keeps and len(self.messages) > self.options.keeps:
            del self.messages[next(iter(self.messages))]
        return message

    # Drafts.

    def create_draft(self, raw, thread_id):
        draft_id = f"r-{next(self.options.numbers)}"
        self.drafts[draft_id] = Draft(draft_id, self._draft_message(raw, thread_id))
        return self.drafts[draft_id]

    def update_draft(self, draft, raw, thread_id):
        """The draft keeps its id, the message gets another."""
        message = self._draft_message(raw, thread_id)
        self.remove_message(draft.message)
        draft.message = message
        return draft

    def _draft_message(self, raw, thread_id):
        mail, message_id = Mail(raw), self.new_id()
        thread_id = self.thread_for(thread_id, mail, message_id)
        message = self._add(mail, ["DRAFT"], thread_id, message_id)
        self._note("messagesAdded", message)
        return message

    def remove_draft(self, draft):
        self.drafts.pop(draft.id, None)
        self.remove_message(draft.message)

    def remove_message(self, message):
        if self.messages.pop(message.id, None):
            self._note("messagesDeleted", message)

    # Mail that leaves, mail that comes.

    def send(self, raw, thread_id, call, draft=None):
        """ValueError: an address that is none, or none at all. NoSuchThread."""
        mail, message_id = Mail(raw), self.new_id()
        recipients = list(dict.fromkeys(mail.addresses("To", "Cc", "Bcc")))
        if not recipients:
            raise ValueError("")
        thread_id = (draft.message.thread_id if draft else
                     self.thread_for(thread_id, mail, message_id))
        if draft and not self.options.draft_outlives_send:
            self.remove_draft(draft)
        self._stamp(mail)
        stored = Mail(mail.bytes())
        labels = ["SENT"] + (["INBOX", "UNREAD"] if self.address in recipients else [])
        message = self._add(stored, labels, thread_id, message_id)
        self._appear_later(message)
        mail.remove("Bcc")
        self.options.note_sent(Sent(
            self.address, message_id, thread_id, draft and draft.id, stored.get("Message-ID"),
            recipients, mail.bytes(), raw, call))
        return message

    def _stamp(self, mail):
        """What Gmail writes over what it was given."""
        if not self.options.keeps_message_id or not mail.get("Message-ID"):
            mail.set("Message-ID", f"<CA+{secrets.token_urlsafe(20)}@mail.gmail.com>")
        name, address = email.utils.parseaddr(mail.get("From") or "")
        if not self.may_send_as(address):
            name = self.name or (decoded(name) if address else "")
            mail.set("From", email.utils.formataddr((name, self.address)))
        if not mail.get("Date"):
            mail.set("Date", email.utils.formatdate())

    def may_send_as(self, address):
        return (address.lower() == self.address.lower() or
                self.aliases.get(address.lower()) == "accepted")

    def receive(self, raw, thread_id=None):
        """A mail from outside; into the thread it answers, unless a thread is named."""
        mail, message_id = Mail(raw), self.new_id()
        if thread_id is None:
            wanted = set(mail.ids("References", "In-Reply-To"))
            thread_id = next((message.thread_id for message in self.messages.values()
                              if wanted & set(message.mail.ids("Message-ID"))), message_id)
        message = self._add(mail, ["INBOX", "UNREAD"], thread_id, message_id)
        self._note("messagesAdded", message)
        return message

    # What is to be seen, and since when.

    def _note(self, kind, message):
        self.history_id += 1
        message.history_id = self.history_id
        self.history.append((self.history_id, kind, message))
        if self.options.keeps and len(self.history) > 2 * self.options.keeps:
            del self.history[:self.options.keeps]
            self.oldest_history_id = self.history[0][0]

    def _appear_later(self, message):
        if self.options.visible_after == 0:
            self._note("messagesAdded", message)
        else:
            self._hidden.append([self.options.visible_after, message])

    def look(self):
        """Somebody asks for a list; each look brings what is hidden nearer."""
        for entry in list(self._hidden):
            if entry[0] is None:
                continue
            if entry[0] <= 0:
                self._reveal(entry)
            else:
                entry[0] -= 1

    def reveal(self):
        for entry in list(self._hidden):
            self._reveal(entry)

    def _reveal(self, entry):
        self._hidden.remove(entry)
        if entry[1].id in self.messages:
            self._note("messagesAdded", entry[1])

    def listed(self):
        """What a list shows, newest first."""
        hidden = {message.id for _, message in self._hidden}
        return [message for message in reversed(self.messages.values()) if message.id not in hidden]

    def forget_history(self):
        """Whoever comes with an older id has to start anew."""
        self.history.clear()
        self.history_id += 1
        self.oldest_history_id = self.history_id


def numbers():
    return itertools.count(0x18f0000000000001)


def snippet_of(mail):
    text = re.sub(rb"<[^>]*>|\s+", b" ", mail.body[:400])
    return text.decode("utf-8", "replace")[:100].strip()
