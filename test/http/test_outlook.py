"""Mail that leaves through Outlook: what arrives there, in which conversation, and what becomes of
it when Microsoft Graph fails. Graph is a fake of ours (fake_graph.py)."""
import base64
import os

import pytest

from fake_graph import FakeGraph
from mailboxes import moment
from outlook_mailbox import connect, drafts_of, sent_from, settings
from running import Server, wait_until
from shapes import said

MIB = 1024 * 1024
SMALL = ["messages.create", "messages.update", "messages.send", "messages.get"]


@pytest.fixture(scope="module")
def fake():
    running = FakeGraph()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory, fake):
    folder = tmp_path_factory.mktemp("server")
    with Server(folder, **settings(fake, send_wait="3s", web_timeout="20s")) as running:
        yield running
        log = running.said()
        assert "access-" not in log and "refresh-" not in log and "authtoken" not in log


@pytest.fixture
def graph(fake):
    fake.heal()
    fake.forget()
    fake.keeps_message_id, fake.lingers_in_drafts, fake.missing_for = True, 0, 0
    fake.keeps_partial_ranges, fake.has_upload_status, fake.range_status = False, True, 200
    fake.wants_advised_ranges = True
    yield fake
    fake.release()


@pytest.fixture
def mailbox(server, graph):
    return connect(server, graph)


def only_sent(graph, mailbox):
    [sent] = sent_from(graph, mailbox)
    return sent


def event_of(mailbox, uid, name="accepted"):
    [event] = [event for event in mailbox.events(uid) if event["event"] == name]
    return event


def calls_of(graph, mailbox):
    return [call.name for call in list(graph.calls) if call.address == mailbox.address]


def attachment(size, name="a.bin", **more):
    content = os.urandom(size)
    return content, {"filename": name, "content_type": "application/octet-stream",
                     "data_base64": base64.b64encode(content).decode(), **more}


def contents(sent):
    """Of its attachments, inline ones too, by their names."""
    return {part.get_filename(): part.get_payload(decode=True) for part in sent.message.walk()
            if part.get_content_disposition()}


# What arrives

def test_a_mail_as_it_is(graph, mailbox):
    graph.forget()
    reply = mailbox.send(to=["b@example.com"], cc=["c@example.com"], bcc=["hidden@example.com"],
                         subject="Grüße", body_text="Hallo", body_html="<p>Hallo</p>")
    sent, uid = only_sent(graph, mailbox), reply["outbound_email_uid"]
    assert sorted(sent.recipients) == ["b@example.com", "c@example.com", "hidden@example.com"]
    assert sent.given == mailbox.raw(uid) and b"hidden@example.com" not in sent.content
    assert sent.header("Subject") == "Grüße" and sent.header("X-Outtray-Ref") == uid
    assert (reply["provider_message_id"], reply["provider_thread_id"]) == (sent.id, sent.thread_id)
    record = mailbox.record(uid)
    assert (record["status"], record["attempts"]) == ("sent", 1)
    assert mailbox.steps(uid) == ["send", "claim", "accepted"]
    detail = event_of(mailbox, uid)["detail"]
    assert detail.pop("request_id") and detail.pop("client_request_id")
    assert detail == {"call": "messages.send", "status": 202, "id": sent.id,
                      "thread_id": sent.thread_id, "message_id": sent.message_id}
    assert calls_of(graph, mailbox) == SMALL
    assert drafts_of(graph, mailbox) == []


def test_each_call_says_who_asks(graph, mailbox):
    graph.forget()
    mailbox.send()
    calls = [call for call in list(graph.calls) if call.address == mailbox.address]
    assert {call.headers["prefer"] for call in calls} == {'IdType="ImmutableId"'}
    [asked_as] = {call.headers["client-request-id"] for call in calls}
    assert len(asked_as) == 36


