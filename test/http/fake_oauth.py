"""Google's and Microsoft's sign-in, faked: authorize, token, revoke. See fake_provider.py.

    oauth.issue("ann@example.com")      a grant without the dance: .refresh_token, .access_token
    oauth.user = "bob@example.com"      who signs in next, unless login_hint says so
    oauth.granted = ["openid"]          what he leaves ticked (None: all that was asked for)
    oauth.denial = "access_denied"      or he says no
    oauth.expire(address)               his access tokens die, and nobody was told
    oauth.kill(address)                 and his refresh tokens too: invalid_grant
    oauth.grant_of(address).refreshes   how many refreshes were granted
    oauth.presented[refresh_token]      how often this one was sent, granted or not
    oauth.most_at_once[address]         token requests of one user at once

Microsoft's refresh tokens rotate, Google's do not, unless oauth.rotates says otherwise. A rotated
one dies at once, or after oauth.grace_uses more uses."""
import base64
import collections
import datetime
import hashlib
import html
import itertools
import re
import secrets
import time
import urllib.parse

from fake_exchange import Refusal, Route
from fake_faults import FAULTS
from fake_grants import (AADSTS, EXPANDED, FLAVOURS, GRAPH, NUMBERS, Access, Code, Grant,
                         bare_scope, encoded, is_verifier_of)
from fake_provider import FakeProvider
from fake_wire import Reply, json_reply
from loop_thread import between_requests

CODE_SECONDS = 600


