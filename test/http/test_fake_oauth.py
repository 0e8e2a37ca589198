"""The faked sign-ins of Google and Microsoft are as strict as the real ones."""
import base64
import hashlib
import json
import secrets
import threading
import urllib.parse

import pytest
import requests

from fake_grants import EXPANDED, GRAPH
from fake_oauth import FakeOAuth
from shapes import said

ANN = "ann@example.com"
HERE = "http://127.0.0.1:1/callback?from=here"


class Client:
    """What an application does to be let in."""

    def __init__(self, oauth):
        self.oauth, self.session = oauth, requests.Session()
        self.session.trust_env = False
        self.verifier = secrets.token_urlsafe(48)
        digest = hashlib.sha256(self.verifier.encode()).digest()
        self.challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def authorize(self, **changes):
        """The reply; a change to None leaves a parameter out."""
        asked = {"response_type": "code", "client_id": self.oauth.client_id, "redirect_uri": HERE,
                 "scope": "openid email offline_access Mail.Send", "state": "a state",
                 "code_challenge": self.challenge, "code_challenge_method": "S256",
                 "access_type": "offline", "nonce": "a nonce", **changes}
        return self.session.get(self.oauth.authorize_url, params=asked, allow_redirects=False)

    def consent(self, **changes):
        """What comes back in the redirect."""
        reply = self.authorize(**changes)
        assert reply.status_code == 302, reply.text
        where = urllib.parse.urlsplit(reply.headers["Location"])
        assert where.geturl().startswith(HERE)
        return {name: value for name, [value] in urllib.parse.parse_qs(where.query).items()}

    def token(self, **fields):
        given = {"client_id": self.oauth.client_id, "client_secret": self.oauth.client_secret,
                 **fields}
        return self.session.post(self.oauth.token_url, data=given, allow_redirects=False)

    def redeem(self, **changes):
        fields = {"grant_type": "authorization_code", "redirect_uri": HERE,
                  "code_verifier": self.verifier, **changes}
        if "code" not in fields:
            fields["code"] = self.consent()["code"]
        return self.token(**fields)

    def refresh(self, token, **more):
        return self.token(grant_type="refresh_token", refresh_token=token, **more)


@pytest.fixture
def client(oauth):
    return Client(oauth)


def claims_of(tokens):
    head, payload, signature = tokens["id_token"].split(".")
    assert signature == "" and json.loads(base64.urlsafe_b64decode(head + "==="))["alg"] == "none"
    return json.loads(base64.urlsafe_b64decode(payload + "==="))


def refused(reply, error, status=400):
    assert (reply.status_code, reply.json()["error"]) == (status, error), reply.text
    return reply.json()


def test_code_flow(oauth, client):
    back = client.consent()
    assert back == {"code": back["code"], "state": "a state", "from": "here"}
    tokens = said(client.redeem(code=back["code"]))
    assert tokens["token_type"] == "Bearer" and tokens["expires_in"] == 3600
    claims = claims_of(tokens)
    assert (claims["email"], claims["nonce"], claims["aud"]) == (ANN, "a nonce", oauth.client_id)
    assert claims.get("preferred_username") == (None if oauth.is_google else ANN)
    access = oauth.access_of(tokens["access_token"])
    assert access.address == ANN and "Mail.Send" in access.scopes
    assert oauth.access_of("another") is None
    assert oauth.grant_of(ANN).refresh_token == tokens["refresh_token"]


def test_scopes_are_spelled_as_each_does(oauth, client):
    shown = said(client.redeem())["scope"]
    if oauth.is_google:
        assert shown == f"openid {EXPANDED['email']} offline_access Mail.Send"
    else:
        assert shown == "openid email Mail.Send"
        oauth.full_scopes = True
        assert said(client.redeem())["scope"] == f"openid email {GRAPH}Mail.Send"


def test_the_user_may_say_no_or_less(oauth, client):
    oauth.granted = ["openid"]
    code = client.consent()["code"]
    assert said(client.redeem(code=code))["scope"] == "openid"
    oauth.denial = "access_denied"
    assert client.consent() == {"error": "access_denied", "state": "a state", "from": "here"}


