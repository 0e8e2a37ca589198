"""Backups: made while the server works, brought back elsewhere, and refused when they are not whole.

covers: src/cli/backup.c src/cli/backup_content.c src/cli/backup_pack.c src/cli/restore.c
covers: src/cli/restore_move.c src/cli/restore_prepare.c src/cli/restore_staging.c
"""
import base64
import contextlib
import datetime
import fcntl
import hashlib
import io
import itertools
import json
import sqlite3
import tarfile
import threading

import pytest

from crashing import all_records
from files import DOCUMENTS, blob_path, sha256, unique, upload_document
from mailboxes import ACCOUNTS, SEND, Mailbox, connect
from people import new_user
from restoring import Restored, change
from running import wait_until
from shapes import said
from subscriber import Subscriber
from tooling import call, objects, refused

DRAFTS = "/api/email/drafts"
DAY_MS = 24 * 60 * 60 * 1000
KEY_IS_MISSING = "The key file is not there"


@pytest.fixture
def restored(tmp_path):
    """Starts a server on the folder that was restored to."""
    with contextlib.ExitStack() as running:
        yield lambda other: running.enter_context(Restored(tmp_path / "restored", other))


def mailbox_of(user):
    """The one that a new user has."""
    return Mailbox(user, said(user.get(ACCOUNTS))["accounts"][0])


def attachment(content):
    return {"filename": "a.bin", "content_type": "application/octet-stream",
            "data_base64": base64.b64encode(content).decode()}


def everything(client):
    """What the API tells of all that there is."""
    found = {}
    for uid in all_records(client):
        for path in (f"/api/email/outbound/{uid}", f"/api/email/outbound/{uid}/events",
                     f"/api/email/outbound/{uid}/raw"):
            reply = client.get(path)
            found[path] = reply.status_code, reply.content
    for path in (DRAFTS, "/api/conversations", "/api/email/templates", "/api/email/accounts",
                 f"{DOCUMENTS}?limit=100"):
        reply = client.get(path)
        found[path] = reply.status_code, reply.content
    return found


