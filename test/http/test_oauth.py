"""Gmail and Outlook mailboxes, connected by signing in: from a browser, by a refresh token, and from
a terminal.

covers: src/api/messages_oauth.c src/grant/consent.c src/grant/connecting.c src/cli/connect.c
covers: src/cli/redirect.c src/store/sign_in_store.c src/provider_settings.c
"""
import concurrent.futures
import json
import re
import sqlite3
import subprocess
import urllib.parse

import pytest
import requests

from people import new_token, new_user
from running import BUILD, SECONDS, Server
from shapes import MILLISECONDS, TEXT, UID, holding, messages_error, said

AUTHORIZE, CALLBACK = "/api/email/oauth/authorize", "/api/email/oauth/callback"
ACCOUNTS = "/api/email/accounts"
PUBLIC, CONSOLE = "https://mail.example.com/outtray", "https://console.example.com/app"
# Connected as the browser comes back; test_oauth_completion.py has the other way, which is the rule.
SETTINGS = {"public_url": PUBLIC, "console_url": CONSOLE + "/", "web_timeout": "5s",
            "oauth_completion": "automatic"}
PREFIX = {"gmail": "google", "outlook": "microsoft"}


def settings_for(name, oauth):
    given = {"authorize_url": oauth.authorize_url, "token_url": oauth.token_url,
             "client_id": oauth.client_id, "client_secret": oauth.client_secret}
    return {f"{PREFIX[name]}_{key}": value for key, value in given.items()}


@pytest.fixture(scope="module")
def server(tmp_path_factory, fakes):
    given = {**SETTINGS, "gmail_api_url": fakes["gmail"].url + "/gmail/v1/",
             "graph_api_url": fakes["outlook"].url + "/"}
    for name, fake in fakes.items():
        given |= settings_for(name, fake.oauth)
    with Server(tmp_path_factory.mktemp("server"), **given) as running:
        yield running
        assert not re.search(r"refresh-\d|access-\d|4/code", running.said())


class Browser:
    """Somebody who signs in at one of the two providers, for one user of the server."""

    def __init__(self, server, name, fake, user):
        self.server, self.name, self.fake, self.oauth = server, name, fake, fake.oauth
        self.user = user
        self.address = self.oauth.user = "mailbox." + user.address

    def begin(self, **query):
        reply = self.user.get(AUTHORIZE, params={"provider": self.name, **query})
        assert reply.headers["Cache-Control"] == "no-store"
        return said(reply)["authUrl"]

    def consent(self, url=None):
        """What the provider sends back by way of the browser."""
        with requests.Session() as session:
            session.trust_env = False
            reply = session.get(url or self.begin(), allow_redirects=False, timeout=SECONDS)
        assert reply.status_code == 302, reply.text
        where, _, query = reply.headers["Location"].partition("?")
        assert where == PUBLIC + CALLBACK
        return dict(urllib.parse.parse_qsl(query))

    def finish(self, returned):
        """Where the server sends the browser on to, without what is the same each time."""
        reply = self.server.client(None).get(CALLBACK, params=returned, allow_redirects=False)
        assert (reply.status_code, reply.content) == (302, b"")
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        where, _, query = reply.headers["Location"].partition("?")
        assert where == CONSOLE + "/settings"
        return query

    def connect(self):
        assert self.finish(self.consent()) == f"provider={self.name}&status=success"
        [account] = [one for one in self.accounts() if one["emailAddress"] == self.address]
        return account

    def fails(self, returned, reason, provider=None):
        provider = self.name if provider is None else provider
        assert self.finish(returned) == f"provider={provider}&status=error&reason={reason}"

    def accounts(self):
        return said(self.user.get(ACCOUNTS))["accounts"]

    def shown(self, **fields):
        return {"_id": UID, "userId": UID, "userEmail": TEXT, "provider": self.name,
                "emailAddress": self.address,
                "displayName": None, "isDefault": True, "appendSignature": False,
                "signatureHtml": None, "signatureText": None, "language": "en", "timezone": "UTC",
                "isActive": True,
                "status": "connected", "grantedScopes": [TEXT] * self.scope_count,
                "createdAt": MILLISECONDS, "updatedAt": MILLISECONDS, **fields}

    @property
    def scope_count(self):
        return 3 if self.name == "gmail" else 5  # Microsoft does not name offline_access

    def row(self):
        return sql(self.server, "SELECT * FROM accounts WHERE email_address = ? "
                                "ORDER BY id DESC LIMIT 1", self.address)[0]


