"""`outtray` as an operator calls it: on any folder, and with what it says when it refuses."""
import json
import subprocess

from running import BUILD, SECONDS, clean_environment


def call(data, *arguments, status=0, given=b"", **environment):
    """Standard output and standard error, as bytes and text; it must end with that status."""
    done = subprocess.run([BUILD / "outtray", "--data", data, *arguments], input=given,
                          capture_output=True, timeout=SECONDS, check=False,
                          env={**clean_environment(), **environment})
    said = done.stderr.decode()
    assert done.returncode == status, f"{done.returncode}: {done.stdout[:2000]}{said}"
    return done.stdout, said


def objects(data, *arguments, **options):
    """What it prints with --json, an object a line."""
    output, _ = call(data, *arguments, "--json", **options)
    return [json.loads(line) for line in output.splitlines()]


def refused(data, *arguments, status, **options):
    """The one line that it refuses with."""
    output, said = call(data, *arguments, status=status, **options)
    assert not output and said.startswith("outtray: ") and said.count("\n") == 1, said
    return said
