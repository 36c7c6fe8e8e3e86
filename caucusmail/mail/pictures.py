"""remade(): a picture that somebody sent, made anew from its pixels, so that nothing else of the file goes along.

Place, time, camera, owner, thumbnail and colour profile stand in a file beside the pixels (EXIF, XMP, IPTC, MakerNote, PNG text,
comments), in more places than any list names. So nothing is taken out: the pixels are put into a new file.
A profile is not reckoned in, since that would read one more thing that a stranger wrote: colours of a wide gamut come out paler.

Files are hostile until proven otherwise. Only four formats are read; how large a picture is stands in its head and is judged before
anything is decoded; JPEG is decoded no larger than it is needed, and not if it comes in more scans than any camera writes.
The library is read with the first picture: workers of bulk never make one.
"""

import re
import struct
import zlib
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from typing import Any

JPEG, PNG = "image/jpeg", "image/png"
ENDINGS = {JPEG: "jpg", PNG: "png"}
"""What is made, and how its name ends."""

READ = ("JPEG", "PNG", "WEBP", "GIF")
SIDE = 1600  # pixels of the longer side, at most
LARGEST = 700_000  # bytes of what is made
MOST_PIXELS = 16_000_000  # of what is decoded: 64 MB, and as much again until it is smaller
MOST_OF_A_CAMERA = 52_000_000  # of a JPEG that is decoded at a part of its size
MOST_SCANS = 100  # of a JPEG: each goes over the whole picture, and may be a few bytes long

_BEGINS = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF....WEBP", re.DOTALL)
_OF_PHONES = re.compile(rb"....ftyp(?:hei[cmsx]|hev[cmx]|mif1|msf1|avi[fs])", re.DOTALL)
_MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr"})
_ORIENTATION = 0x0112  # of EXIF
_TURNED = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}  # to the library's ``Image.Transpose``
_STEPS = ((SIDE, 85), (SIDE, 70), (1200, 70), (800, 60))
"""Side and quality of JPEG, until it is small enough."""

_ODD = (
    *(
        OSError,
        EOFError,
        SyntaxError,
        ValueError,
        TypeError,
        ArithmeticError,
        LookupError,
        AttributeError,
        AssertionError,
    ),
    *(RuntimeError, MemoryError, Warning, struct.error, zlib.error),
)
"""What the library says of a file that is not what it seems to be."""


@dataclass(frozen=True)
class Picture:
    """A file that we made; its sides in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def name(number: int, media_type: str) -> str:
    """What a picture is called: nothing that its maker called it."""
    return f"picture-{number}.{ENDINGS[media_type]}"


def seems(octets: bytes) -> bool:
    """Whether a file begins as one that ``remade`` may read, whatever it is called."""
    return _BEGINS.match(octets) is not None


def of_a_phone(octets: bytes) -> bool:
    """Whether it is a picture as phones keep it for themselves (HEIC, AVIF): ``remade`` reads none."""
    return _OF_PHONES.match(octets) is not None


def remade(octets: bytes) -> Picture | None:
    """The picture in ``octets``, upright, small enough for a letter, and nothing else; None: there is none that we read.

    Of what moves, the first picture. What can be seen through is PNG, everything else JPEG.
    """
    if not seems(octets) or (octets[:2] == b"\xff\xd8" and octets.count(b"\xff\xda") > MOST_SCANS):
        return None
    library = import_module("PIL.Image")
    import_module("PIL.WebPImagePlugin")  # else the library reads all that it knows, to find it
    try:
        with library.open(BytesIO(octets), formats=READ) as read:
            return _written(library, _pixels(library, read)) if _small_enough(read) else None
    except (*_ODD, library.DecompressionBombError):
        return None


def _small_enough(read: Any) -> bool:
    """Whether it may be decoded; from here on a JPEG comes at a part of its size."""
    most = MOST_PIXELS
    if read.format in ("JPEG", "MPO"):
        most = MOST_PIXELS if read.info.get("progressive") else MOST_OF_A_CAMERA
    width, height = read.size
    if width * height > most:
        return False
    read.draft(None, tuple(max(1, side * SIDE // max(width, height)) for side in (width, height)))
    return bool(read.size[0] * read.size[1] <= MOST_PIXELS)


def _pixels(library: Any, read: Any) -> Any:
    """Upright, in the largest size that is made; without what stands where nothing can be seen."""
    read.load()
    if read.mode not in _MODES:
        raise ValueError(read.mode)
    turned = _TURNED.get(_orientation(read))
    mode = "RGBA" if read.has_transparency_data else "RGB"
    found = read if read.mode == mode else read.convert(mode)
    found.thumbnail((SIDE, SIDE), library.Resampling.LANCZOS)
    if found.mode == "RGBA":
        found = found.convert("RGBa").convert("RGBA") if found.getextrema()[3][0] < 255 else found.convert("RGB")
    found = found if turned is None else found.transpose(library.Transpose(turned))
    return library.frombytes(found.mode, found.size, found.tobytes())  # what else the library knew of it stays behind


def _orientation(read: Any) -> int:
    try:
        return int(read.getexif().get(_ORIENTATION, 1))
    except _ODD:
        return 1


def _written(library: Any, found: Any) -> Picture | None:
    if found.mode == "RGBA":
        made = _saved(found, "PNG", optimize=True)
        if len(made) <= LARGEST:
            return Picture(made, PNG, *found.size)
        white = library.new("RGB", found.size, "white")
        white.paste(found, mask=found)
        found = white
    for side, quality in _STEPS:
        found.thumbnail((side, side), library.Resampling.LANCZOS)
        made = _saved(found, "JPEG", quality=quality, optimize=True)
        if len(made) <= LARGEST:
            return Picture(made, JPEG, *found.size)
    return None


def _saved(found: Any, kind: str, **how: Any) -> bytes:
    into = BytesIO()
    found.save(into, kind, **how)
    return into.getvalue()
