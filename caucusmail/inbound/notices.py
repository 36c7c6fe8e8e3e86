"""The two letters that follow from what came back: to a person whose address was paused, and to the secretariat."""

from datetime import timedelta

from sqlalchemy import select

from caucusmail import clock, languages, links
from caucusmail.accounts.models import Person, SecondAddress, SiteRole
from caucusmail.database import db
from caucusmail.delivery import bounces, ledger
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery
from caucusmail.mail import addresses, rendering
from caucusmail.mail.rendering import Letter
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit

BLAMED_AT = 10  # copies in a day that servers refused because of us
BLAMED = Limit("blamed-alarm", 1, timedelta(days=1))


def paused(row: Delivery) -> int:
    """Tell the person at their other, verified addresses that this one is paused; how many letters that makes."""
    person = db.session.get(Person, row.person_id) if row.person_id is not None else None
    if person is None:
        return 0
    others = db.session.scalars(
        select(SecondAddress.address).where(
            SecondAddress.person_id == person.id,
            SecondAddress.verified_at.is_not(None),
            SecondAddress.address_key != row.address_key,
        )
    ).all()
    for other in others:
        to = To(other, person.name, person.id, person.zone)
        ledger.enqueue(_paused(person, row.address), to, about=("people", person.id))
    return len(others)


def blamed() -> int:
    """Tell the secretariat, once a day, that servers refuse our mail because of us; how many letters that makes."""
    number = bounces.policy_refusals(clock.now() - timedelta(days=1))
    if number < BLAMED_AT or not limits.spend(BLAMED, "house"):
        return 0
    wanted = select(Person).where(Person.role == SiteRole.SECRETARIAT, Person.left_at.is_(None)).order_by(Person.id)
    readers = db.session.scalars(wanted).all()
    for reader in readers:
        to = To(reader.address, reader.name, reader.id, reader.zone)
        ledger.enqueue(_blamed(reader, number), to)
    return len(readers)


def _paused(person: Person, address: str) -> Letter:
    language = languages.offered(person.languages)
    with languages.use(language):
        shown = addresses.masked(address)
        return rendering.letter("inbound/paused", language, name=person.name, address=shown, link=links.ask())


def _blamed(reader: Person, number: int) -> Letter:
    language = languages.offered(reader.languages)
    with languages.use(language):
        return rendering.letter("inbound/blamed", language, name=reader.name, number=number)
