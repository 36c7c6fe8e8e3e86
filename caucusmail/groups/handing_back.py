"""Take a hand-over of seats back, for 30 days: everything is the holder's again, exactly as it was."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from caucusmail import clock
from caucusmail.accounts import calendar_address, signing_in
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit import queries as audit
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, lock, moved
from caucusmail.delivery import handing_on
from caucusmail.directory import affiliation, hand_overs, representation
from caucusmail.directory.affiliation import MovedOn
from caucusmail.directory.hand_over_models import HandOver
from caucusmail.directory.models import Affiliation, AffiliationState, Caucus, Consent, Representative, Seat
from caucusmail.groups import copies, snapshots, telling_hand_overs
from caucusmail.groups.handing_over import DONE, Stood
from caucusmail.groups.models import Subscription
from caucusmail.languages import _


def take_back(step: AuditEntry, *, by: Person | None) -> bool:
    """Everything is the holder's again, exactly as it was. False: that was done before.

    :raises MovedOn: the successor no longer holds one of the seats, or the holder has one anew.
    :raises caucusmail.directory.representation.LastAdministrator: nobody would be left to look after the organisation.
    """
    holder = db.session.get(Representative, step.detail["representative"])
    successor = db.session.get(Person, step.detail["successor"])
    if holder is None or successor is None:
        raise MovedOn(_("This has changed in the meantime, so it could not be taken back."))
    lock(holder.ngo)
    if audit.taken_back(step):
        return False
    looked_after = representation.looked_after(holder.ngo)
    for stood in step.detail["stood"]:
        _rise(successor, stood, by)
    groups = step.detail["served"]
    db.session.execute(
        delete(Subscription).where(Subscription.person_id == successor.id, Subscription.group_id.in_(groups))
    )
    copies.withdraw(successor)
    _dismiss(step.detail["appointed"], successor, by)
    if step.detail["term"] is not None:
        representation.restore_term(step.detail["term"], by=by)
    if looked_after and not representation.looked_after(holder.ngo):
        raise representation.LastAdministrator(
            _(
                "%(name)s is the only administrator by now. Make somebody else administrator first, or ask the secretariat; then it can be taken back.",
                name=successor.name,
            )
        )
    for former in step.detail["former"]:
        affiliation.restore(former, by=by)
    for number, sat in step.detail["bare"]:
        affiliation.take(db.session.get_one(Seat, number), holder.person_id, sat)
    snapshots.put_back(holder.person, step.detail["subscriptions"])
    copies.ready_again(holder.person, handing_on.without_one(step.detail["withdrawn"], successor.id))
    if step.detail["calendar"] is not None:
        calendar_address.give_back(holder.person, *step.detail["calendar"])
    moved(HandOver, HandOver.id == step.subject_id, undone_at=clock.now())
    journal.record(audit.TAKEN_BACK, step, by)
    caucuses = db.session.scalars(
        select(Caucus).where(Caucus.id.in_([one["caucus"] for one in step.detail["stood"]])).order_by(Caucus.id)
    ).all()
    telling_hand_overs.taken_back(holder, successor, caucuses)
    return True


def holds(step: AuditEntry) -> bool:
    """Whether the holder sits on all of the seats, now."""
    ids = [stood["seat"] for stood in step.detail["stood"]]
    sits = db.session.scalars(select(Seat.id).where(Seat.id.in_(ids), Seat.holder_id == step.detail["person"])).all()
    return len(sits) == len(ids)


def _rise(successor: Person, stood: Stood, by: Person | None) -> None:
    """The successor gets up from one seat, and stands in its caucus as before."""
    if not affiliation.leave_seat(stood["seat"], successor.id):
        raise MovedOn(_("This has changed in the meantime, so it could not be taken back."))
    place = db.session.scalars(
        select(Affiliation).where(Affiliation.person_id == successor.id, Affiliation.caucus_id == stood["caucus"])
    ).one()
    if stood["state"] is None:
        affiliation.end(place, by=by)
    else:
        place.state, place.seat_id = AffiliationState(stood["state"]), stood["own_seat"]
        place.since = datetime.fromisoformat(stood["since"] or "")
        own = db.session.get(Seat, stood["own_seat"]) if stood["own_seat"] else None
        if own is not None and place.state is AffiliationState.ACTIVE:
            affiliation.take(own, successor.id, stood["sat"])
    given = db.session.get(Consent, stood["consent"])
    if given is not None and given.withdrawn_at is None:
        given.withdrawn_at = clock.now()
    db.session.flush()


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
