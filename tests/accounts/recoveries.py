"""Recoveries on their way, for tests of several files."""

from caucusmail.accounts import recovering, recovery_codes, recovery_course
from caucusmail.accounts.models import Person, Recovery
from caucusmail.database import transaction
from caucusmail.directory import vouching
from tests import letters
from tests.accounts.devices import app_of

NETWORK = "192.0.2.0/24"
OLD, NEW = "ada@old.example", "ada@new.example"


def codes_of(person: Person) -> list[str]:
    """Ten recovery codes of ``person``, who has an app."""
    app_of(person)
    with transaction():
        return recovery_codes.made(person)


def looked() -> None:
    """The job looks who is meant."""
    with transaction():
        vouching.turn()


def found(address: str = NEW) -> Recovery:
    """What the link in the newest letter to the new address is about."""
    path = letters.link(letters.to(address)[-1], "/recover/")
    return recovering.read(path.rpartition("/")[2])


def by_code(code: str, old: str = OLD, new: str = NEW) -> Recovery:
    """A recovery code was typed, and it fits."""
    with transaction():
        recovering.by_code(old, code, new, NETWORK)
    looked()
    return found(new)


def by_people(old: str = OLD, new: str = NEW, name: str = "Ada") -> Recovery:
    """People are asked; the new address is confirmed."""
    with transaction():
        recovering.by_people(old, new, name, "Call me at the office.", NETWORK)
    asked = found(new)
    with transaction():
        recovering.confirm(asked)
    looked()
    return asked


def changed() -> int:
    """The job changes the addresses whose day has come."""
    with transaction():
        return recovery_course.change_due()
