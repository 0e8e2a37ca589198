"""All routes of the three families, read from the server's own table."""
import re

from running import ROOT

FAMILIES = {"FAMILY_OUTBOUND": "outbound", "FAMILY_EMAIL": "email", "FAMILY_MESSAGES": "messages"}
ROW = r'\{"([A-Z]+)", +"([^"]+)", +\w+, +([A-Z_]+), +\d+, +([A-Z_]+),((?:[^{}]|\{[^{}]*\})*)\}'
KINDS = {"JSON(": "application/json", "FORM(": "multipart/form-data",
         "TAKES_MESSAGE": "message/rfc822"}
ANY_BODY = {
    "application/json": b"{}",
    "multipart/form-data": b"--b\r\nContent-Disposition: form-data; name=x\r\n\r\n\r\n--b--\r\n",
    "message/rfc822": b"Subject: x\r\n\r\ny\r\n",
}


class Route(tuple):
    """Method, path, family, and which of the table's groups of scopes is needed: READ, DRAFT, ...;
    and .kind, the media type of its body, or None."""

    def __new__(cls, method, path, scope, family, rest):
        route = super().__new__(cls, (method, path, FAMILIES[family], scope))
        route.kind = next((kind for sign, kind in KINDS.items() if sign in rest), None)
        return route

    def path(self, identifier):
        """With one for each part that is left open."""
        return re.sub(r"\{\w+\}", lambda _: identifier, self[1])

    def body(self):
        """One of the right media type: otherwise that is wrong first."""
        if not self.kind:
            return {}
        boundary = "; boundary=b" if self.kind == "multipart/form-data" else ""
        return {"data": ANY_BODY[self.kind], "headers": {"Content-Type": self.kind + boundary}}


ALL_ROUTES = [Route(*row) for row in re.findall(ROW, (ROOT / "src/api/routes.c").read_text())
              if row[3] in FAMILIES]
ROUTES = [route for route in ALL_ROUTES if route[3] not in ("ANYBODY", "APPROVE")]  # these: test_approval.py
assert len(ROUTES) >= 50 and {route[2] for route in ROUTES} == set(FAMILIES.values())


def named(route):
    """The name of a test's parameter."""
    return f"{route[0]} {route[1]}" if isinstance(route, tuple) else None


def methods_of(path):
    return [route[0] for route in ALL_ROUTES if route[1] == path]
