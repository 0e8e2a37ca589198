"""What tests from outside have at hand: a server that runs, a client, a mail server to send to."""
import contextlib

import pytest

from authority import Authority
from emulate import Emulate, is_installed
from fake_gmail import FakeGmail
from fake_graph import FakeGraph
from fake_oauth import FakeOAuth
from imap_peer import ImapPeer
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


@contextlib.contextmanager
def starting(kind, authority):
    running = []

    def start(**options):
        running.append(kind(authority, **options))
        return running[-1]

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def start_smtp(authority):
    """Starts mail servers: start_smtp(security="tls"); see SmtpPeer."""
    with starting(SmtpPeer, authority) as start:
        yield start


@pytest.fixture
def start_imap(authority):
    """Starts servers with folders: start_imap(security="tls"); see ImapPeer."""
    with starting(ImapPeer, authority) as start:
        yield start


@pytest.fixture
def smtp_server(start_smtp):
    """A mail server with STARTTLS, where user and password must hold."""
    return start_smtp(security="starttls")


@pytest.fixture
def start_fake(authority):
    """Starts fakes of mail providers: start_fake(FakeGmail, tls=True); see fake_provider.py."""
    with contextlib.ExitStack() as running:
        def start(kind, *arguments, tls=False, **options):
            fake = kind(*arguments, authority=authority if tls else None, **options)
            running.callback(fake.stop)
            return fake
        yield start


@pytest.fixture
def gmail(start_fake):
    """Gmail, its tokens from gmail.oauth; see fake_gmail.py."""
    return start_fake(FakeGmail)


@pytest.fixture
def graph(start_fake):
    """Outlook, its tokens from graph.oauth; see fake_graph.py."""
    return start_fake(FakeGraph)


@pytest.fixture(scope="module")
def fakes():
    """Gmail and Outlook for all tests of a file, by name."""
    running = {"gmail": FakeGmail(), "outlook": FakeGraph()}
    yield running
    for fake in running.values():
        fake.stop()


@pytest.fixture(params=["google", "microsoft"])
def oauth(start_fake, request):
    """Each of the two sign-ins, one after the other; see fake_oauth.py."""
    return start_fake(FakeOAuth, request.param)


@pytest.fixture(scope="module")
def start_emulate():
    """Gmail's API and the two sign-ins as somebody else understood them: start_emulate("google");
    see Emulate."""
    if not is_installed():
        pytest.fail("emulate is missing: npm ci --ignore-scripts in test/http/node_emulate")
    with contextlib.ExitStack() as running:
        yield lambda service, **seed: running.enter_context(Emulate(service, **seed))
