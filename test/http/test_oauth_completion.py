"""A sign-in that has come back is completed by the user who began it, and by nobody else.

covers: src/api/messages_oauth.c src/api/sign_in_page.c src/grant/consent.c src/cli/connect.c
covers: src/store/sign_in_store.c
"""
import concurrent.futures
import re
import subprocess
import urllib.parse

import pytest

from people import ALL, new_token, new_user
from running import BUILD, SECONDS, Server
from shapes import holding, messages_error, said
from test_oauth import ACCOUNTS, AUTHORIZE, CALLBACK, CONSOLE, PUBLIC, Browser, reset, settings_for, \
    sql

COMPLETE = "/api/email/oauth/complete"
GONE = messages_error("NOT_FOUND", holding("cannot be completed"))
CODE = re.compile(r"oc_[\w-]{43}")


def start(folder, fakes, **more):
    given = {"public_url": PUBLIC, "web_timeout": "5s",
             "gmail_api_url": fakes["gmail"].url, "graph_api_url": fakes["outlook"].url, **more}
    for name, fake in fakes.items():
        given |= settings_for(name, fake.oauth)
    return Server(folder, **given)


@pytest.fixture(scope="module")
def server(tmp_path_factory, fakes):
    """As it comes, with a console elsewhere."""
    with start(tmp_path_factory.mktemp("server"), fakes, console_url=CONSOLE) as running:
        yield running
        assert not re.search(r"refresh-\d|access-\d|4/code|oc_", running.said())


@pytest.fixture(params=["gmail", "outlook"])
def browser(server, fakes, request):
    fake = fakes[request.param]
    reset(fake)
    yield Browser(server, request.param, fake, new_user(server, mailbox=False))
    reset(fake)


def park(browser):
    """What the console is given when the browser comes back."""
    query = dict(urllib.parse.parse_qsl(browser.finish(browser.consent())))
    assert set(query) == {"provider", "status", "completion"}
    assert (query["provider"], query["status"]) == (browser.name, "success")
    assert CODE.fullmatch(query["completion"])
    return query["completion"]


def complete(browser, completion, status=200, user=None):
    reply = (user or browser.user).post(COMPLETE, json={"completion": completion})
    if status == 200:
        assert reply.headers["Cache-Control"] == "no-store"
    return said(reply, status)


def test_the_user_who_began_completes_it(browser):
    before = browser.oauth.counts["token.code"]
    completion = park(browser)
    assert browser.accounts() == [] and browser.oauth.counts["token.code"] == before
    assert complete(browser, completion) == {"account": browser.shown(),
                                             "user": browser.user.address}
    assert browser.accounts() == [browser.shown()]
    assert sql(browser.server, "SELECT * FROM sign_ins WHERE completion_hash IS NOT NULL") == []
    assert complete(browser, completion, 404) == GONE


def test_nobody_else_completes_it(browser):
    """Neither a colleague, nor an administrator, nor the victim of a link, nor a stranger."""
    before = browser.oauth.counts["token.code"]
    completion = park(browser)
    for user in (new_user(browser.server, mailbox=False), new_user(browser.server, ALL),
                 new_user(browser.server, ALL, organization="Elsewhere")):
        assert complete(browser, completion, 404, user) == GONE
        assert browser.address not in str(said(user.get(ACCOUNTS)))
    refused = browser.server.client(None).post(COMPLETE, json={"completion": completion})
    assert said(refused, 401) == messages_error("UNAUTHORIZED")
    reader = browser.server.client(new_token(browser.server, browser.user.address, "inbox:read",
                                             "inbox:draft"))
    refused = reader.post(COMPLETE, json={"completion": completion})
    assert said(refused, 403) == messages_error("FORBIDDEN", holding("inbox:write"))
    assert browser.oauth.counts["token.code"] == before and browser.accounts() == []
    assert complete(browser, completion)["account"] == browser.shown()


def test_another_token_of_the_same_user_completes_it(browser):
    other = browser.server.client(new_token(browser.server, browser.user.address, "inbox:write"))
    assert complete(browser, park(browser), 200, other)["user"] == browser.user.address


@pytest.mark.parametrize("body, status", [
    ({}, 400), ({"completion": None}, 400), ({"completion": ""}, 400), ({"completion": "x"}, 404),
    ({"completion": "x" * 129}, 400), ({"state": "x"}, 400), ({"completion": 1}, 400),
    ({"completion": "oc_" + "A" * 43}, 404), ({"completion": "' OR 1=1 --"}, 404)])
