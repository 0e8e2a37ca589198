"""Large mail, many uploads, many readers: how many megabytes a second, and in how much memory."""
import base64
import concurrent.futures
import socket
import time

from loading import load, scaled, write_bodies
from served import Sink, memory_of, served

SEND = "/api/email/send"
MAIL_BYTES = 5 * 1024 * 1024
MAILS, CONNECTIONS = 60, 4
UPLOADS, UPLOAD_BYTES = 64, 50 * 1024 * 1024
READERS, READ_MAILS = 64, 24
CONTROLS = "".join(map(chr, range(1, 9))) * 9 + "\r\n"  # JSON writes most of them as six bytes
MB = 1_000_000


def sends(table, folder, scale):
    """Content sent as base64 in JSON, against smtp-source's plain mail of the same size."""
    with Sink() as sink, served(folder) as server:
        content = base64.b64encode(bytes(range(256)) * (MAIL_BYTES // 256)).decode()
        bodies = write_bodies(folder, "five", (
            {"from_account_id": account, "to": ["client@example.com"], "subject": "Five",
             "attachments": [{"filename": "a.bin", "data_base64": content}]}
            for account in sink.connect_mailboxes(server)[:CONNECTIONS]))
        count = scaled(MAILS, scale)
        size = MAIL_BYTES * 4 // 3  # as it travels
        before = sink.fastest_sender(CONNECTIONS, count, size)
        measured = load(server, SEND, bodies, CONNECTIONS, count)
        limit = max(before, sink.fastest_sender(CONNECTIONS, count, size))
        table.add("5 MB base64 sends", measured["per_second"] * size / MB, "MB/s",
                  limit * size / MB, "80 % of it", measured["p50_ms"], measured["p99_ms"])


def upload(server, piece, pieces):
    boundary = "----bench"
    head = (f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n'
            f"Content-Type: application/octet-stream\r\n\r\n").encode()
    tail = f"\r\n--{boundary}--\r\n".encode()
    length = len(head) + len(piece) * pieces + len(tail)
    with socket.create_connection(("127.0.0.1", server.port), timeout=600) as connection:
        connection.sendall((f"POST /api/upload HTTP/1.1\r\nHost: localhost\r\n"
                            f"Authorization: Bearer {server.token}\r\n"
                            f"Content-Type: multipart/form-data; boundary={boundary}\r\n"
                            f"Content-Length: {length}\r\n\r\n").encode() + head)
        for _ in range(pieces):
            connection.sendall(piece)
        connection.sendall(tail)
        return connection.recv(64).split(b" ")[1]


def uploads(table, folder, scale):
    count = scaled(UPLOADS, scale)
    with served(folder) as server:
        idle = memory_of(server, "VmRSS")
        piece = bytes(range(256)) * 256  # 64 KiB
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            statuses = list(pool.map(lambda _: upload(server, piece, UPLOAD_BYTES // len(piece)),
                                     range(count)))
        assert set(statuses) == {b"200"}, statuses
        table.add(f"memory, {count} uploads of 50 MB, above idle", memory_of(server, "VmHWM") - idle,
                  "MB", aim="< 64 MB")


def read(server, path):
    """Status and bytes of a reply that is read as fast as it comes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=600) as connection:
        connection.sendall((f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                            f"Authorization: Bearer {server.token}\r\n\r\n").encode())
        status, size = connection.recv(64).split(b" ")[1], 64
        while piece := connection.recv(1024 * 1024):
            size += len(piece)
        return status, size


def converse(server):
    """The id of a conversation that is 49 MB of JSON."""
    client = server.client(server.token)
    for number in range(READ_MAILS):
        mail = (f"From: a@client.example\r\nTo: {server.email}\r\nSubject: Long\r\n"
                f"Message-ID: <{number}@client.example>\r\nReferences: <0@client.example>\r\n"
                f"Content-Type: text/plain\r\n\r\n{CONTROLS * 5100}")
        taken = client.post(f"/api/email/messages/import?account={server.account_id}",
                            data=mail.encode(), headers={"Content-Type": "message/rfc822"})
        assert taken.status_code == 201, taken.text
    return taken.json()["conversationId"]


def readers(table, folder, scale):
    count = scaled(READERS, scale)
    with served(folder, reply_wait="10m") as server:
        path = f"/api/conversation/{converse(server)}?size=100"
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            replies = list(pool.map(lambda _: read(server, path), range(count)))
        seconds = time.monotonic() - began
        assert {status for status, _ in replies} == {b"200"}, replies
        table.add(f"{count} readers of one conversation of {replies[0][1] / MB:.0f} MB",
                  sum(size for _, size in replies) / seconds / MB, "MB/s")
        table.add(f"memory, {count} readers of that conversation", memory_of(server, "VmHWM"),
                  "MB", aim="< 256 MB")
