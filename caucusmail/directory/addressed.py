"""At which of their addresses a person is written to in one caucus."""

from caucusmail.accounts import queries as accounts
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.directory.models import Affiliation
from caucusmail.errors import NotFound


def choose(place: Affiliation, address_id: int | None, *, by: Person) -> int | None:
    """Have the letters of the caucus go to this further address of the person's; None: to the main one. What it was.

    What is frozen already goes where it was to go. An address that is removed later gives way to the main one.

    :raises NotFound: it is no address of theirs.
    """
    if address_id is not None and address_id not in {one.id for one in accounts.further_addresses(place.person)}:
        raise NotFound
    was = place.address_id
    if was != address_id:
        place.address_id = address_id
        journal.record("affiliation.addressed", place, by)
    return was
