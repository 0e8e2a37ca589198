"""Holds every exchange against the server's own OpenAPI document, with a validator that nobody here
wrote (python3-jsonschema): path, method, status, media type and body of each reply, and the body
of each request that was accepted. What the document does not tell of is a failure.

A reply may have nothing that its schema does not name; the document itself is not so strict, so
that callers are prepared for more.
"""
import functools
import json
import re
import subprocess
import urllib.parse

from jsonschema import Draft202012Validator, FormatChecker

# What is no HTTP at all, or too large a header, is answered before anybody looks for a route.
OUTSIDE = {400, 408, 413, 414, 431}
NOBODYS = {404, 405}
FORMS = {
    "uuid": re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z"),
}
ERROR_SCHEMAS = ["Problem", "OutboundError", "EmailError", "MessagesError"]


def format_checker():
    checker = FormatChecker(formats=())
    for name, form in FORMS.items():
        checker.checks(name)(lambda text, form=form: not isinstance(text, str) or
                             form.fullmatch(text) is not None)
    return checker


FORMATS = format_checker()


class Contract:
    def __init__(self, program, environment):
        printed = subprocess.run([program, "--openapi"], env=environment, check=True,
                                 capture_output=True, timeout=60).stdout
        self.document = json.loads(printed)
        self.paths = [(re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), path)
                      for path in self.document["paths"]]
        self.seen = set()  # (method, path, status)

    def follow(self, part):
        """Without references, however deep: no schema holds itself."""
        if isinstance(part, list):
            return [self.follow(item) for item in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            found = self.document
            for name in part["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            return {**self.follow(found),
                    **self.follow({key: part[key] for key in part if key != "$ref"})}
        return {key: self.follow(value) for key, value in part.items()}

    @functools.lru_cache(maxsize=None)
    def path_of(self, path):
        """The document's path that this one is an instance of, the first as in the server."""
        path = urllib.parse.unquote(path, errors="replace")
        return next((name for form, name in self.paths if form.fullmatch(path)), None)

    @functools.lru_cache(maxsize=None)
    def response(self, method, path, status):
        operation = self.document["paths"][path][method]
        return self.follow(operation["responses"].get(str(status)))

    @functools.lru_cache(maxsize=None)
    def reply_validator(self, method, path, status, media_type):
        content = self.response(method, path, status)["content"][media_type]
        return Draft202012Validator(closed(content["schema"]), format_checker=FORMATS)

    @functools.lru_cache(maxsize=None)
    def error_validator(self):
        schemas = [{"$ref": f"#/components/schemas/{name}"} for name in ERROR_SCHEMAS]
        return Draft202012Validator(closed(self.follow({"anyOf": schemas})), format_checker=FORMATS)

    @functools.lru_cache(maxsize=None)
    def body_validator(self, method, path):
        body = self.document["paths"][path][method].get("requestBody", {"content": {}})
        schema = body["content"].get("application/json", {}).get("schema")
        return schema and Draft202012Validator(self.follow(schema))

    def check(self, method, url_path, body, reply, has_body=True):
        """body: what was sent, as JSON text, or None. has_body False: it has not been read."""
        raw_path = url_path.partition("?")[0]
        path, status = self.path_of(raw_path), reply.status_code
        verb = "get" if method == "HEAD" else method.lower()
        where = f"{method} {path or raw_path}: {status}"
        self.seen.add((verb, path, status))
        if not path or verb not in self.document["paths"][path]:
            assert status in OUTSIDE | NOBODYS, f"{where} from a path that is not documented"
            self.check_error(reply, method, where)
            return
        response = self.response(verb, path, status)
        if not response:
            assert status in OUTSIDE, f"{where} is not documented: {reply.text[:500]}"
            return
        self.check_reply(reply, (verb, path, status), response, where,
                         has_body and method != "HEAD")
        if body is not None and 200 <= status < 300:
            self.check_body(body, verb, path, where)

    def check_error(self, reply, method, where):
        if method != "HEAD" and "json" in media_type_of(reply):
            complain(self.error_validator(), reply.json(), where)

    def check_reply(self, reply, key, response, where, has_body):
        content = response.get("content", {})
        media_type = media_type_of(reply)
        if not content:
            assert not reply.content, f"{where} should have no body"
            return
        assert media_type in content or "*/*" in content, f"{where} has {media_type}"
        if not has_body or "json" not in media_type or "*/*" in content:
            return
        found = reply.json()
        complain(self.reply_validator(*key, media_type), found, where)
        if key[2] >= 400:
            codes = response["description"].partition(":")[0].split(", ")
            assert code_of(found) in codes, f"{where}: {code_of(found)} is not documented"

    def check_body(self, body, verb, path, where):
        validator = self.body_validator(verb, path)
        if validator and body:
            complain(validator, without_empty_texts(json.loads(body)), f"{where} took a body that")


def media_type_of(reply):
    return reply.headers.get("Content-Type", "").partition(";")[0].strip()


def code_of(body):
    error = body.get("error", body.get("title"))
    return error["code"] if isinstance(error, dict) else error


def complain(validator, found, where):
    if validator.is_valid(found):
        return
    said = [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(found)]
    raise AssertionError(f"{where} is not as documented: " + "; ".join(said[:5]))


def without_empty_texts(value):
    """"" stands for nothing wherever text could stand; the document says null for that."""
    if isinstance(value, list):
        return [without_empty_texts(item) for item in value]
    if isinstance(value, dict):
        return {key: without_empty_texts(item) for key, item in value.items()}
    return None if value == "" else value


def closed(schema):
    """The same, but nothing may be there that is not named."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items()}
    if "properties" in made and made.get("type") in ("object", ["object", "null"]):
        made.setdefault("additionalProperties", False)
    return made
