"""What test/http has at hand, and a world to end again and again."""
import importlib.util
import pathlib
import sys

import pytest

HTTP = pathlib.Path(__file__).resolve().parent.parent / "http"
sys.path.insert(0, str(HTTP))
_spec = importlib.util.spec_from_file_location("fixtures", HTTP / "conftest.py")
_fixtures = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_fixtures)
authority, start_smtp, start_fake = (_fixtures.authority, _fixtures.start_smtp,
                                     _fixtures.start_fake)
start_server = _fixtures.start_server

from world import World  # noqa: E402, as it needs test/http


@pytest.fixture
def start_world(tmp_path_factory, authority):
    """Starts worlds: start_world("smtp", "gmail"); see World."""
    running = []

    def start(*kinds, **settings):
        running.append(World(tmp_path_factory.mktemp("world"), authority, kinds,
                             **settings))
        return running[-1]

    yield start
    for world in running:
        world.end()
