"""A certificate authority for this test run, made by openssl."""
import ssl
import subprocess


class Authority:
    """file: what a client trusts. A name may be an IP address or a host."""

    def __init__(self, folder):
        self.folder = folder
        self.file = folder / "authority.pem"
        self._openssl("req", "-x509", *self._new_key("authority.key"), "-out", self.file,
                      "-days", "2", "-subj", "/CN=Test authority",
                      "-addext", "basicConstraints=critical,CA:TRUE")
        self._certify("server", "IP:127.0.0.1,DNS:localhost")
        self._certify("stranger", "DNS:mail.example.com")

    def context(self, name="server"):
        """For a server; "stranger" has a good certificate for another host."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        return context

    def _certify(self, name, alternatives):
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={alternatives}\nbasicConstraints=CA:FALSE\n")
        request = self.folder / f"{name}.csr"
        self._openssl("req", *self._new_key(f"{name}.key"), "-out", request, "-subj", f"/CN={name}")
        self._openssl("x509", "-req", "-in", request, "-CA", self.file,
                      "-CAkey", self.folder / "authority.key", "-CAcreateserial", "-days", "2",
                      "-extfile", extensions, "-out", self.folder / f"{name}.pem")

    def _new_key(self, name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", self.folder / name]

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=60)
