"""Who is in a caucus, as much of it as the viewer may see; and one address, for a reason that is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select, true
from sqlalchemy.orm import contains_eager

from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.directory import lookalikes, looked_at, pseudonyms, queries, visibility
from caucusmail.directory.models import Affiliation, AffiliationState, Caucus, Ngo, Region, Seat, Shown
from caucusmail.directory.pseudonym_models import Pseudonym
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Invalid, NotAllowed, NotFound
from caucusmail.languages import _, in_a_row
from caucusmail.mail import addresses

PER_PAGE = 25
WITH_ORGANISATION = (Shown.NAME_AND_ORGANISATION, Shown.ORGANISATION)
WITH_REGION = (*WITH_ORGANISATION, Shown.REGION)


class NoRoster(NotFound):
    """Who is in this caucus is not this viewer's business."""


class NoReason(Invalid):
    """An address is shown for a reason."""


@dataclass(frozen=True)
class Member:
    """One line: what the viewer may see of one member; an empty text is not to be seen, or not there."""

    affiliation_id: int
    name: str
    organisation: str
    country: str  # code
    region: Region | None
    masked: str  # address, for who may ask for it in full
    pseudonym: str = ""  # instead of all that stands above
    mailbox: str = ""  # what letters to the pseudonym go through, if it takes any
    sheltered: bool = False  # protected already (said to who keeps the caucus alone)


@dataclass(frozen=True)
class Roster:
    """One page of members."""

    members: Sequence[Member]
    found: int  # that match the search and are to be seen
    active: int  # all who are in
    organisations: int
    page: int
    pages: int


def members(caucus: Caucus, by: Viewer, search: str = "", page: int = 1) -> Roster:
    """Page ``page`` (from 1) of the active members who match ``search``, by organisation and name.

    :raises NoRoster: the viewer may not see who is in.
    """
    if not visibility.may_see_roster(by, caucus):
        raise NoRoster
    found, sight = _found(caucus, by, search), _sight(caucus, by)
    active, organisations = _counts(caucus)
    everybody = not search and by.keeps_caucus(caucus.id)
    total = active if everybody else db.session.scalar(found.with_only_columns(func.count())) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, page), pages)
    ids = _ids(found, sight, total, (page - 1) * PER_PAGE)
    return Roster(_lines(by, ids), total, active, organisations, page, pages)


def everybody(caucus: Caucus, by: Viewer) -> Sequence[Member]:
    """All active members whom ``by`` may see, by organisation and name; four statements.

    :raises NoRoster: the viewer may not see who is in.
    """
    if not visibility.may_see_roster(by, caucus):
        raise NoRoster
    return _lines(by, db.session.scalars(_found(caucus, by, "").order_by(*_order(_sight(caucus, by)))).all())


def _order(sight: "Sight") -> list[ColumnElement[Any]]:
    """By what is seen of each. Lines in the order of their numbers look the same: nobody reads from it who joined before whom."""
    by_name, by_ngo = sight.called(), sight.only(sight.organisation, func.coalesce(Ngo.name, ""))
    by_region = [] if sight.all else [case((sight.region, func.coalesce(Ngo.region_id, 0)), else_=0)]
    return [by_ngo == "", func.lower(by_ngo), func.lower(by_name), *by_region, Affiliation.id.expression]


def _ids(found: Select[int], sight: "Sight", total: int, first: int) -> Sequence[int]:
    """The ids of one page, in order. What is sorted is narrow, and begins at the nearer end: so a database keeps little of it."""
    order = _order(sight)
    if total == 0:
        return []
    if first <= total // 2:
        return db.session.scalars(found.order_by(*order).limit(PER_PAGE).offset(first)).all()
    last = min(first + PER_PAGE, total)
    backwards = found.order_by(*(one.desc() for one in order)).limit(last - first).offset(total - last)
    return db.session.scalars(backwards).all()[::-1]