def sql(server, text, *values):
    with sqlite3.connect(server.data / "outtray.db", timeout=SECONDS) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(text, values).fetchall()


def reset(fake):
    oauth = fake.oauth
    fake.heal()
    oauth.heal()
    oauth.granted = oauth.denial = None
    oauth.sends_issuer, oauth.issuer = False, oauth.flavour.issuer


@pytest.fixture(params=["gmail", "outlook"])
def browser(server, fakes, request):
    fake = fakes[request.param]
    reset(fake)
    yield Browser(server, request.param, fake, new_user(server, mailbox=False))
    reset(fake)


def test_where_the_browser_is_sent(browser):
    url, _, query = browser.begin(loginHint="ann+x@example.com").partition("?")
    asked = dict(urllib.parse.parse_qsl(query))
    assert url == browser.oauth.authorize_url
    assert asked["redirect_uri"] == PUBLIC + CALLBACK
    assert (asked["response_type"], asked["client_id"]) == ("code", "the-client")
    assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43
    assert len(asked["state"]) >= 43 and asked["login_hint"] == "ann+x@example.com"
    if browser.name == "gmail":
        assert asked["access_type"] == "offline" and asked["prompt"] == "consent"
        assert asked["scope"] == "https://www.googleapis.com/auth/gmail.modify openid email"
    else:
        assert asked["scope"] == ("offline_access openid email User.Read Mail.ReadWrite "
                                  "Mail.Send")


def test_what_is_kept_of_a_sign_in_says_nothing(browser):
    asked = dict(urllib.parse.parse_qsl(browser.begin().partition("?")[2]))
    rows = sql(browser.server, "SELECT * FROM sign_ins")
    assert asked["state"] not in str([tuple(row) for row in rows])
    assert asked["code_challenge"] not in str([tuple(row) for row in rows])


def test_connect(browser):
    account = browser.connect()
    assert account == browser.shown()
    grant = browser.oauth.grant_of(browser.address)
    assert "Mail.Send" in account["grantedScopes"] or any(
        scope.endswith("gmail.modify") for scope in account["grantedScopes"])
    row = browser.row()
    assert grant.refresh_token not in str(tuple(row)) and row["sealed_refresh_token"]
    assert grant.refresh_token.encode() not in (browser.server.data / "outtray.db-wal").read_bytes()


def test_a_state_is_good_once(browser):
    returned = browser.consent()
    assert browser.finish(returned) == f"provider={browser.name}&status=success"
    browser.fails(returned, "state_unknown", provider="")
    assert len(browser.accounts()) == 1


def test_a_state_is_good_once_also_at_the_same_moment(browser):
    returned = browser.consent()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(lambda _: browser.finish(returned), range(8)))
    assert sorted(set(ends)) == ["provider=&status=error&reason=state_unknown",
                                 f"provider={browser.name}&status=success"]
    assert ends.count(f"provider={browser.name}&status=success") == 1
    assert len(browser.accounts()) == 1


@pytest.mark.parametrize("state", [None, "", "nobody's", "x" * 65, "x" * 4000, "a' OR '1'='1"])
def test_a_state_that_is_none(browser, state):
    before = browser.oauth.counts["token.code"]
    returned = browser.consent()
    browser.fails({**returned, "state": state}, "state_unknown", provider="")
    assert browser.oauth.counts["token.code"] == before
    assert browser.accounts() == []


def test_too_long_a_query(browser):
    reply = browser.server.client(None).get(CALLBACK, params={"state": "x" * 5000})
    assert said(reply, 400) == messages_error("BAD_REQUEST", holding("state"))


def test_a_state_lasts_ten_minutes(browser):
    returned = browser.consent()
    sql(browser.server, "UPDATE sign_ins SET created_at = created_at - 600000")
    browser.fails(returned, "state_unknown", provider="")
    returned = browser.consent()
    sql(browser.server, "UPDATE sign_ins SET created_at = created_at - 570000")
    assert browser.finish(returned) == f"provider={browser.name}&status=success"


