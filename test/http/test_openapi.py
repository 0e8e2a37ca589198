"""The API's own description: /openapi.json, what a linter and a validator nobody here wrote say of
it, and the page of /docs.

covers: src/api/openapi.c src/api/docs.c src/api/reference.c
"""
import base64
import copy
import hashlib
import json
import os
import re
import subprocess

import pytest
from jsonschema import Draft202012Validator

from contract import FORMATS, Contract, closed
from node_program import NODE_FOLDER, node_program
from running import BUILD, clean_environment, contract
from shapes import said

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document(server):
    return said(server.client(None).get("/openapi.json"))


def test_no_token_is_needed_and_it_is_the_printed_one(server, document):
    printed = contract().document
    assert document == {**printed, "servers": [{"url": server.url}]}
    assert document["openapi"] == "3.1.0" and document["info"]["title"] == "Outtray"


def test_it_names_the_server_as_others_reach_it(start_server):
    server = start_server(public_url="https://mail.example.com")
    found = said(server.client(None).get("/openapi.json"))
    assert found["servers"] == [{"url": "https://mail.example.com"}]
    assert 'curl &quot;https://mail.example.com/' in server.client(None).get("/docs").text


def test_it_is_printed_without_a_folder(tmp_path):
    data = tmp_path / "not made"
    done = subprocess.run([BUILD / "outtrayd", "--data", data, "--openapi"], capture_output=True,
                          env=clean_environment(), check=True, timeout=60)
    assert json.loads(done.stdout)["paths"] and not data.exists()


def test_redocly_finds_nothing(document, tmp_path):
    assert (NODE_FOLDER / "node_modules/@redocly/cli").exists(), "run scripts/setup.sh test"
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    done = subprocess.run([node_program(), NODE_FOLDER / "node_modules/@redocly/cli/bin/cli.js", "lint",
                           "--extends", "recommended", "--format", "json", "openapi.json"],
                          cwd=tmp_path, env={**os.environ, **quiet}, capture_output=True,
                          text=True, check=False, timeout=120)
    found = json.loads(done.stdout)
    problems = [f"{problem['ruleId']}: {problem['message']} {problem['location'][0]['pointer']}"
                for problem in found["problems"] if not is_redirect(problem, document)]
    assert (problems, done.returncode) == ([], 0), done.stderr


def is_redirect(problem, document):
    """Redocly wants a 2xx everywhere; where a browser is sent on, there is none."""
    if problem["ruleId"] != "operation-2xx-response":
        return False
    found = document
    for name in problem["location"][0]["pointer"].removeprefix("#/").split("/"):
        found = found[name.replace("~1", "/").replace("~0", "~")]
    return "302" in found


def operations(document):
    for path, item in document["paths"].items():
        for method in METHODS & item.keys():
            yield f"{method} {path}", item[method]


def examples(document):
    """Each whole body that stands for an example, with its schema."""
    follow = contract().follow
    for name, operation in operations(document):
        bodies = {"body": operation.get("requestBody", {}), **operation["responses"]}
        for part, body in bodies.items():
            for content in follow(body).get("content", {}).values():
                if "example" in content:
                    yield f"{name} {part}", content["schema"], content["example"]


def test_every_example_fits_its_schema(document):
    found = list(examples(document))
    assert len(found) > 200
    for name, schema, example in found:
        errors = Draft202012Validator(closed(schema), format_checker=FORMATS).iter_errors(example)
        assert [error.message for error in errors] == [], name


def test_every_schema_is_one(document):
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
        for name, field in schema.get("properties", {}).items():
            for example in field.get("examples", []):
                assert Draft202012Validator(contract().follow(field)).is_valid(example), name


def test_the_examples_of_requests_are_taken(api, document):
    """Those that need nothing but what every server has."""
    operation = document["paths"]["/api/v1/email/outbound/drafts"]["post"]
    example = operation["requestBody"]["content"]["application/json"]["example"]
    draft = said(api.post("/api/v1/email/outbound/drafts", json=example), 201)
    assert {name: draft[name] for name in example} == example


def test_it_is_sent_once(api, document):
    for path in "/openapi.json", "/docs":
        first = api.get(path)
        tag = {"If-None-Match": first.headers["ETag"]}
        again = api.get(path, headers=tag)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert api.get(path, headers={"If-None-Match": '"x"'}).content == first.content
        assert api.head(path).headers["ETag"] == first.headers["ETag"]


def test_the_page_has_every_operation_and_may_load_nothing(server, document):
    reply = server.client(None).get("/docs")
    page = said_html(reply)
    for name, operation in operations(document):
        assert page.count(f'id="{operation["operationId"]}"') == 1, name
    style = re.search("<style>(.*?)</style>", page, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert reply.headers["Content-Security-Policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


def said_html(reply):
    assert reply.status_code == 200, reply.text
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    return reply.text


# That what holds all other tests' replies against the document can itself fail.

class Reply:
    def __init__(self, status, body, media_type="application/json"):
        self.status_code, self.headers = status, {"Content-Type": media_type}
        self.text = body if isinstance(body, str) else json.dumps(body)
        self.content = self.text.encode()

    def json(self):
        return json.loads(self.text)


SIGNATURE = "/api/v1/email/outbound/signature"
GOOD = {"signature_html": "<p>x</p>", "signature_text": "x"}
ERROR = {"error": {"code": "VALIDATION_ERROR", "message": "no"}}


@pytest.mark.parametrize("method, path, body, reply, finding", [
    ("GET", SIGNATURE, None, Reply(200, GOOD), None),
    ("GET", SIGNATURE, None, Reply(400, ERROR), None),
    ("PUT", SIGNATURE, json.dumps(GOOD), Reply(200, GOOD), None),
    ("PUT", SIGNATURE, '{"signature_text":""}', Reply(200, GOOD), None),
    ("GET", "/nowhere", None, Reply(404, {"title": "Not Found", "status": 404, "detail": "no"},
                                    "application/problem+json"), None),
    ("GET", SIGNATURE, None, Reply(200, {**GOOD, "more": 1}), "'more' was unexpected"),
    ("GET", SIGNATURE, None, Reply(200, {"signature_html": "x"}), "signature_text"),
    ("GET", SIGNATURE, None, Reply(200, {**GOOD, "signature_text": None}), "None is not of type"),
    ("GET", SIGNATURE, None, Reply(200, "ok", "text/plain"), "has text/plain"),
    ("GET", SIGNATURE, None, Reply(201, GOOD), "not documented"),
    ("GET", SIGNATURE, None, Reply(412, ERROR), "not documented"),
    ("GET", SIGNATURE, None, Reply(400, {"error": "x"}), "not as documented"),
    ("GET", SIGNATURE, None, Reply(400, {"error": {"code": "OTHER", "message": "no"}}), "OTHER"),
    ("GET", "/nowhere", None, Reply(200, GOOD), "not documented"),
    ("GET", "/nowhere", None, Reply(404, {"oops": 1}), "not as documented"),
    ("PUT", SIGNATURE, '{"other":1}', Reply(200, GOOD), "took a body"),
    ("DELETE", "/api/email/drafts/x", None, Reply(204, "text", "text/plain"), "no body"),
    ("GET", "/api/email/drafts/x", None,
     Reply(200, {"uid": "X"}), "'X' is not a 'uuid'"),
])
def test_the_contract_is_held(method, path, body, reply, finding):
    held = copy.copy(contract())
    held.seen = set()
    if finding is None:
        held.check(method, path, body, reply)
        return
    with pytest.raises(AssertionError, match=re.escape(finding)):
        held.check(method, path, body, reply)