def test_it_is_found_by_our_marks(graph, mailbox):
    uid = mailbox.send()["outbound_email_uid"]
    [item] = graph.box(mailbox.address).listed("sentitems")
    assert [value for name, value in item.properties.items() if name.endswith("SendRef")] == [uid]
    assert item.fields["internetMessageId"] == only_sent(graph, mailbox).message_id


def test_a_message_id_that_is_not_ours(graph, mailbox):
    """What transport has put in its place is what an answer to it names."""
    graph.keeps_message_id = False
    first = mailbox.send()
    mailbox.send(reply_to_message_uid=first["outbound_email_uid"], subject="Re: s")
    one, two = sent_from(graph, mailbox)
    assert one.message_id.endswith("@mail.prod.example>")
    assert two.header("In-Reply-To") == one.message_id


@pytest.mark.parametrize("lingers, missing", [(1, 0), (0, 1), (1, 1)])
def test_a_mail_that_leaves_slowly(graph, mailbox, lingers, missing):
    graph.lingers_in_drafts, graph.missing_for = lingers, missing
    reply = mailbox.send()
    assert reply["provider_message_id"] == only_sent(graph, mailbox).id
    assert "note" not in event_of(mailbox, reply["outbound_email_uid"])["detail"]


def test_a_mail_that_is_not_seen_again_is_sent_all_the_same(graph, mailbox):
    graph.missing_for = None
    reply = mailbox.send(200)
    sent = only_sent(graph, mailbox)
    assert (reply["provider_message_id"], reply["provider_thread_id"]) == (sent.id, sent.thread_id)
    graph.settle(mailbox.address)


# Conversations

def test_an_answer_stays_in_the_conversation(graph, mailbox):
    first = mailbox.send(body_html="<p>first</p>")
    graph.forget()
    second = mailbox.send(reply_to_message_uid=first["outbound_email_uid"], subject="Re: s",
                          to=["e@example.com"], cc=["f@example.com"], bcc=["g@example.com"],
                          body_html="<p>second</p>")
    one, two = sent_from(graph, mailbox)
    assert two.header("In-Reply-To") == one.message_id
    assert one.message_id in two.header("References")
    assert two.header("X-Outtray-Ref") == second["outbound_email_uid"]
    assert one.thread_id == two.thread_id == second["provider_thread_id"]
    assert two.recipients == ["e@example.com", "f@example.com", "g@example.com"]
    assert (two.header("To"), two.header("Cc")) == ("e@example.com", "f@example.com")
    assert two.header("Subject") == "Re: s" and b"g@example.com" not in two.content
    html = two.message.get_body(("html",)).get_content()
    assert "second" in html and "<hr>" not in html, "what Exchange had quoted is still there"
    assert calls_of(graph, mailbox) == ["messages.createReply", "attachments.list", *SMALL[1:]]


def test_an_answer_with_attachments_of_both_kinds(graph, mailbox):
    first = mailbox.send()
    small, one = attachment(1000, "small.bin")
    large, two = attachment(4 * MIB, "large.bin")
    picture, three = attachment(500, "p.png", content_id="pic@x", inline=True)
    uid = mailbox.send_later(
        reply_to_message_uid=first["outbound_email_uid"], subject="Re: s",
        body_html='<p>see <img src="cid:pic@x"></p>', attachments=[one, two, three])
    mailbox.wait_for(uid, "sent")
    before, after = sent_from(graph, mailbox)
    assert contents(after) == {"small.bin": small, "large.bin": large, "p.png": picture}
    [inline] = [part for part in after.message.walk()
                if part.get_content_disposition() == "inline"]
    assert inline["Content-ID"] == "<pic@x>"
    assert before.thread_id == after.thread_id


