"""Protect somebody at risk, now: all of it in one transaction, or nothing (decision 0027).

Name and addresses are taken out of the tables and stand sealed; a made-up name and covers stand in their place. Every link, feed
and sign-in that was good stops. Seats, memberships and answers stay, so that nobody loses a place. Lifting puts back what nobody
has changed meanwhile.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update

from caucusmail import clock, failpoints, tokens
from caucusmail.accounts import calendar_address, queries, revoking, signing_in
from caucusmail.accounts.models import Person, Recovery, SecondAddress, Shelter, SignInLetter
from caucusmail.announcements import endings
from caucusmail.audit import journal
from caucusmail.database import db, delete_some, leave_no_trace, lock, moved, transaction
from caucusmail.delivery import covers, moving, withdrawal
from caucusmail.delivery.retry import Fault
from caucusmail.directory import made_up
from caucusmail.errors import Conflict, Invalid
from caucusmail.groups import copies
from caucusmail.languages import _
from caucusmail.mail import addresses
from caucusmail.privacy import hiding, rewording, sealed
from caucusmail.privacy.hiding import Hidden
from caucusmail.privacy.protection_models import How, Protection, SealedValue

UNDO = timedelta(hours=1)
"""So long whoever protected somebody may take it back; the person may lift it at any time."""

KEPT = timedelta(days=90)
"""So long it is known that somebody was protected, after it was lifted."""

A_YEAR = timedelta(days=366)
BEGUN, LIFTED, PROLONGED = "protection.begun", "protection.lifted", "protection.prolonged"


class ProtectedAlready(Conflict):
    """The person is protected."""


class NotProtected(Conflict):
    """It was lifted before."""


class TooLate(Conflict):
    """Whoever began it could take it back for an hour."""


class NotAhead(Invalid):
    """It would end in the past, or in more than a year."""


def open_for(person: Person) -> Protection | None:
    """The protection under which ``person`` is now."""
    return db.session.scalar(
        select(Protection).where(Protection.person_id == person.id, Protection.lifted_at.is_(None))
    )


def protect(
    person: Person,
    *,
    by: Person,
    how: How,
    until: datetime | None = None,
    address: str | None = None,
    keep: int | None = None,
    calendars: bool = True,
) -> Protection:
    """Protect ``person`` from now on, ``until`` a moment or until it is lifted. Flushes.

    ``address``: everything goes there (their own, or a safe one that nobody here knows); None: nothing is sent but letters with
    which they come back. ``keep``: the id of the sign-in that goes on, theirs who press the button. ``calendars``: take meetings
    ahead out of their calendar, by letters to the address from before.

    :raises ProtectedAlready: they are.
    :raises NotAhead: ``until`` is not ahead, or more than a year.
    :raises caucusmail.mail.addresses.BadAddress: ``address`` is none.
    """
    goes_to = addresses.parse(address).text if address else None
    _refuse(until)
    lock(person)
    if open_for(person) is not None:
        raise ProtectedAlready(_("This person is protected already. Nothing was changed."))
    made = begun(person, by, how, until, Shelter.REROUTED if goes_to else Shelter.SILENT)
    hidden = hiding.of(person)
    numbers: dict[str, int] = _revoke(person, hidden, by=by, keep=keep)
    numbers |= _hide(made, person, hidden, goes_to)
    stays = goes_to is not None and addresses.key(goes_to) == addresses.key(hidden.addresses[0])
    if calendars and not stays:
        numbers["calendars"] = endings.take(person, hiding.stand_in(made, hidden.addresses[0]))
    made.numbers = numbers
    journal.record(BEGUN, made, by, person=person.id, how=how.value)
    leave_no_trace()
    failpoints.reach("before_protection_commit")
    db.session.flush()
    return made


def _refuse(until: datetime | None) -> None:
    now = clock.now()
    if until is not None and not now < until <= now + A_YEAR:
        raise NotAhead("until", _("Choose a day that is ahead, and not more than a year."))


def begun(person: Person, by: Person, how: How, until: datetime | None, shelter: Shelter) -> Protection:
    """The row under which values are sealed, with the name that stands for theirs; nothing is hidden yet. Flushes for the id."""
    now, reference = clock.now(), secrets.token_hex(5)
    number = int.from_bytes(tokens.mac("caucusmail:protected-name", reference.encode(), 8))
    made = Protection(
        person_id=person.id,
        reference=reference,
        stands_for=made_up.name(number),
        shelter=shelter,
        begun_at=now,
        until=until,
        how=how,
        by_id=by.id,
        undo_until=now + UNDO,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _revoke(person: Person, hidden: Hidden, *, by: Person, keep: int | None) -> dict[str, int]:
    """End every link, feed and sign-in, and a recovery that is under way."""
    devices = len([one for one in queries.live_sign_ins(person) if one.id != keep])
    now = clock.now()
    person.links_since = now
    revoking.revoke_links(person, by=by)
    calendar_address.renew(person, by=by)
    signing_in.sign_out_everywhere(person, by=by, keep=keep)
    asked = SignInLetter.address_key.in_(hidden.known.alone) & SignInLetter.used_at.is_(None)
    db.session.execute(update(SignInLetter).where(asked).values(used_at=now, looked_at=now))
    theirs = hidden.known.theirs(Recovery.person_id, Recovery.old_key)
    db.session.execute(update(Recovery).where(theirs, Recovery.ended_at.is_(None)).values(ended_at=now))
    return {"devices": devices}


def _hide(made: Protection, person: Person, hidden: Hidden, goes_to: str | None) -> dict[str, int]:
    reached = hidden.addresses[: hidden.reached]
    hiding.cover(made, person, reached, goes_to)
    rows = hiding.hide(made, hidden.known)
    search = rewording.quoted(made, hidden)
    quotes = rewording.reword(made, search)
    db.session.expire_all()
    person.shelter = made.shelter
    if goes_to is not None:
        person.address = person.address_key = hiding.stand_in(made, goes_to)
        db.session.flush()
        moving.move(person.id, [hiding.stand_in(made, one) for one in hidden.addresses], person.address)
    stopped = covers.hold_back_from(person.id)
    return {
        "rows": sum(rows.values()),
        "letters": rows["deliveries"],
        "quotes": sum(quotes.values()),
        "incoming": quotes["incoming"],
        "stopped": stopped,
        "one_word": int(not search.searches_name),
    }


def lift(protection: Protection, *, by: Person | None) -> None:
    """Put everything back that nobody changed meanwhile; letters come again. ``by`` None: the house, on its day. Flushes.

    :raises NotProtected: it was lifted before, also at this very moment.
    """
    person = protection.person
    lock(person)
    if not moved(Protection, Protection.id == protection.id, Protection.lifted_at.is_(None), lifted_at=clock.now()):
        raise NotProtected(_("This protection has ended already. Nothing was changed."))
    db.session.flush()
    hides, known = hiding.of(person), hiding.before(protection)
    if _is_safe_address(protection, person):  # put there by us, which is no change of theirs
        endings.take(person, covers.under([person.address_key])[person.address_key].address)
        person.address = person.address_key = hiding.stand_in(protection, _main(protection))
        db.session.flush()
    back, changed = sealed.put_back(protection)
    db.session.execute(delete(SealedValue).where(SealedValue.protection_id == protection.id))
    db.session.expire_all()
    _uncover(person)
    person.shelter = None
    copies.ready_again(person, covers.held_back(person.id, protection.begun_at), Fault.PROTECTED.value)
    told = covers.held_back(person.id, protection.begun_at, covers.TOLD_LATER)
    withdrawal.owe_again(told, Fault.PROTECTED.value)
    hiding.uncover(protection, person, known)
    db.session.expire_all()
    moving.move(person.id, [key for key in hides.known.keys if addresses.covered(key)], person.address)
    covers.take_off(person.id)
    protection.numbers = protection.numbers | {"put_back": back, "changed_meanwhile": changed}
    journal.record(LIFTED, protection, by, person=person.id)
    db.session.flush()


def _is_safe_address(protection: Protection, person: Person) -> bool:
    """Whether their main address is still the cover of the one to which everything went from the beginning."""
    under = covers.under([person.address_key]).get(person.address_key)
    return under is not None and under.opens and hiding.stand_in(protection, under.address) == person.address_key


def _uncover(person: Person) -> None:
    """An address that became theirs, or their main one, meanwhile stands there as itself from now on."""
    mine = SecondAddress.person_id == person.id
    under = covers.under(covers.of_person(person.id))
    if person.address_key in under:
        person.address = under[person.address_key].address
        person.address_key = addresses.key(person.address)
    for one in db.session.scalars(select(SecondAddress).where(mine, SecondAddress.address_key.in_(under))).all():
        address = under[one.address_key].address
        same = SecondAddress.address_key == addresses.key(address)
        db.session.execute(delete(SecondAddress).where(mine, same))  # one that they had removed before
        one.address, one.address_key = address, addresses.key(address)
    db.session.flush()


def _main(protection: Protection) -> str:
    column: Any = Person.__table__.c.address
    return str(sealed.original(protection, column, protection.person_id))


def undo(protection: Protection, *, by: Person) -> None:
    """Take it back at once: ``by``, who began it.

    :raises TooLate: more than an hour ago, or somebody else did.
    """
    if protection.by_id != by.id or clock.now() > protection.undo_until:
        raise TooLate(_("This could be taken back for an hour. Whoever is protected can still lift it themselves."))
    lift(protection, by=by)


def prolong(protection: Protection, until: datetime | None, *, by: Person) -> None:
    """Have it end at another moment, or not by itself.

    :raises NotAhead: ``until`` is not ahead, or more than a year.
    :raises NotProtected: it has ended.
    """
    _refuse(until)
    still = (Protection.id == protection.id, Protection.lifted_at.is_(None))
    if not moved(Protection, *still, until=until):
        raise NotProtected(_("This protection has ended already. Nothing was changed."))
    journal.record(PROLONGED, protection, by, person=protection.person_id)


def forget() -> int:
    """Delete some of the protections that ended long ago; how many."""
    return delete_some(Protection, Protection.lifted_at < clock.now() - KEPT)


def end_due() -> int:
    """Lift those whose day has come, each in a transaction of its own; how many. Call it outside any transaction."""
    return _each(_end, Protection.until <= clock.now())


def look_again() -> int:
    """Hide what was written at the moment when somebody was protected, or came in and was not judged yet; and always what somebody
    typed and they said yes to. How many were looked at. Call it outside any transaction."""
    return _each(_look_again)


def _each(do: Callable[[Protection], bool], *where: ColumnElement[bool]) -> int:
    open_now = select(Protection.id).where(Protection.lifted_at.is_(None), *where).order_by(Protection.id)
    with transaction():
        due = db.session.scalars(open_now).all()
    done = 0
    for number in due:
        with transaction():
            found = db.session.get(Protection, number)
            if found is not None:
                lock(found.person)
                db.session.refresh(found)
                done += found.lifted_at is None and do(found)
    return done


def _end(found: Protection) -> bool:
    if found.until is None or found.until > clock.now():
        return False
    lift(found, by=None)
    return True


def _look_again(found: Protection) -> bool:
    hidden = hiding.was(found)
    hiding.hide_what_became_theirs(found, hidden.known)
    if found.begun_at <= clock.now() - UNDO:
        return True
    hiding.hide(found, hidden.known)
    rewording.reword(found, rewording.quoted(found, hidden))
    db.session.expire_all()
    covers.hold_back_from(found.person_id)
    return True
