"""What the mailbox's page shows of a letter: its parts, told apart; pure."""

from dataclasses import dataclass
from email.message import EmailMessage, Message

TEXT_LIMIT = 200_000  # characters


@dataclass(frozen=True)
class Part:
    """One leaf of a message."""

    number: int  # in the order of the message
    kind: str  # "text/html"
    name: str  # file name, or ""
    size: int  # bytes, decoded
    attached: bool


def clean(words: str) -> str:
    """Without the half characters that the parser makes of raw bytes; a page could not be written with them."""
    return words.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def leaves(message: EmailMessage) -> list[Message]:
    """The parts that hold something, in order."""
    return [part for part in message.walk() if not part.is_multipart()]


def payload(part: Message) -> bytes:
    """The decoded bytes of a part."""
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""


def text(part: Message) -> str:
    """The decoded text of a part; what cannot be read becomes a replacement character."""
    charset = part.get_content_charset() or "utf-8"
    try:
        words = payload(part).decode(charset, "replace")
    except LookupError:
        words = payload(part).decode("utf-8", "replace")
    return words.replace("\r\n", "\n")


def parts(message: EmailMessage) -> list[Part]:
    """What there is to see."""
    return [
        Part(
            number,
            part.get_content_type(),
            clean(str(part.get_filename() or "")),
            len(payload(part)),
            part.get_content_disposition() == "attachment" or bool(part.get_filename()),
        )
        for number, part in enumerate(leaves(message))
    ]


def first(message: EmailMessage, kind: str) -> str:
    """The text of the first part of this kind that is not an attachment, or ""."""
    for part in leaves(message):
        if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
            return text(part)[:TEXT_LIMIT]
    return ""


def headers(message: EmailMessage) -> list[tuple[str, str]]:
    """Every header with its value as it stands in the bytes, unfolded."""
    return [(clean(name), clean(" ".join(str(value).split()))) for name, value in message.raw_items()]
