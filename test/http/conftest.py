"""What tests from outside have at hand: a server that runs, a client, a mail server to send to."""
import pytest

from authority import Authority
from running import Server
from smtp_peer import SmtpPeer


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """Whose certificates the servers under test trust."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def server(tmp_path_factory, authority):
    """One outtrayd for all tests of a file, with one user; more users come from people.py."""
    with Server(tmp_path_factory.mktemp("server"), authority, send_wait="3s") as running:
        yield running


@pytest.fixture
def api(server):
    """A client with the token of the first user, who may do everything."""
    return server.client(server.token)


@pytest.fixture
def start_server(tmp_path_factory, authority):
    """Starts servers with settings of their own: start_server(send_wait="1s")."""
    running = []

    def start(**settings):
        running.append(Server(tmp_path_factory.mktemp("server"), authority, **settings))
        return running[-1].start()

    yield start
    failures = []
    for one in running:
        try:
            one.stop()
        except AssertionError as failure:
            failures.append(str(failure))
    assert failures == []


@pytest.fixture
def start_smtp(authority):
    """Starts mail servers: start_smtp(security="tls"); see SmtpPeer."""
    running = []

    def start(**options):
        running.append(SmtpPeer(authority, **options))
        return running[-1]

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def smtp_server(start_smtp):
    """A mail server with STARTTLS, where user and password must hold."""
    return start_smtp(security="starttls")
