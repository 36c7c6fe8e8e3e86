"""Places on email groups: subscribe, leave, come back.

A subscription lives while its affiliation is active. Leaving is one step, however much is left by it: it is written down
with what was before, so that it can be taken back exactly (``groups.undo``).
"""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, and_, exists, func, insert, literal, select
from sqlalchemy.orm import aliased

from caucusmail import clock
from caucusmail.accounts import preferences
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.delivery import ledger
from caucusmail.delivery.models import Delivery
from caucusmail.directory import affiliation, followup, keeping
from caucusmail.directory import queries as directory
from caucusmail.directory.affiliation import Former
from caucusmail.directory.keeping import LaidDown
from caucusmail.directory.models import Affiliation, AffiliationState, Caucus
from caucusmail.errors import Conflict
from caucusmail.groups import calling_off, copies, deputies, laying_down, letters, queries, snapshots, standing_down
from caucusmail.groups.models import EmailGroup, Mode, Subscription
from caucusmail.groups.queries import LEFT
from caucusmail.languages import _


class NotAMember(Conflict):
    """Only members have places on a caucus's groups."""


class NoWayBack(Conflict):
    """It was not left by the person themselves, or too long ago."""


def subscribe(person: Person, caucus: Caucus, *, by: Person | None = None) -> Sequence[EmailGroup]:
    """Give a member a place on every open group of the caucus; the groups that were new to them. Twice changes nothing.

    :raises NotAMember: the person's affiliation is not active.
    """
    place = directory.affiliation(person, caucus)
    if place is None or place.state is not AffiliationState.ACTIVE:
        raise NotAMember(_("%(name)s is not a member of this caucus.", name=person.name))
    groups = queries.open_groups(caucus)
    taken = {subscription.group_id for subscription in queries.subscriptions(person, caucus)}
    new = [group for group in groups if group.id not in taken]
    for group in new:
        db.session.add(
            Subscription(group_id=group.id, person_id=person.id, since=clock.now(), **snapshots.hushed(person))
        )
    if new:
        journal.record("groups.joined", place, by, groups=[group.id for group in new])
    preferences.arrive(person)
    return new


def subscribe_everybody(group: EmailGroup) -> None:
    """Give every member of its caucus a place on ``group``, served as on the caucus's oldest other group: a pause goes on.
    Twice changes nothing. One statement."""
    other = aliased(Subscription)
    oldest = select(func.min(EmailGroup.id)).where(
        EmailGroup.caucus_id == group.caucus_id, EmailGroup.id != group.id, EmailGroup.closed_at.is_(None)
    )
    members = (
        select(
            literal(group.id),
            Affiliation.person_id,
            func.coalesce(other.mode, literal(Mode.EVERY, type_=Subscription.mode.type)),
            literal(clock.now(), type_=Subscription.since.type),
            other.paused_from,
            other.paused_until,
            func.coalesce(other.lets_urgent, False),
            func.coalesce(other.lets_coming, False),
        )
        .outerjoin(other, and_(other.person_id == Affiliation.person_id, other.group_id == oldest.scalar_subquery()))
        .where(
            Affiliation.caucus_id == group.caucus_id,
            Affiliation.state == AffiliationState.ACTIVE,
            ~exists().where(Subscription.group_id == group.id, Subscription.person_id == Affiliation.person_id),
        )
    )
    columns = ["group_id", "person_id", "mode", "since", "paused_from", "paused_until", "lets_urgent", "lets_coming"]
    db.session.execute(insert(Subscription).from_select(columns, members, include_defaults=False))


def leave_caucus(person: Person, caucus: Caucus, *, by: Person | None) -> AuditEntry | None:
    """Take the person out of a caucus, or withdraw their wish to be in it, at once. None: there was nothing to leave."""
    seats = calling_off.leave(person, [caucus.id])
    groups = select(EmailGroup.id).where(EmailGroup.caucus_id == caucus.id)
    return _leave(person, Subscription.group_id.in_(groups), [directory.affiliation(person, caucus)], by, seats)


def leave_all(person: Person, *, by: Person | None) -> AuditEntry | None:
    """Take the person out of everything, at once. None: there was nothing to leave."""
    seats = calling_off.leave(person)
    standing_down.leave(person, by=person)
    places = [place.affiliation for place in queries.places(person)]
    vacancies, laid = laying_down.of(person), keeping.lay_down(person, by=by)
    step = _leave(person, Subscription.person_id == person.id, places, by, seats, laid)
    preferences.depart(person)
    laying_down.tell(person, vacancies)
    return step


