"""What DKIM leaves of the engine's rate: the share of what RSA itself allows (2 x ``openssl speed rsa2048``)."""

import tempfile
from pathlib import Path

from caucusmail import signing_keys
from tests.bench import engine, signing
from tests.bench.figures import Asked, Tell
from tests.faults.stores import LeftOut

WORKERS, LINES = 2, 4
KEYS = {"RSA-2048": ("RSA",), "RSA-2048 and Ed25519": ("RSA", "ED25519")}


def keys(folder: Path) -> dict[str, str]:
    """The settings of both keys, new ones."""
    signing_keys.write(folder / "rsa.pem", signing_keys.new_rsa())
    signing_keys.write(folder / "ed25519.pem", signing_keys.new_ed25519())
    paths = {f"DKIM_KEY_{kind}": str(folder / f"{kind.lower()}.pem") for kind in ("RSA", "ED25519")}
    return paths | {f"DKIM_SELECTOR_{kind}": kind.lower() for kind in ("RSA", "ED25519")}


def measure(tell: Tell, asked: Asked) -> None:
    """A line for RSA, one for both keys, and one that says why there is none for Ed25519 alone."""
    count, core = asked.number(6_000), signing.openssl()
    if core is None:
        raise LeftOut("openssl is missing")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        made = keys(Path(folder))
        for name, kinds in KEYS.items():
            mine = {setting: value for setting, value in made.items() if setting.endswith(kinds)}
            found = engine.run("sqlite", WORKERS, LINES, count, asked.runs, **mine)
            figures = found.figures()
            tell(
                "engine_dkim", keys=name, database="sqlite", workers=WORKERS, lines=LINES, n=count, **figures,
                openssl_sign_per_s=core, share=round(figures["median"] / (WORKERS * core), 3), required=0.35, goal=0.7,
            )  # fmt: skip
    tell("engine_dkim", keys="Ed25519", left_out="the product never signs with Ed25519 alone: few receivers read it")
