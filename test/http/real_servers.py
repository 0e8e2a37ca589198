"""Mail servers that nobody here wrote, from Debian's packages, on free ports of this machine and in
folders of their own: Exim, Postfix with Dovecot's SASL, and Dovecot's submission service. What is
not installed, or needs root, is skipped. Exim's package cannot stand beside Postfix's: it is unpacked,
and runs where its user exists for it alone."""
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile

import pytest

from dovecot import free_ports
from running import wait_until

USER, PASSWORD = "ann", "correct-horse"


class RealServer:
    """port: STARTTLS; tls_port: TLS at once; None: it has none."""

    def __init__(self, name):
        if os.getuid() != 0:
            pytest.skip(f"{name} is started by root")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=name))
        self.folder.chmod(0o755)
        self.processes = []

    def run(self, *command):
        self.processes.append(subprocess.Popen(command, stdin=subprocess.DEVNULL))

    def wait_until_it_listens(self, *ports):
        for port in ports:
            wait_until(lambda: self._listens(port), what=f"{self.folder.name} at {port}")

    def _listens(self, port):
        assert all(process.poll() is None for process in self.processes), self.logged()
        with contextlib.suppress(ConnectionRefusedError), \
                socket.create_connection(("127.0.0.1", port)):
            return True
        return False

    def logged(self):
        return "".join(path.read_text(errors="replace") for path in self.folder.glob("log*"))

    def mailbox(self, address, security, **smtp):
        port = self.tls_port if security == "tls" else self.port
        server = {"host": "127.0.0.1", "port": port, "security": security, "username": USER,
                  "password": PASSWORD}
        return {"provider": "smtp", "emailAddress": address, "smtp": {**server, **smtp}}

    def stop(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


EXIM = """
exim_user = nobody
exim_group = nogroup
primary_hostname = peer.example
spool_directory = {folder}/spool
log_file_path = {folder}/log.%s
pid_file_path = {folder}/pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port} : {tls_port}
tls_on_connect_ports = {tls_port}
tls_advertise_hosts = *
tls_certificate = {folder}/server.pem
tls_privatekey = {folder}/server.key
exim_path = {program}
auth_advertise_hosts = ${{if def:tls_in_cipher{{*}}}}
acl_smtp_rcpt = accept authenticated = *
queue_only = true
smtp_accept_max_per_connection = {mails}
begin authenticators
"""
# Without server_prompts PLAIN is refused unless its secret stands in AUTH itself.
EXIM_PLAIN = """
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = ${{if and{{{{eq{{$auth2}}{{{user}}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
  server_set_id = $auth2
"""
EXIM_LOGIN = """
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = <| Username: | Password:
  server_condition = ${{if and{{{{eq{{$auth1}}{{{user}}}}}{{eq{{$auth2}}{{{password}}}}}}}}}
  server_set_id = $auth1
"""
# It is offered, and nobody has a secret that it could be compared with.
EXIM_CRAM = """
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = ${{if eq{{{secret}}}{{yes}}{{{password}}}fail}}
  server_set_id = $auth1
"""
EXIM_WAYS = {"PLAIN": EXIM_PLAIN, "LOGIN": EXIM_LOGIN, "CRAM-MD5": EXIM_CRAM}


def unpack_exim(folder):
    """The daemon of an installed package, or of one that is unpacked here."""
    if pathlib.Path("/usr/sbin/exim4").exists():
        return "/usr/sbin/exim4"
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run(["apt-get", "download", "-q", "exim4-daemon-light"], cwd=folder, check=True,
                       capture_output=True, timeout=120)
        [package] = folder.glob("exim4-daemon-light*.deb")
        subprocess.run(["dpkg", "-x", package, folder / "root"], check=True, timeout=60)
        return folder / "root/usr/sbin/exim4"
    pytest.skip("Exim's package is not to be had")


class Exim(RealServer):
    def __init__(self, authority, program, ways=("PLAIN",), secret=True, mails=1000):
        super().__init__("exim")
        self.port, self.tls_port = free_ports(2)
        (self.folder / "spool").mkdir()
        for name in ("server.pem", "server.key"):
            shutil.copy(authority.folder / name, self.folder)
        for path in (self.folder, self.folder / "spool", self.folder / "server.key"):
            shutil.chown(path, "nobody", "nogroup")
        config = self.folder / "exim.conf"
        config.write_text((EXIM + "".join(EXIM_WAYS[way] for way in ways)).format(
            folder=self.folder, program=program, port=self.port, tls_port=self.tls_port, user=USER,
             password=PASSWORD, secret="yes" if secret else "no", mails=mails))
        self.run("unshare", "-m", "sh", "-c", self._with_its_user(), "exim", program, "-C", config,
                 "-bdf")
        self.wait_until_it_listens(self.port, self.tls_port)

    def _with_its_user(self):
        """The package makes this user; here it is another name of nobody, for this process alone."""
        for name, line in (("passwd", "Debian-exim:x:65534:65534::/:/usr/sbin/nologin\n"),
                           ("group", "Debian-exim:x:65534:\n")):
            (self.folder / name).write_text(pathlib.Path(f"/etc/{name}").read_text() + line)
        return (f"mount --bind {self.folder}/passwd /etc/passwd && "
                f"mount --bind {self.folder}/group /etc/group && exec \"$@\"")

    def taken(self):
        """How many mails."""
        return len(list((self.folder / "spool/input").glob("*-D")))


DOVECOT = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = {protocols}
listen = 127.0.0.1
ssl = yes
ssl_cert = <{authority}/server.pem
ssl_key = <{authority}/server.key
mail_location = maildir:{folder}/mail/%u
disable_plaintext_auth = yes
auth_mechanisms = {ways}
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%u
}}
service auth {{
  inet_listener {{
    port = {sasl_port}
  }}
}}
"""
DOVECOT_SUBMISSION = """
hostname = peer.example
submission_relay_host = 127.0.0.1
submission_relay_port = {relay_port}
submission_relay_trusted = yes
service submission-login {{
  inet_listener submission {{
    port = {port}
  }}
  inet_listener submissions {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""


class Dovecot(RealServer):
    """relay: the port of the server that it hands mail on to; None: it only knows passwords."""

    def __init__(self, authority, relay=None, ways="plain login"):
        super().__init__("dovecot-smtp")
        if not pathlib.Path("/usr/lib/dovecot/submission").exists():
            pytest.skip("Dovecot's submission service is not installed")
        (self.folder / "mail").mkdir()
        shutil.chown(self.folder / "mail", "nobody", "nogroup")
        self.port, self.tls_port, self.sasl_port = free_ports(3)
        config = self.folder / "dovecot.conf"
        config.write_text((DOVECOT + (DOVECOT_SUBMISSION if relay else "")).format(
            folder=self.folder, authority=authority.folder, password=PASSWORD, ways=ways,
            protocols="submission" if relay else "none", port=self.port, tls_port=self.tls_port,
            sasl_port=self.sasl_port, relay_port=relay))
        self.run("/usr/sbin/dovecot", "-F", "-c", config)
        self.wait_until_it_listens(*([self.port, self.tls_port] if relay else [self.sasl_port]))


class Sink(RealServer):
    """Postfix's smtp-sink: takes all mail, and keeps it."""

    def __init__(self, _authority):
        super().__init__("smtp-sink")
        if not shutil.which("smtp-sink"):
            pytest.skip("Postfix is not installed")
        shutil.chown(self.folder, "nobody", "nogroup")
        [self.port] = free_ports(1)
        self.run("smtp-sink", "-u", "nobody", "-d", f"{self.folder}/mail.%M.",
                 f"127.0.0.1:{self.port}", "100")
        self.wait_until_it_listens(self.port)

    def taken(self):
        return [path.read_text() for path in self.folder.glob("mail.*")]


POSTFIX = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = peer.example
mydestination =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
smtpd_peername_lookup = no
default_transport = discard
smtputf8_enable = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl_port}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = {authority}/server.pem
smtpd_tls_key_file = {authority}/server.key
smtpd_relay_restrictions = permit_sasl_authenticated, reject
broken_sasl_auth_clients = yes
message_size_limit = 1000000
"""
POSTFIX_SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{tls_port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
discard unix - - n - - discard
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
scache unix - - n - 1 scache
"""


class Postfix(RealServer):
    def __init__(self, authority, ways="plain login"):
        super().__init__("postfix")
        if not pathlib.Path("/usr/lib/postfix/sbin/smtpd").exists():
            pytest.skip("Postfix is not installed")
        self.dovecot = Dovecot(authority, ways=ways)
        self.port, self.tls_port = free_ports(2)
        for name in ("queue", "data", "etc"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix")
        names = {"folder": self.folder, "authority": authority.folder, "port": self.port,
                 "tls_port": self.tls_port, "sasl_port": self.dovecot.sasl_port}
        (self.folder / "etc/main.cf").write_text(POSTFIX.format(**names))
        (self.folder / "etc/master.cf").write_text(POSTFIX_SERVICES.format(**names))
        self._postfix("check")
        self._postfix("start")
        self.wait_until_it_listens(self.port, self.tls_port)

    def _postfix(self, what):
        subprocess.run(["postfix", "-c", self.folder / "etc", what], check=True, timeout=60,
                       capture_output=True)

    def taken(self):
        return self.logged().count("status=sent")

    def stop(self):
        self._postfix("stop")
        self.dovecot.stop()
        super().stop()
