#!/usr/bin/python3
"""Tests what a change most likely breaks, in less than two minutes once build-test/ is warm.

    scripts/test_fast.py [--since COMMIT]

Runs scripts/check_rooms.py and check_tests.py, test/http/test_smoke.py on the sanitized server, and the
unit tests of the rooms whose files differ from the merge base with origin/main (from the last commit,
where there is no difference to that). The tests of the changed files come first. What does not fit into
the time is left out, and said. The last line is `N passed, N failed`. `make test` runs everything."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = "build-test"
OPTIONS = ["-Dtests=true", "-Db_lundef=false", "-Db_sanitize=address,undefined"]
SMOKE = "test/http/test_smoke.py"
PROGRAMS = ["src/outtrayd", "src/outtray"]
AT_ONCE = 8  # tests that are built and run together
LAST_START = 85  # seconds; nothing new is begun after that
ENVIRONMENT = {
    **os.environ,
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "G_SLICE": "always-malloc",
    "OUTTRAY_BUILD": str(ROOT / FOLDER),
}
MOST_OUTPUT = 6000  # characters of a failure that are shown, the last ones


def git(*arguments):
    done = subprocess.run(["git", *arguments], cwd=ROOT, text=True, capture_output=True, check=False)
    return done.stdout.split("\n")[:-1] if done.returncode == 0 else []


def changed_since(commit):
    return {*git("diff", "--name-only", commit), *git("ls-files", "--others", "--exclude-standard")}


def changed_files(since):
    """What differs from `since`; None: from the merge base, or from the commit before this one."""
    if since:
        return changed_since(since)
    for base in git("merge-base", "HEAD", "origin/main") + ["HEAD", "HEAD~1"]:
        files = changed_since(base)
        if files:
            return files
    return set()


def names_of(path):
    """How a test of this file is named in meson: the room, and the file without its ending."""
    parts = pathlib.PurePosixPath(path).parts
    stem = pathlib.PurePosixPath(path).stem.removesuffix("_test")
    if parts[0] == "sql":
        return [("db", stem), ("store", stem)]
    inside = parts[1:] if parts[0] == "src" else parts[2:] if parts[:2] == ("test", "unit") else ()
    if len(inside) == 1:
        return [("programs", stem)]
    return [(inside[0], stem)] if len(inside) == 2 else []


def chosen_tests(tests, files):
    """The tests of the changed files, then the others of their rooms."""
    wanted = {name for path in files for name in names_of(path)}
    rooms = {room for room, _ in wanted}
    own, others = [], []
    for test in tests:
        room, _, rest = test["name"].partition(" ")
        if (room, rest) in wanted:
            own.append(test)
        elif room in rooms:
            others.append(test)
    return own + others, sorted(rooms)


class Count:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def take(self, name, is_fine, output=""):
        self.passed, self.failed = self.passed + is_fine, self.failed + (not is_fine)
        if not is_fine:
            print(f"FAILED {name}\n{output[-MOST_OUTPUT:].rstrip()}", flush=True)


def run(command):
    """Whether it went well, and what it printed."""
    done = subprocess.run(command, cwd=ROOT, text=True, errors="replace", env=ENVIRONMENT,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.returncode == 0, done.stdout


def build(targets):
    return run(["scripts/build.sh", FOLDER, *OPTIONS, "--", *targets])


def program_of(test):
    return os.path.relpath(test["cmd"][0], ROOT / FOLDER)


def run_units(tests, count):
    """Builds these tests and runs them. One count for each program."""
    is_built, output = build([program_of(test) for test in tests])
    if not is_built:
        count.take("build", False, output)
        return
    log = ROOT / FOLDER / "meson-logs/testlog.json"
    log.unlink(missing_ok=True)
    _, output = run(["meson", "test", "-C", FOLDER, "--no-rebuild", *(test["name"] for test in tests)])
    if not log.exists():
        count.take("meson test", False, output)
        return
    for line in log.read_text(encoding="utf-8").splitlines():
        result = json.loads(line)
        count.take(result["name"], result["result"] == "OK",
                   result.get("stdout", "") + result.get("stderr", ""))


def main(since):
    started, count = time.monotonic(), Count()
    for script in "check_rooms.py", "check_tests.py":
        count.take(script, *run([sys.executable, f"scripts/{script}"]))
    files = changed_files(since)
    is_built, output = build(PROGRAMS)
    count.take("build", is_built, output)
    if is_built:
        count.take("smoke", *run([sys.executable, "-m", "pytest", SMOKE, "-q", "-p", "no:cacheprovider"]))
        tests = json.loads((ROOT / FOLDER / "meson-info/intro-tests.json").read_text())
        chosen, rooms = chosen_tests(tests, files)
        print(f"{len(files)} files differ, in {' '.join(rooms) or 'no room with unit tests'}: "
              f"{len(chosen)} tests", flush=True)
        while chosen and time.monotonic() - started < LAST_START:
            run_units(chosen[:AT_ONCE], count)
            chosen = chosen[AT_ONCE:]
        if chosen:
            print(f"left out, for the time: {', '.join(test['name'] for test in chosen)}")
    print(f"{time.monotonic() - started:.0f} s")
    print(f"{count.passed} passed, {count.failed} failed", flush=True)
    return bool(count.failed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Tests what a change most likely breaks.")
    parser.add_argument("--since", metavar="COMMIT", help="what the change is measured against")
    sys.exit(main(parser.parse_args().since))
