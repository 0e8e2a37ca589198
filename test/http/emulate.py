"""emulate, of the npm registry: Gmail's API and the sign-ins of Google and Microsoft, as somebody
else understood them. Beside our own fakes, which fail on demand and know the odd corners.

    with Emulate("google", email="ann@example.com") as google:
        where = google.consent(redirect_uri=..., scope=..., state=..., code_challenge=...)

Where 0.11.2 is not like Gmail: no users.getProfile, no uploads but uploadType=media, no rfc822msgid
in a search; metadata shows only the usual headers (format=raw has them all); history ids of more
than 64 bits; a draft keeps its message's id when it is sent (labelsAdded, no messageAdded); any
threadId will do, any token is the first user's, no recipients are needed; it keeps Message-ID. Of
Graph it has /v1.0/me and no mail. Tokens do not expire, nothing fails on demand. The paths of its
sign-ins are its own: PATHS."""
import html
import json
import pathlib
import re
import subprocess

import requests

from node_program import node_program
from running import SECONDS, wait_until

FOLDER = pathlib.Path(__file__).resolve().parent / "node_emulate"
CLIENT = {"client_id": "the-client", "client_secret": "the-secret"}
PATHS = {"google": {"authorize": "/o/oauth2/v2/auth", "token": "/oauth2/token",
                    "revoke": "/oauth2/revoke"},
         "microsoft": {"authorize": "/oauth2/v2.0/authorize", "token": "/oauth2/v2.0/token"}}


def is_installed():
    return (FOLDER / "node_modules" / "emulate").exists()


class Emulate:
    """seed: what else emulate's configuration may say of this service, such as messages."""

    def __init__(self, service, email="ann@example.com",
                 redirect_uris=("http://127.0.0.1:1/callback",), **seed):
        self.service, self.email, self.client = service, email, dict(CLIENT)
        client = {**CLIENT, "name": "Outtray", "redirect_uris": list(redirect_uris)}
        given = {"service": service, "seed": {service: {
            "users": [{"email": email, "name": "Ann"}], "oauth_clients": [client], **seed}}}
        self._process = subprocess.Popen(
            [node_program(), FOLDER / "serve.mjs", json.dumps(given)], cwd=FOLDER, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.url = self._process.stdout.readline().strip()
        self.session = requests.Session()
        self.session.trust_env = False
        try:
            wait_until(self._answers, what="emulate")
        except BaseException:
            self.stop()
            raise

    def url_of(self, name):
        """authorize, token, revoke."""
        return self.url + PATHS[self.service][name]

    def consent(self, **asked):
        """Signs its one user in, as a person would on its page: the URL it then redirects to."""
        asked = {"response_type": "code", "client_id": CLIENT["client_id"], **asked}
        page = self.session.get(self.url_of("authorize"), params=asked, timeout=SECONDS)
        assert page.status_code == 200, page.text
        fields = {name: html.unescape(value) for name, value in re.findall(
            r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)}
        assert fields["email"] == self.email, page.text
        back = self.session.post(self.url_of("authorize") + "/callback", data=fields,
                                 allow_redirects=False, timeout=SECONDS)
        assert back.status_code == 302, back.text
        return back.headers["Location"]

    def stop(self):
        self._process.stdin.close()
        self._process.stdout.close()
        try:
            self._process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answers(self):
        assert self._process.poll() is None, "emulate has ended"
        try:
            where = self.url + "/.well-known/openid-configuration"
            return self.session.get(where, timeout=SECONDS).status_code == 200
        except requests.ConnectionError:
            return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