def test_old_sign_ins_and_too_many_are_forgotten(browser):
    returned = browser.consent()
    sql(browser.server, "UPDATE sign_ins SET created_at = 1")
    for _ in range(40):
        browser.begin()
    rows = sql(browser.server, "SELECT COUNT(*) AS count, MIN(created_at) AS first FROM sign_ins")
    assert rows[0]["count"] == 32 and rows[0]["first"] > 1
    browser.fails(returned, "state_unknown", provider="")


def test_head_ends_no_sign_in(browser):
    returned = browser.consent()
    reply = requests.head(browser.server.url + CALLBACK, params=returned, timeout=SECONDS)
    assert reply.status_code == 405 and reply.headers["Allow"] == "GET"
    assert browser.finish(returned) == f"provider={browser.name}&status=success"


@pytest.mark.parametrize("said_so, reason", [
    ("access_denied", "access_denied"), ("server_error", "server_error"),
    ("<script>", "provider_error"), ("x" * 100, "provider_error")])
def test_no_consent(browser, said_so, reason):
    browser.oauth.denial = said_so
    browser.fails(browser.consent(), reason)
    assert browser.accounts() == []


def test_no_code(browser):
    returned = browser.consent()
    browser.fails({"state": returned["state"]}, "code_missing")


def test_another_code(browser):
    browser.fails({**browser.consent(), "code": "4/another"}, "code_refused")
    assert browser.accounts() == []


def test_a_code_belongs_to_its_verifier(browser):
    """Of two sign-ins of the same user, neither can be ended with the other's code."""
    one, two = browser.consent(), browser.consent()
    browser.fails({**one, "code": two["code"]}, "code_refused")


def test_the_issuer_is_checked_when_it_is_sent(browser):
    browser.oauth.sends_issuer = True
    assert browser.connect() == browser.shown()
    before = browser.oauth.counts["token.code"]
    browser.oauth.issuer = "https://evil.example.com"
    browser.fails(browser.consent(), "issuer_mismatch")
    assert browser.oauth.counts["token.code"] == before


def test_scopes_that_were_not_granted(browser):
    browser.oauth.granted = ["openid", "email", "offline_access", "Mail.ReadWrite"]
    browser.fails(browser.consent(), "scope_missing")
    assert browser.accounts() == []


def test_scopes_by_their_whole_names(browser):
    browser.oauth.full_scopes = True
    try:
        assert browser.connect() == browser.shown()
    finally:
        browser.oauth.full_scopes = False


@pytest.mark.parametrize("fault, reason", [
    ({"status": 503}, "provider_unavailable"), ({"kind": "reset_after"}, "provider_unavailable"),
    ({"kind": "garbage"}, "provider_unavailable"), ({"kind": "redirect"}, "provider_unavailable"),
    ({"kind": "half_reply"}, "provider_unavailable"),
    ({"status": 401, "reason": "invalid_client"}, "provider_unavailable"),
    ({"status": 400, "reason": "invalid_grant"}, "code_refused")])
def test_the_sign_in_fails(browser, fault, reason):
    browser.oauth.fail("token.code", **fault)
    browser.fails(browser.consent(), reason)
    assert browser.accounts() == [] and browser.oauth.elsewhere == []


@pytest.mark.parametrize("fault", [{"status": 500}, {"kind": "garbage"}, {"kind": "redirect"},
                                   {"status": 401}, {"kind": "reset_before"}])
def test_the_mailbox_does_not_say_whose_it_is(browser, fault):
    call = "profile" if browser.name == "gmail" else "me"
    # What may be asked twice is: a connection that breaks is no answer yet.
    browser.fake.fail(call, times=None, **fault)
    browser.fails(browser.consent(), "address_unknown")
    assert browser.accounts() == [] and browser.fake.elsewhere == []


def test_again_mends_the_same_mailbox(browser):
    account = browser.connect()
    former = browser.row()["sealed_refresh_token"]
    sql(browser.server, "UPDATE accounts SET needs_sign_in = 1, pause_reason = 'It is over.', "
                        "probes = 3 WHERE id = ?", account["_id"])
    [waiting] = browser.accounts()
    assert waiting == browser.shown(_id=account["_id"], status="reauth_required",
                                    reason="It is over.")
    assert browser.connect() == browser.shown(_id=account["_id"])
    row = browser.row()
    assert row["sealed_refresh_token"] != former
    assert (row["needs_sign_in"], row["paused_until"], row["pause_reason"]) == (0, None, None)


