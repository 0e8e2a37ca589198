"""P7 where a former attempt has left a draft at the mailbox's provider: what leaves is what was
approved, not what the mail said when that draft was made. Both providers are fakes of ours.

covers: src/store/submission.c src/provider/gmail_send.c src/provider/outlook_send.c

Seen to fail without email_unfinish_handle in submission_recall: the former text was sent.
"""
import pytest

import gmail_mailbox
import outlook_mailbox
from mailboxes import ACCOUNTS, RECORDS
from people import new_user
from running import Server
from shapes import said

DRAFTS = "/api/email/drafts"
SENDING = {"gmail": "drafts.send", "outlook": "messages.send"}


@pytest.fixture(scope="module")
def server(tmp_path_factory, fakes):
    settings = {**gmail_mailbox.settings(fakes["gmail"]),
                **outlook_mailbox.settings(fakes["outlook"])}
    with Server(tmp_path_factory.mktemp("server"), **settings, web_timeout="20s") as running:
        yield running


@pytest.fixture(params=["gmail", "outlook"])
def place(request, server, fakes):
    kind = {"gmail": gmail_mailbox, "outlook": outlook_mailbox}[request.param]
    fake = fakes[request.param]
    yield Place(server, request.param, fake, kind, kind.connect(server, fake))
    fake.heal()


class Place:
    def __init__(self, server, name, fake, kind, mailbox):
        self.name, self.fake, self.kind, self.mailbox = name, fake, kind, mailbox
        self.approver = new_user(server, ["inbox:read", "inbox:approve"], mailbox=False)

    def sent(self):
        return self.kind.sent_from(self.fake, self.mailbox)

    def drafts(self):
        """What lies in its Drafts."""
        return (list(self.fake.box(self.mailbox.address).drafts) if self.name == "gmail"
                else outlook_mailbox.drafts_of(self.fake, self.mailbox))

    def decide(self, by, uid, what, **body):
        return said(by.post(f"{RECORDS}/{uid}/{what}", json=body))

    def recalled(self, **fault):
        """A mail of which its provider has a draft, and that needs approval by now."""
        self.fake.fail(SENDING[self.name], address=self.mailbox.address, **fault)
        uid = self.mailbox.send_later(subject="before", body_text="before")
        self.mailbox.wait_for(uid, "queued", attempts=1)
        said(self.mailbox.user.patch(f"{ACCOUNTS}/{self.mailbox.id}",
                                     json={"requiresApproval": True}))
        self.decide(self.mailbox.user, uid, "retry")
        self.mailbox.wait_for(uid, "pending_approval")
        return uid

    def approve(self, uid):
        self.decide(self.approver, uid, "approve",
                    content_sha256=self.mailbox.record(uid)["content_sha256"])
        return self.mailbox.wait_for(uid, "sent")


def edit(place, uid, text):
    said(place.mailbox.user.patch(f"{DRAFTS}/{uid}", json={"subject": text, "body_text": text}))


def test_what_was_edited_leaves_as_it_was_approved(place):
    uid = place.recalled(status=429)
    assert len(place.drafts()) == 1
    edit(place, uid, "after")
    place.approve(uid)
    [sent] = place.sent()
    assert sent.header("Subject") == "after" and sent.header("X-Outtray-Ref") == uid
    assert "after" in sent.message.get_body(("plain",)).get_content()
    assert place.drafts() == []


def test_what_was_rejected_and_rewritten(place):
    uid = place.recalled(status=429)
    place.decide(place.approver, uid, "reject", reason="not like this")
    edit(place, uid, "again")
    place.decide(place.mailbox.user, uid, "submit")
    place.approve(uid)
    [sent] = place.sent()
    assert sent.header("Subject") == "again" and place.drafts() == []


def test_a_draft_that_cannot_be_deleted_yet(place):
    """It is deleted before another is sent, or that other waits."""
    uid = place.recalled(status=429)
    edit(place, uid, "after")
    delete = {"gmail": "drafts.delete", "outlook": "messages.delete"}[place.name]
    place.fake.fail(delete, status=503, address=place.mailbox.address)
    seen = place.mailbox.record(uid)["content_sha256"]
    place.decide(place.approver, uid, "approve", content_sha256=seen)
    place.mailbox.wait_for(uid, "queued", attempts=2)
    assert place.sent() == []
    place.decide(place.mailbox.user, uid, "retry")
    place.mailbox.wait_for(uid, "sent")
    assert [sent.header("Subject") for sent in place.sent()] == ["after"]
    assert place.drafts() == []


def test_where_it_was_sent_after_all(place):
    """What its provider has sent, whatever it answered then, is not sent again."""
    uid = place.recalled(status=429, acts=True)
    edit(place, uid, "after")
    record = place.approve(uid)
    assert [sent.header("Subject") for sent in place.sent()] == ["before"]
    assert record["status"] == "sent"
