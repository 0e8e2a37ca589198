"""The end that an operator asks for, and a second server on the same folder."""
import signal
import subprocess
import threading

from mailboxes import SEND, connect
from running import BUILD, SECONDS, clean_environment
from shapes import said
from smtp_peer import HANG


def test_a_send_under_way_is_finished_and_recorded(start_server, start_smtp):
    server, peer = start_server(send_wait="20s"), start_smtp(security="none")
    mailbox = connect(server, peer)
    peer.fail("data", HANG)
    replies = []
    sender = threading.Thread(target=lambda: replies.append(
        mailbox.user.post(SEND, json=mailbox.body())))
    sender.start()
    peer.wait_for_command("DATA")
    waiting = mailbox.send_later()
    server.process.send_signal(signal.SIGTERM)
    sender.join(SECONDS)  # the drain answers whoever waits
    assert replies[0].status_code == 202 and replies[0].json()["status"] == "sending"
    assert server.process.poll() is None
    peer.release()
    assert server.process.wait(SECONDS) == 0
    server.stop()
    assert len(peer.accepted) >= 1
    server.start()
    mailbox.after_restart(server)
    uid = replies[0].json()["outbound_email_uid"]
    assert mailbox.record(uid)["status"] == "sent"
    mailbox.wait_for(waiting, "sent")
    assert len(peer.accepted) == 2


def test_a_send_that_outlasts_the_drain_is_unknown(start_server, start_smtp):
    """The process ends all the same, and the next one does not send again what it left."""
    server, peer = start_server(drain_timeout="1s"), start_smtp(security="none")
    mailbox = connect(server, peer)
    peer.fail("end", HANG)
    uid = mailbox.send_later()
    peer.wait_for_mails(1)
    server.stop()
    peer.release()
    server.start()
    mailbox.after_restart(server)
    record = mailbox.record(uid)
    assert record["status"] == "unknown" and "may have been sent" in record["error"]
    mailbox.send()
    assert mailbox.steps(uid)[-1] == "lost" and len(peer.accepted) == 2


def test_a_second_server_on_the_folder_refuses(server, api):
    second = subprocess.run(
        [BUILD / "outtrayd", "--data", server.data, "--listen", "127.0.0.1:0"], text=True,
        capture_output=True, timeout=SECONDS, check=False, env=clean_environment())
    assert second.returncode == 1 and str(server.data) in second.stderr
    assert said(api.get("/api/email/accounts"))["accounts"]
