"""What people need and said, in words: how many for everybody, each thing for who agreed to that. Pure."""

from collections.abc import Mapping

from caucusmail import languages
from caucusmail.languages import _
from caucusmail.meetings.needs import Named, Totals


def lines(totals: Totals | None, asked: Mapping[int, str]) -> list[tuple[str, int | None]]:
    """What is needed and by how many (None: fewer than five); what nobody needs is left out. ``asked``: questions by id."""
    if totals is None:
        return []
    needed = [
        (_("Use a wheelchair"), totals.wheelchair),
        (_("Take part online"), totals.from_afar),
        *((into(language), number) for language, number in totals.interpretation),
        (_("Interpretation into a language that fewer than five need"), totals.further_languages),
        (_("Something else"), totals.other),
        *((_("Answers to “%(question)s”", question=asked[key]), number) for key, number in totals.said.items()),
    ]
    return [(label, number) for label, number in needed if number != 0]


def said(person: Named, asked: Mapping[int, str]) -> list[tuple[str, str]]:
    """What one person said, a line each: what it is, and their words if there are any."""
    one = person.answer
    found = [
        (_("Uses a wheelchair"), "") if one.wheelchair else None,
        (_("Takes part online"), "") if one.from_afar else None,
        (into(one.interpretation), "") if one.interpretation else None,
        (_("Something else"), one.other_need) if one.other_need else None,
        *((question, person.said[key]) for key, question in asked.items() if key in person.said),
    ]
    return [line for line in found if line is not None]


def into(language: str) -> str:
    """Interpretation into one language."""
    return _("Interpretation: %(language)s", language=languages.name(language))