def test_an_answer_to_what_is_gone(graph, mailbox):
    """Whoever gets the mail still sees what it answers."""
    first = mailbox.send()
    before = only_sent(graph, mailbox)
    box = graph.box(mailbox.address)
    graph.thread.do(lambda: [box.remove(item) for item in list(box.items)])
    second = mailbox.send(reply_to_message_uid=first["outbound_email_uid"], subject="Re: s")
    _, after = sent_from(graph, mailbox)
    assert after.header("In-Reply-To") == before.message_id
    assert second["provider_thread_id"] == after.thread_id != before.thread_id


# Sizes

@pytest.mark.parametrize("sizes, calls", [
    ([int(1.8 * MIB)], []),
    ([2_900_000], ["attachments.create"]),
    ([2_999_999], ["attachments.create"]),
    ([3_000_000], ["attachments.createUploadSession", "attachments.create"]),
    ([3 * MIB - 1], ["attachments.createUploadSession", "attachments.create"]),
    ([3 * MIB], ["attachments.createUploadSession", "upload.put"]),
    ([3_100_000, 100], ["attachments.createUploadSession", "attachments.create",
                        "attachments.create"]),
    ([12 * 320 * 1024, 12 * 320 * 1024 + 1],
     ["attachments.createUploadSession", "upload.put", "attachments.createUploadSession",
      "upload.put", "upload.put"]),
    ([10 * MIB], ["attachments.createUploadSession"] + 3 * ["upload.put"]),
    ([25 * MIB], ["attachments.createUploadSession"] + 7 * ["upload.put"])])
def test_mails_of_any_size(graph, mailbox, sizes, calls):
    files = [attachment(size, f"{number}.bin") for number, size in enumerate(sizes)]
    uid = mailbox.send_later(cc=["c@example.com"], bcc=["hidden@example.com"], body_html="<p>t</p>",
                             attachments=[file for _, file in files])
    assert mailbox.wait_for(uid, "sent")["attempts"] == 1
    sent = only_sent(graph, mailbox)
    assert contents(sent) == {f"{number}.bin": content
                              for number, (content, _) in enumerate(files)}
    assert sorted(sent.recipients) == ["b@example.com", "c@example.com", "hidden@example.com"]
    assert sent.header("X-Outtray-Ref") == uid and sent.header("Subject") == "s"
    assert sent.message.get_body(("html",)).get_content().strip() == "<p>t</p>"
    asked = calls_of(graph, mailbox)
    assert asked[-2:] == SMALL[-2:]
    assert [name for name in asked if name.startswith(("attachments", "upload"))] == calls


def test_a_large_mail_with_our_message_id_and_its_parents(graph, mailbox):
    _, file = attachment(3 * MIB)
    first = mailbox.send()
    before = only_sent(graph, mailbox)
    box = graph.box(mailbox.address)
    graph.thread.do(lambda: [box.remove(item) for item in list(box.items)])
    uid = mailbox.send_later(reply_to_message_uid=first["outbound_email_uid"], subject="Re: s",
                             attachments=[file])
    mailbox.wait_for(uid, "sent")
    _, after = sent_from(graph, mailbox)
    assert after.header("In-Reply-To") == before.message_id
    assert before.message_id in after.header("References")
    assert f"Message-ID: {after.message_id}".encode() in mailbox.raw(uid)


def test_a_signature_is_in_a_large_mail_too(graph, mailbox):
    _, file = attachment(3 * MIB)
    said(mailbox.user.patch(f"/api/email/accounts/{mailbox.id}",
                            json={"signatureHtml": "<p>Ann</p>", "appendSignature": True}))
    uid = mailbox.send_later(body_html="<p>t</p>", attachments=[file])
    mailbox.wait_for(uid, "sent")
    html = only_sent(graph, mailbox).message.get_body(("html",)).get_content()
    assert html.count("<p>Ann</p>") == 1 and b"<p>Ann</p>" in mailbox.raw(uid)


def test_a_text_beyond_graphs_limit_is_refused(graph, mailbox):
    uid = mailbox.send_later(body_text="long line " * 400_000)
    record = mailbox.wait_for(uid, "failed")
    assert "3500000 bytes" in record["error"]
    assert sent_from(graph, mailbox) == [] and drafts_of(graph, mailbox) == []


