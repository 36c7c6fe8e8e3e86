"""An authority of our own and the certificates it signs, in files; for servers of tests on localhost."""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass
class Authority:
    """``SSL_CERT_FILE`` set to ``path`` makes a program trust it."""

    folder: Path

    def __post_init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        name = _named("Authority of the tests")
        made = self._begun(name, self._key, timedelta(days=30)).add_extension(x509.BasicConstraints(True, 0), True)
        identity = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        made = made.add_extension(identity, False).add_extension(usage, True)
        self._own = made.sign(self._key, SHA256())
        self.path = self.folder / "authority.pem"
        self.path.write_bytes(self._own.public_bytes(Encoding.PEM))

    def _begun(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, left: timedelta) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(_named("Authority of the tests"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(now, now + left) - timedelta(days=1))
            .not_valid_after(now + left)
        )

    def server(self, *names: str, left: timedelta = timedelta(days=30)) -> ssl.SSLContext:
        """The context of a server with a certificate for ``names``, which ends after ``left``."""
        key = ec.generate_private_key(ec.SECP256R1())
        path = self.folder / f"{names[0]}-{left.total_seconds():.0f}.pem"
        shown = x509.SubjectAlternativeName([_general(name) for name in names])
        identity = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        made = self._begun(_named(names[0]), key, left).add_extension(shown, False).add_extension(identity, False)
        signed = made.sign(self._key, SHA256())
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(secret + signed.public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
