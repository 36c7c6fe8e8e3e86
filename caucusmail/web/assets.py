"""Static files by a name that changes with their content, so that a browser may keep them for ever."""

from functools import cache
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "static"


@cache
def version(name: str) -> str:
    """Ten hex digits of the file's SHA-256."""
    return sha256((FOLDER / name).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a static file; without a language, so that one copy serves all."""
    return f"/static/{name}?v={version(name)}"
