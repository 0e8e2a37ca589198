"""emulate of npm runs here, and does what a provider can be tried against."""
import base64
import hashlib
import json
import secrets
import urllib.parse

import pytest
import requests

from shapes import said

ANN, HERE = "ann@example.com", "http://127.0.0.1:1/callback"
SCOPE = "openid email https://www.googleapis.com/auth/gmail.modify"
MAIL = (b"From: Ann <ann@example.com>\r\nTo: b@example.com\r\nSubject: hello\r\n"
        b"Message-ID: <ours@example.com>\r\nX-Outtray-Ref: r7\r\n\r\nbody\r\n")
RAW = base64.urlsafe_b64encode(MAIL).decode()


@pytest.fixture(scope="module", params=["google", "microsoft"])
def emulate(start_emulate, request):
    return start_emulate(request.param)


def sign_in(emulate, verifier_change=""):
    """The reply of the token endpoint, after a code flow with a proof key."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    where = emulate.consent(redirect_uri=HERE, scope=SCOPE, state="a state",
                            code_challenge=challenge.rstrip(b"=").decode(),
                            code_challenge_method="S256")
    assert where.startswith(HERE)
    back = urllib.parse.parse_qs(urllib.parse.urlsplit(where).query)
    assert back["state"] == ["a state"]
    return emulate.session.post(emulate.url_of("token"), data={
        **emulate.client, "grant_type": "authorization_code", "code": back["code"][0],
        "redirect_uri": HERE, "code_verifier": verifier + verifier_change})


def test_code_flow(emulate):
    tokens = said(sign_in(emulate))
    claims = json.loads(base64.urlsafe_b64decode(tokens["id_token"].split(".")[1] + "==="))
    assert claims["email"] == ANN
    assert (tokens["token_type"], tokens["scope"]) == ("Bearer", SCOPE)
    again = said(emulate.session.post(emulate.url_of("token"), data={
        **emulate.client, "grant_type": "refresh_token",
        "refresh_token": tokens["refresh_token"]}))
    assert again["access_token"] != tokens["access_token"]
    assert ("refresh_token" in again) == (emulate.service == "microsoft")


def test_proof_key_is_checked(emulate):
    reply = sign_in(emulate, verifier_change="x")
    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_grant")


def test_listens_here_alone(emulate):
    port = urllib.parse.urlsplit(emulate.url).port
    with pytest.raises(requests.ConnectionError):
        emulate.session.get(f"http://127.0.0.2:{port}/")


@pytest.fixture
def gmail(emulate):
    """A session that has signed in; .me is the path of its mailbox."""
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {said(sign_in(emulate))['access_token']}"
        session.me = emulate.url + "/gmail/v1/users/me"
        yield session


@pytest.mark.parametrize("emulate", ["google"], indirect=True)
def test_sends_raw_mail(emulate, gmail):
    sent = said(gmail.post(f"{gmail.me}/messages/send", json={"raw": RAW}))
    assert "SENT" in sent["labelIds"] and sent["threadId"]
    shown = said(gmail.get(f"{gmail.me}/messages/{sent['id']}", params={"format": "raw"}))
    assert base64.urlsafe_b64decode(shown["raw"] + "===") == MAIL
    media = emulate.url + "/upload/gmail/v1/users/me/messages/send?uploadType=media"
    by_media = said(gmail.post(media, data=MAIL, headers={"Content-Type": "message/rfc822"}))
    assert "SENT" in by_media["labelIds"]


@pytest.mark.parametrize("emulate", ["google"], indirect=True)
def test_sends_a_draft_once(gmail):
    draft = said(gmail.post(f"{gmail.me}/drafts", json={"message": {"raw": RAW}}))
    sent = said(gmail.post(f"{gmail.me}/drafts/send", json={"id": draft["id"]}))
    assert gmail.post(f"{gmail.me}/drafts/send", json={"id": draft["id"]}).status_code == 404
    listed = said(gmail.get(f"{gmail.me}/messages", params={"q": "in:sent"}))["messages"]
    assert [one["id"] for one in listed].count(sent["id"]) == 1
