"""What one Exchange mailbox holds, and the way of a mail from Drafts to Sent Items."""
import base64
import itertools
import re
import secrets

from fake_graph_item import IN_REPLY_TO, REFERENCES, Invalid, Item, address_of, now
from fake_mime import Mail
from fake_sent import Sent

FOLDERS = {"inbox": "Inbox", "drafts": "Drafts", "sentitems": "Sent Items",
           "deleteditems": "Deleted Items", "outbox": "Outbox"}


class Box:
    """options: the fake, for lingers_in_drafts, missing_for and so on."""

    def __init__(self, address, options, name=""):
        self.address, self.name, self.options = address, name, options
        self.may_send_as = {address.lower()}
        self.items = []
        self.by_id = {}     # by each id that holds: the immutable one and today's other one
        self.leaving = []   # [Item, looks in Drafts, looks nowhere]: None, until settle()
        self._numbers = itertools.count(1)

    # Ids.

    def add(self, item, folder):
        item.folder = folder
        item.immutable_id = self._new_id("AAkALg")
        item.conversation_id = item.conversation_id or self._conversation_of(item)
        self.items.append(item)
        self.by_id[item.immutable_id] = item
        self._move(item, folder)
        while self.options.keeps and len(self.items) > self.options.keeps:
            self.remove(self.items[0])
        return item

    def _move(self, item, folder):
        """Where it goes its ordinary id changes."""
        self.by_id.pop(item.rest_id, None)
        item.folder, item.rest_id = folder, self._new_id("AAMkAG")
        self.by_id[item.rest_id] = item
        item.change += 1

    def _new_id(self, prefix):
        number = base64.urlsafe_b64encode(f"{next(self._numbers):06}".encode()).decode()
        middle = "" if self.options.has_plain_ids else "/+"
        return f"{prefix}{middle}{secrets.token_hex(4)}{number}AA="

    def _conversation_of(self, item):
        wanted = set(item.message_ids_answered())
        for known in self.items:
            if known.fields["internetMessageId"] in wanted:
                return known.conversation_id
        return f"AAQkAG{secrets.token_hex(12)}="

    def remove(self, item):
        self.items.remove(item)
        self.by_id.pop(item.rest_id, None)
        self.by_id.pop(item.immutable_id, None)

    def folder_id(self, folder):
        return f"AQMkFolder{folder}-{len(self.address)}="

    # Looking.

    def look(self):
        """Somebody has looked; each look brings what is leaving nearer to Sent Items."""
        for entry in list(self.leaving):
            for place in (1, 2):
                if entry[place] != 0:
                    entry[place] = entry[place] and entry[place] - 1
                    break
            if entry[1:] == [0, 0]:
                self._arrive(entry)

    def settle(self):
        for entry in list(self.leaving):
            self._arrive(entry)

    def _arrive(self, entry):
        self.leaving.remove(entry)
        item = entry[0]
        if item not in self.items:
            return
        item.is_draft, item.sent_at = False, now()
        item.fields["internetMessageId"] = item.sent.message_id
        self._move(item, "sentitems")

    def is_missing(self, item):
        """Between Drafts and Sent Items."""
        return any(entry[0] is item and entry[1] == 0 for entry in self.leaving)

    def find(self, item_id):
        """None: there is no such id, or not now."""
        item = self.by_id.get(item_id)
        return None if item is None or self.is_missing(item) else item

    def listed(self, folder=None):
        """Newest first."""
        return [item for item in reversed(self.items)
                if folder in (None, item.folder) and not self.is_missing(item)]

    # Making.

    def reply_to(self, parent, to_all):
        """A draft as Exchange prepares it: recipients, subject, quotation, threading."""
        item, fields = Item(self.address), parent.fields
        own, to = self.may_send_as, fields["replyTo"] or [fields["from"]]
        if address_of(to[0]) in own:  # an answer to one's own goes where that went
            to = fields["toRecipients"]
        item.fields["toRecipients"] = list(to)
        if to_all:
            there = own | {address_of(one) for one in to}
            more = [one for one in fields["toRecipients"] if address_of(one) not in there]
            item.fields["toRecipients"] += more
            item.fields["ccRecipients"] = [one for one in fields["ccRecipients"]
                                           if address_of(one) not in there]
        self._follow(item, parent, "RE: ")
        return item

    def forward_of(self, parent):
        item = Item(self.address)
        self._follow(item, parent, "FW: ")
        item.attachments = list(parent.attachments)
        return item

    def _follow(self, item, parent, prefix):
        subject = re.sub(r"(?i)^\s*(re|fw|fwd)\s*:\s*", "", parent.fields["subject"])
        item.fields["subject"] = prefix + subject
        quoted = parent.fields["body"]["content"]
        item.fields["body"] = {"contentType": "html", "content": f"<hr><div>{quoted}</div>"}
        item.conversation_id = parent.conversation_id
        parent_id = parent.fields["internetMessageId"]
        earlier = parent.properties.get(REFERENCES) or parent.properties.get(IN_REPLY_TO) or ""
        item.set_parents([parent_id], [*re.findall(r"<[^<>\s]+>", earlier), parent_id])

    def receive(self, raw, new_conversation):
        """A mail from outside. new_conversation: though it answers one that is here."""
        item = Item(self.address)
        item.read_mime(raw)
        if new_conversation:
            item.conversation_id = f"AAQkAG{secrets.token_hex(12)}="
        item.is_draft, item.fields["isRead"], item.sent_at = False, False, now()
        return self.add(item, "inbox")

    # Sending.

    def send(self, item, call, is_draft=True, saves=True):
        """Invalid: refused at once. Whoever asks twice before it has left sends twice."""
        if not item.recipients():
            raise Invalid("ErrorInvalidRecipients", "there is nobody to send it to")
        if not {address_of(item.fields[name]) for name in ("from", "sender")} <= self.may_send_as:
            raise Invalid("ErrorSendAsDenied", "the account may not send as somebody else")
        if not is_draft and saves:
            self.add(item, "drafts")
        given = b"" if self.options.keeps else item.compose()
        message_id, content = self._stamp(item, given)
        item.sent = Sent(self.address, item.immutable_id, item.conversation_id,
                         item.immutable_id if is_draft else None, message_id,
                         item.recipients(), content, given, call)
        self.options.note_sent(item.sent)
        if saves and not any(entry[0] is item for entry in self.leaving):
            self._leave(item)

    def _stamp(self, item, given):
        """What transport makes of the mail."""
        mail, message_id = Mail(given), item.fields["internetMessageId"]
        if not self.options.keeps_message_id:
            message_id = f"<{secrets.token_hex(12)}@mail.prod.example>"
        mail.set("Message-ID", message_id)
        if not mail.get("From"):
            mail.set("From", self.address)
        mail.remove("Bcc")
        return message_id, mail.bytes()

    def _leave(self, item):
        entry = [item, self.options.lingers_in_drafts, self.options.missing_for]
        self.leaving.append(entry)
        if entry[1:] == [0, 0]:
            self._arrive(entry)

    def me(self):
        return {"id": f"user-{self.address}", "displayName": self.name, "mail": self.address,
                "userPrincipalName": self.address}
