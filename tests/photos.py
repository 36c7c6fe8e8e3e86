"""Photos as phones make them, and mails that carry them."""

import base64
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

CORNERS = {"red": (0, 0), "green": (1, 0), "blue": (0, 1), "yellow": (1, 1)}  # what is seen: column and row
COLOURS = {"red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0)}
TELLING = (
    b"Exif",
    b"GPS",
    b"Canary",
    b"ICC_PROFILE",
    b"ns.adobe.com",
    b"Photoshop",
    b"MPF",
    b"iTXt",
    b"tEXt",
    b"eXIf",
    b"iCCP",
)
"""What a file that tells something has in it."""

_LAID = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # how pixels lie for an orientation of EXIF: ``Image.Transpose``


def seen(width: int = 1200, height: int = 900, mode: str = "RGB") -> Image.Image:
    """A colour in each corner."""
    found = Image.new(mode, (width, height))
    draw = ImageDraw.Draw(found)
    for colour, (column, row) in CORNERS.items():
        left, top = column * width // 2, row * height // 2
        draw.rectangle((left, top, left + width // 2, top + height // 2), fill=colour)
    return found


def octets(image: Image.Image, kind: str = "JPEG", **more: Any) -> bytes:
    into = BytesIO()
    image.save(into, kind, **more)
    return into.getvalue()


def told(orientation: int = 1) -> Image.Exif:
    """EXIF that says where, when and by what."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0132] = orientation, "Canary Phones", "2026:11:29 06:12:00"
    exif.get_ifd(0x8825).update({1: "S", 2: (1.0, 17.0, 31.5), 3: "E", 4: (36.0, 49.0, 18.5)})
    return exif


def photo(width: int = 1200, height: int = 900, orientation: int = 1, **more: Any) -> bytes:
    """A JPEG with place, time and camera in it, twice over."""
    upright = seen(width, height)
    laid = upright.transpose(Image.Transpose(_LAID[orientation])) if orientation in _LAID else upright
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:li>Canary</rdf:li></x:xmpmeta>'
    return octets(laid, exif=told(orientation), xmp=xmp, comment=b"Canary", icc_profile=b"Canary" * 40, **more)


def opened(content: bytes) -> Image.Image:
    found = Image.open(BytesIO(content))
    found.load()
    return found


def corners(image: Image.Image) -> list[str]:
    """The colours that are seen, left to right and top to bottom."""
    plain, (width, height) = image.convert("RGB"), image.size
    found = []
    for row in (1, 3):
        for column in (1, 3):
            here = plain.getpixel((column * width // 4, row * height // 4))
            near = {
                name: sum(abs(a - b) for a, b in zip(here, colour, strict=True)) for name, colour in COLOURS.items()
            }
            found.append(min(near, key=near.__getitem__) if min(near.values()) < 40 else str(here))
    return found


def part(
    content: bytes, kind: str = "image/jpeg", name: str = "IMG_Canary.jpeg", how: str = "inline", more: str = ""
) -> str:
    """A file as a part of a mail."""
    return (
        f'Content-Type: {kind}; name="{name}"\r\nContent-Disposition: {how}; filename="{name}"\r\n{more}'
        f"Content-Transfer-Encoding: base64\r\n\r\n{base64.encodebytes(content).decode().replace(chr(10), chr(13) + chr(10))}"
    )


def as_apple(sender: str, *files: str, subject: str = "The room") -> bytes:
    """As the Mail of an iPhone writes it: words, pictures, words."""
    words = "Content-Type: text/plain;\r\n\tcharset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
    inside = [
        f"{words}This is the room.\r\n\r\n",
        *files,
        f"{words}\r\n\r\nSee you there.\r\n-- \r\nCanary, +254 700\r\n",
    ]
    edge = "Apple-Mail-3F1C2B"
    return (
        f"Content-Type: multipart/mixed; boundary={edge}\r\nContent-Transfer-Encoding: 7bit\r\nFrom: Canary <{sender}>\r\n"
        f"Mime-Version: 1.0 (1.0)\r\nDate: Sun, 29 Nov 2026 06:12:00 +0300\r\nSubject: {subject}\r\n"
        f"Message-Id: <9B1D@canary.example>\r\nX-Mailer: iPhone Mail (23A341)\r\n\r\n"
        + "".join(f"\r\n--{edge}\r\n{one}" for one in inside)
        + f"\r\n--{edge}--\r\n"
    ).encode()


def as_gmail(sender: str, within: str, *files: str) -> bytes:
    """As Gmail writes it: a picture ``within`` the words, others beside them."""
    kinds = 'Content-Type: text/{}; charset="UTF-8"\r\n\r\n'
    plain = f"{kinds.format('plain')}This is the room.\r\n[image: IMG_Canary.jpeg]\r\n"
    markup = (
        f'{kinds.format("html")}<div dir="ltr">This is the room.<img src="cid:ii_1" alt="IMG_Canary.jpeg"></div>\r\n'
    )
    return (
        f"MIME-Version: 1.0\r\nDate: Sun, 29 Nov 2026 06:12:00 +0300\r\nMessage-ID: <CA+1@mail.gmail.com>\r\nSubject: The room\r\n"
        f'From: Canary <{sender}>\r\nContent-Type: multipart/mixed; boundary="000a"\r\n\r\n'
        '--000a\r\nContent-Type: multipart/related; boundary="000b"\r\n\r\n'
        '--000b\r\nContent-Type: multipart/alternative; boundary="000c"\r\n\r\n'
        f"--000c\r\n{plain}\r\n--000c\r\n{markup}\r\n--000c--\r\n--000b\r\n{within}\r\n--000b--\r\n"
        + "".join(f"--000a\r\n{one}\r\n" for one in files)
        + "--000a--\r\n"
    ).encode()
