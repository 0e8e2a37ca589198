"""What the tests of the program as it is delivered take from the others."""
import pathlib
import sys

import pytest

TEST = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TEST / "torture"), str(TEST / "http")]

from authority import Authority  # noqa: E402, as it needs test/http


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))
