"""What reads strangers' mail: what it can reach, and what becomes of mail that it dies of.

What they watch: confine_computation in nest_become_reader, nest_forget, PARSER_TRIES,
incoming_take's UNREADABLE, and SIGCHLD in take_signals.
"""
import os
import pathlib
import re
import signal
import subprocess
import time

from received import letter, receive, take_in, user_with_mailbox
from running import wait_until
from shapes import said

HTML = "<p>Hello <b>there</b></p>"
UNREADABLE = "this mail could not be read: it ended the process that reads mail, twice"
MARK = "[This message could not be read by the server. It is attached as it came.]"


def children(process):
    """By what they are called."""
    listed = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True,
                            check=False).stdout.split()
    named = {}
    for one in map(int, listed):
        named.setdefault(pathlib.Path(f"/proc/{one}/comm").read_text().strip(), []).append(one)
    return named


def nest_of(server):
    [nest] = children(server.process.pid)["parser-nest"]
    return nest


def readers_of(server):
    return children(nest_of(server)).get("parser", [])


def open_files(process):
    return sorted(os.readlink(path) for path in pathlib.Path(f"/proc/{process}/fd").iterdir())


def is_over(process):
    return not pathlib.Path(f"/proc/{process}").exists()


def deaths(server):
    return re.findall(r"event=parser_died task=(.*?) reason=(.*)\n", server.said())


def metric(server, name):
    page = server.client(server.token).get("/metrics").text
    return int(re.search(rf"^outtray_{name} (\d+)$", page, re.MULTILINE)[1])


def message(user, conversation):
    [one] = said(user.get(f"/api/conversation/{conversation}"))["messages"]
    return one


def events_of(server, event):
    return [one for one in said(server.client(server.token).get("/api/events"))["events"]
            if one["type"] == event]


def test_it_holds_nothing(start_server):
    server = start_server(model_key="very-secret-key")
    user = user_with_mailbox(server)
    receive(user, html=HTML)
    nest, [reader] = nest_of(server), readers_of(server)
    for process, others in (nest, 2), (reader, 1):  # the nest's: its socket, and of deaths
        files = [file for file in open_files(process) if file != "/dev/null"]
        files = [file for file in files if not file.startswith("/tmp/")]  # what a sanitizer says
        assert len(files) == others and all(re.match(r"socket:|anon_inode:\[signalfd", file)
                                            for file in files), files
        proc = pathlib.Path(f"/proc/{process}")
        assert b"very-secret-key" not in (proc / "environ").read_bytes()
        assert str(server.data).encode() not in (proc / "cmdline").read_bytes()
        status = (proc / "status").read_text()
        assert re.search(r"^Seccomp:\s2$", status, re.MULTILINE)
        assert re.search(r"^NoNewPrivs:\s1$", status, re.MULTILINE)
        assert os.geteuid() != 0 or re.search(r"^Uid:\s65534\s65534\s65534", status, re.MULTILINE)


def test_they_are_made_when_they_are_needed(start_server):
    server = start_server(parser_processes=2)
    assert readers_of(server) == [] and metric(server, "parser_processes") == 0
    user = user_with_mailbox(server)
    for _ in range(3):
        receive(user)
    assert len(readers_of(server)) == 1 == metric(server, "parser_processes")


def test_a_mail_that_kills_it_twice_is_marked_and_kept(start_server):
    server = start_server(fault="parser_asked:1")
    user = user_with_mailbox(server)
    mail = letter(user, html=HTML, files=[("a.pdf", b"%PDF")])
    got = take_in(user, mail)
    assert deaths(server) == [("mime", '"it died"')] * 2
    assert (metric(server, "parser_deaths_total"), metric(server, "parser_unreadable_total")) == (2, 1)
    kept = message(user, got["conversationId"])
    assert (kept["body"], kept["status"]) == (MARK, "received")
    assert kept["emailMetadata"]["from"] == [] and kept["emailMetadata"]["messageId"] is None
    [file] = kept["attachments"]
    assert (file["filename"], file["contentType"]) == ("message.eml", "message/rfc822")
    bytes_kept = user.get("/api/messages/download", params={"key": file["storageKey"],
                                                             "fileName": "message.eml"})
    assert bytes_kept.content == mail.as_bytes()
    assert [one["reason"] for one in events_of(server, "email.received")] == [UNREADABLE]
    assert take_in(user, mail, status=200)["_id"] == got["_id"]
    server.kill()
    del server.settings["fault"]
    server.start()
    user.url = server.url
    assert receive(user, text="next\n")["body"] == "next\n"