def test_who_signs_in(oauth, client):
    oauth.user = "bob@example.com"
    assert claims_of(said(client.redeem()))["email"] == "bob@example.com"
    code = client.consent(login_hint="cee@example.com")["code"]
    assert claims_of(said(client.redeem(code=code)))["email"] == "cee@example.com"
    oauth.has_email_claim = False
    assert "email" not in claims_of(said(client.redeem()))


def test_says_who_it_is(oauth, client):
    oauth.sends_issuer = True
    assert client.consent()["iss"] == oauth.issuer


@pytest.mark.parametrize("changes", [
    {"client_id": "another"}, {"redirect_uri": "http://127.0.0.1:1/other"}, {"redirect_uri": None},
    {"redirect_uri": HERE + "#fragment"}])
def test_sends_nobody_where_it_must_not(oauth, client, changes):
    oauth.redirect_uris = [HERE]
    reply = client.authorize(**changes)
    assert (reply.status_code, reply.headers.get("Location")) == (400, None)


@pytest.mark.parametrize("changes", [
    {"response_type": "token"}, {"scope": None}, {"code_challenge_method": "plain"}])
def test_authorize_refuses(client, changes):
    assert client.consent(**changes)["error"] == "invalid_request"


def test_a_code_is_good_once(client):
    code = client.consent()["code"]
    said(client.redeem(code=code))
    refused(client.redeem(code=code), "invalid_grant")


def test_a_code_is_good_for_a_while(oauth, client):
    code = client.consent()["code"]
    oauth.codes[code].ends_at = 0
    refused(client.redeem(code=code), "invalid_grant")


@pytest.mark.parametrize("verifier", ["", "short", "x" * 43, "x" * 129, "!" * 43])
def test_proof_key(client, verifier):
    refused(client.redeem(code_verifier=verifier), "invalid_grant")


def test_a_long_proof_key_does_not_hold_even_if_it_fits(client):
    client.verifier = "x" * 129
    digest = hashlib.sha256(client.verifier.encode()).digest()
    client.challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    refused(client.redeem(), "invalid_grant")


def test_code_needs_the_same_redirect_uri(oauth, client):
    error = "redirect_uri_mismatch" if oauth.is_google else "invalid_grant"
    refused(client.redeem(redirect_uri="http://127.0.0.1:1/callback"), error)


def test_client_must_be_known(oauth, client):
    token = oauth.issue(ANN).refresh_token
    refused(client.refresh(token, client_id="another"), "invalid_client", 401)
    refused(client.refresh(token, client_secret="wrong"), "invalid_client", 401)
    client.session.auth = (oauth.client_id, oauth.client_secret)
    said(client.refresh(token, client_id="", client_secret=""))
    client.session.auth = None
    oauth.client_secret = None
    oauth.rotates = False
    said(client.refresh(oauth.grant_of(ANN).refresh_token))


def test_takes_only_forms(oauth, client):
    reply = client.session.post(oauth.token_url, json={"grant_type": "refresh_token"})
    refused(reply, "invalid_request")
    refused(client.token(grant_type="password"), "unsupported_grant_type")


def test_google_gives_a_refresh_token_once(start_fake):
    client = Client(start_fake(FakeOAuth, "google"))
    code = client.consent(access_type=None)["code"]
    assert "refresh_token" not in said(client.redeem(code=code))
    client.oauth.grants.clear()
    assert "refresh_token" in said(client.redeem())
    assert "refresh_token" not in said(client.redeem())
    code = client.consent(prompt="select_account consent")["code"]
    assert "refresh_token" in said(client.redeem(code=code))


def test_microsoft_gives_a_refresh_token_where_it_is_asked_for(start_fake):
    client = Client(start_fake(FakeOAuth, "microsoft"))
    code = client.consent(scope="openid Mail.Send")["code"]
    assert "refresh_token" not in said(client.redeem(code=code))


