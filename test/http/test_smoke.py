"""The shortest whole life of a server: start, send, read, stop. `make test-fast` runs it alone.

covers: src/main.c
"""
from shapes import said

SEND = "/api/v1/email/outbound/send"


def test_start_send_read_stop(start_server):
    server = start_server()
    api = server.client(server.token)
    mail = {"to": ["client@example.com"], "subject": "Smoke", "body_text": "It left."}
    sent = said(api.post(SEND, json=mail))
    assert sent["status"] == "sent" and sent["id"].startswith("corr_")
    [delivered] = server.mails(server.email)
    assert (delivered["Subject"], delivered["To"]) == ("Smoke", "client@example.com")
    assert delivered.get_content().strip() == "It left."
    [record] = said(api.get("/api/email/outbound"))["items"]
    assert (record["status"], record["subject"]) == ("sent", "Smoke")
    moves = [(event["from"], event["to"]) for event in said(api.get("/api/events?after=0"))["events"]
             if event["email_id"] == record["uid"]]
    assert moves == [("draft", "queued"), ("queued", "sending"), ("sending", "sent")]
    said_before_the_end = server.said()
    server.stop()
    assert "event=ending" in server.said()[len(said_before_the_end):]
    holds = server.tool("audit", "verify")
    assert "true" in holds
