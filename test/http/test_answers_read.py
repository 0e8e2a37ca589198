"""Odd mail is imported, its three envelopes are posted as they are, and what leaves is read by three
parsers that nobody here wrote: each must find just what the envelope said.

The mails are test/corpus/incoming and test/golden; OUTTRAY_MORE_MAIL=FOLDER tries those of a folder too.

covers: src/api/outbound_envelopes.c
"""
import email.utils
import hashlib
import os
import pathlib
import re

import pytest

from reading import read_by_all
from received import IMPORT, user_with_mailbox
from running import ROOT
from shapes import said

OUTBOUND = "/api/v1/email/outbound"
KINDS = {"reply": {"reply_all": False}, "reply to all": {"reply_all": True}, "forward": {}}
FOLDERS = [ROOT / "test/corpus/incoming", ROOT / "test/golden"]
if "OUTTRAY_MORE_MAIL" in os.environ:
    FOLDERS.append(pathlib.Path(os.environ["OUTTRAY_MORE_MAIL"]))
FILES = sorted(path for folder in FOLDERS for path in folder.glob("*.eml"))
# What is written on an envelope that cannot be made, or sent: nobody to answer, nothing to refer to.
REASONS = ["Message-ID", "says who wrote it", "at least one recipient", "needs a recipient"]

# Each parser writes these in its own way: a local part that looks like an encoded-word and is none
# (RFC 2047 5), and one in UTF-8 before a domain in Punycode (RFC 6532).
ODD_ADDRESSES = {"encoded_words.eml", "names_odd.eml"}


class Answer:
    def __init__(self, name, kind, envelope, content, answered, documents):
        self.name, self.kind, self.envelope, self.content = name, kind, envelope, content
        self.answered, self.documents = answered, documents


def answer(server, user, path, message, kind):
    """None: there is none, and the reply says why."""
    verb = "forward" if kind == "forward" else "reply"
    reply = user.post(f"{OUTBOUND}/{verb}-envelope", json={"correspondence_id": message["_id"],
                                                           **KINDS[kind]})
    if reply.status_code == 200:
        envelope = reply.json()
        if kind == "forward" or not envelope["to"] + envelope["cc"]:
            envelope["to"] = ["x@example.com"]
        sent = user.post(f"{OUTBOUND}/send", json=envelope)
        assert said(sent)["status"] == "sent", (path.name, kind)
        documents = [hashlib.sha256(user.get(f"/api/v1/documents/{one['document_id']}/download")
                                    .content).hexdigest() for one in envelope["attachments"]]
        content = server.mail_files(user.address)[-1].read_bytes()
        return Answer(path.name, kind, envelope, content, message, documents)
    assert reply.status_code == 400 and any(reason in reply.text for reason in REASONS), (
        path.name, kind, reply.text)
    return None


@pytest.fixture(scope="module")
def answers(server):
    found = []
    for path in FILES:
        user = user_with_mailbox(server)  # of its own: some have one Message-ID
        reply = user.post(IMPORT, params={"account": user.account}, data=path.read_bytes(),
                          headers={"Content-Type": "message/rfc822"})
        message = said(reply, 201)["message"]
        found += [answer(server, user, path, message, kind) for kind in KINDS]
    return [one for one in found if one]


@pytest.fixture(scope="module")
def read(answers):
    return list(zip(answers, read_by_all([one.content for one in answers])))


def bare(text):
    """Without white space and signs of quoting, which flowed text (RFC 3676) has elsewhere."""
    return re.sub(r"[\s>]+", "", text)


def plain(address):
    """A local part needs its quotes on the wire, and a program may show it without."""
    return address.replace('"', "").lower()


def wanted_of(answer):
    envelope = answer.envelope
    addresses = {name: [plain(email.utils.parseaddr(one)[1]) for one in envelope[name]]
                 for name in ("to", "cc")}
    return {"from": [plain(envelope["from"])], **addresses,
            "subject": " ".join(envelope["subject"].split()),
            "text": bare(envelope["body_text"]), "html": bare(envelope["body_html"]),
            "files": sorted(zip([one["filename"] for one in envelope["attachments"]],
                                answer.documents))}


def found_of(read):
    return {"from": [plain(one) for one in read["from"]], "to": [plain(one) for one in read["to"]],
            "cc": [plain(one) for one in read["cc"]], "subject": " ".join(read["subject"].split()),
            "text": bare(read["text"]), "html": bare(read["html"]),
            "files": sorted((name, sha256 if keeps_bytes(name, media_type) else None)
                            for name, media_type, sha256 in read["files"] if name)}


def keeps_bytes(name, media_type):
    """An attached mail and a calendar are taken apart by some parsers, who then have other bytes.
    A calendar also stands among the bodies, without a name (RFC 6047 2.4)."""
    return not name.endswith(".eml") and media_type != "text/calendar"


def is_same(name, found, wanted):
    if name != "files":
        return found == wanted
    return [one[0] for one in found] == [one[0] for one in wanted] and all(
        sha256 in (None, one[1]) for (_, sha256), one in zip(found, wanted))


@pytest.mark.parametrize("parser", ["python", "postal", "mailparser"])
def test_each_parser_reads_what_the_envelope_said(read, parser):
    assert len(read) >= len(FILES) * 2
    differences = [(one.name, one.kind, name, found[name], wanted[name]) for one, by in read
                   for found, wanted in [(found_of(by[parser]), wanted_of(one))]
                   for name in wanted if not is_same(name, found[name], wanted[name]) and
                   not (name in ("to", "cc") and one.name in ODD_ADDRESSES)]
    assert differences == []


@pytest.mark.parametrize("parser", ["python", "postal", "mailparser"])
def test_replies_name_what_they_answer(read, parser):
    for one, by in read:
        named = (by[parser]["in_reply_to"], by[parser]["references"].split()[-1:])
        parent = one.answered["emailMetadata"]["messageId"]
        assert named == (("", []) if one.kind == "forward" else (parent, [parent])), (one.name, one.kind)
