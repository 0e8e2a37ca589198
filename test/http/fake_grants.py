"""What a sign-in hands out: grants, tokens and codes, and how the two providers differ in them."""
import base64
import dataclasses
import hashlib
import json
import re
import time

VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
GMAIL = "https://www.googleapis.com/auth/gmail."
GRAPH = "https://graph.microsoft.com/"
EXPANDED = {"email": "https://www.googleapis.com/auth/userinfo.email",
            "profile": "https://www.googleapis.com/auth/userinfo.profile"}
# What an operator of Microsoft's sign-in finds in a refusal, by its number.
AADSTS = {"50173": "the password was changed after the grant", "50076": "a second factor is needed",
          "50079": "a second factor must be set up", "65001": "nobody has consented",
          "70000": "the grant is not valid", "70008": "the grant has expired",
          "70011": "the scope is not valid", "700082": "the refresh token was unused for too long",
          "7000215": "the client's secret is wrong", "7000218": "the client's secret is missing",
          "90033": "the service is unavailable for the moment"}
NUMBERS = {"invalid_grant": "70000", "invalid_client": "7000215", "invalid_scope": "70011",
           "interaction_required": "50076", "temporarily_unavailable": "90033"}


@dataclasses.dataclass
class Flavour:
    name: str
    authorize: str
    token: str
    revoke: str
    issuer: str
    scopes: str  # of a grant that is issued without asking
    rotates: bool


FLAVOURS = {flavour.name: flavour for flavour in (
    Flavour("google", "/o/oauth2/v2/auth", "/token", "/revoke", "https://accounts.google.com",
            f"{GMAIL}modify openid {EXPANDED['email']}", False),
    Flavour("microsoft", "/{tenant}/oauth2/v2.0/authorize", "/{tenant}/oauth2/v2.0/token", None,
            "https://login.microsoftonline.com/common/v2.0",
            "openid email offline_access User.Read Mail.ReadWrite Mail.Send", True))}


class Grant:
    """What one user once gave to the client."""

    def __init__(self, address, scopes):
        self.address, self.scopes, self.is_dead = address, scopes, False
        self.refresh_token = None  # the newest
        self.access_token = None   # the newest
        self.uses_left = {}        # of each refresh token; None: as many as one likes
        self.refreshes = 0


@dataclasses.dataclass
class Access:
    grant: Grant
    scopes: list
    ends_at: float

    @property
    def address(self):
        return self.grant.address

    def is_good(self):
        return not self.grant.is_dead and time.monotonic() < self.ends_at


@dataclasses.dataclass
class Code:
    address: str
    scopes: list
    asked: dict  # the parameters of the authorization request
    ends_at: float


def is_verifier_of(challenge, verifier):
    digest = hashlib.sha256(verifier.encode()).digest()
    expected = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return bool(VERIFIER.fullmatch(verifier)) and expected == challenge


def bare_scope(scope):
    """Without the resource that it is of."""
    return scope.removeprefix(GRAPH).lower()


def encoded(claims):
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