def test_again_in_other_letters(browser):
    account = browser.connect()
    browser.oauth.user = browser.address.upper()
    assert browser.finish(browser.consent()) == f"provider={browser.name}&status=success"
    assert [one["_id"] for one in browser.accounts()] == [account["_id"]]


def test_again_after_it_was_disconnected(browser):
    account = browser.connect()
    said(browser.user.patch(f"{ACCOUNTS}/{account['_id']}", json={"displayName": "Ann"}))
    assert said(browser.user.delete(f"{ACCOUNTS}/{account['_id']}")) == {"success": True}
    row = browser.row()
    assert (row["sealed_refresh_token"], row["granted_scopes"], row["is_active"]) == (None, None, 0)
    assert browser.accounts() == []
    assert browser.connect() == browser.shown(_id=account["_id"], displayName="Ann")


def test_the_same_mailbox_of_another_user(browser):
    account = browser.connect()
    other = Browser(browser.server, browser.name, browser.fake, new_user(browser.server,
                                                                         mailbox=False))
    other.address = other.oauth.user = browser.address
    assert other.connect()["_id"] != account["_id"]
    assert len(browser.accounts()) == len(other.accounts()) == 1


def test_a_pause_is_shown(browser):
    account = browser.connect()
    sql(browser.server, "UPDATE accounts SET paused_until = 4102444800000, "
                        "pause_reason = 'Too much.' WHERE id = ?", account["_id"])
    assert browser.accounts() == [browser.shown(status="paused", reason="Too much.",
                                                pausedUntil="2100-01-01T00:00:00.000Z")]
    sql(browser.server, "UPDATE accounts SET paused_until = 1 WHERE id = ?", account["_id"])
    assert browser.accounts() == [browser.shown()]


def by_token(browser, status=201, **fields):
    body = {"provider": browser.name, "refreshToken": "none", **fields}
    reply = said(browser.user.post(ACCOUNTS, json=body), status)
    return reply["account"] if status == 201 else reply


def test_connect_by_a_refresh_token(browser):
    grant = browser.fake.connect(browser.address)
    given = grant.refresh_token
    account = by_token(browser, refreshToken=given, displayName="Ann")
    count = len(account["grantedScopes"])
    assert account == browser.shown(displayName="Ann", grantedScopes=[TEXT] * count)
    assert browser.accounts() == [account]
    assert browser.oauth.presented[given] == 1
    again = by_token(browser, refreshToken=grant.refresh_token, emailAddress=browser.address)
    assert again["_id"] == account["_id"] and len(browser.accounts()) == 1


def test_a_refresh_token_of_another_mailbox(browser):
    grant = browser.fake.connect("other." + browser.address)
    refused = by_token(browser, 400, refreshToken=grant.refresh_token,
                       emailAddress=browser.address)
    assert refused == messages_error("BAD_REQUEST",
                                     holding("emailAddress", "other." + browser.address))
    assert browser.accounts() == []


def test_a_refresh_token_that_is_none(browser):
    refused = by_token(browser, 400, refreshToken="1//refresh-0-of-nobody")
    assert refused == messages_error("BAD_REQUEST", holding("refreshToken", "invalid_grant"))
    assert "of-nobody" not in refused["message"]


def test_a_refresh_token_with_too_few_scopes(browser):
    grant = browser.fake.connect(browser.address, scopes="openid email offline_access")
    refused = by_token(browser, 400, refreshToken=grant.refresh_token)
    assert refused == messages_error("BAD_REQUEST", holding("refreshToken", "is missing"))


def test_a_refresh_token_while_the_sign_in_is_not_there(browser):
    grant = browser.fake.connect(browser.address)
    browser.oauth.fail("token.refresh", status=503)
    refused = by_token(browser, 502, refreshToken=grant.refresh_token)
    assert refused == messages_error("BAD_GATEWAY", holding("sign-in"))
    assert browser.accounts() == []


