"""Reads a mail with parsers that nobody here wrote: Python's email, and postal-mime of npm."""
import email
import email.policy
import json
import re
import subprocess

from node_program import NODE_FOLDER, node_program


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
    assert (NODE_FOLDER / "node_modules/postal-mime").exists(), "run scripts/setup.sh test"
    done = subprocess.run([node_program(), NODE_FOLDER / "parse.mjs"], input=content,
                          capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def with_header(mail, **fields):
    """The mail with other header fields; None: without. By bytes: Python mends what it reads."""
    for name, value in fields.items():
        name = name.replace("_", "-").encode()
        other = b"%s: %s\r\n" % (name, value.encode()) if value else b""
        mail, count = re.subn(rb"(?im)^%s:.*\r\n(?:[ \t].*\r\n)*" % name, other, mail, count=1)
        assert count == 1
    return mail
