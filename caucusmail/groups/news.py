"""What those on an email group are told when it is opened, closed or opened again: nobody is moved without a word.

The letters leave ten minutes after the deed. If it is taken back before, nobody hears of it.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, literal, select

from caucusmail import clock, languages, settings
from caucusmail.accounts.models import Person
from caucusmail.accounts.reading import discreetly, first_of
from caucusmail.database import db
from caucusmail.delivery import discreet, ledger, withdrawal
from caucusmail.delivery.models import DUE, Delivery, DeliveryState, Lane, OutgoingMessage
from caucusmail.directory.models import Affiliation, AffiliationState
from caucusmail.groups import letters, queries
from caucusmail.groups.models import EmailGroup, Subscription
from caucusmail.mail import compiled, headers

TOLD_AFTER = timedelta(minutes=10)
OVERTAKEN = "overtaken"
"""Why a letter was withdrawn (``Delivery.note``): what it tells was taken back, or changed again, before it left."""

_ABOUT = EmailGroup.__tablename__
_UNSAID = (DeliveryState.QUEUED, DeliveryState.WITHDRAWN)


def tell(group: EmailGroup, *, new: bool = False) -> int:
    """Owe one letter about how the group stands now to each whom it serves; how many. ``new``: it was not there before.

    To whom the opposite was to be told, and has not been, nothing needs to be said. Statements do not grow with readers.
    """
    db.session.flush()
    unsaid = _withdraw(group)
    readers = _readers(group, clock.now()).where(Person.id.not_in(unsaid))
    kind = "group_opened" if new else "group_closed" if group.closed_at else "group_reopened"
    message = ledger.open_message(f"groups/{kind}", Lane.BULK, (_ABOUT, group.id), headers.NOTICES)
    sender = compiled.mailbox(ledger.PRODUCT, f"{headers.NOTICES}@{settings.current().mail_domain}")
    for language in languages.OFFERED:
        letter = letters.of_group(kind, group, language)
        ledger.add_text(message, language, compiled.compile_letter(letter, sender, headers.of_letter()))
        neutral = discreet.compile_in(language, headers.of_letter(), leaves=False)
        ledger.add_text(message, discreet.key(language), neutral, {"frame": language})
    told = ledger.owe_each(message, readers, clock.now() + TOLD_AFTER)
    if not told:
        ledger.take_back(message)
        db.session.expunge(message)  # its id may be given again
    return told


def said(group: EmailGroup) -> bool:
    """Whether anybody was written to about this group, or because of it: it cannot be as if it had never been."""
    told = select(Delivery.id).join(OutgoingMessage).where(_about(group), Delivery.state.not_in(_UNSAID))
    brought = select(Delivery.id).where(Delivery.why.contains(f"g{group.id}"))
    return any(db.session.scalar(select(one.exists())) for one in (told, brought))


def unsay(group: EmailGroup) -> None:
    """Forget the letters about this group of which none has left."""
    for message in db.session.scalars(select(OutgoingMessage).where(_about(group))).all():
        ledger.take_back(message)
        db.session.expunge(message)


def _about(group: EmailGroup) -> Any:
    return (OutgoingMessage.subject_kind == _ABOUT) & (OutgoingMessage.subject_id == group.id)


def _withdraw(group: EmailGroup) -> Select[int | None]:
    """Withdraw what was to be told about this group and has not left; SELECT of the people who were not told so."""
    waiting = (
        select(Delivery.id, Delivery.message_id).join(OutgoingMessage).where(_about(group), Delivery.state.in_(DUE))
    )
    rows = db.session.execute(waiting).all()
    withdrawal.withdraw([row.id for row in rows], OVERTAKEN)
    return select(Delivery.person_id).where(
        Delivery.message_id.in_({row.message_id for row in rows}),
        Delivery.note == OVERTAKEN,
        Delivery.person_id.is_not(None),
    )


def _readers(group: EmailGroup, moment: datetime) -> Select[*tuple[Any, ...]]:
    """What the ledger wants of each who gets what is sent to the group: paused ones and those who read on the site see it
    on their own page."""
    language = discreetly(first_of(list(languages.OFFERED), languages.DEFAULT))
    return (
        select(Person.id, Person.name, Person.address, Person.address_key, language, Person.zone, literal(""))
        .join(Subscription, Subscription.person_id == Person.id)
        .join(Affiliation, (Affiliation.person_id == Person.id) & (Affiliation.caucus_id == group.caucus_id))
        .where(
            Subscription.group_id == group.id,
            Affiliation.state == AffiliationState.ACTIVE,
            Person.left_at.is_(None),
            queries.served(moment),
        )
        .order_by(Person.id)
    )
