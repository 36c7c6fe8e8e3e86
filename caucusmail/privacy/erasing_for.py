"""The secretariat erases somebody who asked for it and cannot, or does not, do it by themselves: two people look at it.

Every address of the person is told when it is asked for (``accounts.two_people`` says how two agree).
"""

from caucusmail import links
from caucusmail.accounts import telling, two_people
from caucusmail.accounts.models import Person
from caucusmail.accounts.two_people import ByTwo
from caucusmail.database import lock
from caucusmail.errors import Conflict
from caucusmail.languages import _
from caucusmail.privacy import erasing, hindrances, letters

ERASURE = ByTwo(links.erase_person, "erasure.asked-for", "erasure.dropped")


class NothingAsked(Conflict):
    """Nobody has asked for it (any more)."""


def ask(person: Person, reason: str, *, by: Person) -> None:
    """Ask that ``person`` be erased; ``reason``: how it was made sure that it is they who want it.

    :raises caucusmail.accounts.two_people.NoReason: it is empty.
    """
    lock(person)
    if ERASURE.asked(person) is None:
        ERASURE.ask(person, reason, by=by)
        telling.everywhere(person, letters.asked_for(person))


def confirm(person: Person, *, by: Person) -> None:
    """Erase ``person`` now. What they leave without anybody who looks after it, the secretariat is told of.

    :raises NothingAsked: nobody has asked, or it is a week old.
    :raises caucusmail.accounts.two_people.NotByTheSame: whoever confirms has asked themselves, or it is they who would be
        erased.
    :raises caucusmail.privacy.hindrances.FirstHandOn: nobody else is of the secretariat.
    """
    lock(person)
    entry = ERASURE.asked(person)
    if entry is None:
        raise NothingAsked(_("There is nothing to confirm: it was withdrawn, or is older than a week."))
    two_people.another(entry, person, by)
    if hindrances.last_of_the_secretariat(person):
        raise hindrances.FirstHandOn(_("Nobody else is of the secretariat."))
    erasing.erase(person, remember=True, by=by)
