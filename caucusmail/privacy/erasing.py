"""Somebody is erased: at once, or after a fortnight in which they can call it back.

Everything happens in one transaction: what each package knows is forgotten from the top floor down (``personal.erase``), seats
become empty, sign-ins and tokens die with the row they name, and the last letters are owed. Whoever writes something for the
person at the same moment waits for the lock on their row, and then finds nobody.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from caucusmail import clock, failpoints, tokens
from caucusmail.accounts import personal as accounts
from caucusmail.accounts import queries, revoking, telling
from caucusmail.accounts.models import Person
from caucusmail.announcements import catching_up, endings
from caucusmail.announcements import personal as announcements
from caucusmail.audit import journal
from caucusmail.audit import personal as audit
from caucusmail.audit import queries as entries
from caucusmail.database import db, leave_no_trace, lock, transaction
from caucusmail.delivery import covers, forgetting, ledger, suppression
from caucusmail.delivery import personal as delivery
from caucusmail.delivery.ledger import To
from caucusmail.directory import asking
from caucusmail.directory import personal as directory
from caucusmail.errors import Invalid
from caucusmail.groups import calling_off, pauses, standing_down
from caucusmail.groups import personal as groups
from caucusmail.inbound import personal as inbound
from caucusmail.languages import _
from caucusmail.mail import addresses
from caucusmail.meetings import personal as meetings
from caucusmail.privacy import hindrances, letters, personal, requests, unquoting, vacancies
from caucusmail.privacy.models import Erasure, Right
from caucusmail.tokens import BadToken, Purpose

logger = logging.getLogger(__name__)

THINK_AGAIN = timedelta(days=14)
ASKED, CALLED_BACK, ERASED = "erasure.asked", "erasure.called-back", "person.erased"


class NotTyped(Invalid):
    """Their own address has to be typed, so that nothing is erased by a slip."""


def waiting(person: Person) -> Erasure | None:
    """The person's erasure that waits for its day."""
    return db.session.scalar(select(Erasure).where(Erasure.person_id == person.id))


def ask(person: Person, *, remember: bool) -> Erasure:
    """Erase ``person`` in a fortnight; nothing more is announced to them until then, by new places neither, and seats that were to come
    to them do not. Twice changes nothing. Flushes for the id.

    :raises caucusmail.privacy.hindrances.FirstHandOn: somebody else has to take over something first.
    """
    lock(person)
    hindrances.refuse(person)
    found = waiting(person)
    if found is not None:
        return found
    now = clock.now()
    made = Erasure(person_id=person.id, asked_at=now, due_at=now + THINK_AGAIN, remember=remember, person=person)
    db.session.add(made)
    try:
        pause = pauses.pause(person, None, None, None, by=person)
    except pauses.NothingToPause:
        pause = None
    person.goes_at = made.due_at
    calling_off.leave(person)
    standing_down.leave(person, by=person)
    journal.record(ASKED, person, person)
    db.session.flush()
    made.paused_id = pause.id if pause is not None else None
    telling.everywhere(person, letters.asked(made, tokens.sign(Purpose.ERASURE, made.id)))
    return made


def read(token: str) -> Erasure:
    """What the link in the letter is about.

    :raises BadToken: forged, called back, or done.
    """
    (number,) = tokens.read(Purpose.ERASURE, token, 1)
    found = db.session.get(Erasure, number)
    if found is None:
        raise BadToken
    revoking.refuse_old(found.person, token)
    return found


def call_back(erasure: Erasure, *, by: Person) -> None:
    """Erase nothing; letters come again as before, unless that was chosen anew meanwhile."""
    person = erasure.person
    lock(person)
    found = waiting(person)
    if found is None:
        return
    db.session.delete(found)
    person.goes_at = None
    pause = entries.entry(found.paused_id) if found.paused_id is not None else None
    if pause is not None:
        try:
            pauses.restore(person, pause)
        except pauses.ChangedAgain:
            logger.info("a pause was chosen anew since: it stays")
    pauses.end_at(person, found.due_at)
    journal.record(CALLED_BACK, person, by)
    telling.everywhere(person, letters.kept(person))


