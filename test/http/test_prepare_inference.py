"""The mode inference: a language model completes the text, or the text stays as it was given.

covers: src/assistant/assistant.c src/assistant/completion.c src/api/email_prepare.c
"""
import concurrent.futures

import pytest

from fake_model import FakeModel
from people import new_user
from running import Server, wait_until
from shapes import holding, said

PREPARE, PREVIEW = "/api/email/prepare", "/api/email/preview"
GIVEN = {"subject": "About {what}", "body_text": "Hello {name}", "body_html": "<p>Hello {name}</p>"}
FIELDS = {"what": "it", "name": "Zoë", "secret": "not in the text"}
FILLED = {"subject": "About it", "body_text": "Hello Zoë", "body_html": "<p>Hello Zoë</p>"}
BODY = {**GIVEN, "fields": FIELDS, "mode": "inference"}


@pytest.fixture(scope="module")
def model():
    fake = FakeModel()
    yield fake
    fake.stop()


@pytest.fixture(scope="module")
def user(model, tmp_path_factory):
    with Server(tmp_path_factory.mktemp("inference"), model_url=model.url, model_key="k-123",
                model_name="m-1", model_timeout="2s") as server:
        user = new_user(server)
        user.server = server
        yield user


@pytest.fixture(autouse=True)
def fresh(model):
    model.calls.clear()
    model.release()


def stays(answer, *words):
    """Whether it is the given text, filled, and one remark that holds these words."""
    return answer == {**FILLED, "mode": "inference", "errors": [
        {"token": "", "message": holding("as it was given", *words)}]}


def ask(user, path=PREPARE, **body):
    return said(user.post(path, json={**BODY, **body}))


@pytest.mark.parametrize("path", [PREPARE, PREVIEW])
def test_the_model_completes_the_filled_text(user, model, path):
    model.say({"subject": "About it, finally", "body_text": "Hello Zoë,\n\nthank you.",
               "body_html": "<p onclick=\"x()\">Hello <b>Zoë</b></p><script>alert(1)</script>"
                            "<img src=\"https://x.example/pixel\">"})
    assert ask(user, path) == {
        "subject": "About it, finally", "body_text": "Hello Zoë,\n\nthank you.",
        "body_html": "<p>Hello <b>Zoë</b></p>", "mode": "inference", "errors": []}
    assert model.asked() == FILLED
    [(headers, body)] = model.calls
    assert headers["Authorization"] == "Bearer k-123"
    assert headers["Content-Type"] == "application/json"
    assert b'"model":"m-1"' in body and b"not in the text" not in body and b"secret" not in body


def test_unknown_tokens_are_named_as_well(user, model):
    model.say({"subject": "{nobody} S"})
    answer = ask(user, subject="{nobody}")
    assert answer["subject"] == "{nobody} S"
    assert [error["token"] for error in answer["errors"]] == ["nobody"]


def test_only_what_was_given_comes_back(user, model):
    model.say({"subject": "S", "body_text": "T", "body_html": "<p>H</p>"})
    answer = said(user.post(PREPARE, json={"mode": "inference", "body_text": "t"}))
    assert answer == {"subject": None, "body_text": "T", "body_html": None, "mode": "inference",
                      "errors": []}
    assert model.asked() == {"body_text": "t"}


def test_words_around_the_json(user, model):
    model.say("Sure!\n```json\n{\"subject\": \"S\"}\n```")
    assert ask(user) == {**FILLED, "subject": "S", "mode": "inference", "errors": []}


@pytest.mark.parametrize("content, status, words", [
    ("I cannot do that.", 200, ["not the JSON object"]), (b"<html>", 200, ["chat completions"]),
    (b"", 200, ["chat completions"]), ("", 200, ["empty"]), (b"[" * 100000, 200, ["answer"]),
    ({"subject": ["x"]}, 200, ["not the JSON object"]),
    ({"subject": "a\r\nBcc: eve@example.net"}, 200, ["more than one line"]),
    ({"subject": "x" * 999}, 200, ["too long"]), ({"subject": "S"}, 500, ["500"]),
    (b"", 401, ["401"]), ({"subject": "S"}, 302, ["302"]),
    (b" " * (3 * 1024 * 1024), 200, ["too long"]),
    ({"body_html": "<div>" * 1000}, 200, ["nested too deep"]),
], ids=lambda value: str(value)[:40])
def test_an_answer_that_is_none(user, model, content, status, words):
    model.say(content, status)
    assert stays(ask(user), *words)
    assert len(model.calls) == 1  # never asked twice


def test_a_model_that_says_nothing(user, model):
    model.hang()
    assert stays(ask(user), "did not answer")


def test_a_mail_that_is_too_long_is_not_given_away(user, model):
    answer = ask(user, body_text="x" * 256 * 1024)
    assert answer["body_text"] == "x" * 256 * 1024
    assert "too long" in answer["errors"][0]["message"] and model.calls == []


def test_nothing_to_complete(user, model):
    answer = said(user.post(PREPARE, json={"mode": "inference"}))
    assert "no text" in answer["errors"][0]["message"] and model.calls == []


def test_other_modes_ask_nobody(user, model):
    assert ask(user, mode="dynamic") == {**FILLED, "mode": "dynamic", "errors": []}
    assert model.calls == []


def test_only_so_many_at_once(model, start_server):
    """The ninth is told so at once, and the server goes on with everything else."""
    server = start_server(model_url=model.url, model_timeout="60s")
    user = server.client(server.token)
    model.say({"subject": "S"})
    model.hang()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        others = [pool.submit(lambda: said(server.client(server.token).post(PREPARE, json=BODY)))
                  for _ in range(8)]
        wait_until(lambda: len(model.calls) == 8, what="eight calls")
        assert stays(ask(user), "busy")
        assert said(user.get("/api/email/templates"))["count"] == 0
        model.release()
        assert {other.result()["subject"] for other in others} == {"S"}
    assert ask(user)["subject"] == "S"


def test_no_model(server):
    assert stays(ask(new_user(server)), "no language model")


def test_nobody_listens(start_server):
    server = start_server(model_url="http://127.0.0.1:1/v1/chat/completions")
    assert stays(ask(server.client(server.token)), "did not answer")


def test_the_key_is_not_shown(user):
    assert "k-123" not in user.server.said()
