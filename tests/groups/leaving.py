"""What the tests of leaving look at: the rows as they stand, a copy that lies ready, the receipts."""

from datetime import timedelta

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.delivery.models import Delivery, Lane, OutgoingMessage
from caucusmail.directory.models import Affiliation, Consent, Seat
from caucusmail.groups import queries
from caucusmail.groups.models import EmailGroup, Mode, Subscription
from tests import letters, make


def digest(*models):
    """Every column of every row but a subscription's id, which nothing points at."""
    db.session.expire_all()
    return {
        model.__tablename__: sorted(
            tuple(
                (column.key, str(getattr(row, column.key)))
                for column in model.__table__.columns
                if not (model is Subscription and column.key == "id")
            )
            for row in make.rows(model)
        )
        for model in models
    }


PLACES = (Affiliation, Seat, Subscription, Consent, Person)


def copy(person: Person, *groups: EmailGroup, **more) -> Delivery:
    """A copy of an announcement that lies ready for the person, brought by these groups."""
    message = make.keep(OutgoingMessage(lane=Lane.ANNOUNCE, kind="announcement", sender="house", made_at=clock.now()))
    return make.keep(
        Delivery(
            **{
                "message_id": message.id,
                "person_id": person.id,
                "lane": Lane.ANNOUNCE,
                "address": person.address,
                "address_key": person.address_key,
                "language": "en",
                "settings_version": person.settings_version,
                "why": " ".join(f"g{group.id}" for group in groups),
                "due_at": clock.now() + timedelta(minutes=2),
            }
            | more
        )
    )


def letters_to(person: Person) -> list[str]:
    """The receipts owed to the person, as plain text."""
    return [letters.text(letter) for letter in letters.to(person.address)]


def served(group: EmailGroup) -> list[Person]:
    """Whose place on the group brings them letters now."""
    return [
        place.person
        for place in make.rows(Subscription)
        if place.group_id == group.id and place.mode is Mode.EVERY and not queries.is_paused(place, clock.now())
    ]