# Uploads that break off

@pytest.mark.parametrize("keeps_part", [False, True])
@pytest.mark.parametrize("fault, details", [
    ("reset_during", {"after_bytes": 2 * MIB}), ("reset_during", {"after_bytes": 10}),
    ("reset_before", {}), ("reset_after", {}), ("half_reply", {}), ("garbage", {}),
    ("status", {"status": 500}), ("status", {"status": 500, "acts": True})])
def test_an_upload_that_breaks_off_goes_on(graph, mailbox, fault, details, keeps_part):
    graph.keeps_partial_ranges, graph.wants_advised_ranges = keeps_part, not keeps_part
    content, file = attachment(9 * MIB)
    graph.fail("upload.put", fault, address=mailbox.address, skip=1, **details)
    uid = mailbox.send_later(attachments=[file])
    assert mailbox.wait_for(uid, "sent")["attempts"] == 1
    assert contents(only_sent(graph, mailbox)) == {"a.bin": content}
    assert calls_of(graph, mailbox).count("attachments.createUploadSession") == 1


def test_an_upload_nobody_can_be_asked_about_begins_anew(graph, mailbox):
    graph.has_upload_status = False
    content, file = attachment(9 * MIB)
    graph.fail("upload.put", "reset_after", address=mailbox.address)
    uid = mailbox.send_later(attachments=[file])
    assert mailbox.wait_for(uid, "sent")["attempts"] == 2
    assert contents(only_sent(graph, mailbox)) == {"a.bin": content}
    assert drafts_of(graph, mailbox) == []


def test_the_place_of_an_upload_gets_no_token(graph, mailbox):
    _, file = attachment(5 * MIB)
    uid = mailbox.send_later(attachments=[file])
    mailbox.wait_for(uid, "sent")
    puts = [call for call in graph.calls_of("upload.put") if call.address == mailbox.address]
    assert len(puts) == 2 and not any("authorization" in call.headers for call in puts)
    assert "authtoken" not in str(mailbox.events(uid))


# Limits, grants, what is left behind

def test_a_limit_holds_the_mailbox(graph, mailbox):
    graph.fail("messages.send", status=429, retry_after=4, address=mailbox.address)
    one = mailbox.send_later()
    record = mailbox.wait_for(one, "queued", attempts=1)
    assert "429" in record["error"]
    two = mailbox.send_later()
    records = [mailbox.wait_for(uid, "sent") for uid in (one, two)]
    assert len(sent_from(graph, mailbox)) == 2
    held = moment(event_of(mailbox, one, "try_later")["at"])
    for uid in (one, two):
        assert (moment(event_of(mailbox, uid)["at"]) - held).total_seconds() >= 3
    assert [record["attempts"] for record in records] == [2, 1]


def test_no_more_at_once_than_outlook_likes(graph, mailbox):
    graph.concurrency_limit, graph.latency = 3, 0.05
    try:
        uids = [mailbox.send_later() for _ in range(12)]
        records = [mailbox.wait_for(uid, "sent") for uid in uids]
    finally:
        graph.concurrency_limit, graph.latency = None, 0
    assert {record["attempts"] for record in records} == {1}
    assert len(sent_from(graph, mailbox)) == 12
    assert graph.most_at_once[mailbox.address] == 3


@pytest.mark.parametrize("call", SMALL)
def test_a_token_that_has_run_out_is_refreshed_once(graph, mailbox, call):
    mailbox.send()
    before = mailbox.grant.refreshes
    graph.fail(call, status=401, address=mailbox.address)
    uid = mailbox.send()["outbound_email_uid"]
    assert mailbox.record(uid)["attempts"] == 1
    assert mailbox.grant.refreshes == before + (call != "messages.get")
    assert len(sent_from(graph, mailbox)) == 2
    assert drafts_of(graph, mailbox) == [], "the first draft was left behind"


