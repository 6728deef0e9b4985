"""A time stamping authority on this machine: a root, a signer, and ``openssl ts`` that answers."""

from __future__ import annotations

import subprocess
from pathlib import Path

_CONFIG = """
[req]
distinguished_name = dn
prompt = no
[dn]
CN = Test authority
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_tsa = here
[here]
serial = serial
crypto_device = builtin
signer_cert = signer.pem
signer_key = signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-config", "c.cnf")


class Authority:
    """Its folder holds ``root.pem`` and ``signer.pem``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        (folder / "c.cnf").write_text(_CONFIG)
        root = ("-keyout", "root.key", "-out", "root.pem", "-days", "30", "-extensions", "root", "-subj", "/CN=Root")
        self._openssl("req", "-x509", *_KEY, *root)
        self._openssl("req", *_KEY, "-keyout", "signer.key", "-out", "signer.csr")
        signed = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "30", "-extfile", "c.cnf")
        self._openssl("x509", "-req", "-in", "signer.csr", *signed, "-extensions", "signer", "-out", "signer.pem")

    @property
    def root(self) -> bytes:
        """Its certificate, PEM."""
        return (self.folder / "root.pem").read_bytes()

    def answer(self, request: bytes) -> bytes:
        """The time stamp that was asked for."""
        (self.folder / "q.tsq").write_bytes(request)
        self._openssl("ts", "-reply", "-queryfile", "q.tsq", "-config", "c.cnf", "-section", "here", "-out", "r.tsr")
        return (self.folder / "r.tsr").read_bytes()

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)
