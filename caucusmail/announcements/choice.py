"""Who is meant, as an author chooses it: a value, kept as JSON with the announcement."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What a person is in the chosen group, or in their organisation."""

    REPRESENTATIVE = "representative"
    ALTERNATE = "alternate"
    INDIVIDUAL = "individual"
    KEEPER = "keeper"
    ADMINISTRATOR = "administrator"  # of their organisation


@dataclass(frozen=True)
class Audience:
    """Everybody in the chosen caucuses and groups, or in all of them, narrowed, less those excluded.

    An empty tuple narrows nothing. ``languages``: who reads one of them. ``region_ids``: whose organisation is there.
    ``sent_announcement_ids``: who was sent one of them; ``exclude_announcement_ids``: who was not.
    ``exclude_declined_ids``: less those who said that they do not come to one of these meetings.
    """

    everybody: bool = False  # the whole membership, whatever groups are chosen
    caucus_ids: Sequence[int] = ()
    group_ids: Sequence[int] = ()
    region_ids: Sequence[int] = ()
    languages: Sequence[str] = ()
    roles: Sequence[Role] = ()
    sent_announcement_ids: Sequence[int] = ()
    exclude_caucus_ids: Sequence[int] = ()
    exclude_group_ids: Sequence[int] = ()
    exclude_announcement_ids: Sequence[int] = ()
    exclude_declined_ids: Sequence[int] = ()

    @property
    def nobody(self) -> bool:
        """Whether nothing is chosen yet."""
        return not (self.everybody or self.caucus_ids or self.group_ids)

    def to_json(self) -> dict[str, Any]:
        """Plain lists, the empty ones left out."""
        plain = {name: value for name, value in asdict(self).items() if value}
        return {name: value if name == "everybody" else list(value) for name, value in plain.items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Audience":
        """What ``to_json`` wrote; an unknown key is left out."""
        found: dict[str, Any] = {one.name: kept[one.name] for one in fields(cls) if kept.get(one.name)}
        known: dict[str, Any] = {name: value if name == "everybody" else tuple(value) for name, value in found.items()}
        if "roles" in known:
            known["roles"] = tuple(Role(role) for role in known["roles"])
        return cls(**known)
