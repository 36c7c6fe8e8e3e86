"""What somebody has to hand on before they can be erased by themselves, and whom to ask for it.

Nobody is kept against their will: the secretariat can carry an erasure out all the same (``privacy.erasing_for``).
"""

from sqlalchemy import select

from caucusmail.accounts.models import Person, SiteRole
from caucusmail.database import db
from caucusmail.directory import keeping, representation
from caucusmail.directory.models import Representative
from caucusmail.errors import Conflict
from caucusmail.languages import _, pick


class FirstHandOn(Conflict):
    """Something would be left without anybody who looks after it."""


def last_of_the_secretariat(person: Person) -> bool:
    """Whether nobody else is of the secretariat."""
    if person.role is not SiteRole.SECRETARIAT:
        return False
    others = select(Person.id).where(Person.role == SiteRole.SECRETARIAT, Person.id != person.id)
    return db.session.scalar(others.limit(1)) is None


def of(person: Person) -> list[str]:
    """What stands in the way, each a sentence that says whom to ask; empty: nothing."""
    found = []
    if last_of_the_secretariat(person):
        found.append(
            _(
                "You are the only one of the secretariat. Ask whoever runs this site to add somebody else to it first (the command “staff add”)."
            )
        )
    found += [
        _(
            "You are the only coordinator of %(caucus)s. Ask the secretariat to name another one first.",
            caucus=pick(caucus.names),
        )
        for caucus in keeping.left_alone(person)
    ]
    found += [
        _(
            "You are the only administrator of %(ngo)s. Make one of its other representatives administrator first, on the organisation’s page.",
            ngo=representative.ngo.name,
        )
        for representative in _alone_for(person)
    ]
    return found


def refuse(person: Person) -> None:
    """Whether nothing stands in the way.

    :raises FirstHandOn: something does.
    """
    found = of(person)
    if found:
        raise FirstHandOn(" ".join(found))


def _alone_for(person: Person) -> list[Representative]:
    """The organisations that others speak for, too, and nobody else looks after. One that has nobody else keeps nobody."""
    theirs = select(Representative).where(Representative.person_id == person.id, Representative.admin)
    found = []
    for one in db.session.scalars(theirs.order_by(Representative.id)):
        speaking = representation.speaking(one.ngo)
        others = [other for other in speaking if other.person_id != person.id]
        if one in speaking and others and not any(other.admin for other in others):
            found.append(one)
    return found
