"""Each benchmark of `make bench` still runs. The figures of such a short run say nothing."""
import subprocess
import sys

import pytest

from running import ROOT, clean_environment

BENCH = [sys.executable, ROOT / "bench/bench.py"]
SCALE = "0.002"  # about a second each
SECONDS_AT_MOST = 300


def run(*arguments):
    return subprocess.run([*BENCH, *arguments], capture_output=True, text=True, check=False,
                          env=clean_environment(), timeout=SECONDS_AT_MOST)


def names():
    listed = run("--list")
    assert listed.returncode == 0, listed.stderr
    return listed.stdout.split()


@pytest.mark.parametrize("name", names())
def test_it_runs(name, tmp_path):
    done = run("--runs", "1", "--scale", SCALE, "--only", name, "--folder", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    _, heading, rows = done.stdout.rpartition(" of it  aim\n")
    assert heading and rows.strip(), done.stdout
