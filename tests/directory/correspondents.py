"""Two members of a caucus, one of whom is known by a made-up name."""

from dataclasses import dataclass

from caucusmail.database import transaction
from caucusmail.directory import pseudonyms, queries, showing
from caucusmail.directory.models import Affiliation, Caucus, RosterPolicy, Shown
from caucusmail.directory.pseudonym_models import Pseudonym
from caucusmail.mail import mailboxes
from tests import make
from tests.directory.test_roster import seated


@dataclass
class Two:
    caucus: Caucus
    vega: Affiliation  # known by a made-up name
    ada: Affiliation  # shows her name and her organisation

    @property
    def to(self) -> Pseudonym:
        found = pseudonyms.of(self.vega)
        assert found is not None
        return found

    @property
    def mailbox(self) -> str:
        """The address of Vega's mailbox."""
        return mailboxes.address(self.caucus.slug, self.to.mailbox)

    def ada_answers(self) -> Pseudonym:
        """By which Ada is written to, from now on if she was not before."""
        with transaction():
            return pseudonyms.take(self.ada)

    def mailbox_of_ada(self) -> str:
        """Where Ada is answered."""
        found = pseudonyms.of(self.ada)
        assert found is not None
        return mailboxes.address(self.caucus.slug, found.mailbox)


def choose(place: Affiliation, shown: Shown, **more: bool) -> None:
    with transaction():
        showing.choose(place, shown, by=place.person, **more)


def two(slug: str = "vrwg") -> Two:
    caucus = make.caucus(slug, roster=RosterPolicy.MEMBERS)
    vega = seated(caucus, "Halima Canary", "Canary House")
    ada = seated(caucus, "Ada Lovelace", "Zenith", Shown.NAME_AND_ORGANISATION)
    found = Two(caucus, *(queries.affiliation(one, caucus) for one in (vega, ada)))
    choose(found.vega, Shown.PSEUDONYM)
    return found