def _found(caucus: Caucus, by: Viewer, search: str) -> Select[int]:
    """Who is active, to be seen and matches ``search``: ids of affiliations."""
    sight = _sight(caucus, by)
    found = (
        select(Affiliation.id)
        .join(Person, Person.id == Affiliation.person_id)
        .outerjoin(Seat, Seat.id == Affiliation.seat_id)
        .outerjoin(Ngo, Ngo.id == Seat.ngo_id)
        .where(*_active(caucus), sight.anything, *_matching(search, sight))
    )
    return found if sight.all else found.outerjoin(Pseudonym, Pseudonym.affiliation_id == Affiliation.id)


def _lines(by: Viewer, ids: Sequence[int]) -> Sequence[Member]:
    """These affiliations, in this order."""
    rows = db.session.execute(
        select(Affiliation, Ngo, Region)
        .join(Affiliation.person)
        .outerjoin(Seat, Seat.id == Affiliation.seat_id)
        .outerjoin(Ngo, Ngo.id == Seat.ngo_id)
        .outerjoin(Region, Region.id == Ngo.region_id)
        .where(Affiliation.id.in_(ids))
        .options(contains_eager(Affiliation.person))
    ).all()
    places = {one: place for place, one in enumerate(ids)}
    ordered = sorted(rows, key=lambda row: places[row[0].id])
    made_up = {} if not ordered or by.keeps_caucus(ordered[0][0].caucus_id) else pseudonyms.shown_in(ids)
    also = queries.further(ids)
    return [_member(by, one, [ngo, *also[one.id]] if ngo else [], region, made_up) for one, ngo, region in ordered]


def member(affiliation_id: int, caucus: Caucus, by: Viewer) -> Person:
    """Who has this membership, for who may see their address.

    :raises NotAllowed: the viewer may not.
    :raises NoRoster: no such member of this caucus.
    """
    return _reachable(affiliation_id, caucus, by).person


def reveal(affiliation_id: int, caucus: Caucus, reason: str, by: Viewer) -> str:
    """The address of one member, in full; that it was looked at, by whom and why, is written down.

    :raises NotAllowed: the viewer may not see addresses.
    :raises NoReason: none is given.
    :raises NoRoster: no such member of this caucus.
    """
    place = _reachable(affiliation_id, caucus, by)
    if not reason.strip():
        raise NoReason("reason", _("Say why you need this address. The reason is kept with your name."))
    journal.record(looked_at.SHOWN, place, by.person, reason=reason.strip(), role=by.role)
    return place.person.address


def _reachable(affiliation_id: int, caucus: Caucus, by: Viewer) -> Affiliation:
    place = db.session.get(Affiliation, affiliation_id)
    if place is None or place.caucus_id != caucus.id or not visibility.may_see_roster(by, caucus):
        raise NoRoster
    if not visibility.may_see_address(by, place.person_id):
        raise NotAllowed
    return place


def _active(caucus: Caucus) -> Sequence[ColumnElement[bool]]:
    return Affiliation.caucus_id == caucus.id, Affiliation.state == AffiliationState.ACTIVE


@dataclass(frozen=True)
class Sight:
    """What of a row the viewer may see, as conditions."""

    anything: ColumnElement[bool]
    organisation: ColumnElement[bool]
    region: ColumnElement[bool]
    name: ColumnElement[bool]
    pseudonym: ColumnElement[bool]

    @property
    def all(self) -> bool:
        """Whether nothing is hidden."""
        return self.anything is _ALWAYS

    def called(self) -> ColumnElement[Any]:
        """What somebody is called here: their name or their pseudonym, as it may be seen."""
        if self.all:
            return Person.name.expression
        return case((self.name, Person.name), (self.pseudonym, Pseudonym.name), else_="")

    def only(self, seen: ColumnElement[bool], value: Any) -> ColumnElement[Any]:
        """``value`` where it is ``seen``, else an empty text."""
        return value if seen is _ALWAYS else case((seen, value), else_="")


_ALWAYS = true()