@pytest.mark.parametrize("body, words", [
    ({"provider": "gmail"}, "refreshToken is required"),
    ({"provider": "outlook", "emailAddress": "a@example.com"}, "oauth/authorize?provider=outlook"),
    ({"provider": "gmail", "refreshToken": "x" * 20000}, "refreshToken"),
    ({"provider": "sandbox", "refreshToken": "x", "emailAddress": "a@example.com"},
     "refreshToken is for gmail and outlook"),
    ({"provider": "sandbox"}, "emailAddress is required"),
    ({"provider": "gmail", "refreshToken": "x", "smtp": {"host": "a", "port": 1,
                                                         "security": "tls"}}, "smtp"),
])
def test_what_cannot_be_connected(server, body, words):
    user = new_user(server, mailbox=False)
    assert said(user.post(ACCOUNTS, json=body), 400) == messages_error("BAD_REQUEST",
                                                                       holding(words))


def test_who_may_begin(server):
    user = new_user(server)
    reader = server.client(new_token(server, user.address, "inbox:read", "inbox:draft"))
    query = {"provider": "gmail"}
    assert said(reader.get(AUTHORIZE, params=query), 403) == messages_error("FORBIDDEN")
    nobody = server.client(None)
    assert said(nobody.get(AUTHORIZE, params=query), 401) == messages_error("UNAUTHORIZED")
    for wrong in {}, {"provider": "smtp"}, {"provider": "pigeon"}:
        refused = said(user.get(AUTHORIZE, params=wrong), 400)
        assert refused == messages_error("BAD_REQUEST", holding("provider"))
    refused = said(user.get(AUTHORIZE, params={**query, "loginHint": "x" * 400}), 400)
    assert refused == messages_error("BAD_REQUEST", holding("loginHint"))


def test_a_server_that_is_not_set_up(start_server):
    server = start_server()
    api = server.client(server.token)
    refused = said(api.get(AUTHORIZE, params={"provider": "gmail"}), 400)
    assert refused == messages_error("BAD_REQUEST", holding("provider", "google_client_id"))
    reply = server.client(None).get(CALLBACK, allow_redirects=False)
    assert reply.headers["Location"] == (
        f"{server.url}/settings?provider=&status=error&reason=state_unknown")
    assert server.tool("account", "list")
    done = run_connect(server, "gmail", "--user", server.email)
    assert done.wait(SECONDS) == 2 and "google_client_id" in done.stderr.read()


# From a terminal.


