"""What let a person through to an announcement, beside the groups that bring it: their seat, and each filter. Pure."""

from collections.abc import Mapping, Sequence

from caucusmail import languages
from caucusmail.announcements.choice import Audience, Role
from caucusmail.database import Words
from caucusmail.directory.models import Affiliation, SeatRole
from caucusmail.languages import _

_SEATED = {SeatRole.REPRESENTATIVE: Role.REPRESENTATIVE, SeatRole.ALTERNATE: Role.ALTERNATE}


def words(chosen: Audience, place: Affiliation, regions: Mapping[int, Words]) -> list[str]:
    """The seat that ``place`` is held by, and how it meets each filter of ``chosen``; ``regions`` are those chosen."""
    role = _SEATED[place.seat.role] if place.seat else Role.INDIVIDUAL
    found = [_said(role)]
    others = [one for one in chosen.roles if one in (Role.KEEPER, Role.ADMINISTRATOR)]
    if chosen.roles and role not in chosen.roles:
        found += [_said(one) for one in others[:1]] if len(others) == 1 else [_("has one of the chosen roles")]
    there = (place.seat.ngo.region_id if place.seat else None, place.caucus.region_id)
    found += [languages.pick(regions[one], (languages.current(),)) for one in there if one and one in regions][:1]
    read = [languages.name(one) for one in place.person.languages if one in chosen.languages]
    if read:
        found.append(_("reads %(languages)s", languages=_joined(read)))
    return found


def _joined(names: Sequence[str]) -> str:
    return ", ".join(names)


def _said(role: Role) -> str:
    return {
        Role.REPRESENTATIVE: _("representative"),
        Role.ALTERNATE: _("alternate"),
        Role.INDIVIDUAL: _("individual expert"),
        Role.KEEPER: _("keeps a group"),
        Role.ADMINISTRATOR: _("administrator of their organisation"),
    }[role]