class FakeOAuth(FakeProvider):
    CALLS = ("authorize", "token.code", "token.refresh", "revoke")
    FAULTS = FAULTS | {
        "invalid_grant": {"status": 400, "reason": "invalid_grant"},
        "interaction_required": {"status": 400, "reason": "interaction_required"},
        "invalid_client": {"status": 401, "reason": "invalid_client"},
        "unavailable": {"status": 400, "reason": "temporarily_unavailable"}}

    def __init__(self, flavour="google", **options):
        self.flavour = FLAVOURS[flavour]
        self.client_id, self.client_secret = "the-client", "the-secret"  # secret None: a public one
        self.redirect_uris = None  # None: any
        self.user, self.granted, self.denial = "ann@example.com", None, None
        self.sends_issuer, self.issuer = False, self.flavour.issuer
        self.rotates, self.grace_uses = self.flavour.rotates, 0
        self.expires_in = 3600
        self.has_email_claim = True
        self.full_scopes = False  # Microsoft: whether its answers name scopes by their URIs
        self.grants, self.accesses, self.codes = [], {}, {}
        self.presented = collections.Counter()
        self._numbers = itertools.count(1)
        self.ROUTES = self._routes()
        super().__init__(**options)

    def _routes(self):
        routes = [Route("GET", self.flavour.authorize, "authorize", "authorize"),
                  Route("POST", self.flavour.token, call_of_token, "token", reads_first=True)]
        if self.flavour.revoke:
            routes.append(Route("POST", self.flavour.revoke, "revoke", "revoke",
                                reads_first=True))
        return routes

    @property
    def is_google(self):
        return self.flavour.name == "google"

    @property
    def authorize_url(self):
        return self.url + self.flavour.authorize.replace("{tenant}", "common")

    @property
    def token_url(self):
        return self.url + self.flavour.token.replace("{tenant}", "common")

    @property
    def revoke_url(self):
        return self.url + self.flavour.revoke

    @between_requests
    def issue(self, address, scopes=None, refresh_token=None):
        """A grant as if the user had consented; scopes: text or a list."""
        scopes = self.flavour.scopes if scopes is None else scopes
        grant = self._new_grant(address, scopes.split() if isinstance(scopes, str) else scopes)
        self._new_refresh_token(grant, refresh_token)
        self._new_access(grant, grant.scopes)
        return grant

    @between_requests
    def expire(self, address):
        for access in self.accesses.values():
            if access.address == address:
                access.ends_at = 0

    @between_requests
    def kill(self, address):
        for grant in self.grants:
            if grant.address == address:
                grant.is_dead = True

    def grant_of(self, address):
        """The newest of that user."""
        return next(grant for grant in reversed(self.grants) if grant.address == address)

    def refreshes(self, address):
        return sum(grant.refreshes for grant in self.grants if grant.address == address)

    def access_of(self, token):
        """What an access token stands for; None when it does not hold."""
        access = self.accesses.get(token)
        return access if access and access.is_good() else None

    # The calls.

    def whose(self, call):
        form = call.request.form if call.request.method == "POST" else {}
        if "refresh_token" in form:
            grant = self._grant_with(form["refresh_token"])
            return grant and grant.address
        code = self.codes.get(form.get("code"))
        return code and code.address

    def authorize(self, call):
        asked = {name: values[0] for name, values in call.query.items()}
        wrong = self._page_error(asked)
        if wrong:
            return Reply(400, f"<h1>{html.escape(wrong)}</h1>".encode(),
                         {"Content-Type": "text/html; charset=UTF-8"})
        answer = self._consent(asked)
        if "state" in asked:
            answer["state"] = asked["state"]
        if self.sends_issuer:
            answer["iss"] = self.issuer
        mark = "&" if "?" in asked["redirect_uri"] else "?"
        where = asked["redirect_uri"] + mark + urllib.parse.urlencode(answer)
        return Reply(302, b"", {"Location": where})

    def _page_error(self, asked):
        """What must not be told to the redirect_uri."""
        if asked.get("client_id") != self.client_id:
            return "unknown client_id"
        where = asked.get("redirect_uri", "")
        if not re.match(r"https?://[^/#]+/[^#]*$", where):
            return "redirect_uri is not one"
        if self.redirect_uris is not None and where not in self.redirect_uris:
            return "redirect_uri_mismatch"
        return None

    def _consent(self, asked):
        scopes = asked.get("scope", "").split()
        if asked.get("response_type") != "code" or not scopes:
            return {"error": "invalid_request"}
        if "code_challenge" in asked and asked.get("code_challenge_method") != "S256":
            return {"error": "invalid_request", "error_description": "S256 only"}
        if self.denial:
            return {"error": self.denial}
        if self.granted is not None:
            scopes = [scope for scope in scopes if scope in self.granted]
        code = f"4/code+{secrets.token_urlsafe(24)}"
        user = asked.get("login_hint", self.user)
        self.codes[code] = Code(user, scopes, asked, time.monotonic() + CODE_SECONDS)
        return {"code": code}

    def token(self, call):
        form = call.request.form
        if call.request.media_type != "application/x-www-form-urlencoded":
            raise self._refuse(400, "invalid_request")
        client_id, secret = self._client(call, form)
        if client_id != self.client_id or (self.client_secret or "") != (secret or ""):
            raise self._refuse(401, "invalid_client")
        kind = form.get("grant_type")
        if kind == "authorization_code":
            return self._redeem(form)
        if kind == "refresh_token":
            return self._refresh(form)
        raise self._refuse(400, "unsupported_grant_type")

    @staticmethod
    def _client(call, form):
        kind, _, given = call.headers.get("authorization", "").partition(" ")
        if kind.lower() != "basic":
            return form.get("client_id"), form.get("client_secret")
        name, _, secret = base64.b64decode(given).decode().partition(":")
        return urllib.parse.unquote(name), urllib.parse.unquote(secret)

    def _redeem(self, form):
        code = self.codes.pop(form.get("code"), None)
        if not code or time.monotonic() >= code.ends_at:
            raise self._refuse(400, "invalid_grant")
        if form.get("redirect_uri") != code.asked["redirect_uri"]:
            raise self._refuse(400, "redirect_uri_mismatch" if self.is_google else "invalid_grant")
        challenge = code.asked.get("code_challenge")
        if challenge and not is_verifier_of(challenge, form.get("code_verifier", "")):
            raise self._refuse(400, "invalid_grant")
        has_refresh_token = self._gives_refresh_token(code)
        grant = self._new_grant(code.address, code.scopes)
        if has_refresh_token:
            self._new_refresh_token(grant)
        more = {"refresh_token": grant.refresh_token} if has_refresh_token else {}
        return self._tokens(grant, grant.scopes, more, code.asked.get("nonce"))

    def _gives_refresh_token(self, code):
        """Google's only for offline access, and again only after a new consent."""
        if not self.is_google:
            return "offline_access" in code.scopes
        is_known = any(grant.address == code.address and not grant.is_dead for grant in self.grants)
        is_asked = "consent" in code.asked.get("prompt", "").split()
        return code.asked.get("access_type") == "offline" and (is_asked or not is_known)

    def _refresh(self, form):
        presented = form.get("refresh_token")
        self.presented[presented] += 1
        grant = self._grant_with(presented)
        if not grant or grant.is_dead or grant.uses_left[presented] == 0:
            raise self._refuse(400, "invalid_grant")
        scopes = form["scope"].split() if "scope" in form else grant.scopes
        if not {bare_scope(scope) for scope in scopes} <= {bare_scope(s) for s in grant.scopes}:
            raise self._refuse(400, "invalid_scope")
        if grant.uses_left[presented] is not None:
            grant.uses_left[presented] -= 1
        grant.refreshes += 1
        more = {}
        if self.rotates:
            if grant.uses_left[presented] is None:
                grant.uses_left[presented] = self.grace_uses
            more["refresh_token"] = self._new_refresh_token(grant)
        return self._tokens(grant, scopes, more)

    def revoke(self, call):
        token = call.request.form.get("token") or call.request.asks("token")
        access = self.accesses.get(token)
        grant = access.grant if access else self._grant_with(token)
        if not grant or grant.is_dead:
            raise self._refuse(400, "invalid_token")
        grant.is_dead = True
        return json_reply(200, {})

    # What is handed out.

    def _grant_with(self, refresh_token):
        return next((grant for grant in self.grants if refresh_token in grant.uses_left), None)

    def _new_grant(self, address, scopes):
        self.grants.append(Grant(address, list(scopes)))
        return self.grants[-1]

    def _new_refresh_token(self, grant, token=None):
        token = token or f"1//refresh-{next(self._numbers)}-{secrets.token_urlsafe(24)}"
        grant.uses_left[token] = None
        grant.refresh_token = token
        return token

    def _new_access(self, grant, scopes):
        token = f"ya29.access-{next(self._numbers)}-{secrets.token_urlsafe(24)}"
        self.accesses[token] = Access(grant, scopes, time.monotonic() + self.expires_in)
        grant.access_token = token
        return token

    def _tokens(self, grant, scopes, more, nonce=None):
        reply = {"access_token": self._new_access(grant, scopes), "token_type": "Bearer",
                 "expires_in": self.expires_in, "scope": self._shown(scopes), **more}
        if not self.is_google:
            reply["ext_expires_in"] = self.expires_in
        if "openid" in scopes:
            reply["id_token"] = self._id_token(grant.address, nonce)
        return json_reply(200, reply, Cache_Control="no-store")

    def _shown(self, scopes):
        """As each of the two spells what it has granted, which is not how it was asked for."""
        if self.is_google:
            return " ".join(EXPANDED.get(scope, scope) for scope in scopes)
        shown = [scope for scope in scopes if scope != "offline_access"]
        if self.full_scopes:
            shown = [GRAPH + scope if "." in scope and "/" not in scope else scope
                     for scope in shown]
        return " ".join(shown)

    def _id_token(self, address, nonce):
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": self.client_id, "iat": now, "exp": now + 3600,
                  "sub": hashlib.sha256(address.encode()).hexdigest()[:21]}
        if nonce:
            claims["nonce"] = nonce
        if self.is_google:
            claims["email_verified"] = True
        else:
            claims |= {"preferred_username": address, "oid": claims["sub"], "tid": "the-tenant",
                       "name": address}
        if self.has_email_claim:
            claims["email"] = address
        return ".".join([encoded({"alg": "none", "typ": "JWT"}), encoded(claims), ""])

    # How it refuses.

    def refusal_of(self, fault, call):
        if fault.body is not None:
            return Reply(fault.status, fault.body, {"Content-Type": "application/json"})
        usual = {400: "invalid_grant", 401: "invalid_client", 429: "rate_limit_exceeded"}
        reason = fault.reason or usual.get(fault.status, "temporarily_unavailable")
        reply = self._refuse(fault.status, reason).reply
        if fault.retry_after is not None:
            reply.headers["Retry-After"] = fault.retry_after
        return reply

    def malformed(self, status, why):
        return json_reply(status, {"error": "invalid_request", "error_description": why})

    def _refuse(self, status, reason):
        """reason: "invalid_grant", for Microsoft also with a number: "invalid_grant 50173"."""
        error, _, number = reason.partition(" ")
        if self.is_google:
            said = {"invalid_grant": "Token has been expired or revoked."}.get(error, "Refused.")
            return Refusal(json_reply(status, {"error": error, "error_description": said}))
        number = number or NUMBERS.get(error, "900144")
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%SZ")
        said = f"AADSTS{number}: {AADSTS.get(number, 'the request is not right')}."
        return Refusal(json_reply(status, {
            "error": error, "error_description": said, "error_codes": [int(number)],
            "timestamp": now, "trace_id": secrets.token_hex(16),
            "correlation_id": secrets.token_hex(16)}))


def call_of_token(request):
    is_refresh = request.form.get("grant_type") == "refresh_token"
    return "token.refresh" if is_refresh else "token.code"
