"""Plain text that comes in and is answered: format=flowed, white space, levels of quoting.

covers: src/mime/flowed.c
"""
import pytest

from received import letter, take_in, user_with_mailbox
from shapes import said

OUTBOUND = "/api/v1/email/outbound"
LONG = "The first sentence of a paragraph that is longer than one line of a mail and so was wrapped."


@pytest.fixture(scope="module")
def user(server):
    return user_with_mailbox(server)


def take_text(user, text, parameters=""):
    mail = letter(user)
    mail.set_payload(text)
    mail.replace_header("Content-Type", f"text/plain; charset=utf-8{parameters}")
    return take_in(user, mail)["_id"]


def text_of(user, identifier):
    return said(user.get(f"/api/v1/email/correspondence/{identifier}"))["body_text"]


def envelope(user, kind, identifier):
    return said(user.post(f"{OUTBOUND}/{kind}-envelope", json={"correspondence_id": identifier}))


@pytest.mark.parametrize("parameters, text, wanted", [
    ("; format=flowed", "One line \r\ngoes on.\r\n \r\n> old \r\n> words\r\n>> older\r\n-- \r\nRita\r\n",
     "One line goes on.\n\n> old words\n>> older\n-- \nRita\n"),
    ("; format=flowed; delsp=yes", "https://a.example/or \r\nders?x\r\n >no quote\r\n  deep\r\n",
     "https://a.example/orders?x\n>no quote\n deep\n"),
    ("; Format=\"Flowed\"", "a \r\nb\r\n", "a b\n"),
    ("", "a \r\nb\r\n c\r\n", "a \nb\n c\n"),
    ("; format=fixed", "a \r\nb\r\n", "a \nb\n"),
])
def test_flowed_text_is_read(user, parameters, text, wanted):
    assert text_of(user, take_text(user, text, parameters)) == wanted


def test_white_space_is_quoted(user):
    got = take_text(user, "Item      Qty\r\n\tif (a)\r\n  b\r\n> > old\r\n")
    for kind in ("reply", "forward"):
        html = envelope(user, kind, got)["body_html"]
        assert "Item\u00a0\u00a0\u00a0\u00a0\u00a0 Qty<br>\n" in html
        assert "\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0 if (a)<br>\n\u00a0 b<br>\n&gt; &gt; old" in html
    assert envelope(user, "reply", got)["body_text"].endswith(
        "> Item      Qty\n> \tif (a)\n>   b\n>>> old\n")


def sent_text(server, user, body):
    said(user.post(f"{OUTBOUND}/send", json={"to": ["a@example.com"], "subject": "s", "body_text": body}))
    mail = server.mails(user.address)[-1]
    return mail["Content-Type"], mail.get_content().replace("\r\n", "\n")


def test_a_long_quote_is_sent_flowed(server, user):
    """Programs that show lines as they are have marks before each; others put them together."""
    got = take_text(user, f"{LONG}\r\n")
    body = "Yes.\n" + envelope(user, "reply", got)["body_text"].lstrip()
    kind, text = sent_text(server, user, body)
    assert kind.params["format"] == "flowed"
    assert all(len(line) <= 78 for line in text.splitlines())
    assert text.count("\n> ") == 2 and text.replace(" \n> ", " ").rstrip() == body.rstrip()


@pytest.mark.parametrize("body", [
    f"{LONG}\n", "> short\nYes.\n", f"> {LONG}\nA line with a space at its end \n"])
def test_other_text_is_sent_as_it_is(server, user, body):
    kind, text = sent_text(server, user, body)
    assert "format" not in kind.params and text == body
