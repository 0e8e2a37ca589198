"""An invitation in a mail is shown as such, in each family, and goes on with a forward."""
import pytest
from received import letter, take_in, user_with_mailbox
from shapes import said

EVENT = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//client//EN\r\nMETHOD:REQUEST\r\n"
         "BEGIN:VEVENT\r\nUID:1@client.example\r\nDTSTAMP:20261103T080000Z\r\n"
         "DTSTART:20261110T090000Z\r\nDTEND:20261110T100000Z\r\nSUMMARY:Planning\r\n"
         "ORGANIZER;CN=Jane:mailto:jane@client.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
SHOWN = {"method": "REQUEST", "summary": "Planning", "start": "2026-11-10T09:00:00Z",
         "end": "2026-11-10T10:00:00Z", "organizer": "jane@client.example"}


@pytest.fixture
def user(server):
    return user_with_mailbox(server)


def invitation(user, event, subtype="calendar", **parameters):
    mail = letter(user)
    mail.add_alternative(event, subtype=subtype, charset="utf-8")
    part = mail.get_payload()[-1]
    for name, value in parameters.items():
        part.set_param(name, value)
    return mail


def test_an_invitation_is_shown(user):
    message = take_in(user, invitation(user, EVENT, method="REQUEST"))
    assert (message["calendar"], message["kind"]) == (SHOWN, "calendar")


def test_a_file_that_asks_for_nothing_is_a_persons(user):
    message = take_in(user, invitation(user, EVENT.replace("METHOD:REQUEST\r\n", "")))
    assert (message["calendar"], message["kind"]) == ({**SHOWN, "method": None}, "mail")


@pytest.mark.parametrize("event, wanted", [
    (EVENT.replace("METHOD:REQUEST", "METHOD:CANCEL"), {**SHOWN, "method": "CANCEL"}),
    (EVENT.replace("METHOD:REQUEST\r\n", ""), {**SHOWN, "method": "REQUEST"}),
    (EVENT.replace("DTSTART:20261110T090000Z\r\nDTEND:20261110T100000Z",
                   "DTSTART;VALUE=DATE:20261110"),
     {**SHOWN, "start": "2026-11-10", "end": "2026-11-11"}),
    (EVENT.replace("SUMMARY:Planning\r\n", ""), {**SHOWN, "summary": None}),
], ids=["cancel", "method of the type", "whole day", "no summary"])
def test_other_events(user, event, wanted):
    assert take_in(user, invitation(user, event, method="REQUEST"))["calendar"] == wanted


@pytest.mark.parametrize("event", ["", "no calendar", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
                                   EVENT.replace("DTSTART", "X-START"), "BEGIN:VEVENT\n" * 5000],
                         ids=["empty", "words", "cut off", "no start", "deep"])
def test_a_broken_calendar_gives_none(user, event):
    message = take_in(user, invitation(user, event, method="REQUEST"))
    assert "calendar" not in message and len(message["attachments"]) == 1


def test_a_mail_without_one_has_none(user):
    assert "calendar" not in take_in(user, letter(user))


def test_each_family_shows_it(user):
    message = take_in(user, invitation(user, EVENT, method="REQUEST"))
    [opened] = said(user.get(f"/api/conversations/{message['conversationId']}"))["data"]["messages"]
    assert opened["calendar"] == SHOWN
    [read] = said(user.get(f"/api/conversation/{message['conversationId']}"))["messages"]
    assert read["calendar"] == SHOWN
    [outbound] = said(user.get("/api/v1/email/correspondence", params={"view": "full"}))["data"]
    assert outbound["calendar"] == SHOWN
    alone = said(user.get(f"/api/v1/email/correspondence/{outbound['id']}"))
    assert alone["calendar"] == SHOWN


def test_of_two_files_the_one_that_asks(user):
    mail = letter(user)
    for event in EVENT.replace("METHOD:REQUEST\r\n", "").replace("Planning", "Other"), EVENT:
        mail.add_attachment(event.encode(), maintype="application", subtype="octet-stream",
                            filename="a.ics")
    assert take_in(user, mail)["calendar"] == SHOWN


def test_a_mail_that_is_nothing_else(user):
    mail = letter(user, text="")
    mail.set_content(EVENT, subtype="calendar")
    message = take_in(user, mail)
    assert message["calendar"] == SHOWN
    [read] = said(user.get(f"/api/conversation/{message['conversationId']}"))["messages"]
    assert read["calendar"] == SHOWN