def at_once(person: Person, typed: str, *, remember: bool) -> None:
    """Erase ``person`` now; ``typed``: their main address, so that it is no slip.

    :raises NotTyped: it is not.
    :raises caucusmail.privacy.hindrances.FirstHandOn: somebody else has to take over something first.
    """
    if addresses.key(typed.strip()) != person.address_key:
        raise NotTyped(
            "typed",
            _("Type the address that our letters go to, %(address)s, if you are sure.", address=person.address),
        )
    lock(person)
    hindrances.refuse(person)
    erase(person, remember=remember, by=None)


def turn() -> int:
    """Erase those whose day has come, each in a transaction of its own; how many. Call it outside any transaction."""
    with transaction():
        due = db.session.scalars(select(Erasure.id).where(Erasure.due_at <= clock.now()).order_by(Erasure.id)).all()
    done = 0
    for number in due:
        try:
            with transaction():
                done += _carry_out(number)
        except Exception:  # one that cannot be erased must not hold up the others
            logger.exception("erasure %s could not be carried out; it is tried again", number)
    return done


def _carry_out(number: int) -> bool:
    found = db.session.get(Erasure, number)
    if found is None:
        return False
    lock(found.person)
    if waiting(found.person) is None or hindrances.last_of_the_secretariat(found.person):
        return False  # called back at this moment; or it waits until somebody else is of the secretariat
    erase(found.person, remember=found.remember, by=None)
    return True


def erase(person: Person, *, remember: bool, by: Person | None, quietly: bool = False) -> None:
    """Forget ``person``, whose row is locked; all of it or nothing. ``by``: who of the secretariat confirmed it.

    ``quietly``: they have left long ago and are not written to. ``remember``: keep the keyed fingerprint of each address that nobody else here reads at.
    """
    known = _written_to(person)
    alone = [one for one in known if all(other is person for other in queries.reached_at(addresses.key(one)))]
    last = letters.erased(person, remembered=remember and bool(alone), by_secretariat=by is not None)
    number, zone, mark = person.id, person.zone, whose(person)
    inbound.erase(person)  # before all: it finds mail by what is replaced next
    if not quietly:
        unquoting.everywhere(person)
    calling_off.erase(person)
    catching_up.forestall(person)
    standing_down.part(person)
    vacancies.tell(person)
    if not quietly:
        endings.end(person, known[0])
    for address in () if quietly else known:
        ledger.enqueue(last, To(address, zone=zone), about=(forgetting.ERASED, number))
    _forget(person, alone)
    for address in alone if remember else ():
        suppression.remember(address)
    if by is None and not quietly:
        requests.by_themselves(Right.ERASURE, None)
    journal.record(ERASED, person, by, mark=mark)
    leave_no_trace()
    failpoints.reach("before_erasure_commit")


def whose(person: Person) -> str:
    """What a copy of the database that was made before knows them by: keyed, over their number and the moment they were made."""
    return tokens.fingerprint("erased", f"{person.id}:{person.made_at.timestamp():.0f}")[:24]


def _written_to(person: Person) -> list[str]:
    """Where letters to the person arrive, the main address first: what lies under a cover, for the covers go."""
    known = queries.addresses_of(person)
    under = covers.under(addresses.key(one) for one in known)
    return [under[key].address if (key := addresses.key(one)) in under else one for one in known]


def _forget(person: Person, alone: Sequence[str]) -> None:
    number, keys = person.id, [addresses.key(one) for one in alone]
    for package in (personal, announcements, meetings, groups, directory):
        package.erase(person)
    for package in (delivery, audit):
        package.erase(number)
    for key in keys:
        asking.forget_at(key)
    forgetting.forget_addresses(keys)
    accounts.erase(person)
