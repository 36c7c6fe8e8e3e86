"""What is told to a person at every address we know of them: whoever changes how somebody signs in cannot do it unseen."""

from caucusmail.accounts import letters, queries
from caucusmail.accounts.models import Person
from caucusmail.delivery import ledger
from caucusmail.mail.rendering import Letter


def everywhere(person: Person, letter: Letter) -> None:
    """Owe ``letter`` to each address of ``person``: their own and the further ones they have verified."""
    for address in queries.addresses_of(person):
        ledger.enqueue(letter, letters.to([person], address), about=("people", person.id))
