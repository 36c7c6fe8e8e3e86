"""The keys that sign outgoing mail (DKIM): read from the files that the settings name, and made anew."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

PrivateKey = RSAPrivateKey | Ed25519PrivateKey

SMALLEST, LARGEST = 2048, 4096
"""Bits of an RSA key: RFC 8301, 3.2 asks signers for 2048 at least, and readers of signatures for no more than 4096."""
EVERYBODY = 0o007
LONGEST_SELECTOR = 63
_SELECTOR = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")  # RFC 6376, 3.1


class BadKey(Exception):
    """A key cannot be used; the text says why, and repeats nothing of its file. ``setting`` is whose fault it is."""

    def __init__(self, message: str, setting: str = "") -> None:
        super().__init__(message)
        self.setting = setting


@dataclass(frozen=True)
class SigningKey:
    """A key, and the selector under which DNS shows its public half."""

    selector: str
    key: PrivateKey


def told(config: Mapping[str, Any]) -> tuple[SigningKey, ...]:
    """The keys that ``DKIM_*`` name: RSA, and Ed25519 beside it or not; none where the relay signs.

    :raises BadKey: with the setting that cannot be used.
    """
    rsa, ed25519 = (_told(config, kind) for kind in ("RSA", "ED25519"))
    if rsa is None and ed25519 is not None:
        raise BadKey("is not set, but DKIM_KEY_ED25519 is, and many servers read only RSA (RFC 8463)", "DKIM_KEY_RSA")
    if rsa is not None and ed25519 is not None and rsa.selector == ed25519.selector:
        raise BadKey("must differ from DKIM_SELECTOR_RSA: DNS holds one key at each", "DKIM_SELECTOR_ED25519")
    return tuple(one for one in (rsa, ed25519) if one is not None)


def _told(config: Mapping[str, Any], kind: str) -> SigningKey | None:
    selector_name, key_name = f"DKIM_SELECTOR_{kind}", f"DKIM_KEY_{kind}"
    name, path = (str(config.get(one) or "").strip() for one in (selector_name, key_name))
    try:
        chosen = selector(name) if name else ""
    except BadKey as problem:
        raise BadKey(str(problem), selector_name) from None
    key = _fit(key_name, path, kind) if path else None
    if chosen and not path:
        raise BadKey(f"is not set, but {selector_name} is", key_name)
    if path and not chosen:
        raise BadKey(f"is not set, but {key_name} is", selector_name)
    return SigningKey(chosen, key) if key else None


def selector(name: str) -> str:
    """``name`` as a selector, in lower case (RFC 6376, 3.1).

    :raises BadKey: it is none.
    """
    if not _SELECTOR.fullmatch(name.lower()) or len(name) > LONGEST_SELECTOR:
        raise BadKey(f"{name!r} is not a name like rsa-2027a")
    return name.lower()


def _fit(name: str, path: str, kind: str) -> PrivateKey:
    if not Path(path).is_absolute():
        raise BadKey(f"{path!r} is not the whole path of a file, from / on", name)
    try:
        key = read(Path(path))
    except BadKey as problem:
        raise BadKey(str(problem), name) from None
    if isinstance(key, RSAPrivateKey) != (kind == "RSA"):
        raise BadKey(f"{path} holds the other kind of key", name)
    return key


def read(path: Path) -> PrivateKey:
    """The key in a PEM file.

    :raises BadKey: it cannot be read, everybody may read it, or it is neither RSA of a fit size nor Ed25519.
    """
    try:
        if path.stat().st_mode & EVERYBODY:
            raise BadKey(f"{path} is open to everybody on this machine: chmod o-rwx it")
        key = load_pem_private_key(path.read_bytes(), None)
    except OSError as problem:
        raise BadKey(f"{path} cannot be read: {problem.strerror}") from None
    except TypeError:
        raise BadKey(f"{path} asks for a passphrase; nobody is there to give it at start") from None
    except (ValueError, UnsupportedAlgorithm):
        raise BadKey(f"{path} holds no private key in PEM form") from None
    if isinstance(key, RSAPrivateKey):
        if not SMALLEST <= key.key_size <= LARGEST:
            raise BadKey(f"{path} is RSA of {key.key_size} bits; it must have {SMALLEST} to {LARGEST} (RFC 8301, 3.2)")
        return key
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(f"{path} is neither an RSA nor an Ed25519 key")
    return key


def write(path: Path, key: PrivateKey) -> None:
    """Keep ``key`` in a new file (PKCS 8, PEM) that its owner alone can read.

    :raises OSError: the file is there already, or cannot be made.
    """
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)


def new_rsa() -> RSAPrivateKey:
    """A new RSA key of 2048 bits: every reader of signatures takes it, and its DNS record fits."""
    return generate_private_key(65537, SMALLEST)


def new_ed25519() -> Ed25519PrivateKey:
    """A new Ed25519 key."""
    return Ed25519PrivateKey.generate()


def public(key: PrivateKey) -> bytes:
    """The public half as DNS shows it: DER of its SubjectPublicKeyInfo (RFC 6376, 3.6.1), or the 32 bytes (RFC 8463, 4.2)."""
    half = key.public_key()
    if isinstance(key, RSAPrivateKey):
        return half.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return half.public_bytes(Encoding.Raw, PublicFormat.Raw)
