"""What a member lets their fellow members see of them, caucus by caucus. ``visibility`` reads it wherever people are shown."""

from collections.abc import Sequence
from typing import Any

from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.directory import pseudonyms
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
        return [Shown.NAME_AND_ORGANISATION, Shown.PSEUDONYM, Shown.NOTHING]
    return [one for one in Shown if one is not Shown.REGION or ngo.region_id is not None]


def shows_more(was: Shown, now: Shown) -> bool:
    """Whether others would see more by ``now`` than by ``was`` (``Shown`` goes from all to nothing)."""
    order = list(Shown)
    return order.index(now) < order.index(was)


def choose(place: Affiliation, shown: Shown, *, by: Person | None, reachable: bool | None = None) -> AuditEntry | None:
    """Let fellow members see ``shown`` of the person from now on, and write to their pseudonym or not (None: as before).
    None: that was so already. Flushes for the id. The journal never says which pseudonym it is.

    :raises NotToChoose: they have nothing of the kind.
    """
    if shown not in choices(place.seat.ngo if place.seat else None):
        raise NotToChoose("shown", _("Choose one of the lines."))
    made_up = pseudonyms.take(place) if shown is Shown.PSEUDONYM else pseudonyms.of(place)
    was, was_reachable = place.shown, made_up.reachable if made_up else True
    now_reachable = was_reachable if reachable is None or made_up is None else reachable
    if (was, was_reachable) == (shown, now_reachable):
        return None
    place.shown = shown
    if made_up is not None:
        made_up.reachable = now_reachable
        if not now_reachable:
            made_up.written_at = None  # nor be answered
    more: dict[str, Any] = (
        {"was_reachable": was_reachable, "now_reachable": now_reachable} if was_reachable != now_reachable else {}
    )
    return journal.record(CHOSEN, place.person, by, affiliation=place.id, was=was.value, now=shown.value, **more)


def restore(person: Person, step: AuditEntry) -> None:
    """Put back what was shown before ``step``.

    :raises ChangedAgain: it was chosen anew since, or they are no longer in.
    """
    place = db.session.get(Affiliation, step.detail["affiliation"])
    inside = place is not None and place.person_id == person.id and place.state is AffiliationState.ACTIVE
    if place is None or not inside or place.shown.value != step.detail["now"]:
        raise ChangedAgain(_("You have changed this again in the meantime, so it was left as it is."))
    made_up = pseudonyms.of(place)
    if made_up is not None and "was_reachable" in step.detail:
        if made_up.reachable != step.detail["now_reachable"]:
            raise ChangedAgain(_("You have changed this again in the meantime, so it was left as it is."))
        made_up.reachable = step.detail["was_reachable"]
    place.shown = Shown(step.detail["was"])


def as_before(person: Person, step: AuditEntry) -> bool:
    """Whether the others see again what they saw before ``step``."""
    place = db.session.get(Affiliation, step.detail["affiliation"])
    return place is not None and place.person_id == person.id and place.shown.value == step.detail["was"]
