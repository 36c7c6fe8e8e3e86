"""The agenda of a meeting: items in their order, each with what is known of its time and of who leads it and speaks. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from caucusmail import languages
from caucusmail.errors import Invalid
from caucusmail.languages import _
from caucusmail.meetings import wording
from caucusmail.meetings.models import Meeting

MOST = 40  # items
MOST_SPEAKERS = 12  # of one item
LONGEST = 6000  # characters of an agenda in one language: it stands in a letter four times
LONGEST_TITLE, LONGEST_NAME, LONGEST_ORGANISATION = 200, 120, 160
LONGEST_ITEM = 24 * 60  # minutes

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class Speaker:
    """Somebody who leads an item or speaks to it, as a keeper wrote it: nobody of ours is looked up."""

    name: str
    organisation: str = ""
    leads: bool = False

    @property
    def said(self) -> str:
        """``Amina Example (Legal Aid Network)``."""
        return f"{self.name} ({self.organisation})" if self.organisation else self.name


@dataclass(frozen=True)
class Item:
    """One item, in one language or several."""

    titles: Mapping[str, str]
    starts: str = ""  # "08:15" on the wall of the meeting's city; "": not said
    minutes: int | None = None
    speakers: Sequence[Speaker] = field(default_factory=tuple)  # who leads comes first

    @property
    def plain(self) -> bool:
        """Whether no more is known of it than what it is called."""
        return not self.starts and self.minutes is None and not self.speakers


def tidy(items: Sequence[Item]) -> list[Item]:
    """``items`` as they are kept.

    :raises Invalid: on ``agenda``, or on ``item3_title``, ``item3_starts``, ``item3_minutes``, ``item3_speakers`` of the third.
    """
    if len(items) > MOST:
        raise Invalid("agenda", _("An agenda has at most %(most)s items here.", most=MOST))
    kept = [_tidy(f"item{number}", item) for number, item in enumerate(items, start=1)]
    spoken = {language for item in kept for language in item.titles}
    length = max((sum(_length(item, language) for item in kept) for language in spoken), default=0)
    if length > LONGEST:
        raise Invalid(
            "agenda",
            _(
                "The agenda is %(length)s characters long; at most %(longest)s fit into a letter.",
                length=length,
                longest=LONGEST,
            ),
        )
    return kept


def _length(item: Item, language: str) -> int:
    return len(item.titles.get(language, "")) + sum(len(one.said) for one in item.speakers)


def _tidy(name: str, item: Item) -> Item:
    titles = wording.in_each(f"{name}_title", item.titles, LONGEST_TITLE)
    if not titles:
        raise Invalid(f"{name}_title", _("What is this item called?"))
    if item.starts and not _CLOCK.fullmatch(item.starts):
        raise Invalid(f"{name}_starts", _("Please write a time like 08:15 or 17:30."))
    if item.minutes is not None and not 1 <= item.minutes <= LONGEST_ITEM:
        raise Invalid(f"{name}_minutes", _("How many minutes? Give a number from 1 to %(most)s.", most=LONGEST_ITEM))
    if len(item.speakers) > MOST_SPEAKERS:
        raise Invalid(f"{name}_speakers", _("At most %(most)s people speak to one item here.", most=MOST_SPEAKERS))
    speakers = [_speaker(f"{name}_speakers", one) for one in item.speakers]
    ordered = sorted((one for one in speakers if one.name), key=lambda one: not one.leads)
    return Item(titles, item.starts, item.minutes, tuple(ordered))


def _speaker(name: str, one: Speaker) -> Speaker:
    return Speaker(
        wording.one_line(name, one.name, LONGEST_NAME),
        wording.one_line(name, one.organisation, LONGEST_ORGANISATION),
        one.leads,
    )


def to_json(items: Sequence[Item]) -> list[dict[str, Any]]:
    """Plain values, from which ``from_json`` makes them again."""
    return [
        {name: value for name, value in asdict(item).items() if value not in (None, "", [], ())}
        | ({"speakers": [asdict(one) for one in item.speakers]} if item.speakers else {})
        for item in items
    ]


def moved(kept: Sequence[Mapping[str, Any]], by: timedelta) -> list[dict[str, Any]]:
    """What ``to_json`` wrote, each time later by so much; back again by its opposite. Days change nothing."""
    found = [dict(one) for one in kept]
    for one in found:
        if one.get("starts"):
            one["starts"] = f"{datetime.strptime(one['starts'], '%H:%M') + by:%H:%M}"  # noqa: DTZ007 - a clock on a wall
    return found


def from_json(kept: Sequence[Mapping[str, Any]]) -> tuple[Item, ...]:
    """What ``to_json`` wrote."""
    return tuple(
        Item(
            dict(one["titles"]),
            one.get("starts", ""),
            one.get("minutes"),
            tuple(Speaker(**speaker) for speaker in one.get("speakers", ())),
        )
        for one in kept
    )


def of_lines(written: Mapping[str, str]) -> tuple[Item, ...]:
    """The items of texts with one title a line, by language: the second line of each is the second item.

    :raises Invalid: on ``agenda``: a text is far too long.
    """
    tidied = {language: wording.lines("agenda", text, 4 * LONGEST) for language, text in written.items()}
    lines = {
        language: [line.strip() for line in text.splitlines() if line.strip()] for language, text in tidied.items()
    }
    rows = zip_longest(*lines.values(), fillvalue="")
    return tuple(Item({tongue: title for tongue, title in zip(lines, row, strict=True) if title}) for row in rows)


def to_lines(items: Sequence[Item]) -> dict[str, str]:
    """The titles, one a line, by language."""
    spoken = dict.fromkeys(language for item in items for language in item.titles)
    return {
        language: "\n".join(item.titles[language] for item in items if language in item.titles) for language in spoken
    }


def in_lines(items: Sequence[Item]) -> bool:
    """Whether ``to_lines`` says all there is to say of them."""
    return [dict(one.titles) for one in of_lines(to_lines(items))] == [dict(one.titles) for one in items] and all(
        item.plain for item in items
    )


def title(item: Item, order: Sequence[str] = ()) -> tuple[str, str]:
    """What it is called in the first language of ``order`` in which it is called anything; that language comes first."""
    wanted = (*order, languages.current(), languages.DEFAULT)
    language = next((one for one in wanted if item.titles.get(one)), next(iter(item.titles)))
    return language, item.titles[language]


def detail(item: Item) -> str:
    """``08:15, 10 min; led by Amina Example (Legal Aid Network); with Ben Example``; "" where nothing of it is known."""
    length = _("%(number)s min", number=item.minutes) if item.minutes is not None else ""
    when = ", ".join(part for part in (item.starts, length) if part)
    leads = ", ".join(languages.apart(one.said) for one in item.speakers if one.leads)
    others = ", ".join(languages.apart(one.said) for one in item.speakers if not one.leads)
    led = _("led by %(people)s", people=leads) if leads else ""
    heard = _("with %(people)s", people=others) if others else ""
    return _("; ").join(part for part in (when, led, heard) if part)


def line(item: Item) -> str:
    """``Opening (08:15, 10 min)``, in the current language."""
    more, named = detail(item), languages.apart(title(item)[1])
    return f"{named} ({more})" if more else named


def lines(items: Sequence[Item]) -> list[str]:
    """``1. Opening (08:15, 10 min)``, in the current language: for a calendar entry, and for what changed."""
    return [f"{number}. {line(item)}" for number, item in enumerate(items, start=1)]


def difference(was: Sequence[Item], now: Sequence[Item]) -> tuple[str, str]:
    """What one agenda has that the other has not, old and new, in the current language."""
    old, new = lines(was), lines(now)
    before: list[str] = []
    after: list[str] = []
    for kind, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            before += old[first:last]
            after += new[begin:end]
    return _("; ").join(before), _("; ").join(after)


def told(meeting: Meeting) -> list[str]:
    """The agenda under its heading, for a calendar entry; nothing where there is none."""
    return ["", _("Agenda"), *lines(from_json(meeting.agenda))] if meeting.agenda else []
