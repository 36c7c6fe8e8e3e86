"""The letters that follow from what came back: to a person whose address was paused, to the organisation whose seat they hold, and
to the secretariat."""

from datetime import timedelta

from sqlalchemy import select

from caucusmail import clock, languages, links
from caucusmail.accounts import addressing
from caucusmail.accounts.models import Person, SiteRole
from caucusmail.database import db
from caucusmail.delivery import bounces, ledger
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Delivery
from caucusmail.directory import hand_overs, representation
from caucusmail.directory.models import Representative
from caucusmail.mail import addresses, rendering
from caucusmail.mail.rendering import Letter
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit

BLAMED_AT = 10  # copies in a day that servers refused because of us
BLAMED = Limit("blamed-alarm", 1, timedelta(days=1))


def paused(row: Delivery) -> int:
    """Tell the person at their other addresses that this one is paused, and who looks after an organisation that nobody is reached on
    its seat any more; how many letters that makes."""
    person = db.session.get(Person, row.person_id) if row.person_id is not None else None
    if person is None:
        return 0
    others = [one for one in addressing.all_of(person) if addresses.key(one) != row.address_key]
    for other in others:
        to = To(other, person.name, person.id, person.zone)
        ledger.enqueue(_paused(person, row.address), to, about=("people", person.id))
    return len(others) + (_unreached(person) if row.address_key == person.address_key else 0)


def _unreached(person: Person) -> int:
    """Their main address takes nothing: the seats they hold can be handed over, and only the organisation can see to that."""
    written = 0
    for holder in hand_overs.of_person(person):
        for one in representation.speaking(holder.ngo):
            if one.admin and one.person_id != person.id:
                to = To(one.person.address, one.person.name, one.person_id, one.person.zone)
                ledger.enqueue(_no_answer(one.person, holder), to, about=("representatives", holder.id))
                written += 1
    return written


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


def _no_answer(reader: Person, holder: Representative) -> Letter:
    language = languages.offered(reader.languages)
    with languages.use(language):
        link = links.organisation(holder.ngo_id)
        who = {"holder": holder.person.name, "ngo": holder.ngo.name}
        return rendering.letter("inbound/seat_unreached", language, name=reader.name, link=link, **who)


def _blamed(reader: Person, number: int) -> Letter:
    language = languages.offered(reader.languages)
    with languages.use(language):
        return rendering.letter("inbound/blamed", language, name=reader.name, number=number)
