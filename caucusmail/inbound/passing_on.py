"""draft(): what of a mail to a member would be passed on: subject, its writer's own words, pictures made anew. Pure.

Programs put pictures between words, so that words come in several parts; those of logos and of what an answer quotes come as
pictures too. So the largest are taken, and a small one that belongs to the markup is offered without a tick: the signature
was left out of the words for the same reason. What a program writes in place of a picture names the file: it is left out.
"""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass

from caucusmail.directory import writing
from caucusmail.mail import parts, pictures, quoting
from caucusmail.mail.mime import Attachment
from caucusmail.mail.parts import Part
from caucusmail.mail.slots import clean, line

MOST_PICTURES = 3
MOST_TRIED = 6  # pictures that are decoded, largest first
SMALL = 400  # pixels of the longer side: logos are smaller

_STANDS_FOR_A_PICTURE = re.compile(r"\[(?:image|cid): ?[^\]\n]{0,200}\]")


@dataclass(frozen=True)
class Offered:
    """A picture, remade, that goes along if its writer says so; ``ticked``: unless they say otherwise."""

    content: bytes
    media_type: str
    width: int
    height: int
    ticked: bool = True


@dataclass(frozen=True)
class Draft:
    """What would be passed on; how many attachments would not, and how many of those are pictures that only their phone reads."""

    subject: str
    text: str
    left_out: int = 0
    of_phones: int = 0
    pictures: tuple[Offered, ...] = ()


def draft(message: Part, own: Iterable[str]) -> Draft:
    """What would be passed on of ``message``; ``own`` are addresses of its writer, which their words shall not give away."""
    found = list(_leaves(message))
    files = [part for part in found if part.kind not in ("text/plain", "text/html") or _is_file(part)]
    words = [part.text() for part in found if part.kind == "text/plain" and not _is_file(part)]
    text = quoting.own_words(_STANDS_FOR_A_PICTURE.sub("", "\n".join(words)[: parts.LONGEST_TEXT]))
    for one in own:
        text = text.replace(one, "…")
    offered, of_phones = _offered(files)
    subject = line(parts.words(message.get("subject")))[: writing.LONGEST_SUBJECT]
    return Draft(subject, clean(text)[: writing.LONGEST], len(files) - len(offered), of_phones, offered)


def _leaves(message: Part) -> Iterator[Part]:
    """The parts that hold something; a message that was forwarded is one."""
    for part in message.outside():
        if part.kind.startswith("message/") or not (part.children or part.kind.startswith("multipart/")):
            yield part


def _is_file(part: Part) -> bool:
    said = part.get("content-disposition").lower()
    return said.startswith("attachment") or "filename" in said or "name" in part.parameters


def _offered(files: list[Part]) -> tuple[tuple[Offered, ...], int]:
    """The pictures, in their order, and how many others are of a kind that only phones read."""
    found: dict[int, Offered] = {}
    of_phones = tried = 0
    for place, part in sorted(enumerate(files), key=lambda one: -len(one[1].body)):
        octets = part.octets()
        of_phones += pictures.of_a_phone(octets)
        if len(found) < MOST_PICTURES and tried < MOST_TRIED and pictures.seems(octets):
            tried += 1
            made = pictures.remade(octets)
            if made is not None:
                found[place] = Offered(**vars(made), ticked=not _is_mark(part, max(made.width, made.height)))
    return tuple(one for _place, one in sorted(found.items())), of_phones


def _is_mark(part: Part, side: int) -> bool:
    """Whether it looks like a logo: small, and shown within the words."""
    shown_within = bool(part.get("content-id")) and not part.get("content-disposition").lower().startswith("attachment")
    return shown_within and side <= SMALL


def attachments(drafted: Draft, chosen: Collection[int]) -> tuple[Attachment, ...]:
    """The pictures whose numbers (from 1) were chosen, as files whose names tell of none that was not."""
    left = [one for number, one in enumerate(drafted.pictures, 1) if number in chosen]
    return tuple(
        Attachment(pictures.name(number, one.media_type), one.media_type, one.content)
        for number, one in enumerate(left, 1)
    )


def packed(drafted: Draft) -> bytes:
    """To be kept."""
    shown = [asdict(one) | {"content": b64encode(one.content).decode()} for one in drafted.pictures]
    return json.dumps(vars(drafted) | {"pictures": shown}, ensure_ascii=False).encode("utf-8", "replace")


def unpacked(raw: bytes) -> Draft:
    """From what ``packed`` made."""
    kept = json.loads(raw)
    shown = (Offered(**one | {"content": b64decode(one["content"])}) for one in kept.get("pictures", ()))
    return Draft(**kept | {"pictures": tuple(shown)})


def words(raw: bytes) -> str:
    """What of that may name somebody."""
    kept = json.loads(raw)
    return f"{kept['subject']}\n{kept['text']}"
