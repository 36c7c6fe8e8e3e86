"""Decisions that move people in and out of email groups: the directory's verbs, and what follows from them here."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.directory import reopening, standing, verification
from caucusmail.directory.admitting import Entered
from caucusmail.directory.applications import Application, ApplicationState
from caucusmail.directory.models import Affiliation, Ngo
from caucusmail.directory.verification import Decision
from caucusmail.groups import copies, membership
from caucusmail.groups.models import EmailGroup, Subscription


def approve(application: Application, decision: Decision, *, seen: ApplicationState, by: Person) -> list[Entered]:
    """Approve, and give everybody who is let in their places on the groups of their caucuses.

    :raises caucusmail.directory.verification.DecidedAlready: somebody else was quicker.
    :raises caucusmail.directory.linking.NoRoom: the organisation has not so many places left.
    """
    return _subscribed(verification.approve(application, decision, seen=seen, by=by), by)


def reopen(application: Application, *, by: Person) -> None:
    """Take a decision back; places on groups go with the memberships they hung on, and so do copies that lie ready.

    :raises caucusmail.directory.reopening.TooLate: after thirty days.
    :raises caucusmail.directory.reopening.InTheWay: other things hang on the organisation by now.
    """
    _unsubscribe(reopening.reopen(application, by=by))


def renew(ngo: Ngo, how: str, *, by: Person) -> list[Entered]:
    """Verify an organisation anew, and let those in who had to wait for it; they.

    :raises caucusmail.errors.Invalid: on ``how``: nothing is said.
    """
    return _subscribed(standing.renew(ngo, how, by), by)


def take_back_renewal(ngo: Ngo, *, by: Person) -> None:
    """As it was before the newest renewal.

    :raises caucusmail.directory.standing.CannotTakeBack: it was not renewed, or not within the last 30 days.
    """
    _unsubscribe(standing.take_back_renewal(ngo, by))


def _subscribed(entered: list[Entered], by: Person) -> list[Entered]:
    for one in entered:
        for caucus in one.caucuses:
            membership.subscribe(one.person, caucus, by=by)
    return entered


def _unsubscribe(places: Iterable[Affiliation]) -> None:
    """Take away the places on groups that hung on these memberships, and what lies ready to be sent by them."""
    for place in places:
        groups = select(EmailGroup.id).where(EmailGroup.caucus_id == place.caucus_id)
        db.session.execute(
            delete(Subscription).where(Subscription.person_id == place.person_id, Subscription.group_id.in_(groups))
        )
        copies.withdraw(db.session.get_one(Person, place.person_id))