def run_connect(server, *arguments):
    return subprocess.Popen([BUILD / "outtray", "--data", server.data, "account", "connect",
                             *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, env=server.environment)


class Terminal:
    def __init__(self, browser, *arguments):
        self.process = run_connect(browser.server, browser.name, "--user", browser.user.address,
                                   *arguments)
        self.url = self.process.stdout.readline().strip()

    def open(self, url=None):
        """What the browser shows at last."""
        with requests.Session() as session:
            session.trust_env = False
            return session.get(url or self.url, timeout=SECONDS)

    @property
    def redirect_url(self):
        query = urllib.parse.urlsplit(self.url).query
        return dict(urllib.parse.parse_qsl(query))["redirect_uri"]

    def end(self, status=0):
        output, errors = self.process.communicate(timeout=SECONDS)
        assert self.process.returncode == status, errors
        return output, errors

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def test_connect_from_a_terminal(browser):
    with Terminal(browser) as terminal:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", terminal.redirect_url)
        page = terminal.open()
        assert page.status_code == 200 and "is connected" in page.text
        output, errors = terminal.end()
    assert browser.address in output and browser.name in output
    assert "Open this URL" in errors and "ssh -L" in errors
    [account] = browser.accounts()
    assert account == browser.shown()


def test_connect_from_a_script(browser):
    with Terminal(browser, "--json", "--hint", browser.address, "--host", "localhost") as terminal:
        terminal.url = json.loads(terminal.url)["auth_url"]
        assert terminal.redirect_url.startswith("http://localhost:")
        assert "login_hint=" in terminal.url
        assert terminal.open().status_code == 200
        output, _ = terminal.end()
    assert json.loads(output)["email"] == browser.address


def test_strangers_at_the_port(browser):
    with Terminal(browser) as terminal:
        base = terminal.redirect_url
        for path in "favicon.ico", "?state=another&code=x", "", "?code=x", "?state=%00":
            assert terminal.open(base + path).status_code == 400
        with requests.Session() as session:
            session.trust_env = False
            assert session.post(base + "?state=x", timeout=SECONDS).status_code == 400
            assert session.get(base, headers={"X": "x" * 20000}, timeout=SECONDS).status_code == 400
        assert terminal.open().status_code == 200
        terminal.end()
    assert len(browser.accounts()) == 1


def test_no_consent_at_a_terminal(browser):
    browser.oauth.denial = "access_denied"
    with Terminal(browser) as terminal:
        page = terminal.open()
        assert page.status_code == 400 and "is not connected" in page.text
        output, errors = terminal.end(status=1)
    assert output == "" and "gave no consent" in errors.splitlines()[-1]
    assert browser.accounts() == []


@pytest.mark.parametrize("arguments, status, words", [
    (("smtp", "--user", "a@example.com"), 2, "smtp is not gmail or outlook"),
    (("gmail", "--user", "nobody@example.com"), 3, "there is no user nobody@example.com"),
    (("gmail",), 2, "--user"), (("gmail", "--user", "a@example.com", "--port", "70000"), 2, "--port"),
    (("--user", "a@example.com"), 2, "usage")])
def test_what_a_terminal_is_told(server, arguments, status, words):
    done = run_connect(server, *arguments)
    assert done.wait(SECONDS) == status
    assert words in done.stderr.read() and done.stdout.read() == ""


def try_mailbox(server, account):
    done = subprocess.run([BUILD / "outtray", "--data", server.data, "account", "test",
                           account["_id"]], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=SECONDS, check=False, env=server.environment)
    return done.returncode, done.stdout + done.stderr


def test_a_dead_grant_is_found_and_mended(browser):
    account = browser.connect()
    assert try_mailbox(browser.server, account) == (0, holding(browser.address, "works"))
    browser.oauth.fail("token.refresh", status=503)
    assert try_mailbox(browser.server, account) == (75, holding("sign-in"))
    assert browser.accounts() == [browser.shown()]
    # What Microsoft's sign-in gave in exchange is what is tried the next time.
    assert try_mailbox(browser.server, account) == (0, holding("works"))
    assert browser.accounts() == [browser.shown()]
    browser.oauth.kill(browser.address)
    assert try_mailbox(browser.server, account) == (1, holding("invalid_grant"))
    assert browser.accounts() == [browser.shown(status="reauth_required",
                                                reason=holding("invalid_grant"))]
    asked = browser.oauth.counts["token.refresh"]
    assert try_mailbox(browser.server, account) == (1, holding("invalid_grant"))
    assert browser.oauth.counts["token.refresh"] == asked
    assert browser.connect() == browser.shown(_id=account["_id"])
    assert try_mailbox(browser.server, account) == (0, holding("works"))


# With a sign-in that nobody here wrote.


@pytest.mark.parametrize("name", ["gmail", "outlook"])
def test_sign_in_at_emulate(start_emulate, start_server, name):
    emulate = start_emulate(PREFIX[name], email="ann@example.com",
                            redirect_uris=[PUBLIC + CALLBACK])
    prefix = PREFIX[name]
    server = start_server(**SETTINGS, gmail_api_url=emulate.url, graph_api_url=emulate.url, **{
        f"{prefix}_authorize_url": emulate.url_of("authorize"),
        f"{prefix}_token_url": emulate.url_of("token"),
        f"{prefix}_client_id": emulate.client["client_id"],
        f"{prefix}_client_secret": emulate.client["client_secret"]})
    api = server.client(server.token)
    url = said(api.get(AUTHORIZE, params={"provider": name}))["authUrl"]
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
    back = emulate.consent(**asked)
    reply = server.client(None).get(CALLBACK + "?" + back.partition("?")[2], allow_redirects=False)
    assert reply.headers["Location"] == f"{CONSOLE}/settings?provider={name}&status=success"
    [_, account] = said(api.get(ACCOUNTS))["accounts"]
    assert (account["emailAddress"], account["status"]) == ("ann@example.com", "connected")
