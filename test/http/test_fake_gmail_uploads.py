"""The faked Gmail's uploads that can be resumed, and its limits."""
import pytest
import requests

from fake_gmail import UPLOAD_LIMIT
from fake_gmail_uploads import CHUNK
from gmail_client import ANN, PARENT, Client, mail, refused
from shapes import said
from test_fake_gmail import WAYS


@pytest.fixture
def client(gmail):
    return Client(gmail)


def large():
    return mail(body="x" * (3 * CHUNK))


def test_an_upload_in_pieces(gmail, client):
    raw = large()
    where = client.start_upload(len(raw))
    assert gmail.sent == [] and where.startswith(gmail.url + "/resumable/upload/")
    reply = client.put(where, b"", f"*/{len(raw)}")
    assert (reply.status_code, reply.headers.get("Range")) == (308, None)
    reply = client.put(where, raw[:2 * CHUNK], f"0-{2 * CHUNK - 1}/{len(raw)}")
    assert (reply.status_code, reply.headers["Range"]) == (308, f"bytes=0-{2 * CHUNK - 1}")
    reply = client.put(where, raw[2 * CHUNK:], f"{2 * CHUNK}-{len(raw) - 1}/{len(raw)}")
    assert said(reply)["labelIds"] == ["SENT"]
    assert [sent.given for sent in gmail.sent] == [raw]


def test_a_finished_upload_says_the_same_again(gmail, client):
    """Here alone an outcome that was lost can be asked for."""
    raw = mail()
    where = client.start_upload(len(raw))
    gmail.fail("upload.put", "reset_after")
    with pytest.raises(requests.ConnectionError):
        client.put(where, raw)
    reply = said(client.put(where, b"", f"*/{len(raw)}"))
    assert reply["id"] == gmail.sent[0].id
    assert said(client.put(where, raw)) == reply
    assert len(gmail.sent) == 1


def test_an_upload_goes_on_after_it_broke_off(gmail, client):
    raw = large()
    where = client.start_upload(len(raw))
    gmail.fail("upload.put", "reset_during", after_bytes=CHUNK + 100)
    with pytest.raises(requests.ConnectionError):
        client.put(where, raw)
    reply = client.put(where, b"", f"*/{len(raw)}")
    assert (reply.status_code, reply.headers["Range"]) == (308, f"bytes=0-{CHUNK - 1}")
    said(client.put(where, raw[CHUNK:], f"{CHUNK}-{len(raw) - 1}/{len(raw)}"))
    assert [sent.given for sent in gmail.sent] == [raw]


@pytest.mark.parametrize("size, span", [
    (100, f"0-99/{CHUNK * 2}"), (CHUNK, f"{CHUNK}-{2 * CHUNK - 1}/{CHUNK * 2}"),
    (CHUNK, f"0-{CHUNK}/{CHUNK * 2}"), (CHUNK, f"0-{CHUNK - 1}/{CHUNK * 3}"), (CHUNK, "rubbish")])
def test_an_upload_must_be_in_order(gmail, client, size, span):
    where = client.start_upload(CHUNK * 2)
    refused(client.put(where, b"x" * size, span), "badRequest", 400)
    assert gmail.sent == []


def test_an_upload_of_unknown_size(gmail, client):
    raw, where = large(), client.start_upload()
    assert client.put(where, raw[:CHUNK], f"0-{CHUNK - 1}/*").status_code == 308
    said(client.put(where, raw[CHUNK:], f"{CHUNK}-{len(raw) - 1}/{len(raw)}"))
    assert [sent.given for sent in gmail.sent] == [raw]


def test_an_upload_threads(gmail, client):
    thread = gmail.receive(ANN, PARENT).thread_id
    where = client.start_upload(metadata={"threadId": thread})
    reply = client.put(where, mail(In_Reply_To="<parent@example.com>", Subject="Re: A matter"))
    assert said(reply)["threadId"] == thread


def test_an_upload_expires_and_is_its_owner_s(gmail, client):
    where = client.start_upload()
    bob = Client(gmail, "bob@example.com")
    refused(bob.put(where, mail()), "notFound", 404)
    gmail.expire_uploads()
    refused(client.put(where, mail()), "notFound", 404)
    assert gmail.sent == []


def test_a_draft_by_upload(gmail, client):
    where = client.start_upload(path="/upload/drafts", metadata={"message": {}})
    draft = said(client.put(where, mail()))
    assert draft["message"]["labelIds"] == ["DRAFT"] and gmail.sent == []


@pytest.mark.parametrize("way", WAYS)
def test_size_limit(gmail, client, way):
    assert gmail.upload_limit == UPLOAD_LIMIT == 36700160
    gmail.upload_limit = len(mail())
    said(getattr(client, way)(mail()))
    if way == "send_resumable":
        where = client.start_upload()
        refused(client.put(where, mail(body="body!")), "uploadTooLarge", 413)
        gmail.upload_limit -= 1
        reply = client.post("/upload/messages/send?uploadType=resumable",
                            headers={"X-Upload-Content-Length": str(len(mail()))})
        refused(reply, "uploadTooLarge", 413)
    else:
        refused(getattr(client, way)(mail(body="body!")), "uploadTooLarge", 413)
    assert len(gmail.sent) == 1


def test_the_real_limit(gmail, client):
    raw = mail()
    raw += b"x" * (UPLOAD_LIMIT - len(raw))
    said(client.send_media(raw))
    refused(client.send_media(raw + b"x"), "uploadTooLarge", 413)
    assert len(gmail.sent) == 1
