"""everywhere(): others have written somebody's name, who is about to be erased; a made-up one stands there from then on.

The same search as for who is protected (``rewording``), but nothing can be put back: what was sealed goes with the erasure.
"""

from caucusmail.accounts.models import Person, Shelter
from caucusmail.privacy import hiding, protecting, rewording
from caucusmail.privacy.protection_models import How


def everywhere(person: Person) -> None:
    """Replace name and addresses in texts and letters of others; of who is protected they were replaced then. Flushes.

    Call it before the last letters are written, which say the name.
    """
    if person.shelter is None:
        made = protecting.begun(person, person, How.SELF, None, Shelter.SILENT)
        rewording.reword(made, rewording.quoted(made, hiding.of(person)))