def leave_groups(person: Person, group_ids: Iterable[int], *, by: Person | None) -> AuditEntry | None:
    """Take the person off these groups, and out of each caucus of which no group is left to them.

    None: they were on none of them.
    """
    wanted = set(group_ids)
    keep: dict[int, bool] = {}  # caucus: whether a place on another of its groups stays
    for subscription in queries.subscriptions(person):
        caucus_id = subscription.group.caucus_id
        keep[caucus_id] = keep.get(caucus_id, False) or subscription.group_id not in wanted
    ended = [
        place
        for place in queries.places(person)
        if keep.get(place.caucus.id) is False and place.affiliation.state is AffiliationState.ACTIVE
    ]
    seats = calling_off.leave(person, [place.caucus.id for place in ended])
    return _leave(person, Subscription.group_id.in_(wanted), [place.affiliation for place in ended], by, seats)


def leave_by_copy(copy: Delivery, only: Collection[int] | None = None) -> AuditEntry | None:
    """Leave exactly the groups that brought this copy (RFC 8058 one-click), or those of them whose ids are in ``only``. Whoever
    got it as a deputy no longer stands in there.

    None: its reader was on none of them any more.
    """
    person = copies.reader(copy)
    if person is None:
        return None
    for one in deputies.by_copy(copy, person) if only is None else ():
        deputies.end(one, by=person)
    groups = copies.groups_of(copy.why)
    return leave_groups(person, groups if only is None else groups & set(only), by=person)


def come_back(person: Person, caucus: Caucus, *, by: Person) -> None:
    """Go back into a caucus that the person left by themselves within the last 30 days: everything as it was.

    :raises NoWayBack: they did not leave it by themselves, or too long ago, or have joined anew.
    :raises caucusmail.directory.followup.Decided: they only waited, and what they waited for was decided without them.
    """
    for step in queries.steps_out(person):
        for former in step.detail["former"]:
            if former["caucus"] == caucus.id and affiliation.still_ended(former):
                _return(person, step, [former], by)
                return
    raise NoWayBack(_("You can only go back within 30 days of leaving. You are welcome to join again."))


def take_back(person: Person, step: AuditEntry, *, by: Person | None) -> None:
    """Undo a leaving: what was left by ``step`` and is not taken up again already is as it was.

    :raises caucusmail.directory.affiliation.MovedOn: the person has joined anew since.
    :raises caucusmail.directory.seating.SeatTaken: the organisation gave the seat to somebody else.
    :raises caucusmail.directory.followup.Decided: they waited, and what they waited for was decided without them.
    """
    formers = open_again(step)
    if step.detail["former"] and not formers:
        raise affiliation.MovedOn(_("This has changed in the meantime, so it could not be taken back."))
    _return(person, step, formers, by)


def open_again(step: AuditEntry) -> list[Former]:
    """What was left by ``step`` and can still be taken up again exactly as it was."""
    return [former for former in step.detail["former"] if affiliation.still_ended(former)]


def as_before(person: Person, step: AuditEntry) -> bool:
    """Whether the person is, now, everywhere they were before ``step``."""
    stands = {place.caucus.id: place.affiliation.state.value for place in queries.places(person)}
    served = {subscription.group_id for subscription in queries.subscriptions(person)}
    return all(stands.get(former["caucus"]) == former["state"] for former in step.detail["former"]) and all(
        was["group"] in served for was in step.detail["subscriptions"]
    )


def _leave(
    person: Person,
    which: ColumnElement[bool],
    places: Iterable[Affiliation | None],
    by: Person | None,
    seats: Sequence[str],
    laid: Sequence[LaidDown] = (),
) -> AuditEntry | None:
    subscriptions = snapshots.take_off(person, which)
    former = [ended for place in places if place is not None and (ended := affiliation.end(place, by=by)) is not None]
    if not subscriptions and not former and not laid:
        return None
    step = journal.record(
        LEFT,
        person,
        by,
        subscriptions=subscriptions,
        former=former,
        applicants=followup.let_go(person),
        withdrawn=copies.withdraw(person),
        keeping=list(laid),
    )
    db.session.flush()
    ledger.enqueue(letters.goodbye(person, step, seats), letters.to(person), about=("people", person.id))
    return step


def _return(person: Person, step: AuditEntry, formers: Sequence[Former], by: Person | None) -> None:
    """Put ``formers`` back with their places on groups, and the places whose caucus was not left with them."""
    missed = followup.put_back(step.detail["applicants"], [former["caucus"] for former in formers])
    formers = [one for one in formers if one["state"] != AffiliationState.WAITING or one["caucus"] not in missed]
    if missed and not formers:
        raise followup.too_late()
    for former in formers:
        affiliation.restore(former, by=by)
    left = {former["caucus"] for former in step.detail["former"]} - {former["caucus"] for former in formers}
    snapshots.put_back(person, [was for was in step.detail["subscriptions"] if was["caucus"] not in left])
    back = {former["caucus"] for former in formers}
    laid = step.detail.get("keeping", [])
    keeping.take_up([one for one in laid if one["caucus"] in back or not left], by=by)
    copies.ready_again(person, step.detail["withdrawn"])
    preferences.arrive(person)