def test_google_refreshes(start_fake):
    client = Client(start_fake(FakeOAuth, "google"))
    grant = client.oauth.issue(ANN)
    for _ in range(3):
        tokens = said(client.refresh(grant.refresh_token))
        assert "refresh_token" not in tokens
        assert client.oauth.access_of(tokens["access_token"]).address == ANN
    assert (grant.refreshes, client.oauth.presented[grant.refresh_token]) == (3, 3)


@pytest.mark.parametrize("grace", [0, 1, 2])
def test_microsoft_rotates(start_fake, grace):
    client = Client(start_fake(FakeOAuth, "microsoft"))
    client.oauth.grace_uses = grace
    grant = client.oauth.issue(ANN)
    old = grant.refresh_token
    new = said(client.refresh(old))["refresh_token"]
    assert new == grant.refresh_token != old
    for _ in range(grace):
        said(client.refresh(old))
    assert "AADSTS70000" in refused(client.refresh(old), "invalid_grant")["error_description"]
    said(client.refresh(new))
    assert client.oauth.refreshes(ANN) == grace + 2


def test_google_can_rotate_too(start_fake):
    client = Client(start_fake(FakeOAuth, "google"))
    client.oauth.rotates = True
    old = client.oauth.issue(ANN).refresh_token
    assert said(client.refresh(old))["refresh_token"] != old
    refused(client.refresh(old), "invalid_grant")


def test_less_can_be_asked_for_and_never_more(oauth, client):
    oauth.rotates = False
    token = oauth.issue(ANN, "openid Mail.Send").refresh_token
    assert said(client.refresh(token, scope="Mail.Send"))["scope"] == "Mail.Send"
    said(client.refresh(token, scope="https://graph.microsoft.com/Mail.Send"))
    refused(client.refresh(token, scope="Mail.ReadWrite"), "invalid_scope")


def test_tokens_die(oauth, client):
    grant = oauth.issue(ANN)
    other = oauth.issue("bob@example.com")
    oauth.expire(ANN)
    assert oauth.access_of(grant.access_token) is None
    assert oauth.access_of(other.access_token)
    said(client.refresh(grant.refresh_token))
    oauth.kill(ANN)
    assert oauth.access_of(grant.access_token) is None
    error = refused(client.refresh(grant.refresh_token), "invalid_grant")
    assert ("error_codes" in error) == (not oauth.is_google)
    said(client.refresh(other.refresh_token))


def test_expires_when_it_says(oauth, client):
    oauth.expires_in = 0
    tokens = said(client.refresh(oauth.issue(ANN).refresh_token))
    assert tokens["expires_in"] == 0
    assert oauth.access_of(tokens["access_token"]) is None


@pytest.mark.parametrize("place", ["params", "data"])
@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revokes(start_fake, place, which):
    client = Client(start_fake(FakeOAuth, "google"))
    grant = client.oauth.issue(ANN)
    given = {place: {"token": getattr(grant, which)}}
    said(client.session.post(client.oauth.revoke_url, **given))
    refused(client.refresh(grant.refresh_token), "invalid_grant")
    refused(client.session.post(client.oauth.revoke_url, **given), "invalid_token")


def test_refuses_as_it_is_told(oauth, client):
    token = oauth.issue(ANN).refresh_token
    oauth.fail("token.refresh", status=400, reason="invalid_grant 50173")
    error = refused(client.refresh(token), "invalid_grant")
    assert oauth.is_google or error["error_codes"] == [50173]
    oauth.fail("token.refresh", status=503, retry_after=7)
    reply = client.refresh(token)
    refused(reply, "temporarily_unavailable", 503)
    assert reply.headers["Retry-After"] == "7"
    said(client.refresh(token))


def test_counts_refreshes_at_once(oauth):
    oauth.rotates = False
    token = oauth.issue(ANN).refresh_token
    oauth.fail("token.refresh", "hang_before", times=None)
    asking = [threading.Thread(target=Client(oauth).refresh, args=(token,)) for _ in range(4)]
    for one in asking:
        one.start()
    oauth.wait_for_hanging(4)
    oauth.release()
    for one in asking:
        one.join()
    assert oauth.most_at_once == {ANN: 4}
    assert (oauth.refreshes(ANN), oauth.presented[token]) == (4, 4)
