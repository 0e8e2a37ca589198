"""Mail that comes in while the process that reads it is killed at every point: each mail is there
once, read or marked, and the next one is read. 1,000 mails in all; with OUTTRAY_TORTURE=1 at each
point.

What it watches: that incoming_parts_again() keeps nothing of what came before the death, and that
exchange_run() takes nothing of half an answer.
"""
import concurrent.futures
import os
import re

import pytest

from points import PARSING
from received import letter, user_with_mailbox
from shapes import said

IS_WHOLE = "OUTTRAY_TORTURE" in os.environ
MAILS = 1000 if IS_WHOLE else -(-1000 // len(PARSING))
THREADS = 4
# Each reader dies at its EVERYth passing of the point. A mail passes it up to four times, and is
# marked when the reader that takes it up is near its own end as well: about one in thirty.
EVERY = 13
MARKED = "[This message could not be read"
KINDS = [dict(text="plain\n"), dict(text="both\n", html="<p>Hello <b>there</b></p>"),
         dict(text="files\n", files=[("a.bin", bytes(1000)), ("b.bin", bytes(range(256)) * 1200)]),
         dict(text="all\n", html="<table><tr><td>x</td></tr></table>", files=[("c.bin", b"c")])]


def import_all(user, mails):
    def take(mail):
        return said(user.post("/api/email/messages/import", params={"account": user.account},
                              data=mail.as_bytes(), headers={"Content-Type": "message/rfc822"}),
                    201)["message"]
    with concurrent.futures.ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(take, mails))


def judge(mail, message):
    """Read, or marked and kept; in either case whole."""
    sizes = sorted(file["size"] for file in message["attachments"])
    if message["body"].startswith(MARKED):
        assert sizes == [len(mail.as_bytes())]
        return False
    wanted = [len(part.get_content()) for part in mail.iter_attachments()]
    if "message.html" in [file["filename"] for file in message["attachments"]]:  # that was too much
        wanted.append(len(b"\xef\xbb\xbf" + mail.get_body(("html",)).get_content().encode()))
    assert sizes == sorted(wanted), message
    assert message["emailMetadata"]["subject"] == mail["Subject"]
    return True


@pytest.mark.parametrize("point", PARSING)
def test_killed_at_every_point_of_reading(start_server, point):
    server = start_server(fault=f"{point}:{EVERY}", parser_processes=2)
    user = user_with_mailbox(server)
    mails = [letter(user, Subject=f"{point} {number}", **KINDS[number % len(KINDS)])
             for number in range(MAILS)]
    messages = import_all(user, mails)
    assert len({message["_id"] for message in messages}) == MAILS
    read = sum(judge(mail, message) for mail, message in zip(mails, messages))
    page = server.client(server.token).get("/metrics").text
    died = int(re.search(r"^outtray_parser_deaths_total (\d+)$", page, re.MULTILINE)[1])
    print(point, "mails", MAILS, "read", read, "deaths", died)
    assert read >= MAILS * 9 // 10
    if point != "parser_answered":  # it has nothing to do any more
        assert died >= MAILS // 20


def test_readers_that_die_as_they_are_born(start_server):
    """Nothing can be read, and nothing is marked: it is not the mail's fault."""
    server = start_server(fault="parser_born:1")
    user = user_with_mailbox(server)
    for _ in range(3):
        reply = user.post("/api/email/messages/import", params={"account": user.account},
                          data=letter(user).as_bytes(), headers={"Content-Type": "message/rfc822"})
        assert reply.status_code == 503 and "could not be started" in reply.text
    server.kill()
    del server.settings["fault"]
    server.start()
    user.url = server.url
    [message] = import_all(user, [letter(user)])
    assert judge(letter(user, Subject=message["emailMetadata"]["subject"]), message)