@pytest.mark.parametrize("fault", ["reset_after", "half_reply", "500_after_acting"])
def test_a_draft_of_which_nothing_was_heard_is_taken_away(graph, mailbox, fault):
    graph.fail("messages.create", **{**FakeGraph.FAULTS[fault], "address": mailbox.address})
    uid = mailbox.send_later()
    assert mailbox.wait_for(uid, "sent")["attempts"] == 2
    assert len(sent_from(graph, mailbox)) == 1
    assert drafts_of(graph, mailbox) == []


def test_connections_that_died_while_nobody_used_them(graph, mailbox):
    mailbox.send()
    graph.fail("*", "close_idle", address=mailbox.address)
    uid = mailbox.send()["outbound_email_uid"]
    assert mailbox.record(uid)["status"] == "sent"
    assert len(sent_from(graph, mailbox)) == 2
    assert drafts_of(graph, mailbox) == []


def test_somebody_else_sends_the_draft(graph, mailbox):
    """While the mail waits, its draft can be seen in the mailbox. It is sent once all the same."""
    graph.fail("messages.send", status=429, retry_after=3, address=mailbox.address)
    uid = mailbox.send_later()
    mailbox.wait_for(uid, "queued", attempts=1)
    box = graph.box(mailbox.address)
    [draft] = drafts_of(graph, mailbox)
    graph.thread.do(lambda: box.send(draft, "by hand"))
    assert mailbox.wait_for(uid, "sent")["provider_message_id"] == draft.immutable_id
    assert len(sent_from(graph, mailbox)) == 1


def test_what_is_refused_leaves_no_draft(graph, mailbox):
    graph.fail("messages.send", status=400, reason="ErrorInvalidRecipients",
               address=mailbox.address)
    uid = mailbox.send_later()
    assert "ErrorInvalidRecipients" in mailbox.wait_for(uid, "failed")["error"]
    assert event_of(mailbox, uid, "refused")["detail"]["code"] == "ErrorInvalidRecipients"
    assert sent_from(graph, mailbox) == [] and drafts_of(graph, mailbox) == []


# What is not known is found out

@pytest.mark.parametrize("lingers, missing", [(0, 0), (1, 0), (0, 1)])
def test_a_mail_that_shows_late(graph, mailbox, lingers, missing):
    graph.lingers_in_drafts, graph.missing_for = lingers, missing
    graph.fail("messages.send", "reset_after", address=mailbox.address)
    uid = mailbox.send(202)["outbound_email_uid"]
    record = mailbox.wait_for(uid, "sent")
    sent = only_sent(graph, mailbox)
    assert (record["provider_message_id"], record["provider_thread_id"]) == (sent.id,
                                                                            sent.thread_id)
    assert graph.counts["messages.send"] == 1


def test_a_mail_that_was_not_sent_is_not_sent_again_soon(graph, mailbox):
    """That it is still a draft proves nothing for some time."""
    graph.fail("messages.send", "reset_before", address=mailbox.address)
    uid = mailbox.send_later()
    mailbox.wait_for(uid, "unknown")
    graph.forget()
    wait_until(lambda: graph.counts["messages.get"] >= 2, what="asking Graph twice")
    assert mailbox.record(uid)["status"] == "unknown"
    assert graph.counts["messages.send"] == 0


@pytest.mark.parametrize("call", ["messages.create", "messages.update"])
@pytest.mark.parametrize("kind", ["hang_before", "hang_after"])
def test_killed_while_the_draft_is_made(start_server, graph, call, kind):
    """It has certainly not been sent. What lies about is taken away."""
    server = start_server(**settings(graph, web_timeout="20s"))
    mailbox = connect(server, graph)
    graph.fail(call, kind, address=mailbox.address)
    uid = mailbox.send_later()
    graph.wait_for_hanging()
    server.kill()
    graph.release()
    server.start()
    mailbox.after_restart(server)
    mailbox.wait_for(uid, "sent")
    assert len(sent_from(graph, mailbox)) == 1 and drafts_of(graph, mailbox) == []


