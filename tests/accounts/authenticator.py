"""A device that keeps passkeys, in software: it answers rightly, or wrongly where a test says so."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url as text

ORIGIN, RP_ID = "http://localhost", "localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40  # flags of authenticator data (Web Authentication, 6.1)


@dataclass
class Authenticator:
    """One device with one passkey."""

    identity: bytes = b"passkey-of-a-test"
    counter: int = 1
    origin: str = ORIGIN
    rp_id: str = RP_ID
    flags: int = PRESENT | VERIFIED
    handle: str = ""  # of the user, as it was given at registration
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _data(self, flags: int, more: bytes = b"") -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big") + more

    def make(self, options: str) -> str:
        """Answer ``to_register``: attestation "none" (8.7)."""
        asked, numbers = json.loads(options), self.key.public_key().public_numbers()
        self.handle = asked["user"]["id"]
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.identity).to_bytes(2, "big") + self.identity + cbor2.dumps(cose)
        data = self._data(self.flags | ATTESTED, attested)
        response = {
            "clientDataJSON": text(self._client("webauthn.create", asked)),
            "attestationObject": text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._answer(response)

    def prove(self, options: str, kind: str = "webauthn.get") -> str:
        """Answer ``to_prove``; the counter goes up."""
        self.counter += 1
        client, data = self._client(kind, json.loads(options)), self._data(self.flags)
        signed = data + hashlib.sha256(client).digest()
        response = {
            "clientDataJSON": text(client),
            "authenticatorData": text(data),
            "signature": text(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": self.handle,
        }
        return self._answer(response)

    def _answer(self, response: dict[str, str]) -> str:
        name = text(self.identity)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