def test_what_completes_nothing(browser, body, status):
    park(browser)
    assert browser.user.post(COMPLETE, json=body).status_code == status
    assert browser.accounts() == []


def test_the_state_alone_completes_nothing(browser):
    returned = browser.consent()
    completion = dict(urllib.parse.parse_qsl(browser.finish(returned)))["completion"]
    for guess in (returned["state"], returned["code"], "oc_" + returned["state"]):
        assert complete(browser, guess, 404) == GONE
    browser.fails(returned, "state_unknown", provider="")
    complete(browser, completion)


def test_nothing_that_is_parked_can_be_read(browser):
    returned = browser.consent()
    completion = dict(urllib.parse.parse_qsl(browser.finish(returned)))["completion"]
    rows = str([tuple(row) for row in sql(browser.server, "SELECT * FROM sign_ins")])
    assert completion not in rows and returned["code"] not in rows and returned["state"] not in rows
    for path in browser.server.data.glob("outtray.db*"):
        assert returned["code"].encode() not in path.read_bytes()


def test_it_is_completed_once_also_at_the_same_moment(browser):
    completion = park(browser)
    before = browser.oauth.counts["token.code"]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: browser.server.client(browser.user.token).post(
            COMPLETE, json={"completion": completion}).status_code, range(8)))
    assert replies.count(200) == 1 and set(replies) <= {200, 404, 409}
    assert browser.oauth.counts["token.code"] == before + 1 and len(browser.accounts()) == 1


def test_it_lasts_ten_minutes_from_its_return(browser):
    completion = park(browser)
    sql(browser.server, "UPDATE sign_ins SET parked_at = parked_at - 600000")
    assert complete(browser, completion, 404) == GONE
    completion = park(browser)
    sql(browser.server, "UPDATE sign_ins SET parked_at = parked_at - 570000, "
                        "created_at = created_at - 1100000")
    browser.begin()  # which tidies up
    assert complete(browser, completion)["account"] == browser.shown()


@pytest.mark.parametrize("change, reason", [
    ({"iss": "https://evil.example.com"}, "issuer_mismatch"), ({"code": ""}, "code_missing"),
    ({"error": "access_denied", "code": ""}, "access_denied")])
def test_what_is_not_parked(browser, change, reason):
    returned = {**browser.consent(), **change}
    browser.fails(returned, reason)
    browser.fails(browser.consent() | {"state": returned["state"]}, "state_unknown", provider="")


def test_what_fails_for_good_is_over(browser):
    completion = park(browser)
    browser.oauth.fail("token.code", status=400, reason="invalid_grant")
    assert complete(browser, completion, 400) == messages_error(
        "BAD_REQUEST", holding("completion", "sign in again"))
    browser.oauth.heal()
    assert complete(browser, completion, 404) == GONE and browser.accounts() == []


def test_scopes_that_were_not_granted(browser):
    browser.oauth.granted = ["openid", "email", "offline_access", "Mail.ReadWrite"]
    completion = park(browser)
    assert complete(browser, completion, 400) == messages_error(
        "BAD_REQUEST", holding("completion", "is missing"))
    assert complete(browser, completion, 404) == GONE and browser.accounts() == []


def test_what_fails_for_now_can_be_repeated(browser):
    completion = park(browser)
    browser.oauth.fail("token.code", status=503)
    assert complete(browser, completion, 502) == messages_error("BAD_GATEWAY")
    assert browser.accounts() == []
    browser.oauth.heal()
    assert complete(browser, completion)["account"] == browser.shown()


def test_the_code_was_exchanged_and_then_it_broke(browser):
    """What was given for it is kept: the code is worth nothing any more."""
    completion = park(browser)
    before = browser.oauth.counts["token.code"]
    call = "profile" if browser.name == "gmail" else "me"
    browser.fake.fail(call, times=None, status=500)
    assert complete(browser, completion, 502) == messages_error("BAD_GATEWAY")
    rows = str([tuple(row) for row in sql(browser.server, "SELECT * FROM sign_ins")])
    assert browser.oauth.grant_of(browser.address).refresh_token not in rows
    browser.fake.heal()
    assert complete(browser, completion)["account"]["emailAddress"] == browser.address
    assert browser.oauth.counts["token.code"] == before + 1


def test_whoever_began_to_complete_it_has_ended(browser):
    completion = park(browser)
    sql(browser.server, "UPDATE sign_ins SET claimed_at = parked_at")
    refused = complete(browser, completion, 409)
    assert refused == messages_error("CONFLICT", holding("being completed at this moment"))
    sql(browser.server, "UPDATE sign_ins SET claimed_at = parked_at - 120001")
    assert complete(browser, completion)["account"] == browser.shown()


