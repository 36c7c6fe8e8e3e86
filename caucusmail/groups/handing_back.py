"""Take a hand-over of seats back, for 30 days: everything is the holder's again, exactly as it was.

Where the holder has left since, nobody but they themselves puts them back in: the seat is the organisation's, without a holder.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from caucusmail import clock
from caucusmail.accounts import calendar_address, preferences, signing_in
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit import queries as audit
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, lock, moved
from caucusmail.delivery import handing_on
from caucusmail.directory import affiliation, hand_overs, representation, seating, several_seats, showing, visibility
from caucusmail.directory.affiliation import MovedOn
from caucusmail.directory.hand_over_models import HandOver
from caucusmail.directory.models import Affiliation, AffiliationState, Caucus, Consent, Representative, Seat, Shown
from caucusmail.groups import copies, snapshots, standing_down, telling_hand_overs
from caucusmail.groups.handing_over import DONE, Stood
from caucusmail.groups.models import EmailGroup, Subscription
from caucusmail.groups.queries import LEFT
from caucusmail.languages import _

ACTIVE = AffiliationState.ACTIVE.value


def take_back(step: AuditEntry, *, by: Person | None) -> bool:
    """Everything is the holder's again, exactly as it was, but where they have left since. False: that was done before.

    :raises MovedOn: the successor no longer holds one of the seats, or the holder has one anew.
    :raises caucusmail.directory.representation.LastAdministrator: nobody would be left to look after the organisation.
    """
    holder = db.session.get(Representative, step.detail["representative"])
    successor = db.session.get(Person, step.detail["successor"])
    if holder is None or successor is None:
        raise MovedOn(_("This has changed in the meantime, so it could not be taken back."))
    lock(holder.ngo)
    if not audit.once(step):
        return False
    caucus_ids = [stood["caucus"] for stood in step.detail["stood"]]
    left = set[int]() if by is holder.person else _left_since(holder.person, step, caucus_ids)
    looked_after, power = representation.looked_after(holder.ngo), _power(step, holder, by)
    _stand_down(step, successor, by)
    comes_back = left != set(caucus_ids)
    if comes_back and step.detail["term"] is not None:
        representation.restore_term(step.detail["term"], by=by, power=power)
    if looked_after and not representation.looked_after(holder.ngo):
        raise representation.LastAdministrator(
            _(
                "%(name)s is the only administrator by now. Make somebody else administrator first, or ask the secretariat; then it can be taken back.",
                name=successor.name,
            )
        )
    if comes_back:
        _put_back(step, holder.person, left, by)
    moved(HandOver, HandOver.id == step.subject_id, undone_at=clock.now())
    journal.record(audit.TAKEN_BACK, step, by)
    caucuses = db.session.scalars(select(Caucus).where(Caucus.id.in_(caucus_ids)).order_by(Caucus.id)).all()
    telling_hand_overs.taken_back(holder, successor, caucuses, left)
    return True


def _power(step: AuditEntry, holder: Representative, by: Person | None) -> bool:
    """Whether who was administrator is so again: not where the successor has lost since what came with the seats, unless ``by``
    looks after the organisation now."""
    appointed = step.detail["appointed"]
    if not appointed["made_admin"] or db.session.get_one(Representative, appointed["representative"]).admin:
        return True
    now = visibility.viewer(by) if by is not None else visibility.STRANGER
    return now.secretariat or holder.ngo_id in now.administers


def _left_since(person: Person, step: AuditEntry, caucus_ids: Sequence[int]) -> set[int]:
    """Which of these caucuses the holder has left since ``step``; all of them, if they have left everything."""
    if person.left_at is not None and person.left_at > step.at:
        return set(caucus_ids)
    steps = db.session.scalars(
        select(AuditEntry).where(
            AuditEntry.subject_kind == Person.__tablename__,
            AuditEntry.subject_id == person.id,
            AuditEntry.verb == LEFT,
            AuditEntry.id > step.id,
        )
    )
    gone = {former["caucus"] for one in steps for former in one.detail["former"]} & set(caucus_ids)
    again = select(Affiliation.caucus_id).where(
        Affiliation.person_id == person.id, Affiliation.state == AffiliationState.ACTIVE
    )
    return gone - set(db.session.scalars(again))


def _stand_down(step: AuditEntry, successor: Person, by: Person | None) -> None:
    """The successor gets up from the seats, is off the groups that came with them, and speaks for the organisation no more."""
    for stood in step.detail["stood"]:
        _rise(successor, stood, by)
    served = step.detail["served"]
    stays = [
        one["caucus"] for one in step.detail["stood"] if one["state"] != ACTIVE and _is_in(successor, one["caucus"])
    ]
    groups = select(EmailGroup.id).where(EmailGroup.id.in_(served), EmailGroup.caucus_id.not_in(stays))
    db.session.execute(
        delete(Subscription).where(Subscription.person_id == successor.id, Subscription.group_id.in_(groups))
    )
    copies.withdraw(successor)
    _dismiss(step.detail["appointed"], successor, by)
    if not step.detail["appointed"]["served"]:
        term = db.session.get_one(Representative, step.detail["appointed"]["representative"])
        standing_down.leave(successor, term.ngo)


def _put_back(step: AuditEntry, person: Person, left: Collection[int], by: Person | None) -> None:
    """The holder sits and is served as before, but in the caucuses that they have ``left``."""
    for former in step.detail["former"]:
        if former["caucus"] not in left:
            affiliation.restore(former, by=by)
    up = [one for one in step.detail["up"] if db.session.get_one(Seat, one["seat"]).caucus_id not in left]
    several_seats.sit_again(person, up)
    snapshots.put_back(person, [was for was in step.detail["subscriptions"] if was["caucus"] not in left])
    copies.ready_again(person, handing_on.without_one(step.detail["withdrawn"], step.detail["successor"]))
    if step.detail["calendar"] is not None:
        calendar_address.give_back(person, *step.detail["calendar"])
    preferences.arrive(person)


def holds(step: AuditEntry) -> bool:
    """Whether the holder sits on all of the seats, now."""
    ids = [stood["seat"] for stood in step.detail["stood"]]
    sits = db.session.scalars(select(Seat.id).where(Seat.id.in_(ids), Seat.holder_id == step.detail["person"])).all()
    return len(sits) == len(ids)


def _rise(successor: Person, stood: Stood, by: Person | None) -> None:
    """The successor gets up from one seat, and stands in its caucus as before."""
    seat = db.session.get_one(Seat, stood["seat"])
    if seat.holder_id != successor.id:
        raise MovedOn(_("This has changed in the meantime, so it could not be taken back."))
    for one in stood["vacated"]:
        seating.back(one["seat"], successor.id, one["sat"])
    place = db.session.scalars(
        select(Affiliation).where(Affiliation.person_id == successor.id, Affiliation.caucus_id == stood["caucus"])
    ).one()
    rest = [one.id for one in several_seats.others(seat, successor)]
    if rest or (stood["state"] == ACTIVE and stood["own_seat"] is not None):
        several_seats.get_up(successor, [seat], by=by)  # what other organisations gave is not touched
        place.seat_id = stood["own_seat"] if stood["own_seat"] in rest else place.seat_id
        _shown_as_before(place, stood)
    elif stood["state"] is None:
        affiliation.end(place, by=by)
    else:
        seating.leave_seat(seat.id, successor.id)
        place.state, place.seat_id = AffiliationState(stood["state"]), None
        place.since = datetime.fromisoformat(stood["since"] or "")
        place.ended_by_id = stood["ended_by"]
        _shown_as_before(place, stood)
    given = db.session.get(Consent, stood["consent"])
    if given is not None and given.withdrawn_at is None and (stood["state"] == ACTIVE or not rest):
        given.withdrawn_at = clock.now()
    db.session.flush()


def _shown_as_before(place: Affiliation, stood: Stood) -> None:
    """What others may see of the successor, unless they have chosen it since."""
    named = db.session.get(Seat, place.seat_id) if place.seat_id else None
    if place.state in affiliation.OUTSIDE or place.shown not in showing.choices(named.ngo if named else None):
        place.shown = Shown(stood["shown"] or Shown.NOTHING)


def _is_in(person: Person, caucus_id: int) -> bool:
    mine = (Affiliation.person_id == person.id, Affiliation.caucus_id == caucus_id)
    return (
        db.session.scalar(select(Affiliation.id).where(*mine, Affiliation.state == AffiliationState.ACTIVE)) is not None
    )


def _dismiss(appointed: dict[str, Any], successor: Person, by: Person | None) -> None:
    """The successor speaks for the organisation no more, if they did not before."""
    number = appointed["representative"]
    if not appointed["served"]:
        moved(Representative, Representative.id == number, until=clock.now(), admin=False)
    elif appointed["made_admin"]:
        moved(Representative, Representative.id == number, admin=False)
    if appointed["made_admin"]:
        signing_in.sign_out_everywhere(successor, by=by)


def step_of(offered: HandOver) -> AuditEntry | None:
    """The entry of a hand-over that was done and can still be taken back."""
    found = db.session.scalar(
        select(AuditEntry)
        .where(
            AuditEntry.verb == DONE,
            AuditEntry.subject_kind == HandOver.__tablename__,
            AuditEntry.subject_id == offered.id,
        )
        .limit(1)
    )
    if found is None or found.at < clock.now() - hand_overs.WAY_BACK or audit.taken_back(found):
        return None
    return found
