"""What people need to take part, and what they say to a meeting's own questions: beside their answer, and gone with it.

Those who keep the group see of this what each person agreed to. Of who did not agree there are totals only, of every group,
whether its roster is seen or not: they are counted again with the answers (``tallies``), so that two looks never differ by one
person, and none is shown of fewer than five. A language that few need is not named either: it tells who they are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, select

from caucusmail import languages
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.directory import visibility
from caucusmail.directory.rounding import FEWEST, rounded
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Invalid, NotFound
from caucusmail.languages import _
from caucusmail.meetings import places, questions, quotas, wording
from caucusmail.meetings.models import Answer, AnswerState, AnswerTally, Meeting

LONGEST = 200  # characters, of each thing said
MOST = 500  # people who are named on one page
_INTO, _SAID = "into:", "said:"


@dataclass(frozen=True)
class Needs:
    """What somebody filled in beside their answer."""

    interpretation: str = ""  # language code
    wheelchair: bool = False
    from_afar: bool = False
    other: str = ""
    said: Mapping[int, str] = field(default_factory=dict)  # by the id of the question
    may_contact: bool = False
    on_door_list: bool = False  # name and organisation


@dataclass(frozen=True)
class Totals:
    """How many need what, as it was counted last; None: fewer than five, and how many exactly is nobody's business."""

    wheelchair: int | None
    from_afar: int | None
    other: int | None
    interpretation: Sequence[tuple[str, int]]  # languages that at least five need
    further_languages: int | None  # all others together
    said: Mapping[int, int | None]  # how many said something, by the id of the question
    on_door_list: int | None


@dataclass(frozen=True)
class Named:
    """What one person said, who agreed that those who keep the group see it."""

    name: str
    organisation: str
    address: str
    answer: Answer

    @property
    def said(self) -> Mapping[int, str]:
        """To the meeting's questions, by the id of the question."""
        return {int(key): words for key, words in self.answer.said.items()}


def tidied(meeting: Meeting, filled: Needs) -> Needs:
    """``filled`` as it is kept: what the meeting has no use for is left out.

    :raises Invalid: naming the field that cannot be taken.
    """
    if filled.interpretation and filled.interpretation not in languages.WRITTEN:
        raise Invalid("interpretation", _("What was chosen is not on the list. Please choose again."))
    asked = {one.id for one in questions.of(meeting)}
    said = {key: wording.one_line(f"said_{key}", words, LONGEST) for key, words in filled.said.items() if key in asked}
    return Needs(
        interpretation=filled.interpretation,
        wheelchair=filled.wheelchair and places.on_site(meeting),
        from_afar=filled.from_afar and places.by_line(meeting),
        other=wording.one_line("other_need", filled.other, LONGEST),
        said={key: words for key, words in said.items() if words},
        may_contact=filled.may_contact,
        on_door_list=filled.on_door_list and places.on_site(meeting),
    )


def put(one: Answer, tidy: Needs) -> None:
    """Keep ``tidy`` beside an answer, in the place of what was there."""
    one.interpretation, one.wheelchair, one.from_afar = tidy.interpretation, tidy.wheelchair, tidy.from_afar
    one.other_need, one.may_contact, one.on_door_list = tidy.other, tidy.may_contact, tidy.on_door_list
    one.said = {str(key): words for key, words in tidy.said.items()}


def kept(one: Answer) -> Needs:
    """What stands beside an answer."""
    said = {int(key): words for key, words in one.said.items()}
    return Needs(
        one.interpretation, one.wheelchair, one.from_afar, one.other_need, said, one.may_contact, one.on_door_list
    )


def counts(meeting: Meeting) -> dict[str, int]:
    """How many need what, to this moment; for ``tallies`` alone."""
    found: Counter[str] = Counter()
    for one in db.session.scalars(_said_by(meeting)):
        found["wheelchair"] += one.wheelchair
        found["from-afar"] += one.from_afar
        found["other"] += bool(one.other_need)
        found["door"] += one.on_door_list and one.has_place
        found.update([_INTO + one.interpretation] if one.interpretation else [])
        found.update(_SAID + key for key in one.said)
    return {key: number for key, number in found.items() if number}


def totals(meeting: Meeting, by: Viewer) -> Totals | None:
    """How many needed what when it was counted last; None: too few have answered yet.

    :raises NotFound: ``by`` does not keep the meeting's caucus.
    """
    _allow(meeting, by)
    tally = db.session.get(AnswerTally, meeting.id)
    if tally is None:
        return None
    counted = Counter({str(key): int(number) for key, number in tally.needs.items()})
    into = {key.removeprefix(_INTO): number for key, number in counted.items() if key.startswith(_INTO)}
    many = {language: number for language, number in into.items() if number >= FEWEST}
    return Totals(
        wheelchair=_shown(counted["wheelchair"]),
        from_afar=_shown(counted["from-afar"]),
        other=_shown(counted["other"]),
        interpretation=[(language, rounded(many[language]) or 0) for language in languages.in_our_order(many)],
        further_languages=_shown(sum(into.values()) - sum(many.values())),
        said={one.id: _shown(counted[f"{_SAID}{one.id}"]) for one in questions.of(meeting)},
        on_door_list=_shown(counted["door"]),
    )


def named(meeting: Meeting, by: Viewer) -> Sequence[Named]:
    """Those who agreed that what they said is seen with their name, by name.

    :raises NotFound: ``by`` does not keep the meeting's caucus.
    """
    _allow(meeting, by)
    rows = db.session.execute(
        _said_by(meeting)
        .add_columns(Person)
        .join(Person, Person.id == Answer.person_id)
        .where(Answer.may_contact)
        .order_by(Person.name, Person.id)
        .limit(MOST)
    ).all()
    ngos = quotas.names(meeting, [person.id for _answer, person in rows])
    return [
        Named(person.name, ngos.get(person.id, ""), person.address, one)
        for one, person in rows
        if visibility.may_see_given_address(by, meeting.caucus_id, agreed=one.may_contact) and _says(one)
    ]


def _says(one: Answer) -> bool:
    return bool(one.interpretation or one.wheelchair or one.from_afar or one.other_need or one.said)


def _said_by(meeting: Meeting) -> Select[Answer]:
    return select(Answer).where(Answer.meeting_id == meeting.id, Answer.state != AnswerState.NOT_COMING)


def _shown(number: int) -> int | None:
    return number and rounded(number)


def _allow(meeting: Meeting, by: Viewer) -> None:
    if not by.keeps_caucus(meeting.caucus_id):
        raise NotFound
