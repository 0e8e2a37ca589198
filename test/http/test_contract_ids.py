"""Any spelling of an id is taken wherever an id goes in, whatever its prefix.

covers: src/api/spelling.c
"""
import pytest

from files import upload_document
from received import letter, user_with_mailbox
from shapes import said
from walking import EMAIL, MESSAGES, OUTBOUND, outbound_id, send, shown, uid_of

MAIL = {"to": ["a@example.com"], "subject": "s"}


@pytest.fixture
def user(server):
    """With two mailboxes; .account is the default one."""
    user = user_with_mailbox(server)
    user.second = said(user.post(f"{EMAIL}/accounts", json={
        "provider": "sandbox", "emailAddress": f"second.{user.address}"}), 201)["account"]["_id"]
    return user


SPELLINGS = {
    "uuid": lambda uid: uid, "upper": str.upper, "draft": lambda uid: outbound_id("draft", uid),
    "corr": lambda uid: outbound_id("corr", uid), "doc": lambda uid: outbound_id("doc", uid),
    "bare": lambda uid: outbound_id("", uid)[1:],
    "bare, lower": lambda uid: outbound_id("", uid)[1:].lower(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_ids_in_paths(user, spelling):
    spell = SPELLINGS[spelling]
    draft = said(user.post(f"{EMAIL}/drafts", json={"from_account_id": user.account}), 201)["uid"]
    sent = send("email", user, to=["a@example.com"], subject="s", text="t")
    conversation = shown(user, sent)["record"]["conversation_uid"]
    template = said(user.post(f"{EMAIL}/templates", json={"name": "n"}), 201)["uid"]
    document = uid_of(upload_document(user)["id"])
    for path, uid in [
            (f"{OUTBOUND}/drafts/{{}}", draft), (f"{EMAIL}/drafts/{{}}", draft),
            ("/api/v1/email/correspondence/{}", sent), (f"{EMAIL}/outbound/{{}}", sent),
            (f"{EMAIL}/outbound/{{}}/events", sent), (f"{EMAIL}/outbound/{{}}/raw", sent),
            ("/api/conversation/{}", conversation), ("/api/conversations/{}", conversation),
            (f"{EMAIL}/templates/{{}}", template), ("/api/v1/documents/{}", document),
            ("/api/v1/documents/{}/download", document),
            ("/api/messages/download?key={}", document),
            (f"{EMAIL}/outbound?from_account_id={{}}", user.account),
            ("/api/v1/email/correspondence?conversation_id={}", conversation)]:
        plain, other = user.get(path.format(uid)), user.get(path.format(spell(uid)))
        assert (other.status_code, other.content) == (200, plain.content), path
    shown_as = said(user.patch(f"{EMAIL}/accounts/{spell(user.second)}", json={}))
    assert shown_as["account"]["_id"] == user.second
    assert said(user.delete(f"{EMAIL}/accounts/{spell(user.second)}")) == {"success": True}
    assert said(user.delete(f"{EMAIL}/drafts/{spell(draft)}"), 204) is None


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_ids_in_bodies(user, spelling):
    spell = SPELLINGS[spelling]
    posted = {"params": {"account": spell(user.account)}, "data": letter(user).as_bytes(),
              "headers": {"Content-Type": "message/rfc822"}}
    got = said(user.post(f"{EMAIL}/messages/import", **posted), 201)["message"]
    document = upload_document(user)["id"]
    file, parent = spell(uid_of(document)), spell(got["_id"])
    draft = said(user.post(f"{EMAIL}/drafts", json={
        "from_account_id": spell(user.second), "attachments": [file]}), 201)
    assert (draft["from_account_id"], draft["attachments"][0]["document_id"]) == (
        user.second, document)
    changed = said(user.post(f"{EMAIL}/drafts", json={"uid": spell(draft["uid"]), **MAIL}))
    assert (changed["uid"], changed["version"]) == (draft["uid"], 2)
    sent = said(user.post(f"{EMAIL}/send", json={"draft_uid": spell(draft["uid"])}))
    assert sent["outbound_email_uid"] == draft["uid"]
    answer = said(user.post(f"{EMAIL}/send", json={**MAIL, "reply_to_message_uid": parent}))
    assert answer["provider_thread_id"] == got["emailMetadata"]["threadId"]
    for kind in ("reply", "forward"):
        envelope = said(user.post(f"{OUTBOUND}/{kind}-envelope",
                                  json={"correspondence_id": parent}))
        assert envelope["subject"].endswith("Contract")
    replied = said(user.post(f"{OUTBOUND}/send", json={
        **MAIL, "reply_to_correspondence_id": parent, "attachments": [{"document_id": file}]}))
    assert replied["provider_thread_id"] == answer["provider_thread_id"]
    sent = said(user.post(MESSAGES, json={"from": user.address, "to": "a@example.com", "body": "b",
                                          "attachments": [{"storageKey": file}]}))
    assert sent["message"]["attachments"][0]["storageKey"] == document
    template = said(user.post(f"{EMAIL}/templates", json={"name": "n", "subject": "Hi"}), 201)
    prepared = said(user.post(f"{EMAIL}/prepare", json={"template_uid": spell(template["uid"])}))
    assert prepared["subject"] == "Hi"
