from caucusmail.audit import journal, personal
from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from tests import make


def test_a_person_is_shown_what_they_did_and_what_was_done_to_them_but_not_the_reasons_of_others():
    anna, staff, caucus = make.person(), make.secretary(), make.caucus()
    with transaction():
        journal.record("caucus.moved", caucus, anna, reason="It sleeps.")
        journal.record("person.warned", anna, staff, reason="Between us.")
        journal.record("caucus.moved", caucus, staff)
    shown = personal.export(anna.id)["journal"]
    assert [(one["what"], one["to"], one["themselves"], one["reason"]) for one in shown] == [
        ("caucus.moved", "caucuses", True, "It sleeps."),
        ("person.warned", "people", False, ""),
    ]


def test_what_was_done_stays_without_who_did_it_and_without_what_was_said_of_them():
    anna, staff, caucus = make.person(), make.secretary(), make.caucus()
    with transaction():
        journal.record("caucus.moved", caucus, anna, reason="It sleeps.", now="dormant")
        journal.record("person.warned", anna, staff, reason="Anna shouts.", where="Room 4")
        personal.erase(anna.id)
    kept = [(one.verb, one.by_id, one.reason, one.detail) for one in make.rows(AuditEntry)]
    assert kept == [("caucus.moved", None, "It sleeps.", {"now": "dormant"}), ("person.warned", staff.id, "", {})]


def test_a_row_of_another_table_with_the_same_number_is_not_taken_for_the_person():
    anna = make.person()
    with transaction():
        step = journal.record("caucus.moved", make.caucus(), None, reason="It sleeps.")
        step.subject_id = anna.id
        personal.erase(anna.id)
    assert personal.export(anna.id) == {"journal": []}
    assert [one.reason for one in make.rows(AuditEntry)] == ["It sleeps."]
