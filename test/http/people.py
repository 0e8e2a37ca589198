"""More users for a server that runs: each with a token, and a mailbox if need be."""
import itertools
import json

ALL = ["inbox:read", "inbox:write", "inbox:draft", "inbox:approve", "admin", "inbox:all"]
ADMIN = ALL[:-1]  # whose requests are counted
USER = ["inbox:read", "inbox:write"]
numbers = itertools.count(1)


def new_user(server, scopes=USER, organization=None, mailbox=True):
    """A client with the token of a user who is new, as are his mailbox and, if it is named, his
    organization. His address is the client's .address."""
    address = f"user{next(numbers)}@{server.data.parent.name}.example"
    belonging = ["--organization", organization] if organization else []
    server.prepare("user", "add", "--email", address, *belonging)
    if mailbox:
        server.prepare("account", "add", "sandbox", "--user", address, "--email", address)
    client = server.client(new_token(server, address, *scopes))
    client.address = address
    return client


def new_token(server, address, *scopes, **options):
    """A token's secret; options: expires_in="1s"."""
    given = [word for scope in scopes for word in ("--scope", scope)]
    for name, value in options.items():
        given += ["--" + name.replace("_", "-"), value]
    return json.loads(server.prepare("token", "create", "--user", address, *given, "--json"))["token"]
