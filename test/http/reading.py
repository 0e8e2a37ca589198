"""Reads mail with parsers that nobody here wrote: Python's email, and postal-mime and mailparser of npm."""
import base64
import email
import email.policy
import hashlib
import json
import re
import subprocess

from node_program import NODE_FOLDER, node_program


def read_python(content):
    """An EmailMessage, which must have no defects."""
    mail = read_python_structure(content)
    for part in mail.walk():
        for name, value in part.items():
            assert not getattr(value, "defects", ()), f"{name}: {value.defects}"
    return mail


def read_python_structure(content):
    """The same for a mail whose addresses were odd already, or that gives names of files twice, as
    older programs want them (name* and name)."""
    mail = email.message_from_bytes(content, policy=email.policy.default)
    for part in mail.walk():
        assert not part.defects, part.defects
    return mail


def read_postal(content):
    """What postal-mime makes of it, as a dictionary: headers, from, to, subject, text, html and
    attachments (their content as base64)."""
    return run_node("parse.mjs", content)


def run_node(script, content):
    assert (NODE_FOLDER / "node_modules/postal-mime").exists(), "run scripts/setup.sh test"
    done = subprocess.run([node_program(), NODE_FOLDER / script], input=content,
                          capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def read_by_all(mails):
    """For each of these, as bytes, what Python's email, postal-mime and mailparser make of it:
    {"python": READ, ...}; a READ has from, to, cc (addresses), subject, text, html, in_reply_to,
    references and files, each (name, media type, SHA-256)."""
    read = run_node("parse_all.mjs",
                    json.dumps([base64.b64encode(mail).decode() for mail in mails]).encode())
    return [{"python": in_one_form(read_python_structure(mail)), **others}
            for mail, others in zip(mails, read)]


def in_one_form(mail):
    bodies = {kind: mail.get_body((kind,)) for kind in ("plain", "html")}
    addresses = {name: [one.addr_spec for one in mail[name].addresses] if mail[name] else []
                 for name in ("from", "to", "cc")}
    return {**addresses, "subject": mail["subject"] or "",
            "text": bodies["plain"].get_content() if bodies["plain"] else "",
            "html": bodies["html"].get_content() if bodies["html"] else "",
            "in_reply_to": mail["in-reply-to"] or "", "references": mail["references"] or "",
            "files": [[part.get_filename(), part.get_content_type(), sha256_of(part)]
                      for part in leaves(mail) if part not in bodies.values()]}


def leaves(mail):
    """Its parts that hold content; an attached mail is one, whatever it holds."""
    if mail.get_content_maintype() != "multipart":
        return [mail]
    return [leaf for part in mail.iter_parts() for leaf in leaves(part)]


def sha256_of(part):
    """None: of an attached mail Python does not keep the bytes."""
    content = part.get_payload(decode=True)
    return hashlib.sha256(content).hexdigest() if content is not None else None


def with_header(mail, **fields):
    """The mail with other header fields; None: without. By bytes: Python mends what it reads."""
    for name, value in fields.items():
        name = name.replace("_", "-").encode()
        other = b"%s: %s\r\n" % (name, value.encode()) if value else b""
        mail, count = re.subn(rb"(?im)^%s:.*\r\n(?:[ \t].*\r\n)*" % name, other, mail, count=1)
        assert count == 1
    return mail
