"""Restored from a backup that was made while a mail's draft was being made at its provider: this server
went on then and sent it, and the records know of no draft. It is looked for, and not sent again.

covers: src/provider/gmail.c src/provider/outlook.c

Seen to fail while a probe took "no draft is noted" for "not sent": Gmail sent it twice.
"""
import pytest

import gmail_mailbox
import outlook_mailbox
from fake_gmail import FakeGmail
from fake_graph import FakeGraph
from restoring import Restored
from tooling import call, objects

KINDS = {"gmail": (gmail_mailbox, FakeGmail, "drafts.create"),
         "outlook": (outlook_mailbox, FakeGraph, "messages.create")}


@pytest.mark.parametrize("name", KINDS)
def test_what_was_being_sent_then_is_found(start_server, tmp_path, name):
    kind, fake, creation = KINDS[name]
    provider = fake()
    try:
        server = start_server(**kind.settings(provider, web_timeout="20s"))
        mailbox = kind.connect(server, provider)
        provider.fail(creation, "late", address=mailbox.address)
        uid = mailbox.send_later()
        provider.wait_for_hanging()
        call(server.data, "backup", "--with-key", str(tmp_path / "backup.tar"))
        provider.release()
        mailbox.wait_for(uid, "sent")
        server.stop()
        [told] = objects(tmp_path / "restored", "restore", tmp_path / "backup.tar")
        assert told["in_doubt"] == 1
        with Restored(tmp_path / "restored", server) as other:
            mailbox.after_restart(other)
            mailbox.wait_for(uid, "sent")
            assert mailbox.steps(uid)[-2:] == ["lost", "found"]
        assert len(kind.sent_from(provider, mailbox)) == 1
    finally:
        provider.stop()
