"""One letter each, once seats were handed over or taken back: to holder and successor, and to who has to know of it.

The way back lies in the holder's letter only if it was they who handed over. Whom the organisation replaced cannot undo that by
themselves: it is for who looks after the organisation, or the secretariat.
"""

from collections.abc import Collection, Sequence

from caucusmail import tokens
from caucusmail.accounts.models import Person
from caucusmail.audit.models import AuditEntry
from caucusmail.delivery import ledger
from caucusmail.directory import hand_over_letters, hand_overs, keeping, representation
from caucusmail.directory.hand_over_models import HandOver
from caucusmail.directory.models import Caucus, Representative
from caucusmail.groups import letters
from caucusmail.mail.rendering import Letter
from caucusmail.tokens import Purpose


def _owe(letter: Letter, person: Person, holder: Representative) -> None:
    ledger.enqueue(letter, letters.to(person), about=("representatives", holder.id))


def done(offered: HandOver, successor: Person, caucuses: Sequence[Caucus], step: AuditEntry) -> None:
    """Tell holder, successor, who keeps these caucuses and who looks after the organisation. Flush ``step`` before, for its id."""
    holder = offered.representative
    undo = tokens.sign(Purpose.UNDO, step.id) if offered.by_holder() else ""
    ended = step.detail["term"] is not None
    _owe(hand_over_letters.handed_over(holder, successor, caucuses, undo, ended=ended), holder.person, holder)
    own = tokens.sign(Purpose.SETTINGS, successor.id, successor.settings_version)
    admin = step.detail["appointed"]["made_admin"]
    _owe(hand_over_letters.taken_over(successor, holder, caucuses, own, admin=admin), successor, holder)
    admins = {one.person for one in representation.speaking(holder.ngo) if one.admin}
    others = _keepers(caucuses) | {one: list(caucuses) for one in admins}
    for person, concerned in others.items():
        if person not in (holder.person, successor):
            letter = hand_over_letters.passed_on(person, holder, successor, concerned, looks_after=person in admins)
            _owe(letter, person, holder)


def withdrawn(offered: HandOver, expects: Person) -> None:
    """Tell who had said yes that the seats do not come to them."""
    caucuses = [seat.caucus for seat in hand_overs.caucuses(offered)]
    _owe(hand_over_letters.withdrawn(expects, offered.representative, caucuses), expects, offered.representative)


def taken_back(
    holder: Representative, successor: Person, caucuses: Sequence[Caucus], left: Collection[int] = ()
) -> None:
    """Tell holder, successor, who keeps these caucuses, and who looks after the organisation; ``left``: where (ids) the holder is
    not put back in, for they have left since. They are told of the others alone."""
    again = [one for one in caucuses if one.id not in left]
    if again:
        _owe(hand_over_letters.taken_back(holder.person, holder, again, own=True), holder.person, holder)
    others = {successor: list(caucuses)} | _keepers(caucuses)
    others |= {one.person: list(caucuses) for one in representation.speaking(holder.ngo) if one.admin}
    others.pop(holder.person, None)
    for person, concerned in others.items():
        here, vacant = ([one for one in concerned if (one.id in left) is out] for out in (False, True))
        _owe(hand_over_letters.taken_back(person, holder, here, own=False, vacant=vacant), person, holder)


def _keepers(caucuses: Sequence[Caucus]) -> dict[Person, list[Caucus]]:
    theirs: dict[Person, list[Caucus]] = {}
    for caucus in caucuses:
        for keeper in keeping.serving(caucus):
            theirs.setdefault(keeper.person, []).append(caucus)
    return theirs
