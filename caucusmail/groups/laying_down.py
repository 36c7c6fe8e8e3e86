"""What is left without anybody when somebody leaves everything: caucuses without a coordinator, organisations without an administrator.

Nobody is kept from leaving; who has to see to it is told at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from caucusmail import languages, links
from caucusmail.accounts import queries as accounts
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.delivery import ledger
from caucusmail.directory import keeping, representation
from caucusmail.directory.models import Caucus, Ngo, Representative
from caucusmail.groups import letters
from caucusmail.mail import rendering


@dataclass(frozen=True)
class Vacancies:
    """What nobody else coordinates, or looks after."""

    caucuses: Sequence[Caucus]
    ngos: Sequence[Ngo]


def of(person: Person) -> Vacancies:
    """What would be left without anybody, if ``person`` left everything now."""
    theirs = select(Representative).where(Representative.person_id == person.id, Representative.admin)
    alone = []
    for one in db.session.scalars(theirs.order_by(Representative.id)):
        admins = [other for other in representation.speaking(one.ngo) if other.admin and other.person.left_at is None]
        if admins == [one]:
            alone.append(one.ngo)
    return Vacancies(keeping.left_alone(person), alone)


def tell(person: Person, left: Vacancies) -> None:
    """Write to the secretariat of each, and to who else speaks for an organisation."""
    staff = [one for one in accounts.secretariat() if one is not person]
    for caucus in left.caucuses:
        for reader in staff:
            language = languages.offered(reader.languages)
            name = languages.pick(caucus.names, reader.languages)
            with languages.use(language):
                link = links.caucus(caucus.slug)
            letter = rendering.letter("groups/nobody_keeps", language, name=reader.name, caucus=name, link=link)
            ledger.enqueue(letter, letters.to(reader), about=("caucuses", caucus.id))
    for ngo in left.ngos:
        others = [one.person for one in representation.speaking(ngo) if one.person_id != person.id]
        for reader in dict.fromkeys([*others, *staff]):
            language = languages.offered(reader.languages)
            with languages.use(language):
                link = links.organisation(ngo.id)
            context = {"name": reader.name, "ngo": ngo.name, "link": link, "own": reader in others}
            letter = rendering.letter("groups/nobody_looks_after", language, **context)
            ledger.enqueue(letter, letters.to(reader), about=("ngos", ngo.id))
