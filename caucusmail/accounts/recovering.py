"""Somebody cannot read their mailbox any more: ask for another address, by a recovery code or by people who know them.

What is answered, and how long it takes, is the same whether the old address is known or not, and whether it has codes: who
asks only leaves a note, and a job looks (``look``, ``directory.vouching.look``). Nobody can lock a victim out by asking: the
limits are of who asks and of the mailbox that is written to, never of the account that is meant.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, literal, select

from caucusmail import clock, database, languages, seals, tokens
from caucusmail.accounts import queries, recovery_codes, recovery_course, recovery_letters, revoking, signing_in
from caucusmail.accounts.models import Person, Recovery, RecoveryState, RecoveryWay
from caucusmail.accounts.recovery_letters import Step
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.delivery import covers, forgetting, ledger
from caucusmail.delivery.ledger import To
from caucusmail.errors import Invalid, TooMany
from caucusmail.languages import _
from caucusmail.mail import addresses, slots
from caucusmail.mail.addresses import Address
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit
from caucusmail.tokens import BadToken, Purpose

SEALED = "caucusmail:recovery"

VALID = timedelta(days=2)
"""How long the link in the letter to the new address works."""
A_TURN = 50
LONGEST_WORDS = 500
ASKED_PER_NETWORK = Limit("recovery-asked", 20, timedelta(hours=1))
LETTERS_PER_ADDRESS = Limit("recovery-letter", 3, timedelta(days=1))


class TheSame(Invalid):
    """The new address is the old one."""


def by_code(old: str, code: str, new: str, network: str) -> None:
    """Ask by a recovery code that the account at the address ``old`` be reached at ``new``. ``network`` is who asks.

    :raises caucusmail.mail.addresses.BadAddress: on ``old`` or ``address``: it cannot be an address.
    :raises TheSame: they are one.
    :raises TooMany: this network asked too often, for whatever address.
    """
    before, after = _read(old, new)
    _count(network)
    asked = _noted(RecoveryWay.CODE, before, after)
    db.session.flush()
    asked.sealed_code = seals.seal(SEALED, str(asked.id), recovery_codes.typed(code)[:40])
    database.wake(signing_in.ASKED)


def by_people(old: str, new: str, name: str, words: str, network: str) -> None:
    """Ask that somebody who knows them, and then the secretariat, say so: ``name`` as we know it, and ``words`` on how to
    reach them. A letter to ``new`` asks first whether it is theirs.

    :raises caucusmail.mail.addresses.BadAddress: on ``old`` or ``address``: it cannot be an address.
    :raises TheSame: they are one.
    :raises TooMany: this network asked too often, for whatever address.
    """
    before, after = _read(old, new)
    _count(network)
    may_write = limits.hit(LETTERS_PER_ADDRESS, after.key)
    asked = _noted(RecoveryWay.KNOWN, before, after)
    asked.name, asked.words = slots.line(name)[:200], words[:LONGEST_WORDS]
    db.session.flush()
    if may_write:
        _ask_new_address(asked)


def _read(old: str, new: str) -> tuple[Address, Address]:
    before, after = addresses.parse(old, "old"), addresses.parse(new)
    if before.key == after.key:
        raise TheSame("address", _("This is the address you cannot read any more. Type one that you can read."))
    return before, after


def _count(network: str) -> None:
    if not limits.hit(ASKED_PER_NETWORK, network):
        raise TooMany(_("This was asked for very often from your network. Please try again in an hour."))


def _noted(way: RecoveryWay, before: Address, after: Address) -> Recovery:
    now = clock.now()
    asked = Recovery(
        way=way,
        old_key=before.key,
        address=after.text,
        address_key=after.key,
        language=languages.offered([languages.current()]),
        asked_at=now,
        since=now,
    )
    db.session.add(asked)
    return asked


def _ask_new_address(asked: Recovery) -> None:
    letter = recovery_letters.to_new_address(asked.language, tokens.sign(Purpose.RECOVERY, asked.id))
    ledger.enqueue(letter, To(asked.address), about=("recoveries", asked.id))


def look() -> int:
    """Look whose codes were typed, and write to the new addresses of those; how many. ``directory.vouching.turn`` calls it.

    A code is used up by it. Of who typed none that fits nothing is kept.
    """
    asked = to_look_at(RecoveryWay.CODE, RecoveryState.ASKED)
    return sum(_by_code(one) for one in asked)


def to_look_at(way: RecoveryWay, state: RecoveryState) -> Sequence[Recovery]:
    """A turn of those that wait for a job to look; locked, and marked as looked at."""
    rows = db.session.scalars(
        select(Recovery)
        .where(Recovery.looked_at.is_(None), Recovery.way == way, Recovery.state == state, recovery_course.open_now())
        .order_by(Recovery.id)
        .limit(A_TURN)
        .with_for_update(skip_locked=True)
    ).all()
    for one in rows:
        one.looked_at = clock.now()
    if len(rows) == A_TURN:
        database.wake(signing_in.ASKED)
    return rows


def _by_code(asked: Recovery) -> bool:
    person = _whose(asked)
    if person is None:
        drop(asked)
        return False
    found(asked, person)
    asked.sealed_code = ""
    db.session.flush()
    db.session.refresh(asked)
    journal.record("recovery.asked", asked, None, person=person.id, way=asked.way.value)
    recovery_course.tell(asked, Step.CODE_USED)
    _ask_new_address(asked)
    return True


def found(asked: Recovery, person: Person) -> None:
    """It is ``person`` who is meant: of who is protected the address that was typed is not kept."""
    asked.person_id = person.id
    if person.shelter is not None:
        asked.old_key = covers.of(asked.old_key) or asked.old_key


def _whose(asked: Recovery) -> Person | None:
    """Who at the old address has the code that was typed: it is used up. Nobody, where the new address is theirs already."""
    try:
        code = seals.unseal(SEALED, str(asked.id), asked.sealed_code)
    except seals.Unreadable:
        return None
    readers = [one for one in queries.reached_at(asked.old_key) if one.address_key != asked.address_key]
    return next((one for one in readers if recovery_codes.use(one, code)), None)


def read(token: str) -> Recovery:
    """What the link in the letter to a new address is about, in whatever state.

    :raises BadToken: forged, too old, or given up.
    """
    (number,) = tokens.read(Purpose.RECOVERY, token, 1, int((recovery_course.KEPT + VALID).total_seconds()))
    found = db.session.get(Recovery, number)
    if found is None or (found.state is RecoveryState.ASKED and (found.ended_at or _late(found))):
        raise BadToken
    revoking.refuse_old(found.person, token)
    return found


def _late(asked: Recovery) -> bool:
    return clock.now() - asked.asked_at > VALID


def confirm(asked: Recovery) -> None:
    """Whoever reads the new address says that it is theirs.

    :raises recovery_course.NoLonger: that was said before, also at this very moment; or it was stopped.
    """
    if asked.way is RecoveryWay.CODE:
        recovery_course.wait(asked, RecoveryState.ASKED, by=None)
    else:
        recovery_course.move(asked, RecoveryState.ASKED, RecoveryState.VOUCHING)
        database.wake(signing_in.ASKED)


def shown(asked: Recovery) -> str:
    """What the page behind the link tells: ``confirm``, ``looking``, ``waiting``, ``done`` or ``ended``.

    Until it is decided it tells the same, whoever is known and whatever people said.
    """
    if asked.state is RecoveryState.ASKED:
        return "confirm"
    if asked.state is RecoveryState.WAITING:
        return "ended" if asked.ended_at else "waiting"
    return "done" if asked.state is RecoveryState.DONE else "looking"


def give_up(asked: Recovery) -> None:
    """Whoever asked does without: nothing changes, and what they typed is deleted.

    :raises recovery_course.NoLonger: it is done.
    """
    if asked.state is RecoveryState.DONE:
        raise recovery_course.no_longer()
    if asked.ended_at is None:
        journal.record("recovery.given-up", asked, None, person=asked.person_id)
        recovery_course.tell(asked, Step.ENDED)
    drop(asked)


def drop(asked: Recovery) -> None:
    """Delete a recovery, and what was written to the address that a stranger typed."""
    if asked.person_id is None:
        forgetting.forget_about("recoveries", select(literal(asked.id)))
    db.session.execute(delete(Recovery).where(Recovery.id == asked.id))
