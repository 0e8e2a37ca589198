"""Dovecot, an IMAP server that nobody here wrote, on free ports of this machine and in a folder of
its own. Every user name is a mailbox, and all have one password."""
import contextlib
import getpass
import imaplib
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile

from running import wait_until

SENT = "Verschickt/&AMQ-lteres &- Neues"  # as IMAP spells Verschickt/Älteres & Neues
PASSWORD = "correct-horse"
CONFIG = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{authority}/server.pem
ssl_key = <{authority}/server.key
mail_location = maildir:{folder}/mail/%u
mail_max_userip_connections = 100
disable_plaintext_auth = yes
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox "{sent}" {{
    special_use = \\Sent
    auto = create
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
"""
# A user who is not root cannot be anybody else.
CONFIG_OF_A_USER = """
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
"""


def free_ports(count):
    with contextlib.ExitStack() as open_ones:
        sockets = [open_ones.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


class Dovecot:
    def __init__(self, authority):
        self.authority = authority
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dovecot"))
        self.folder.chmod(0o755)
        (self.folder / "mail").mkdir()
        self.port, self.tls_port = free_ports(2)
        names = {"user": "nobody", "group": "nogroup"} if os.getuid() == 0 else {
            "user": getpass.getuser(), "group": str(os.getgid())}
        text = CONFIG if os.getuid() == 0 else CONFIG + CONFIG_OF_A_USER
        if os.getuid() == 0:
            shutil.chown(self.folder / "mail", **names)
        config = self.folder / "dovecot.conf"
        config.write_text(text.format(
            folder=self.folder, authority=authority.folder, password=PASSWORD, port=self.port,
            tls_port=self.tls_port, sent="Verschickt/Älteres & Neues", **names))
        self._process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", config])
        wait_until(self._listens, what="dovecot")

    def _listens(self):
        assert self._process.poll() is None, (self.folder / "log").read_text()
        with contextlib.suppress(ConnectionRefusedError), \
                socket.create_connection(("127.0.0.1", self.tls_port)):
            return True
        return False

    def append(self, user, mail, folder=SENT):
        trust = ssl.create_default_context(cafile=self.authority.file)
        with imaplib.IMAP4_SSL("127.0.0.1", self.tls_port, ssl_context=trust) as client:
            client.login(user, PASSWORD)
            status, said = client.append(f'"{folder}"', "", None, mail)
            assert status == "OK", said

    def settings(self, user, security):
        """The imap part of POST /api/email/accounts."""
        port = self.tls_port if security == "tls" else self.port
        return {"host": "127.0.0.1", "port": port, "security": security, "username": user,
                "password": PASSWORD}

    def stop(self):
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()
        shutil.rmtree(self.folder)
