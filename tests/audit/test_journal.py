from sqlalchemy import delete

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.audit import journal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.directory.models import Region
from tests import make


def test_an_entry_says_who_did_what_to_what_when_and_why():
    caucus, who = make.caucus(), make.person()
    before = clock.now()
    with transaction():
        entry = journal.record("caucus.archived", caucus, who, reason="Its work is done.", was="active")
    db.session.expire(entry)
    assert (entry.verb, entry.subject_kind, entry.subject_id, entry.by_id) == (
        "caucus.archived",
        "caucuses",
        caucus.id,
        who.id,
    )
    assert (entry.reason, entry.detail) == ("Its work is done.", {"was": "active"})
    assert before <= entry.at <= clock.now()


def test_what_was_just_made_has_its_id_in_the_entry():
    with transaction():
        made = Region(slug="x", names={})
        db.session.add(made)
        entry = journal.record("region.made", made, None)
    assert entry.subject_id == made.id is not None
    assert (entry.by_id, entry.reason, entry.detail) == (None, "", {})


def test_an_entry_is_kept_only_if_what_it_tells_is():
    caucus = make.caucus()
    try:
        with transaction():
            journal.record("caucus.archived", caucus, None)
            1 / 0  # noqa: B018 - the refusal
    except ZeroDivisionError:
        pass
    assert make.rows(AuditEntry) == []


def test_an_entry_outlives_who_is_named_in_it():
    who = make.person()
    with transaction():
        entry = journal.record("caucus.archived", make.caucus(), who)
    with transaction():
        db.session.execute(delete(Person).where(Person.id == who.id))
    db.session.expire(entry)
    assert (entry.verb, entry.by_id) == ("caucus.archived", None)
