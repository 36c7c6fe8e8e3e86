"""A caucus with two coordinators and a member, for who asks that the member be protected."""

from typing import Any

from caucusmail.database import transaction
from caucusmail.directory import queries, visibility
from caucusmail.privacy import asking
from caucusmail.privacy.asking_models import ProtectionAsking
from tests import make


class Asked:
    """Ilse and Omar coordinate; Rosa is a member."""

    def __init__(self) -> None:
        self.caucus = make.caucus()
        self.rosa = make.member(self.caucus, make.person("Rosa", "rosa@haki.example"))
        self.ilse, self.omar = (
            make.coordinator(self.caucus, make.person(name, f"{name.lower()}@desk.example"))
            for name in ("Ilse", "Omar")
        )

    def place(self, by: Any = None) -> Any:
        found = queries.affiliation(self.rosa, self.caucus)
        assert found is not None
        return asking.member(visibility.viewer(by or self.ilse), self.caucus, found.id)

    def asks(self, by: Any = None) -> ProtectionAsking:
        with transaction():
            return asking.ask(self.place(by), by=by or self.ilse)

    def agrees(self, one: ProtectionAsking, by: Any = None) -> Any:
        with transaction():
            return asking.agree(one, by=by or self.omar)
