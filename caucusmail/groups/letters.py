"""The letters that this package writes: receipts of leaving, and of what changes in who speaks for an organisation."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from caucusmail import languages, links, tokens, zones
from caucusmail.accounts.models import Person
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db
from caucusmail.delivery.ledger import To
from caucusmail.directory.affiliation import Former
from caucusmail.directory.models import Caucus, Ngo
from caucusmail.groups import queries
from caucusmail.groups.models import EmailGroup
from caucusmail.mail.rendering import Letter, letter
from caucusmail.mail.slots import Slot, mark
from caucusmail.tokens import Purpose


def to(person: Person) -> To:
    """The person as a recipient."""
    return To(person.address, person.name, person.id, person.zone)


def goodbye(person: Person, step: AuditEntry, seats: Sequence[str] = ()) -> Letter:
    """What was left, what stays, and the way back for 30 days, if it was the person who left; ``seats``: of which organisations none
    come to them on a later day any more."""
    language = languages.offered(person.languages)
    with languages.use(language):
        return letter(
            "groups/goodbye",
            language,
            name=person.name,
            left=left_by(step),
            stay=[languages.pick(place.caucus.names) for place in queries.places(person)],
            back=undo_link(step) if step.by_id == person.id else "",
            days=queries.WAY_BACK.days,
            seats=seats,
        )


def term_ended(person: Person, ngo: Ngo, step: AuditEntry) -> Letter:
    """Somebody no longer speaks for the organisation; what this ends, and whom to ask. Who ended it themselves can take it
    back."""
    own = step.by_id == person.id
    return _of_term("term_ended", person, ngo, left=_left(person, step), own=own, back=undo_link(step) if own else "")


def term_runs_on(person: Person, ngo: Ngo, step: AuditEntry, *, no_admin: bool) -> Letter:
    """The ending of a term was taken back: they speak for the organisation as before, ``no_admin``: but do not look after it."""
    return _of_term("term_runs_on", person, ngo, back_in=_left(person, step), no_admin=no_admin)


def administrator(person: Person, ngo: Ngo, *, admin: bool) -> Letter:
    """Somebody looks after the organisation from now, or no longer."""
    return _of_term("administrator", person, ngo, admin=admin, ngo_id=ngo.id)


def of_group(kind: str, group: EmailGroup, language: str) -> Letter:
    """That an email group was opened, closed or opened again (``group_closed`` …), in one language, to all who are on it."""
    with languages.use(language):
        return letter(
            f"groups/{kind}",
            language,
            name=mark(Slot.NAME),
            group=languages.pick(group.names),
            caucus=languages.pick(group.caucus.names),
            slug=group.caucus.slug,
            reason=group.closed_why,
            day=zones.written(zones.day(group.closed_at, "UTC")) if group.closed_at else "",
            others=[languages.pick(one.names) for one in queries.open_groups(group.caucus) if one.id != group.id],
            own_page=mark(Slot.LINK_SETTINGS),
        )


def _of_term(name: str, person: Person, ngo: Ngo, **context: Any) -> Letter:
    language = languages.offered(person.languages)
    with languages.use(language):
        stay = [languages.pick(place.caucus.names) for place in queries.places(person)]
        return letter(
            f"groups/{name}", language, name=person.name, ngo=ngo.name, stay=stay, days=queries.WAY_BACK.days, **context
        )


def _left(person: Person, step: AuditEntry) -> list[str]:
    with languages.use(languages.offered(person.languages)):
        return left_by(step)


def undo_link(step: AuditEntry) -> str:
    """The address at which the person can take ``step`` back; good for 30 days."""
    return links.undo(tokens.sign(Purpose.UNDO, step.id))


def left_by(step: AuditEntry, only: Iterable[Former] | None = None) -> list[str]:
    """The names of what a step out left, in the current language: caucuses (of these, ``only`` some), and groups whose
    caucus was not left."""
    all_left = {former["caucus"] for former in step.detail["former"]}
    caucuses = [former["caucus"] for former in (step.detail["former"] if only is None else only)]
    groups = [was["group"] for was in step.detail["subscriptions"] if was["caucus"] not in all_left]
    names = [
        *db.session.scalars(select(Caucus.names).where(Caucus.id.in_(caucuses)).order_by(Caucus.id)),
        *db.session.scalars(select(EmailGroup.names).where(EmailGroup.id.in_(groups)).order_by(EmailGroup.id)),
    ]
    return [languages.pick(name) for name in names]
