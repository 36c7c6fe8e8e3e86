"""After somebody was protected, no column of any table tells their name or address; lifting brings every word back."""

import pytest
from sqlalchemy import delete

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.database import Model, db, transaction
from caucusmail.delivery import ledger
from caucusmail.delivery.ledger import To
from caucusmail.delivery.models import Cover
from caucusmail.inbound import processing
from caucusmail.inbound.models import Received
from caucusmail.mail.rendering import Letter
from caucusmail.privacy.columns import LETTERS, OWN, WORDS
from tests import make
from tests.house.test_personal import ADDRESS, FURTHER, NAME, admitted, in_office, vouched
from tests.privacy.protected import cells, lift, protect, telling

SECRETS = (NAME, ADDRESS, FURTHER)
QUOTE = f"As {NAME} ({ADDRESS.upper()}) wrote"


@pytest.fixture
def her() -> Person:
    """She has done everything that one can do here, and everybody quotes her in every column of words."""
    made = admitted()
    in_office(made)
    vouched(made)
    with transaction():
        db.session.execute(delete(Cover))
    while processing.turn():
        pass
    db.session.expire_all()
    with transaction():
        journal.record("test", made, None, reason=QUOTE, said={"by": [QUOTE]})
        ledger.enqueue(
            Letter("test/letter", "en", QUOTE, f"{QUOTE}: é {'x ' * 30}{NAME}.\n", f"<p>{QUOTE}</p>"), To("b@c.example")
        )
    quote_everywhere()
    return made


def quote_everywhere() -> None:
    """Put the quote into every cell of words that is there."""
    with transaction():
        for table_name, names in WORDS.items():
            table = Model.metadata.tables[table_name]
            (key,) = table.primary_key.columns
            for name in names:
                for number, value in db.session.execute(db.select(key, table.c[name])).all():
                    new = quoting(value, table.c[name])
                    db.session.execute(table.update().where(key == number).values({name: new}))
        db.session.expire_all()


def quoting(value, column):
    if isinstance(value, dict):
        return value | {"quoted": {"x": [QUOTE]}}
    if isinstance(value, list):
        return [*value, {"quoted": QUOTE}]
    size = getattr(column.type, "length", None) or 10_000
    return f"{value or ''} {QUOTE}"[-size:] if size >= len(QUOTE) else value


def test_no_column_of_any_table_tells_her_name_or_address(her):
    before = cells()
    there = telling(*SECRETS)
    made = protect(her)
    assert telling(*SECRETS) == set()
    assert len(there) > 60  # it was looked for where it is
    lift(made)
    after = cells()
    assert {place.partition(" ")[0] for place in before if before[place] != after.get(place)} <= ENDED


ENDED = {
    "people.settings_version",
    "people.calendar_version",
    "people.links_since",
    "sign_ins.ended_at",
    "sign_in_letters.used_at",
    "sign_in_letters.looked_at",
    "recoveries.ended_at",
    "deliveries.state",
    "deliveries.settled_at",
    "deliveries.note",
    "deliveries.settings_version",
    "meetings.changed_at",
}
"""What protecting ends for good: links, sign-ins, a recovery, copies that were stopped. Feeds of meetings are read anew."""


UNFILLED = {
    "affiliations.address_id",
    "hand_overs.title",
    "heartbeats.detail",
    "meeting_answers.from_address",
    "meeting_minutes.texts",
    "meeting_papers.title",
    "meeting_papers.url",
    "meeting_questions.words",
    "remote_links.words",
    "review_windows.note",
    "suppressions.shown",
}
"""Those of which this world has no row, or that it leaves empty: they are replaced by the same loop."""


def test_every_column_in_which_somebody_can_be_named_was_filled(her):
    filled = {place.partition(" ")[0] for place, value in cells().items() if value not in ("", None, b"", [], {})}
    own = {f"{one.table}.{name}" for one in OWN for name in one.puts}
    words = {f"{table}.{name}" for lists in (WORDS, LETTERS) for table, names in lists.items() for name in names}
    assert (own | words) - filled == UNFILLED


def test_mail_that_came_in_and_speaks_of_her_lies_empty_until_then(her):
    row = {"recipient": "check@caucus.example", "body_hash": "0" * 64, "at": clock.now(), "fate": "done"}
    raw = f"Subject: =?utf-8?q?{NAME.replace(' ', '_')}?=\r\n\r\nHello\r\n".encode()
    mail, other = (
        make.keep(Received(raw=raw, message_id="a", **row)),
        make.keep(Received(raw=b"a: b\r\n\r\nc", message_id="b", **row)),
    )
    made = protect(her)
    db.session.expire_all()
    assert (mail.raw, other.raw) == (b"", b"a: b\r\n\r\nc")
    lift(made)
    db.session.expire_all()
    assert mail.raw == raw
