"""Find a person by id, address or sign-in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from caucusmail import clock, tokens
from caucusmail.accounts.models import AskedAddress, Credential, CredentialKind, Person, SecondAddress, SignIn, SiteRole
from caucusmail.database import db
from caucusmail.delivery import covers
from caucusmail.mail import addresses


def person(person_id: int) -> Person | None:
    """The person with this id."""
    return db.session.get(Person, person_id)


def anybody() -> bool:
    """Whether there is any person yet."""
    return bool(db.session.scalar(select(select(Person.id).exists())))


def by_address(address_key: str) -> Sequence[Person]:
    """Everybody whose own address this is (two people may share a mailbox), the longest known first. Who is protected has none
    that could be asked for here."""
    return db.session.scalars(select(Person).where(Person.address_key == address_key).order_by(Person.id)).all()


def reached_at(address_key: str) -> Sequence[Person]:
    """Everybody who reads this mailbox: their own address, or a further one they have verified, also under a cover; the longest
    known first."""
    second = select(SecondAddress.person_id).where(
        SecondAddress.address_key == address_key, SecondAddress.verified_at.is_not(None)
    )
    return db.session.scalars(
        select(Person)
        .where((Person.address_key == address_key) | Person.id.in_(second) | Person.id.in_(covers.people(address_key)))
        .order_by(Person.id)
    ).all()


def further_addresses(person: Person) -> Sequence[SecondAddress]:
    """The person's verified addresses beside the main one, the first one first."""
    return db.session.scalars(
        select(SecondAddress)
        .where(SecondAddress.person_id == person.id, SecondAddress.verified_at.is_not(None))
        .order_by(SecondAddress.id)
    ).all()


def asked_addresses(person: Person, since: datetime) -> Sequence[AskedAddress]:
    """The addresses that the person gave ``since`` then and has not proved yet, the newest first."""
    return db.session.scalars(
        select(AskedAddress)
        .where(AskedAddress.person_id == person.id, AskedAddress.used_at.is_(None), AskedAddress.asked_at > since)
        .order_by(AskedAddress.id.desc())
    ).all()


def mailbox(address_key: str) -> str:
    """The address as its owner gave it: what a stranger typed may be read alike and yet be somebody else's."""
    if addresses.covered(address_key):
        return address_key
    own = select(Person.address).where(Person.address_key == address_key)
    second = select(SecondAddress.address).where(
        SecondAddress.address_key == address_key, SecondAddress.verified_at.is_not(None)
    )
    return db.session.scalar(own.limit(1)) or covers.of(address_key) or db.session.scalars(second.limit(1)).one()


def masked(address: str) -> str:
    """One of a person's addresses, masked, for who has it from a letter of theirs: of somebody protected what lies under the cover."""
    key = addresses.key(address)
    under = covers.under([key])
    return addresses.masked(under[key].address if key in under else address)


def passwords(people: Sequence[Person]) -> Sequence[Credential]:
    """The passwords of these people, the oldest first."""
    return db.session.scalars(
        select(Credential)
        .where(Credential.person_id.in_([one.id for one in people]), Credential.kind == CredentialKind.PASSWORD)
        .order_by(Credential.id)
    ).all()


def addresses_of(person: Person) -> Sequence[str]:
    """Every address we know the person by: their own, then the verified further ones."""
    further = db.session.scalars(
        select(SecondAddress)
        .where(SecondAddress.person_id == person.id, SecondAddress.verified_at.is_not(None))
        .order_by(SecondAddress.id)
    )
    known = {person.address_key: person.address} | {
        one.address_key: one.address for one in further if one.address_key != person.address_key
    }
    return list(known.values())


def of_kind(person: Person, *kinds: CredentialKind) -> Sequence[Credential]:
    """The credentials of these kinds that the person has, the oldest first."""
    return db.session.scalars(
        select(Credential).where(Credential.person_id == person.id, Credential.kind.in_(kinds)).order_by(Credential.id)
    ).all()


def passkey(handle: str) -> Credential | None:
    """The passkey with this credential id (base64url)."""
    return db.session.scalar(select(Credential).where(Credential.handle == handle))


def signed_in(secret: str, *, waiting: bool = False) -> SignIn | None:
    """The live sign-in that this cookie's secret belongs to, with its person; or, if ``waiting``, one whose second step is
    still to come."""
    return db.session.scalar(
        select(SignIn)
        .options(joinedload(SignIn.person))
        .where(
            SignIn.secret_fingerprint == tokens.fingerprint("sign-in", secret),
            SignIn.ended_at.is_(None),
            SignIn.ends_at > clock.now(),
            SignIn.waits.is_(waiting),
        )
    )


def live_sign_ins(person: Person) -> Sequence[SignIn]:
    """Where a person is signed in now, the newest first."""
    return db.session.scalars(
        select(SignIn)
        .where(
            SignIn.person_id == person.id,
            SignIn.ended_at.is_(None),
            SignIn.ends_at > clock.now(),
            SignIn.waits.is_(False),
        )
        .order_by(SignIn.began_at.desc())
    ).all()


def secretariat() -> Sequence[Person]:
    """Who is of the secretariat now, by id."""
    return db.session.scalars(
        select(Person).where(Person.role == SiteRole.SECRETARIAT, Person.left_at.is_(None)).order_by(Person.id)
    ).all()
