"""Reads a mail with parsers that nobody here wrote: Python's email, and postal-mime of npm."""
import email
import email.policy
import json
import pathlib
import subprocess

NODE = pathlib.Path(__file__).resolve().parent / "node"


def read_python(content):
    """An EmailMessage, which must have no defects."""
    mail = email.message_from_bytes(content, policy=email.policy.default)
    for part in mail.walk():
        assert not part.defects, part.defects
        for name, value in part.items():
            assert not getattr(value, "defects", ()), f"{name}: {value.defects}"
    return mail


def read_postal(content):
    """What postal-mime makes of it, as a dictionary: headers, from, to, subject, text, html and
    attachments (their content as base64)."""
    assert (NODE / "node_modules/postal-mime").exists(), "run scripts/setup.sh test"
    done = subprocess.run(["node", NODE / "parse.mjs"], input=content, capture_output=True,
                          timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)