class Work:
    """Somebody who sends and uploads all the time; what the server has answered counts."""

    def __init__(self, server, user):
        self.server, self.user, self.kept = server, user, {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        with self.server.client(self.user.token) as client:
            mailbox = mailbox_of(client)
            while not self._is_over.is_set():
                content = unique(20_000)
                document = upload_document(client, content=content)
                mailbox.send(attachments=[attachment(unique(5_000))])
                self.kept[document["id"]] = content

    def wait_for_more(self):
        known = len(self.kept)
        wait_until(lambda: len(self.kept) > known or not self._thread.is_alive(), what="more work")
        assert self._thread.is_alive()

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        self._thread.join()


def test_everything_comes_back(server, restored, tmp_path):
    """Under load: what was there before is there, byte for byte; what came meanwhile is whole or
    not there."""
    user, busy = new_user(server), new_user(server)
    sent, loaded = unique(300_000), unique(1_000_000)
    mailbox_of(user).send(subject="Grüße", attachments=[attachment(sent)])
    said(user.post(DRAFTS, json={"from_account_id": mailbox_of(user).id, "subject": "draft",
                                 "attachments": [attachment(unique())]}), 201)
    document = upload_document(user, content=loaded)
    before = everything(user)
    file = tmp_path / "backup.tar"
    with Work(server, busy) as work:
        work.wait_for_more()
        certain = dict(work.kept)
        output, _ = call(server.data, "backup", file)
        work.wait_for_more()
    assert b"the key file is not in it" in output
    assert file.stat().st_mode & 0o777 == 0o600
    call(tmp_path / "restored", "restore", file)
    other = restored(server)
    client = other.client(user.token)
    assert everything(client) == before
    path = f"{DOCUMENTS}/{document['id']}/download"
    assert client.get(path).content == user.get(path).content
    again = other.client(busy.token)
    for key, content in certain.items():
        assert again.get(f"{DOCUMENTS}/{key}/download").content == content
    for uid, record in all_records(again).items():
        if record["status"] == "sent":
            assert again.get(f"/api/email/outbound/{uid}/raw").status_code == 200
    mailbox_of(client).send(subject="goes on")


def at(days):
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return when.isoformat(timespec="seconds")


def test_what_may_have_been_sent_since_is_not_sent_again(start_server, restored, tmp_path):
    server = start_server()
    client = server.client(server.token)
    plan = {"to": ["b@example.com"], "subject": "planned", "from_account_id": server.account_id}
    missed = said(client.post(DRAFTS, json={**plan, "planned_send_at": at(1)}), 201)["uid"]
    ahead = said(client.post(DRAFTS, json={**plan, "planned_send_at": at(1)}), 201)["uid"]
    server.stop()
    send = ["send", "--to", "a@b.example", "--subject"]
    waiting = [objects(server.data, *send, name, status=75)[0]["id"] for name in "xyz"]
    change(server.data,
           ("UPDATE emails SET planned_send_at = planned_send_at - ? WHERE id = ?",
            (2 * DAY_MS, missed)),
           ("UPDATE emails SET state = 'sending', attempts = 1, claim = 1, provider = 'sandbox', "
            "next_attempt_at = NULL, lease_until = ? WHERE id = ?", (2 ** 50, waiting[2])))
    file = tmp_path / "backup.tar"
    [made] = objects(server.data, "backup", file)
    [told] = objects(tmp_path / "restored", "restore", file)
    assert (told["held"], told["in_doubt"], told["unplanned"]) == (2, 1, 1)
    assert told["made_at"] == made["made_at"]
    [doubtful] = objects(tmp_path / "restored", "outbox", "--state", "unknown")
    assert doubtful["id"] == waiting[2]
    since = f"restored from a backup of {made['made_at'][:19]}Z: "
    other = restored(server)
    client = other.client(server.token)
    said(client.post(SEND, json={**plan, "subject": "new"}))
    for uid in waiting[:2]:
        record = said(client.get(f"/api/email/outbound/{uid}"))
        assert (record["status"], record["next_attempt_at"]) == ("queued", None)
        assert record["error"] == since + "it may have been sent since"
        event = said(client.get(f"/api/email/outbound/{uid}/events"))["items"][-1]
        assert (event["event"], event["actor"], event["reason"]) == ("held", "system",
                                                                     record["error"])
    for uid, is_planned in (missed, False), (ahead, True):
        draft = said(client.get(f"{DRAFTS}/{uid}"))
        assert (draft["status"], bool(draft["planned_send_at"])) == ("draft", is_planned)
    [lost] = [event for event in said(client.get(f"/api/email/outbound/{waiting[2]}/events"))["items"]
              if event["event"] == "lost"]
    assert lost["reason"] == since + "it was being sent, and may have been sent since"


def test_a_subscriber_takes_no_event_for_another(start_server, restored, tmp_path):
    """Numbers that he has heard of come again, with other events: their ids are others too."""
    server = start_server(allow_private_addresses="true")
    client, subscriber = server.client(server.token), Subscriber()
    file, mail = tmp_path / "backup.tar", {"from_account_id": server.account_id}
    said(client.post("/api/webhooks", json={"url": subscriber.url}), 201)
    call(server.data, "backup", "--with-key", file)
    said(client.post(DRAFTS, json=mail), 201)
    subscriber.wait_for(1)
    server.stop()
    call(tmp_path / "restored", "restore", file)
    said(restored(server).client(server.token).post(DRAFTS, json=mail), 201)
    before, after = subscriber.wait_for(2)
    first = 6  # behind those of the organization, its user, token, mailbox and webhook
    assert subscriber.numbers == [first, first]
    assert before.headers["webhook-id"] != after.headers["webhook-id"]
    subscriber.stop()


# What is refused, and changes nothing

@pytest.fixture(scope="module")
def backup(server, tmp_path_factory):
    upload_document(server.client(server.token), content=unique(2_000))
    file = tmp_path_factory.mktemp("backup") / "backup.tar"
    call(server.data, "backup", file)
    return file


def files(folder):
    return sorted((path.relative_to(folder).as_posix(), path.read_bytes())
                  for path in folder.rglob("*") if path.is_file())


def check_refused(folder, content, words, status=2):
    """From standard input: whatever is in it, nothing comes of it, and the good one still fits."""
    folder.mkdir(exist_ok=True)
    (folder / "mine.txt").write_text("stays")
    said_so = refused(folder, "restore", "-", given=content, status=status)
    assert words in said_so, said_so
    left = [(name, content) for name, content in files(folder) if name != "outtrayd.lock"]
    assert left == [("mine.txt", b"stays")], left
    assert not (folder / "restoring").exists()


def entries(file):
    with tarfile.open(file) as tar:
        return [(member.name, tar.extractfile(member).read()) for member in tar]


def packed(content, sums=True):
    """A file as `outtray backup` writes it, of what is given: (name, bytes), or a TarInfo."""
    file, lines = io.BytesIO(), ""
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in content:
            member = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
            lines += f"{hashlib.sha256(data).hexdigest()}  {member.name}\n"
        if sums:
            member = tarfile.TarInfo("SHA256SUMS")
            member.size = len(lines)
            tar.addfile(member, io.BytesIO(lines.encode()))
    return file.getvalue()


def test_the_same_by_other_hands(backup, tmp_path):
    """What the next tests change is good as it is."""
    call(tmp_path / "data", "restore", "-", given=packed(entries(backup)[:-1]))


def test_a_truncated_one(backup, tmp_path):
    content = backup.read_bytes()
    for share in (0, 1, 513, 2000, len(content) // 2, len(content) - 12_000):
        check_refused(tmp_path / "data", content[:share], "-: it is ")


def test_a_damaged_one(backup, tmp_path):
    content = bytearray(backup.read_bytes())
    for place in range(600, len(content) - 12_000, len(content) // 5):
        content[place] ^= 0x20
        check_refused(tmp_path / "data", bytes(content), "-: ")
        content[place] ^= 0x20


def link(name, kind):
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "/etc/passwd"
    return member


def without(content, name):
    return [entry for entry in content if entry[0] != name]


def with_head(content, **changes):
    head = {**json.loads(dict(content)["backup.json"]), **changes}
    return [("backup.json", json.dumps(head).encode()), *without(content, "backup.json")]


def between(content, *entry):
    """After the attachments, in the order of names."""
    first = [name for name, _ in content].index("outtray.db")
    return [*content[:first], entry, *content[first:]]


def named_blob(content, name, data):
    return [content[0], (name, data), *content[1:]]


HOSTILE = {
    "nothing": (lambda content: [], "not what its head says"),
    "no head": (lambda content: content[1:], "no backup of outtray"),
    "a newer one": (lambda content: with_head(content, format=2), "a newer outtray"),
    "a head that is no JSON": (lambda content: [("backup.json", b"{"), *content[1:]], "a newer"),
    "too large a head": (lambda content: [("backup.json", b" " * 70_000), *content[1:]], "larger"),
    "no database": (lambda content: without(content, "outtray.db"), "not what its head says"),
    "an attachment less": (lambda content: [content[0], *content[2:]], "not what its head says"),
    "a key that it does not tell of":
        (lambda content: [*content, ("secret.key", b"k" * 32)], "not what its head says"),
    "an unknown name": (lambda content: between(content, "blobs.db", b""), "order"),
    "an unknown file": (lambda content: between(content, "crontab", b"x"), "no backup has"),
    "an absolute path": (lambda content: between(content, "/etc/cron.d/x", b"x"), "a name that"),
    "a way out": (lambda content: between(content, "blobs/../../x", b"x"), "a name that"),
    "an odd attachment": (lambda content: named_blob(content, "blobs/aa/x", b"x"), "no backup has"),
    "an attachment elsewhere":
        (lambda content: named_blob(content, f"blobs/00/{'a' * 64}", b"x"), "no backup has"),
    "a symbolic link": (lambda content: between(content, link("m", tarfile.SYMTYPE), b""), "plain"),
    "a hard link": (lambda content: between(content, link("m", tarfile.LNKTYPE), b""), "plain"),
    "a pipe": (lambda content: between(content, link("m", tarfile.FIFOTYPE), b""), "plain"),
    "twice the same": (lambda content: between(content, *content[1]), "twice"),
    "no database at all":
        (lambda content: [(name, b"x" * 9000 if name == "outtray.db" else data)
                          for name, data in content], "not a database"),
    "an empty database":
        (lambda content: [(name, b"" if name == "outtray.db" else data)
                          for name, data in content], "not one that this program knows"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_one(backup, tmp_path, name):
    make, words = HOSTILE[name]
    status = 1 if words == "not a database" else 2
    check_refused(tmp_path / "data", packed(make(entries(backup)[:-1])), words, status)


def test_sums_of_something_else(backup, tmp_path):
    content = entries(backup)
    sums = packed([], sums=False)
    first = packed(content[:-1], sums=False)
    check_refused(tmp_path / "data", first[:-10240] if first.endswith(sums) else first,
                  "-: it is ")


def test_into_a_folder_that_has_a_database(backup, start_server, tmp_path):
    folder = tmp_path / "data"
    call(folder, "restore", backup)
    before = files(folder)
    assert "outtray.db is there already" in refused(folder, "restore", backup, status=1)
    assert files(folder) == before
    log = tmp_path / "log"
    log.mkdir()
    (log / "outtray.db-wal").touch()
    assert "outtray.db-wal is there already" in refused(log, "restore", backup, status=1)


def test_while_a_server_has_the_folder(backup, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    with (folder / "outtrayd.lock").open("w") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        assert "another outtrayd is running" in refused(folder, "restore", backup, status=1)
    assert not (folder / "outtray.db").exists()


def test_after_one_that_was_interrupted(backup, tmp_path):
    """Whatever it has left in its own folder is thrown away, and what it had moved already fits."""
    folder = tmp_path / "data"
    (folder / "restoring/blobs/blobs/00").mkdir(parents=True)
    (folder / "restoring/outtray.db").write_bytes(b"half")
    (folder / "restoring/blobs/blobs/00/half").write_bytes(b"half")
    for name, content in entries(backup):
        if name.startswith("blobs/"):
            place = folder / "blobs" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    call(folder, "restore", backup)
    assert not (folder / "restoring").exists()
    assert objects(folder, "user", "list")


# The key

@pytest.fixture
def sealed(start_server, smtp_server):
    """A server with a mailbox whose password is sealed, and that mailbox's id."""
    server = start_server()
    return server, connect(server, smtp_server).id


def test_a_key_that_is_kept_apart(sealed, tmp_path):
    server, account = sealed
    trust = {"OUTTRAY_TLS_CA_FILE": str(server.settings["tls_ca_file"])}
    file, folders = tmp_path / "backup.tar", [tmp_path / str(number) for number in range(4)]
    output, _ = call(server.data, "backup", file)
    assert f"keep a copy of {server.data}/secret.key apart".encode() in output
    output, _ = call(folders[0], "restore", file)
    assert KEY_IS_MISSING.encode() in output and b"1 passwords, grants and webhooks' secrets are lost" in output
    assert not (folders[0] / "secret.key").exists()
    output, _ = call(folders[1], "restore", file, "--key", server.data / "secret.key")
    assert KEY_IS_MISSING.encode() not in output
    call(folders[1], "account", "test", account, **trust)
    other = tmp_path / "other.key"
    other.write_bytes(bytes(32))
    other.chmod(0o600)
    assert "is another one than that of the backup" in refused(folders[2], "restore", file, "--key",
                                                               other, status=1)
    assert not (folders[2] / "outtray.db").exists() and not (folders[2] / "secret.key").exists()
    folders[3].mkdir()
    (folders[3] / "secret.key").write_bytes((server.data / "secret.key").read_bytes())
    (folders[3] / "secret.key").chmod(0o600)
    call(folders[3], "restore", file)
    call(folders[3], "account", "test", account, **trust)


def test_a_key_in_the_backup(sealed, tmp_path):
    server, account = sealed
    output, errors = call(server.data, "backup", "-", "--with-key")
    assert "is a backup of" in errors and "key file" not in errors
    call(tmp_path / "data", "restore", "-", given=output)
    call(tmp_path / "data", "account", "test", account,
         OUTTRAY_TLS_CA_FILE=str(server.settings["tls_ca_file"]))
    assert (tmp_path / "data/secret.key").stat().st_mode & 0o777 == 0o600


# Making one

def test_settings_come_along_and_do_not_replace_others(server, tmp_path):
    config, file = server.data / "outtray.conf", tmp_path / "backup.tar"
    config.write_text("recipient_limit = 7\n")
    call(server.data, "backup", file)
    config.unlink()
    call(tmp_path / "one", "restore", file)
    assert (tmp_path / "one/outtray.conf").read_text() == "recipient_limit = 7\n"
    (tmp_path / "two").mkdir()
    (tmp_path / "two/outtray.conf").write_text("recipient_limit = 8\n")
    output, _ = call(tmp_path / "two", "restore", file)
    assert b"outtray.conf stays as it is" in output
    assert (tmp_path / "two/outtray.conf").read_text() == "recipient_limit = 8\n"


def test_attachments_that_are_gone_or_damaged(start_server, tmp_path):
    server = start_server()
    client = server.client(server.token)
    gone, rotten, good = unique(), unique(), unique()
    for content in (gone, rotten, good):
        upload_document(client, content=content)
    blob_path(server, gone).unlink()
    blob_path(server, rotten).write_bytes(b"rotten")
    _, errors = call(server.data, "backup", tmp_path / "backup.tar")
    assert "1 attachments that mails name are missing" in errors
    assert "1 attachments are damaged" in errors
    [told] = objects(tmp_path / "data", "restore", tmp_path / "backup.tar")
    assert (told["attachments"], told["missing_attachments"], told["damaged_attachments"]) == \
        (1, 1, 1)
    [blob] = (tmp_path / "data/blobs").rglob(sha256(good))
    assert blob.read_bytes() == good
    assert not list((tmp_path / "data/blobs").rglob(sha256(rotten)))


def test_nothing_is_written_over(server, tmp_path):
    file = tmp_path / "backup.tar"
    file.write_text("mine")
    assert "is there already" in refused(server.data, "backup", file, status=1)
    assert file.read_text() == "mine" and list(tmp_path.iterdir()) == [file]


def test_a_damaged_database_makes_no_backup(start_server, tmp_path):
    server = start_server()
    server.stop()
    with (server.data / "outtray.db").open("r+b") as database:
        for page in itertools.islice(itertools.count(20), 20):
            database.seek(page * 8192)
            database.write(b"\xff" * 8192)
    call(server.data, "backup", tmp_path / "backup.tar", status=1)
    assert not list(tmp_path.glob("backup*"))


def test_one_backup_at_a_time(server, tmp_path):
    """And what is left of one that was killed does not hinder the next."""
    with (server.data / "tmp/backup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "another backup of" in refused(server.data, "backup", tmp_path / "b.tar", status=1)
    (server.data / "tmp/backup.db").write_bytes(b"half")
    (server.data / "tmp/backup.db-wal").write_bytes(b"half")
    call(server.data, "backup", tmp_path / "b.tar")
    assert not list((server.data / "tmp").glob("backup.db*"))
