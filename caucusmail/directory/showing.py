"""What a member lets their fellow members see of them, caucus by caucus. ``visibility`` reads it wherever people are shown."""

from collections.abc import Sequence

from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.directory.models import Affiliation, AffiliationState, Ngo, Shown
from caucusmail.errors import Conflict, Invalid
from caucusmail.languages import _

CHOSEN = "affiliation.shown"


class NotToChoose(Invalid):
    """This person has nothing of the kind to show here."""


class ChangedAgain(Conflict):
    """Chosen anew since, or no longer a member: the former choice is not put back."""


def choices(ngo: Ngo | None) -> Sequence[Shown]:
    """What can be shown of somebody who is in for ``ngo`` (None: as an individual): no region where there is none."""
    if ngo is None:
        return [Shown.NAME_AND_ORGANISATION, Shown.NOTHING]
    return [one for one in Shown if one is not Shown.REGION or ngo.region_id is not None]


def choose(place: Affiliation, shown: Shown, *, by: Person | None) -> AuditEntry | None:
    """Let fellow members see ``shown`` of the person from now on. None: that was so already. Flushes for the id.

    :raises NotToChoose: they have nothing of the kind.
    """
    if shown not in choices(place.seat.ngo if place.seat else None):
        raise NotToChoose("shown", _("Choose one of the lines."))
    was = place.shown
    if was is shown:
        return None
    place.shown = shown
    return journal.record(CHOSEN, place.person, by, affiliation=place.id, was=was.value, now=shown.value)


def restore(person: Person, step: AuditEntry) -> None:
    """Put back what was shown before ``step``.

    :raises ChangedAgain: it was chosen anew since, or they are no longer in.
    """
    place = db.session.get(Affiliation, step.detail["affiliation"])
    inside = place is not None and place.person_id == person.id and place.state is AffiliationState.ACTIVE
    if place is None or not inside or place.shown.value != step.detail["now"]:
        raise ChangedAgain(_("You have changed this again in the meantime, so it was left as it is."))
    place.shown = Shown(step.detail["was"])
