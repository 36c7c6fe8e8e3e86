"""Take a change of addresses back, from an address that was known before it, or from one's own page."""

from sqlalchemy import delete, select

from caucusmail import clock, tokens
from caucusmail.accounts import addressing, calendar_address, letters, revoking, signing_in
from caucusmail.accounts.models import AddressChange, Credential, Person
from caucusmail.audit import journal
from caucusmail.database import db, lock
from caucusmail.mail import addresses
from caucusmail.tokens import BadToken, Purpose


def read(token: str) -> AddressChange:
    """The change that the link in a notice takes back; one that was taken back is told apart by ``undone_at``.

    :raises BadToken: forged, or older than a fortnight.
    """
    (change_id,) = tokens.read(Purpose.ADDRESS_BACK, token, 1, int(addressing.WAY_BACK.total_seconds()))
    change = db.session.get(AddressChange, change_id)
    if change is None:
        raise BadToken
    revoking.refuse_old(change.person, token)
    return change


def open_for(person: Person, change_id: int) -> AddressChange | None:
    """A change of their own that ``person`` can still take back."""
    change = db.session.get(AddressChange, change_id)
    if change is None or change.person_id != person.id or clock.now() - change.at > addressing.WAY_BACK:
        return None
    return change


def lately(person: Person) -> bool:
    """Whether a change of the person's addresses can still be taken back."""
    since = AddressChange.at >= clock.now() - addressing.WAY_BACK
    mine = (AddressChange.person_id == person.id, since, AddressChange.undone_at.is_(None))
    return db.session.scalar(select(AddressChange.id).where(*mine).limit(1)) is not None


def take_back(change: AddressChange, *, by: Person | None = None) -> bool:
    """Have the person's addresses be what they were before ``change``, whatever was changed since. False: that was done before.

    ``by`` is the person on their own page. None: by the link in a notice, from a mailbox that may know nothing of the change: then
    whoever made it is put out too. Every device is signed out, ways to sign in that were set since are gone, and old links and the
    address of the calendar work no more.
    """
    person = change.person
    lock(person)
    since = db.session.scalars(
        select(AddressChange).where(
            AddressChange.person_id == person.id, AddressChange.id >= change.id, AddressChange.undone_at.is_(None)
        )
    ).all()
    db.session.refresh(change)
    if change.undone_at is not None:
        return False
    before = addressing.all_of(person)
    for one in since:
        one.undone_at = clock.now()
    addressing.put(person, change.was)
    addressing.withdraw_all(person)
    journal.record("address.taken-back", change, by)
    revoking.revoke_links(person, by=by)
    if by is None:
        _put_out(person, change)
    told = {addresses.key(one): one for one in [*change.was, *before]}
    for address in told.values():
        letter = letters.address_back(person, theirs=address in change.was, put_out=by is None)
        addressing.notify(change, letter, address)
    return True


def _put_out(person: Person, change: AddressChange) -> None:
    db.session.execute(delete(Credential).where(Credential.person_id == person.id, Credential.made_at >= change.at))
    signing_in.sign_out_everywhere(person, by=None)
    calendar_address.renew(person, by=None)
