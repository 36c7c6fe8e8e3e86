"""Whom an announcement is meant for, by name; and what its author types to show that they know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from caucusmail import languages
from caucusmail.announcements import queries
from caucusmail.announcements.choice import Audience, Role
from caucusmail.announcements.models import Announcement
from caucusmail.database import db
from caucusmail.directory.models import Caucus, Region
from caucusmail.groups.models import EmailGroup
from caucusmail.languages import _


@dataclass(frozen=True)
class Named:
    """What was chosen, with names in the current language instead of ids."""

    everybody: bool
    groups: Sequence[str]  # caucuses, then further email groups
    regions: Sequence[str]
    languages: Sequence[str]  # codes
    roles: Sequence[Role]
    sent: Sequence[str]  # subjects
    not_in: Sequence[str]
    not_on: Sequence[str]
    not_sent: Sequence[str]  # subjects


def named(announcement: Announcement) -> Named:
    """Whom ``announcement`` is meant for. The number of statements is constant."""
    chosen = Audience.from_json(announcement.audience)
    caucuses = _names(Caucus, (*chosen.caucus_ids, *chosen.exclude_caucus_ids))
    groups = _names(EmailGroup, (*chosen.group_ids, *chosen.exclude_group_ids))
    regions = _names(Region, chosen.region_ids)
    sent = _subjects([*chosen.sent_announcement_ids, *chosen.exclude_announcement_ids])
    return Named(
        everybody=chosen.everybody,
        groups=[*_picked(caucuses, chosen.caucus_ids), *_picked(groups, chosen.group_ids)],
        regions=_picked(regions, chosen.region_ids),
        languages=chosen.languages,
        roles=chosen.roles,
        sent=_picked(sent, chosen.sent_announcement_ids),
        not_in=_picked(caucuses, chosen.exclude_caucus_ids),
        not_on=_picked(groups, chosen.exclude_group_ids),
        not_sent=_picked(sent, chosen.exclude_announcement_ids),
    )


def word(announcement: Announcement, people: int) -> str:
    """What is typed before it is sent: the short name of the one group that gets it; of several, how many people."""
    chosen = Audience.from_json(announcement.audience)
    only = None
    if not chosen.everybody and len(chosen.caucus_ids) + len(chosen.group_ids) == 1:
        key = (*chosen.caucus_ids, *chosen.group_ids)[0]
        column, model = (Caucus.tag, Caucus) if chosen.caucus_ids else (EmailGroup.local_part, EmailGroup)
        only = db.session.scalar(select(column).where(model.id == key))
    return only or _("ALL %(number)s", number=people)


def same(typed: str, word: str) -> bool:
    """Whether ``typed`` is ``word``, whatever its case, spaces, brackets and commas."""
    return _letters(typed) == _letters(word)


def _letters(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())


def _names(model: Any, ids: Iterable[int]) -> dict[int, str]:
    wanted = set(ids)
    if not wanted:
        return {}
    here = (languages.current(),)
    found = db.session.execute(select(model.id, model.names).where(model.id.in_(wanted)))
    return {key: languages.pick(names, here) for key, names in found}


def _subjects(ids: Sequence[int]) -> dict[int, str]:
    if not ids:
        return {}
    sent = db.session.scalars(select(Announcement).where(Announcement.id.in_(ids))).all()
    return {key: languages.pick(texts, (languages.current(),)) for key, texts in queries.subjects(sent).items()}


def _picked(names: dict[int, str], ids: Iterable[int]) -> list[str]:
    return [names[key] for key in ids if key in names]
