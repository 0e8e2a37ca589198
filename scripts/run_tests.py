#!/usr/bin/python3
"""Runs every suite and sums up. The last line is `N passed, N failed`; exit status 1 when anything
failed. A suite that could not run at all counts as a failure, never as nothing.

    scripts/run_tests.py [check] [unit] [http] [torture] [product] [threads]
                                                    (all of them by default)
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
DELIVERED = "build"  # the folder of the program as it is delivered
SANITIZED = ["-Dtests=true", "-Db_lundef=false"]
THREADED_ROOMS = ("base ", "http ", "db ", "grant ", "delivery ")  # how the names of their tests begin
THREADED_TESTS = ["test/http/test_smtp.py", "test/http/test_outbound_drafts.py",
                  "test/http/test_races.py", "test/http/test_events.py",
                  "test/http/test_sent_folder.py"]
SIDE_BY_SIDE = ["-n", "3", "--dist", "loadfile"]  # they wait more than they work
SIDE_BY_SIDE_UNITS = ["--num-processes", "3"]  # so do some of these
MINUTE = 60
MOST_MINUTES = 40  # of a suite; all of them together take less on two quiet cores
MOST_OUTPUT = 12000  # characters of a failure that are shown, the last ones

ENVIRONMENT = {
    **os.environ,
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": "halt_on_error=1",
    "G_SLICE": "always-malloc",
}


class Score:
    def __init__(self):
        self.passed, self.failures = 0, []

    def add(self, passed, failures=()):
        self.passed += passed
        self.failures += failures

    def fail(self, name, output=""):
        self.failures.append(name)
        print(f"FAILED {name}")
        if output:
            print(output[-MOST_OUTPUT:].rstrip())

    def say(self, suite, before, started):
        passed, failed = self.passed - before[0], len(self.failures) - before[1]
        print(f"{suite}: {passed} passed, {failed} failed, {time.monotonic() - started:.0f} s",
              flush=True)


def run(command, seconds, more_environment=None):
    """Its exit status and its output; 124 when it took too long."""
    process = subprocess.Popen(command, cwd=ROOT, text=True, errors="replace",
                               env={**ENVIRONMENT, **(more_environment or {})},
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, start_new_session=True)
    try:
        output, _ = process.communicate(timeout=seconds)
        return process.returncode, output
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        output, _ = process.communicate()
        return 124, f"{output}\nended after {seconds} s"


def run_checks(score):
    for script in "check_rooms.py", "check_tests.py":
        run_check(score, script)


def run_check(score, script, *arguments):
    status, output = run([PYTHON, f"scripts/{script}", *arguments], MINUTE)
    if status:
        score.fail(script, output)
    else:
        score.add(1)


def count_tap(result, score, prefix):
    """The cases of one program: those it told of, and those it promised and never reached."""
    name = prefix + result["name"]
    output = result.get("stdout", "") + result.get("stderr", "")
    cases = re.findall(r"^(not )?ok \d+(?: - (.*))?$", result.get("stdout", ""), flags=re.M)
    passed = sum(not bad for bad, _ in cases)
    failures = [f"{name}: {case}" for bad, case in cases if bad]
    planned = sum(map(int, re.findall(r"^1\.\.(\d+)", result.get("stdout", ""), flags=re.M)))
    if planned > len(cases):
        failures.append(f"{name}: ended before {planned - len(cases)} of its {planned} cases")
    went_well = result["result"] == "OK"
    if not cases and went_well:
        passed = 1
    if not went_well and not failures:
        failures.append(f"{name}: {result['result']}, exit status {result['returncode']}")
    if failures:
        print("\n".join(f"FAILED {failure}" for failure in failures))
        print(output[-MOST_OUTPUT:].rstrip())
    score.add(passed, failures)


def run_meson(score, folder, prefix, options, wanted=lambda test: True, wrapper=()):
    status, output = run(["scripts/build.sh", folder, *SANITIZED, *options, "--", "build.ninja"],
                         5 * MINUTE)
    if status:
        score.fail(f"{prefix}configure", output)
        return
    tests = json.loads((ROOT / folder / "meson-info/intro-tests.json").read_text())
    names = [test["name"] for test in tests if wanted(test)]
    if not names:
        score.fail(f"{prefix}no tests", "meson knows no such tests")
        return
    status, output = run(["scripts/build.sh", folder, *SANITIZED, *options], 10 * MINUTE)
    if status:
        score.fail(f"{prefix}build", output)
        return
    name = "testlog-setarch.json" if wrapper else "testlog.json"  # meson names it after the wrapper
    log = ROOT / folder / "meson-logs" / name
    log.unlink(missing_ok=True)
    status, output = run(["meson", "test", "-C", folder, "--no-rebuild", *SIDE_BY_SIDE_UNITS, *wrapper,
                          *names], 15 * MINUTE)
    if not log.exists():
        score.fail(f"{prefix}build", output)
        return
    for line in log.read_text().splitlines():
        count_tap(json.loads(line), score, prefix)
    if status == 124:
        score.fail(f"{prefix}meson test", "took too long")


def run_pytest(score, folder, prefix, paths, wrapper=(), options=()):
    status, output = run(["scripts/build.sh", DELIVERED], 10 * MINUTE)  # it prepares for all of them
    if status:
        score.fail(f"{prefix}build", output)
        return
    report = ROOT / folder / "pytest.xml"
    report.unlink(missing_ok=True)
    status, output = run([*wrapper, PYTHON, "-m", "pytest", *paths, *options, "-q", "-p",
                          "no:cacheprovider", f"--junitxml={report}"], MOST_MINUTES * MINUTE,
                         {"OUTTRAY_BUILD": str(ROOT / folder),
                          "OUTTRAY_PREPARING_BUILD": str(ROOT / DELIVERED)})
    if not report.exists():
        score.fail(f"{prefix}pytest", output)
        return
    cases = list(xml.etree.ElementTree.parse(report).getroot().iter("testcase"))
    skipped = [name_of(case, prefix) for case in cases if case.find("skipped") is not None]
    failures = [name_of(case, prefix) for case in cases
                if case.find("failure") is not None or case.find("error") is not None]
    passed = len({name_of(case, prefix) for case in cases} - {*failures, *skipped})
    if status and not failures:
        failures.append(f"{prefix}pytest: exit status {status}")
    for name in skipped:
        print(f"skipped {name}")
    if failures:
        print("\n".join(f"FAILED {failure}" for failure in failures))
        print(output[-MOST_OUTPUT:].rstrip())
    score.add(passed, failures)


def name_of(case, prefix):
    return f"{prefix}{case.get('classname')}.{case.get('name')}"


def run_unit(score):
    run_meson(score, "build-test", "", ["-Db_sanitize=address,undefined"])
    run_check(score, "check_symbols.py", "build-test")


def run_http(score):
    run_pytest(score, "build-test", "", ["test/http"], options=SIDE_BY_SIDE)


def run_torture(score):
    run_pytest(score, "build-test", "", ["test/torture"])


def run_product(score):
    run_pytest(score, DELIVERED, "product: ", ["test/product"])


def run_threads(score):
    # The sanitizer's map of memory does not fit with all of Linux's random places (gcc 12).
    fixed = ["setarch", os.uname().machine, "-R"]
    can_fix = shutil.which("setarch") and run([*fixed, "true"], MINUTE)[0] == 0
    run_meson(score, "build-threads", "threads: ", ["-Db_sanitize=thread"],
              lambda test: test["name"].startswith(THREADED_ROOMS),
              ["--wrapper", " ".join(fixed)] if can_fix else [])
    run_pytest(score, "build-threads", "threads: ", THREADED_TESTS, fixed if can_fix else [])


SUITES = {"check": run_checks, "unit": run_unit, "http": run_http, "torture": run_torture,
          "product": run_product,
          "threads": run_threads}


def main(names):
    for name in names:
        if name not in SUITES:
            print(f"no suite {name}; there are: {' '.join(SUITES)}")
            return 2
    score = Score()
    for name in names or SUITES:
        before, started = (score.passed, len(score.failures)), time.monotonic()
        SUITES[name](score)
        score.say(name, before, started)
    for failure in score.failures:
        print(f"failed: {failure}")
    print(f"{score.passed} passed, {len(score.failures)} failed", flush=True)
    return bool(score.failures) or not score.passed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