@pytest.mark.parametrize("kind, count", [("hang_before", 0), ("hang_after", 1)])
def test_killed_while_graph_is_asked_to_send(start_server, graph, kind, count):
    server = start_server(**settings(graph, web_timeout="20s"))
    mailbox = connect(server, graph)
    graph.fail("messages.send", kind, address=mailbox.address)
    uid = mailbox.send_later()
    graph.wait_for_hanging()
    server.kill()
    graph.release()
    server.start()
    mailbox.after_restart(server)
    if count:
        mailbox.wait_for(uid, "sent")
    else:
        wait_until(lambda: graph.counts["messages.get"], what="asking Graph")
        assert mailbox.record(uid)["status"] == "unknown"
    assert graph.counts["messages.send"] == 1
    assert len(sent_from(graph, mailbox)) == count


# Every fault at every call

LARGE = ["messages.create", "attachments.create", "attachments.createUploadSession", "upload.put"]
ANSWER = ["messages.createReply", "attachments.list", "messages.update"]
MATRIX = [(call, fault, kind) for kind, calls in (("small", SMALL), ("large", LARGE),
                                                  ("answer", ANSWER))
          for call in calls for fault in FakeGraph.FAULTS]
HELD = {"403_permission", "403_send_as"}  # until an administrator has mended it


def test_every_fault_at_every_call(start_server, graph):
    """Each in its own mailbox, all at the same time: one mail at Outlook or none, and what is said
    of it is so."""
    server = start_server(**settings(graph, web_timeout="3s"))
    user = connect(server, graph).user
    files = [attachment(5 * MIB)[1], attachment(1000, "b.bin")[1]]
    rows = []
    for call, fault, kind in MATRIX:
        mailbox = connect(server, graph, user)
        more = {"attachments": files} if kind == "large" else {}
        if kind == "answer":
            first = mailbox.send_later()
            mailbox.wait_for(first, "sent")
            more = {"reply_to_message_uid": first, "subject": "Re: s"}
        graph.fail(call, **{**FakeGraph.FAULTS[fault], "address": mailbox.address})
        rows.append((call, fault, kind, mailbox, mailbox.send_later(**more)))
    for call, fault, kind, mailbox, uid in rows:
        wait_until(lambda: is_settled(graph, mailbox, uid, fault), what=f"{fault} at {call} ({kind})")
    graph.release()
    for row in rows:
        check_row(graph, *row)
    assert graph.elsewhere == [], "a redirect was followed"


def sent_of(graph, mailbox, uid):
    return [sent for sent in sent_from(graph, mailbox) if sent.header("X-Outtray-Ref") == uid]


def is_settled(graph, mailbox, uid, fault):
    record = mailbox.record(uid)
    status = record["status"]
    if status == "queued":
        return record["attempts"] > 0 and fault in HELD
    return (status in ("sent", "failed") or
            status == "unknown" and not sent_of(graph, mailbox, uid))


def check_row(graph, call, fault, kind, mailbox, uid):
    status, count = mailbox.record(uid)["status"], len(sent_of(graph, mailbox, uid))
    where = f"{fault} at {call} ({kind}): {status}, {count} at Outlook, {mailbox.events(uid)}"
    assert count <= 1, where
    assert count == {"sent": 1, "queued": 0}.get(status, count), where
    assert status != "unknown" or call == "messages.send", where
    assert status != "failed" and (status != "queued" or fault in HELD), where
    assert count == 0 or [part for part in sent_of(graph, mailbox, uid)[0].message.walk()
                          if part.get_filename()] == [] or kind == "large", where
    if kind == "large" and count:
        assert len(contents(sent_of(graph, mailbox, uid)[0])) == 2, where
