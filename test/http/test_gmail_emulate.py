"""Mail through Gmail's API as somebody else understood it (emulate.py), where drafts, threads and
history are not quite as in our own fake. It cannot say whose mailbox it is, so the mailbox is
connected with the fake first; then the server is told to look elsewhere.

covers: src/provider/gmail_handle.c
"""
import base64
import email
import email.policy

import pytest
import requests

from fake_gmail import FakeGmail
from gmail_mailbox import connect, settings
from running import SECONDS, Server
from shapes import said


@pytest.fixture(scope="module")
def emulate(start_emulate):
    return start_emulate("google")


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory, emulate):
    fake = FakeGmail()
    server = Server(tmp_path_factory.mktemp("server"),
                    **settings(fake, send_wait="5s", web_timeout="20s"))
    with server:
        connected = connect(server, fake, address=emulate.email)
    server.settings["gmail_api_url"] = emulate.url
    with server:
        connected.after_restart(server)
        yield connected
    fake.stop()


def get(emulate, path, **query):
    with requests.Session() as session:
        session.trust_env = False
        return said(session.get(f"{emulate.url}/gmail/v1/users/me/{path}", params=query,
                                headers={"Authorization": "Bearer any"}, timeout=SECONDS))


def stored(emulate, reply):
    """The mail of that reply, as it lies among the sent mail."""
    shown = get(emulate, f"messages/{reply['provider_message_id']}", format="raw")
    assert "SENT" in shown["labelIds"]
    raw = base64.urlsafe_b64decode(shown["raw"] + "===")
    return raw, email.message_from_bytes(raw, policy=email.policy.default)


def test_a_mail_goes_out_once(emulate, mailbox):
    reply = mailbox.send(subject="Once", cc=["c@example.com"])
    raw, message = stored(emulate, reply)
    assert message["X-Outtray-Ref"] == reply["outbound_email_uid"]
    assert raw == mailbox.raw(reply["outbound_email_uid"])  # it keeps our Message-ID
    sent = get(emulate, "messages", q="in:sent").get("messages", [])
    assert [one["id"] for one in sent].count(reply["provider_message_id"]) == 1
    assert get(emulate, "drafts").get("drafts", []) == []


def test_an_answer_is_in_its_thread(emulate, mailbox):
    first = mailbox.send(subject="A matter")
    second = mailbox.send(reply_to_message_uid=first["outbound_email_uid"],
                          subject="Re: A matter")
    assert first["provider_thread_id"] == second["provider_thread_id"]
    _, one = stored(emulate, first)
    _, two = stored(emulate, second)
    assert two["In-Reply-To"] == one["Message-ID"]
    thread = get(emulate, f"threads/{first['provider_thread_id']}")
    assert {message["id"] for message in thread["messages"]} == {
        first["provider_message_id"], second["provider_message_id"]}
