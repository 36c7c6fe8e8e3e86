"""The ways on which an announcement reaches a deputy in place of who is away: SQL that ``standing`` joins to its own.

What closes the holder's way (``away``) and what opens the deputy's (``ways``) is one condition, so that a copy goes to the one or to
the other. Where the deputy is not there either, neither is met: it stays with the holder, and nobody chains on.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, literal, not_, null, or_, select
from sqlalchemy.orm import aliased

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.models import LeftOut
from caucusmail.database import db
from caucusmail.delivery import suppression
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.directory import absences
from caucusmail.directory.absence_models import Absence, AbsenceState
from caucusmail.directory.models import Affiliation, Caucus, Ngo, Representative, Seat
from caucusmail.groups.copies import SEAT
from caucusmail.groups.models import EmailGroup, Subscription
from caucusmail.languages import _, pick
from caucusmail.meetings import answers

KEPT = (LeftOut.AWAY, LeftOut.PAUSED, LeftOut.READS_ON_SITE, LeftOut.SUPPRESSED)
"""What closes only the holder's own way: how they are reached, or not, is not the deputy's."""

Deputy = aliased(Person, name="deputy")
Holder = aliased(Representative, name="holder")
"""A name of its own: what asks for a role asks the same table."""


def covered(at: datetime, shut: Sequence[int]) -> ColumnElement[bool]:
    """SQL: a deputy who is there stands in at ``at``, of the tables Absence, Holder, Deputy and those of a path.

    ``shut``: people to whose main address nothing is sent.
    """
    return and_(
        absences.in_force(at),
        Holder.id == Absence.representative_id,
        *absences.passes(at, Holder),
        Person.shelter.is_(None),
        Deputy.id == Absence.deputy_id,
        there(at, shut),
    )


def there(at: datetime, shut: Sequence[int]) -> ColumnElement[bool]:
    """SQL: the deputy is reached, speaks for the organisation, and is neither away nor pausing; of the tables Holder (the
    holder's), Deputy and EmailGroup."""
    other, away = aliased(Absence), aliased(Representative)
    is_away = exists().where(
        absences.in_force(at, other), away.id == other.representative_id, away.person_id == Deputy.id
    )
    return and_(
        Deputy.left_at.is_(None),
        Deputy.goes_at.is_(None),
        Deputy.shelter.is_(None),
        Deputy.id.not_in(list(shut)),
        absences.speaks(at, Holder.ngo_id, Deputy.id),
        not_(is_away),
        not_(_pauses(at)),
    )


def _pauses(at: datetime) -> ColumnElement[bool]:
    """The deputy pauses this group, or everything."""
    place, served = aliased(Subscription), aliased(Subscription)

    def paused(one: Any) -> ColumnElement[bool]:
        begun = one.paused_from.is_not(None) & (one.paused_from <= at)
        found: ColumnElement[bool] = begun & (one.paused_until.is_(None) | (one.paused_until > at))
        return found

    here = place.group_id == EmailGroup.id
    # by name: of themselves a nested question takes only the tables of the next one around it, and brings the others anew
    served_here = exists().where(served.person_id == Deputy.id, not_(func.coalesce(paused(served), False)))
    nowhere = ~served_here.correlate(Deputy)
    found = exists().where(place.person_id == Deputy.id, paused(place), or_(here, nowhere))
    return found.correlate(Deputy, EmailGroup)


def away(at: datetime, shut: Sequence[int]) -> ColumnElement[bool]:
    """SQL: the way of a path's own person is closed, for a deputy stands in."""
    return exists().where(covered(at, shut))


def ways(asked: Any, closed: Mapping[LeftOut, ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """SQL: a row for each way of a deputy, as those of ``standing.paths``: open, for the seat is meant."""
    shut = or_(*(wrong for reason, wrong in closed.items() if reason not in KEPT), _declined(asked.audience))
    return (
        select(
            Absence.deputy_id.label("person_id"),
            EmailGroup.id.label("group_id"),
            Affiliation.caucus_id,
            Seat.ngo_id,
            Ngo.country_code,
            literal(0).label("rank"),
            literal(0).label("manner"),
            null().label("paused_until"),
            literal(0).label("through"),
            literal(0).label("comes"),
            literal(0).label("address_id"),
            (literal("s") + cast(Absence.id, String) + "." + cast(EmailGroup.id, String)).label("key"),
        )
        .select_from(Absence)
        .join(Holder, Holder.id == Absence.representative_id)
        .join(Affiliation, Affiliation.person_id == Holder.person_id)
        .join(EmailGroup, EmailGroup.caucus_id == Affiliation.caucus_id)
        .join(Caucus, Caucus.id == Affiliation.caucus_id)
        .join(Person, Person.id == Affiliation.person_id)
        .join(Seat, Seat.id == Affiliation.seat_id)
        .join(Ngo, Ngo.id == Seat.ngo_id)
        .join(Deputy, Deputy.id == Absence.deputy_id)
        .join(Subscription, and_(Subscription.group_id == EmailGroup.id, Subscription.person_id == Person.id))
        .where(
            covered(asked.at, asked.shut),
            EmailGroup.id.in_([one.id for one in asked.groups]),
            EmailGroup.closed_at.is_(None),
            not_(func.coalesce(shut, False)),
        )
    )


def _declined(chosen: Audience) -> ColumnElement[bool]:
    """The deputy said that they do not come, for themselves or for the seat."""
    return or_(literal(False), *(Absence.deputy_id.in_(answers.declined(key)) for key in chosen.exclude_declined_ids))


def unreachable(marks: Collection[str]) -> list[int]:
    """Which deputies are written to at an address that is suppressed; ``marks`` are the fingerprints of all that are."""
    rows = db.session.execute(
        select(Person.id, Person.address)
        .join(Absence, Absence.deputy_id == Person.id)
        .where(Absence.state == AbsenceState.ACCEPTED, Absence.ends_at > clock.now())
    )
    return [number for number, address in rows if suppression.mark(address) in marks]


def seat_had(messages: Any, but: Sequence[DeliveryState]) -> ColumnElement[bool]:
    """SQL: a deputy of Person had one of these messages in their place; a copy in one of the states ``but`` counts for nothing."""
    one, theirs, copy = aliased(Absence), aliased(Representative), aliased(Delivery)
    brought = (literal(" ") + copy.why).contains(literal(" s") + cast(one.id, String) + ".")
    return exists().where(
        theirs.person_id == Person.id,
        one.representative_id == theirs.id,
        copy.person_id == one.deputy_id,
        copy.message_id.in_(messages),
        brought,
        copy.state.not_in(but),
    )


def had_copy(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """SQL: there is a copy (``where`` speaks of Delivery) that went to Person, to who is away while Person stands in, or to who
    stood in for Person."""
    one, holder = aliased(Absence), aliased(Representative)
    of_their_seat = exists().where(
        one.representative_id == holder.id,
        one.state.in_((AbsenceState.ACCEPTED, AbsenceState.ENDED)),
        or_(
            (one.deputy_id == Person.id) & (Delivery.person_id == holder.person_id),
            (holder.person_id == Person.id) & (Delivery.person_id == one.deputy_id),
        ),
        *where,
    )
    return exists().where(Delivery.person_id == Person.id, *where) | of_their_seat


def keys(message_id: int) -> set[str]:
    """The keys of deputies among the reasons of a message's copies."""
    whys = db.session.scalars(
        select(Delivery.why).where(Delivery.message_id == message_id, Delivery.why.contains(".")).distinct()
    )
    return {key for why in whys for key in why.split() if is_key(key)}


def words(keys: Iterable[str], language: str) -> dict[str, str]:
    """What the keys of deputies among ``keys`` say in the letter, in the current language: for whose seat, and where."""
    found = {key: match for key in keys if (match := SEAT.match(key))}
    if not found:
        return {}
    rows = db.session.execute(
        select(Absence.id, EmailGroup.id, Ngo.name, Caucus.names)
        .select_from(Absence)
        .join(Holder, Holder.id == Absence.representative_id)
        .join(Ngo, Ngo.id == Holder.ngo_id)
        .join(EmailGroup, EmailGroup.id.in_({int(one[2]) for one in found.values()}))
        .join(Caucus, Caucus.id == EmailGroup.caucus_id)
        .where(Absence.id.in_({int(one[1]) for one in found.values()}))
    )
    said = {
        f"s{absence_id}.{group_id}": _(
            "you stand in for the seat of %(ngo)s in %(caucus)s", ngo=ngo, caucus=pick(names, (language,))
        )
        for absence_id, group_id, ngo, names in rows
    }
    return {key: said[key] for key in found if key in said}


def group_of(key: str) -> int:
    """The id of the email group that such a key names; 0 if it is none."""
    found = SEAT.match(key)
    return int(found[2]) if found else 0


def is_key(key: str) -> bool:
    """Whether a copy came by standing in for somebody."""
    return SEAT.match(key) is not None