def test_html_that_kills_it_twice_becomes_an_attachment(start_server):
    server = start_server(fault="parser_html:1")
    user = user_with_mailbox(server)
    assert receive(user, text="plain\n")["body"] == "plain\n"
    assert deaths(server) == []
    got = receive(user, text="Both\n", html=HTML)
    assert deaths(server) == [("sanitize", '"it died"')] * 2
    assert got["body"] == "Both\n"
    assert events_of(server, "email.received")[-1]["reason"].startswith("its HTML could not be read")
    assert [file["filename"] for file in got["attachments"]] == ["message.html"]
    assert got["emailMetadata"]["subject"] == "Contract"


def test_an_answer_quotes_the_text_of_what_cannot_be_read(start_server):
    server = start_server()
    user = user_with_mailbox(server)
    got = receive(user, text="Both\n", html=HTML)
    server.kill()
    server.settings["fault"] = "parser_html:1"
    server.start()
    user.url = server.url
    [listed] = said(user.get("/api/v1/email/correspondence"))["data"]
    envelope = said(user.post("/api/v1/email/outbound/reply-envelope",
                              json={"correspondence_id": listed["id"]}))
    assert "> Both" in envelope["body_text"] and "Both" in envelope["body_html"]
    assert "<b>" not in envelope["body_html"] and got["body"]


def test_mail_that_cannot_be_composed_fails_at_once(start_server):
    server = start_server(fault="parser_html:1", send_wait="20s")
    client = server.client(server.token)
    reply = client.post("/api/email/send", json={"from_account_id": server.account_id,
                                                 "to": ["a@example.com"], "subject": "s",
                                                 "body_html": HTML})
    assert reply.status_code == 502 and "twice" in reply.text
    assert reply.json()["error"]["details"][0]["status"] == "failed"


def test_a_reader_that_does_not_go_on_is_ended(start_server):
    server = start_server(parser_timeout="1s")
    user = user_with_mailbox(server)
    receive(user)
    [reader] = readers_of(server)
    os.kill(reader, signal.SIGSTOP)
    assert receive(user, text="after\n")["body"] == "after\n"
    assert deaths(server) == [("mime", '"it took too long"')]
    wait_until(lambda: is_over(reader), what="the end of the one that stood still")


def test_readers_that_are_killed_while_mail_comes_in(start_server):
    server = start_server(parser_processes=2)
    user = user_with_mailbox(server)
    found = []
    for number in range(60):
        found.append(receive(user, text=f"{number}\n", html=HTML if number % 2 else None))
        for reader in readers_of(server) if number % 3 == 0 else ():
            os.kill(reader, signal.SIGKILL)
    assert len({one["_id"] for one in found}) == 60
    assert metric(server, "parser_unreadable_total") == 0


def test_a_server_without_its_nest_says_so_and_ends(start_server):
    server = start_server()
    receive(user_with_mailbox(server))
    [reader] = readers_of(server)
    os.kill(nest_of(server), signal.SIGKILL)
    process, server.process = server.process, None
    assert process.wait(60) == 1
    assert "event=parser_lost" in server.said()
    wait_until(lambda: is_over(reader), what="the reader's end")


def test_nothing_is_left_of_a_server_that_ends(start_server):
    for end in "stop", "kill":
        server = start_server()
        receive(user_with_mailbox(server))
        others = [nest_of(server), *readers_of(server)]
        getattr(server, end)()
        wait_until(lambda: all(map(is_over, others)), what="their end")


def test_signals_of_the_terminal_do_not_end_them(start_server):
    server = start_server()
    user = user_with_mailbox(server)
    receive(user)
    others = [nest_of(server), *readers_of(server)]
    for process in others:
        os.kill(process, signal.SIGINT)
        os.kill(process, signal.SIGTERM)
    time.sleep(0)
    receive(user)
    assert [nest_of(server), *readers_of(server)] == others
    assert deaths(server) == []