def test_a_revoked_token_completes_nothing(browser):
    completion = park(browser)
    secret = new_token(browser.server, browser.user.address, "inbox:read", "inbox:write")
    sql(browser.server, "UPDATE tokens SET expires_at = 1 WHERE user_id = "
                        "(SELECT id FROM users WHERE email = ?)", browser.user.address)
    client = browser.server.client(secret)
    assert client.post(COMPLETE, json={"completion": completion}).status_code == 401


def test_it_survives_a_restart(tmp_path_factory, fakes):
    reset(fakes["gmail"])
    with start(tmp_path_factory.mktemp("again"), fakes, console_url=CONSOLE) as server:
        browser = Browser(server, "gmail", fakes["gmail"], new_user(server, mailbox=False))
        completion = park(browser)
        server.kill()
        server.start()
        browser.user = browser.server.client(browser.user.token)
        assert complete(browser, completion)["account"] == browser.shown()


# The page, where there is no console

@pytest.fixture(name="alone", scope="module")
def fixture_alone(tmp_path_factory, fakes):
    with start(tmp_path_factory.mktemp("alone"), fakes) as running:
        yield running


def page(server, query):
    reply = server.client(None).get("/settings", params=query)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Referrer-Policy"] == "no-referrer"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["X-Frame-Options"] == "DENY"
    assert reply.headers["Content-Security-Policy"] == (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
    assert not re.search("<script|<style|<link|<img|<form|javascript:| on[a-z]+=", reply.text)
    return reply.text


def come_back(server, fakes, **query):
    """A user who has begun, and where the browser is sent on to."""
    reset(fakes["gmail"])
    user = new_user(server, mailbox=False)
    browser = Browser(server, "gmail", fakes["gmail"], user)
    url = said(user.get(AUTHORIZE, params={"provider": "gmail", **query}))["authUrl"]
    reply = server.client(None).get(CALLBACK, params=browser.consent(url), allow_redirects=False)
    where, _, query = reply.headers["Location"].partition("?")
    assert (reply.status_code, where) == (302, PUBLIC + "/settings")
    return browser, dict(urllib.parse.parse_qsl(query))


def test_the_page_says_what_is_left(alone, fakes):
    browser, query = come_back(alone, fakes, loginHint="ann+x@example.com")
    shown = page(alone, query)
    assert "If you did not begin this yourself, close this page: nothing has been connected." in shown
    assert "<strong>ann+x@example.com</strong>" in shown
    assert f"<strong>{browser.user.address}</strong>" in shown
    command = re.search("<pre>outtray (account complete .*)</pre>", shown)[1].split()
    assert command == ["account", "complete", query["completion"], "--user", browser.user.address]
    assert browser.accounts() == []
    assert page(alone, query) == shown  # which has changed nothing
    made = alone.tool(*command, "--json")
    assert "ann+x@example.com" in made
    assert [one["emailAddress"] for one in browser.accounts()] == ["ann+x@example.com"]
    assert "This sign-in is over" in page(alone, query)


def test_the_command_is_for_the_user_who_began(alone, fakes):
    browser, query = come_back(alone, fakes)
    other = new_user(alone, mailbox=False)
    done = subprocess.run([BUILD / "outtray", "--data", alone.data, "account", "complete",
                           query["completion"], "--user", other.address], text=True, check=False,
                          capture_output=True, timeout=SECONDS, env=alone.environment)
    assert done.returncode != 0 and done.stdout == "" and "cannot be completed" in done.stderr
    assert browser.accounts() == [] and said(other.get(ACCOUNTS)) == {"accounts": []}


@pytest.mark.parametrize("query, words", [
    ({}, "Nothing has been connected"), ({"status": "error"}, "Nothing has been connected"),
    ({"status": "error", "reason": "access_denied"}, "<code>access_denied</code>"),
    ({"status": "error", "reason": "<b>x</b>\"'&"}, "&lt;b&gt;x&lt;/b&gt;"),
    ({"status": "success"}, "The mailbox is connected"),
    ({"status": "success", "completion": "oc_x"}, "This sign-in is over"),
    ({"status": "success", "completion": "<script>"}, "This sign-in is over")])
def test_what_else_the_page_says(alone, query, words):
    assert words in page(alone, {"provider": "gmail", **query})