def _sight(caucus: Caucus, by: Viewer) -> Sight:
    """SQL twin of ``visibility.shown_of``, for searching and ordering only: what is shown is still asked there."""
    if by.keeps_caucus(caucus.id):  # no condition: a case for each of ten thousand rows would cost half the time
        return Sight(_ALWAYS, _ALWAYS, _ALWAYS, _ALWAYS, false())
    own = Affiliation.person_id == (by.id or 0)
    return Sight(
        own | (Affiliation.shown != Shown.NOTHING),
        own | Affiliation.shown.in_(WITH_ORGANISATION),
        own | Affiliation.shown.in_(WITH_REGION),
        own | (Affiliation.shown == Shown.NAME_AND_ORGANISATION),
        ~own & (Affiliation.shown == Shown.PSEUDONYM),
    )


def _matching(search: str, sight: Sight) -> Sequence[ColumnElement[bool]]:
    """Every word is found in what the viewer can see; what is hidden cannot be found by guessing."""
    return [
        or_(
            sight.called().icontains(word, autoescape=True),
            sight.organisation
            & or_(
                Ngo.name.icontains(word, autoescape=True),
                Ngo.latin_name.icontains(word, autoescape=True),
                func.lower(Ngo.acronym) == word.lower(),
            ),
        )
        for word in reversed(search.split()[:6])  # the last one is a family name more often than not, and few have it
    ]


def _counts(caucus: Caucus) -> tuple[int, int]:
    row = db.session.execute(
        select(func.count(), func.count(func.distinct(Seat.ngo_id)))
        .select_from(Affiliation)
        .outerjoin(Seat, Seat.id == Affiliation.seat_id)
        .where(*_active(caucus))
    ).one()
    return row[0], row[1]


def _member(
    by: Viewer, place: Affiliation, ngos: Sequence[Ngo], region: Region | None, names: Mapping[int, Pseudonym]
) -> Member:
    shown, made_up = visibility.shown_of(by, place), names.get(place.id)
    if shown is Shown.PSEUDONYM and made_up is not None:
        return Member(place.id, "", "", "", None, "", made_up.name, made_up.mailbox if made_up.reachable else "")
    told = ngos if shown in WITH_ORGANISATION else ()
    return Member(
        place.id,
        place.person.name if shown is Shown.NAME_AND_ORGANISATION else "",
        in_a_row(dict.fromkeys(ngo.name for ngo in told)),
        next((ngo.country_code or "" for ngo in told), ""),
        region if shown in WITH_REGION else None,
        addresses.masked(place.person.address) if by.secretariat else "",
        sheltered=by.keeps_caucus(place.caucus_id) and place.person.shelter is not None,
    )


def organisations(caucus: Caucus, by: Viewer, search: str = "", limit: int = 60) -> Sequence[Ngo]:
    """The organisations with an active member whose organisation ``by`` may see, that match ``search``, by name.

    :raises NoRoster: the viewer may not see who is in.
    """
    if not visibility.may_see_roster(by, caucus):
        raise NoRoster
    seen = _sight(caucus, by).organisation
    inside = (
        select(Seat.ngo_id).join(Affiliation, Affiliation.seat_id == Seat.id).where(*_active(caucus), seen).distinct()
    )
    words = [
        or_(
            *(column.icontains(word, autoescape=True) for column in (Ngo.name, Ngo.latin_name, Ngo.other_name)),
            func.lower(Ngo.acronym) == word.lower(),
        )
        for word in search.split()[:6]
    ]
    return db.session.scalars(
        select(Ngo).where(Ngo.id.in_(inside), *words).order_by(func.lower(Ngo.name), Ngo.id).limit(limit)
    ).all()


def organisation_named(caucus: Caucus, name: str) -> int | None:
    """The id of the one organisation with a seat in ``caucus`` that is called exactly so, by whatever of its names; None if
    none is, or several. Nobody who typed the name may be told."""
    key, typed = lookalikes.name_key(name), name.strip().lower()
    names = (func.lower(column) == typed for column in (Ngo.latin_name, Ngo.other_name, Ngo.acronym))
    found = db.session.scalars(
        select(Ngo.id)
        .where(
            Ngo.id.in_(select(Seat.ngo_id).where(Seat.caucus_id == caucus.id, Seat.until.is_(None))),
            or_(Ngo.name_key == key, *names),
        )
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None
