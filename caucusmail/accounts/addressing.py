"""A person's addresses: give a new one, prove it by the link in a letter to it, make another the main one, remove one.

Nothing changes before the link in the letter to the new address is used. Each change is told to every address that was
theirs before, and can be taken back from there for a fortnight (``accounts.addressing_back``); but not from an address that is
itself younger than that, or a stranger who had added one could take back whatever its owner does against it.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update

from caucusmail import clock, tokens
from caucusmail.accounts import letters, queries, revoking
from caucusmail.accounts.models import AddressChange, AddressStep, AskedAddress, Person, SecondAddress
from caucusmail.audit import journal
from caucusmail.database import db, delete_some, lock, moved
from caucusmail.delivery import covers, forgetting, ledger, moving, suppression
from caucusmail.delivery.ledger import To
from caucusmail.errors import Conflict, Invalid, TooMany
from caucusmail.languages import _
from caucusmail.mail import addresses
from caucusmail.mail.rendering import Letter
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit
from caucusmail.tokens import BadToken, Purpose

VALID = timedelta(days=2)
"""How long the link in the letter to a new address works."""
WAY_BACK = timedelta(days=14)
"""How long a change can be taken back."""
MOST = 5  # further addresses of one person

LETTERS_PER_ADDRESS = Limit("address-letter", 3, timedelta(days=1))
LETTERS_PER_PERSON = Limit("address-asked", 10, timedelta(days=1))


class AlreadyYours(Invalid):
    """The person has this address."""


class TooManyAddresses(Conflict):
    """A person has at most so many."""


class NotYours(Conflict):
    """It is not (or no longer) one of the person's further addresses."""


def ask(person: Person, typed: str, *, instead: bool) -> AskedAddress:
    """Write to the address ``typed``, to ask whether it is theirs: ``instead`` of the main one, or beside it. Flushes for the id.

    What is answered is the same whether the address is known, or was written to too often: then no letter leaves.

    :raises caucusmail.mail.addresses.BadAddress: it cannot be an address.
    :raises AlreadyYours: it is theirs as it is asked for.
    :raises TooManyAddresses: it would be the sixth beside the main one.
    :raises TooMany: this person has asked for too many letters.
    """
    parsed = addresses.parse(typed)
    _refuse_known(person, parsed.key, instead=instead)
    if not limits.hit(LETTERS_PER_PERSON, str(person.id)):
        raise TooMany(_("You have asked for ten such letters within a day. Please try again tomorrow."))
    may_write = limits.hit(LETTERS_PER_ADDRESS, parsed.key)
    asked = AskedAddress(
        person_id=person.id,
        address=parsed.text,
        address_key=parsed.key,
        instead=instead,
        asked_at=clock.now(),
    )
    db.session.add(asked)
    journal.record("address.asked", asked, person)
    if may_write:
        letter = letters.address_asked(person, tokens.sign(Purpose.ADDRESS, asked.id))
        ledger.enqueue(letter, To(parsed.text), about=("asked_addresses", asked.id))
    return asked


def _refuse_known(person: Person, key: str, *, instead: bool) -> None:
    further = queries.further_addresses(person)
    if key == person.address_key:
        raise AlreadyYours("address", _("Your letters go to this address already."))
    if not instead and key in {one.address_key for one in further}:
        raise AlreadyYours("address", _("This is one of your addresses already."))
    if not instead and len(further) >= MOST:
        raise TooManyAddresses(
            _("You have %(most)s further addresses, as many as one may have. Remove one first.", most=MOST)
        )


def read(token: str) -> AskedAddress:
    """What the link in the letter to a new address is about.

    :raises BadToken: forged, older than two days, used, or taken back.
    """
    (asked_id,) = tokens.read(Purpose.ADDRESS, token, 1, int(VALID.total_seconds()))
    asked = db.session.get(AskedAddress, asked_id)
    if asked is None or asked.used_at is not None:
        raise BadToken
    revoking.refuse_old(asked.person, token)
    return asked


def withdraw(asked: AskedAddress, *, by: Person) -> None:
    """Let the link in the letter work no more; one that was used is left as it is."""
    if moved(AskedAddress, AskedAddress.id == asked.id, AskedAddress.used_at.is_(None), used_at=clock.now()):
        journal.record("address.withdrawn", asked, by)


def confirm(asked: AskedAddress) -> AddressChange:
    """The link was used: the address is theirs now.

    :raises BadToken: it was used, also at this very moment, or taken back.
    :raises TooManyAddresses: they have five beside the main one by now.
    """
    if not moved(AskedAddress, AskedAddress.id == asked.id, AskedAddress.used_at.is_(None), used_at=clock.now()):
        raise BadToken
    person = asked.person
    lock(person)
    was = all_of(person)
    new = asked.address_key not in map(addresses.key, was)
    suppression.came_back(asked.address)
    if not asked.instead:
        if new and len(was) > MOST:
            raise TooManyAddresses(_("You have %(most)s further addresses, as many as one may have.", most=MOST))
        put(person, [*was, asked.address] if new else was)
        return _changed(person, AddressStep.ADDED, was, asked.address_key if new else "", by=person)
    return replace(person, asked.address, by=person)


def replace(person: Person, address: str, *, by: Person | None) -> AddressChange:
    """Have ``address`` be the main one in place of the old one; it was proved before. ``by`` None: the house, on its day.

    Locks the person.
    """
    lock(person)
    was, key = all_of(person), addresses.key(address)
    put(person, [address, *(one for one in was[1:] if addresses.key(one) != key)])
    introduced = "" if key in map(addresses.key, was) else key
    return _changed(person, AddressStep.REPLACED, was, introduced, by=by)


