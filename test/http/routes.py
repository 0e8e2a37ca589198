"""All routes of the three families, read from the server's own table."""
import re

from running import ROOT

FAMILIES = {"FAMILY_OUTBOUND": "outbound", "FAMILY_EMAIL": "email", "FAMILY_MESSAGES": "messages"}
ROW = r'\{"([A-Z]+)", +"([^"]+)", +\w+, +([A-Z]+), +\d+, +([A-Z_]+),'

# Method, path, family, and which of the table's groups of scopes is needed: READ, DRAFT, ...
ROUTES = [(method, path, FAMILIES[family], scope) for method, path, scope, family in re.findall(
    ROW, (ROOT / "src/api/routes.c").read_text()) if family in FAMILIES]
assert len(ROUTES) >= 24 and {route[2] for route in ROUTES} == set(FAMILIES.values())


def named(route):
    """The name of a test's parameter."""
    return f"{route[0]} {route[1]}" if isinstance(route, tuple) else None


def methods_of(path):
    return [route[0] for route in ROUTES if route[1] == path]


def body_of(method):
    """An empty one where there may be one: otherwise the media type is wrong first."""
    return {} if method in ("POST", "PUT", "PATCH") else None
