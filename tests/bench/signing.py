"""What DKIM costs: signatures a second beside ``openssl speed`` (which is what RSA itself costs), and beside dkimpy.

Seconds are those of the processor, as ``openssl speed`` counts them too, so that others at work on the machine do not count.
"""

import multiprocessing
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dkim as dkimpy
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from caucusmail import signing_keys
from caucusmail.mail import dkim
from caucusmail.mail.dkim import Signer
from caucusmail.signing_keys import SigningKey

DOMAIN = "caucus.example"
SECONDS = 3.0
PROCESSES = 2
BODY = b"".join(
    b"%02d The meeting moves to another room, on the second floor of the same house.=\r\n" % n for n in range(40)
)


def copy(number: int) -> bytes:
    """One copy of an announcement of 3.9 kB; what differs from reader to reader differs."""
    return (
        b"From: =?utf-8?q?Water_=E2=80=93_caucus?= <water@caucus.example>\r\n"
        b'To: "Reader %(n)d" <reader%(n)d@members.example>\r\n'
        b"Date: Wed, 25 Nov 2026 12:00:00 +0000\r\n"
        b"Message-ID: <%(n)d.7.0123456789abcdef@caucus.example>\r\n"
        b"Subject: The room has changed\r\n"
        b"Reply-To: water-owner@caucus.example\r\n"
        b'List-Id: "Water" <water.caucus.example>\r\n'
        b"List-Help: <https://caucus.example/help>\r\n"
        b"List-Subscribe: <https://caucus.example/caucuses/water>\r\n"
        b"List-Unsubscribe: <https://caucus.example/leave/%(n)040d>\r\n"
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        b"List-Owner: <https://caucus.example/contact/water>\r\n"
        b"List-Archive: <https://caucus.example/caucuses/water>\r\n"
        b"List-Post: NO\r\nPrecedence: list\r\nFeedback-ID: 7:caucus.example\r\n"
        b"Content-Language: en\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        b"\r\n" % {b"n": number}
    ) + BODY


def rate(do: Callable[[int], object], seconds: float = SECONDS) -> float:
    """How often a second of its processor ``do`` is done, by one process."""
    done, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        for _ in range(20):
            do(done)
            done += 1
    return done / (time.process_time() - began)


def signer(folder: Path, *, both: bool) -> Signer:
    """As the product has it: the keys come from files."""
    rsa = SigningKey("rsa-a", signing_keys.read(folder / "rsa.pem"))
    ed25519 = SigningKey("ed-a", signing_keys.read(folder / "ed.pem"))
    return Signer(DOMAIN, (rsa, ed25519) if both else (rsa,))


def _worker(folder: Path, both: bool, answers: Any) -> None:
    own = signer(folder, both=both)
    answers.put(rate(lambda number: own.sign(copy(number))))


def together(folder: Path, *, both: bool) -> float:
    """Signed messages a second of two processes at once."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    workers = [context.Process(target=_worker, args=(folder, both, answers)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    total = sum(answers.get(timeout=300) for _ in workers)
    for worker in workers:
        worker.join()
    return float(total)


def openssl() -> float | None:
    """RSA-2048 signatures a second of one core, as ``openssl speed`` counts them; None where it is not installed."""
    if shutil.which("openssl") is None:
        return None
    asked = subprocess.run(
        ["openssl", "speed", "-seconds", str(int(SECONDS)), "rsa2048"], capture_output=True, text=True, check=True
    )
    found = re.search(r"^rsa\s+2048 bits\s+\S+s\s+\S+s\s+([0-9.]+)", asked.stdout, re.MULTILINE)
    return float(found[1]) if found else None


def measure(tell: Callable[..., None]) -> None:
    """Three lines: what one message costs, what dkimpy takes for it, and the share of what RSA allows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        signing_keys.write(folder / "rsa.pem", signing_keys.new_rsa())
        signing_keys.write(folder / "ed.pem", signing_keys.new_ed25519())
        one, two = signer(folder, both=False), signer(folder, both=True)
        key = signing_keys.read(folder / "rsa.pem")
        assert isinstance(key, signing_keys.RSAPrivateKey)
        bare = rate(lambda _number: key.sign(BODY[:1500], PKCS1v15(), SHA256()))
        pem = (folder / "rsa.pem").read_bytes()
        peer = rate(
            lambda number: dkimpy.sign(
                copy(number), b"rsa-a", DOMAIN.encode(), pem, canonicalize=(b"relaxed", b"relaxed"),
                include_headers=[name for name in dkim.ORDER if name in copy(0).lower()],
            )
        )  # fmt: skip
        tell(
            "DKIM, ms a message on one core", octets=len(copy(0)),
            rsa=round(1000 / rate(lambda number: one.sign(copy(number))), 3),
            rsa_and_ed25519=round(1000 / rate(lambda number: two.sign(copy(number))), 3),
            bare_rsa_sign=round(1000 / bare, 3), dkimpy_rsa=round(1000 / peer, 3),
        )  # fmt: skip
        core = openssl()
        for both in (False, True):
            signed = together(folder, both=both)
            tell(
                "DKIM share" + (", RSA and Ed25519" if both else ", RSA"), signed_per_s=round(signed),
                processes=PROCESSES, openssl_sign_per_s=core, load=os.getloadavg()[0],
                share=round(signed / (PROCESSES * core), 2) if core else None, required=0.35, goal=0.7,
            )  # fmt: skip