def make_main(person: Person, address_id: int) -> AddressChange:
    """Have letters go to this further address; the present main one is a further one from now on.

    :raises NotYours: it is none of theirs.
    """
    lock(person)
    was, chosen = all_of(person), _further(person, address_id)
    put(person, [chosen.address, *(one for one in was if addresses.key(one) != chosen.address_key)])
    return _changed(person, AddressStep.MAIN, was, by=person)


def remove(person: Person, address_id: int) -> AddressChange:
    """From now on nobody signs in with this further address, and nothing is sent there.

    :raises NotYours: it is none of theirs.
    """
    lock(person)
    was, gone = all_of(person), _further(person, address_id)
    put(person, [one for one in was if addresses.key(one) != gone.address_key])
    return _changed(person, AddressStep.REMOVED, was, by=person)


def _further(person: Person, address_id: int) -> SecondAddress:
    for one in queries.further_addresses(person):
        if one.id == address_id:
            return one
    raise NotYours(_("This is none of your further addresses any more. Nothing was changed."))


def all_of(person: Person) -> list[str]:
    """The person's addresses, the main one first."""
    return [person.address, *(one.address for one in queries.further_addresses(person))]


def put(person: Person, wanted: Sequence[str]) -> None:
    """Have the person's addresses be ``wanted``, the main one first; what is still owed to one that is not, or no longer the main
    one, goes to the main one. Flushes."""
    wanted = [covers.covering(person.id, one) if person.shelter else one for one in wanted]
    before, main = all_of(person), addresses.parse(wanted[0])
    further = {parsed.key: parsed.text for parsed in map(addresses.parse, wanted[1:])}
    rows = db.session.scalars(select(SecondAddress).where(SecondAddress.person_id == person.id)).all()
    known = {one.address_key: one for one in rows}
    for key, row in known.items():
        row.verified_at = (row.verified_at or clock.now()) if key in further else None
    for key, address in further.items():
        if key not in known:
            row = SecondAddress(person_id=person.id, address=address, address_key=key, verified_at=clock.now())
            db.session.add(row)
    left = {addresses.key(one) for one in before} - {main.key, *further}
    if person.shelter:
        gone = None if person.address_key in left else left  # with the main one goes what a safe address stood for
        covers.let_in(person.id, {main.key, *further}, gone)
    if person.address_key != main.key:
        left.add(person.address_key)
    person.address, person.address_key = main.text, main.key
    db.session.flush()
    if left:
        moving.move(person.id, left, main.text)


def young(person: Person) -> Collection[str]:
    """The keys of those addresses that have not been theirs for as long as a change can be taken back."""
    lately = select(AddressChange.introduced_key).where(
        AddressChange.person_id == person.id,
        AddressChange.at > clock.now() - WAY_BACK,
        AddressChange.undone_at.is_(None),
        AddressChange.introduced_key != "",
    )
    return set(db.session.scalars(lately))


def young_addresses(person: Person) -> Sequence[str]:
    """Those of their addresses from which no change can be taken back yet."""
    cannot = young(person)
    return [one for one in all_of(person) if addresses.key(one) in cannot]


def _changed(
    person: Person, step: AddressStep, was: Sequence[str], introduced_key: str = "", *, by: Person | None
) -> AddressChange:
    cannot = young(person)
    if introduced_key and person.shelter:
        introduced_key = covers.covering(person.id, introduced_key)
    change = AddressChange(person_id=person.id, at=clock.now(), step=step, was=list(was), introduced_key=introduced_key)
    db.session.add(change)
    db.session.flush()
    journal.record(f"address.{step.value}", change, by)
    if step is not AddressStep.ADDED:
        revoking.revoke_links(person, by=by)
    back = tokens.sign(Purpose.ADDRESS_BACK, change.id)
    now = all_of(person)
    for address in dict.fromkeys([*was, *now]):
        mine = address in was and addresses.key(address) not in cannot
        letter = letters.address_changed(person, change, now, address, back if mine else "")
        notify(change, letter, address)
    return change


def notify(change: AddressChange, letter: Letter, address: str) -> None:
    """Owe a notice of ``change`` to one of the person's addresses, or to one that was theirs: without a link to their page at
    its foot, which whoever reads an old mailbox shall not have."""
    to = To(address, change.person.name, change.person_id, change.person.zone)
    ledger.enqueue(letter, to, about=("address_changes", change.id)).settings_version = None


def forget() -> int:
    """Delete what cannot be used or taken back any more; how many given addresses and changes. A job calls it daily."""
    now = clock.now()
    stale = AskedAddress.asked_at < now - VALID
    forgetting.forget_about("asked_addresses", select(AskedAddress.id).where(stale))  # a stranger's, for all we know
    gone = delete_some(AskedAddress, stale) + delete_some(AddressChange, AddressChange.at < now - WAY_BACK)
    kept = select(AddressChange.person_id)
    db.session.execute(
        delete(SecondAddress).where(SecondAddress.verified_at.is_(None), SecondAddress.person_id.notin_(kept))
    )
    return gone


def withdraw_all(person: Person) -> None:
    """Let no link in a letter to an address that ``person`` gave work any more."""
    db.session.execute(
        update(AskedAddress)
        .where(AskedAddress.person_id == person.id, AskedAddress.used_at.is_(None))
        .values(used_at=clock.now())
    )
