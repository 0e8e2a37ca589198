"""What nothing uses any more goes after its grace time; what somebody uses stays.

covers: src/upkeep/sweep.c src/upkeep/sweeper.c src/store/document_store.c
"""
import base64
import contextlib
import os
import sqlite3
import time

import pytest

from files import DOCUMENTS, blob_path, blobs, sha256, unique, upload_document
from people import new_user
from running import wait_until
from shapes import said

DRAFTS = "/api/v1/email/outbound/drafts"
DAY = 24 * 60 * 60


LAST = "f" * 64  # a blob that nobody ever named


def database(server):
    return contextlib.closing(sqlite3.connect(server.data / "outtray.db"))


def rows(server):
    with database(server) as connection:
        return {row[0] for row in connection.execute("SELECT filename FROM documents")}


def age(server, days):
    """As if so many days had passed; the server must be down."""
    seconds = days * DAY
    with database(server) as connection:
        connection.execute("UPDATE documents SET created_at = created_at - ?", (seconds * 1000,))
        connection.commit()
    for path in (server.data / "blobs").rglob("*"):
        if path.is_file():
            then = path.stat().st_mtime - seconds
            os.utime(path, (then, then))


def restart_later(server, days):
    """Returns when it has swept: the blob that goes last is gone."""
    server.stop()
    age(server, days)
    last = server.data / "blobs/blobs/ff" / LAST
    last.touch()
    os.utime(last, (0, 0))
    server.start()
    wait_until(lambda: LAST not in blobs(server), what="the sweep")


def draft(user, **fields):
    return said(user.post(DRAFTS, json={"subject": "s", **fields}), 201)


def inline(name, content):
    return {"filename": name, "data_base64": base64.b64encode(content).decode()}


@pytest.mark.parametrize("days, are_gone", [(0.9, False), (1.1, True)])
def test_after_the_grace_time(start_server, days, are_gone):
    server = start_server()
    user = new_user(server)
    contents = {name: unique() for name in ("uploaded", "kept", "dropped", "removed", "sent")}
    upload_document(user, "uploaded", contents["uploaded"])
    draft(user, attachments=[inline("kept", contents["kept"])])
    dropped = draft(user, attachments=[inline("dropped", contents["dropped"])])
    removed = upload_document(user, "removed", contents["removed"])
    sent = draft(user, to="a@example.com", attachments=[inline("sent", contents["sent"])])
    said(user.put(f"{DRAFTS}/{dropped['id']}", json={"attachments": []}))
    said(user.delete(f"{DOCUMENTS}/{removed['id']}"), 204)
    said(user.post(f"{DRAFTS}/{sent['id']}/send"))

    restart_later(server, days)

    gone = {"dropped", "removed"} if are_gone else set()
    kept = {sha256(content) for name, content in contents.items() if name not in gone}
    assert set(blobs(server)) == kept
    # nobody finds what was removed: its row goes at once, its content when it is old
    assert rows(server) == set(contents) - gone - {"removed"}
    user = server.client(user.token)
    for name in ("kept", "uploaded", "sent"):
        assert blob_path(server, contents[name]).read_bytes() == contents[name]


def test_content_that_is_needed_elsewhere(start_server):
    server = start_server()
    user, content = new_user(server), unique()
    dropped = draft(user, attachments=[inline("dropped", content)])
    said(user.delete(f"{DRAFTS}/{dropped['id']}"), 204)
    kept = upload_document(user, "kept", content)
    restart_later(server, 2)
    assert rows(server) == {"kept"}
    user = server.client(user.token)
    assert user.get(f"{DOCUMENTS}/{kept['id']}/download").content == content


def test_content_that_comes_again(start_server):
    """It was old and about to go; whoever keeps it anew finds it there."""
    server = start_server()
    user, content = new_user(server), unique()
    removed = upload_document(user, "first", content)
    said(user.delete(f"{DOCUMENTS}/{removed['id']}"), 204)
    restart_later(server, 0.9)
    user = server.client(user.token)
    again = upload_document(user, "again", content)
    assert time.time() - blob_path(server, content).stat().st_mtime < DAY / 2
    restart_later(server, 2)
    user = server.client(user.token)
    assert user.get(f"{DOCUMENTS}/{again['id']}/download").content == content


def test_the_grace_time_is_a_setting(start_server):
    server = start_server(blob_grace="30d")
    user, content = new_user(server), unique()
    removed = upload_document(user, content=content)
    said(user.delete(f"{DOCUMENTS}/{removed['id']}"), 204)
    restart_later(server, 29)
    assert blobs(server) == [sha256(content)]


def test_what_a_killed_server_left(start_server):
    """Killed while it sweeps: the next one goes on, and nothing that is used is lost."""
    server = start_server()
    user = new_user(server)
    kept = unique()
    draft(user, attachments=[inline("kept", kept)])
    for number in range(30):
        upload = upload_document(user, str(number), unique())
        said(user.delete(f"{DOCUMENTS}/{upload['id']}"), 204)
    server.stop()
    age(server, 2)
    server.start()
    server.kill()
    server.start()
    wait_until(lambda: blobs(server) == [sha256(kept)], what="the rest of the sweep")
    assert rows(server) == {"kept"}
