from caucusmail.audit import journal, queries
from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from tests import make


def recorded(verb: str, subject) -> AuditEntry:
    with transaction():
        return journal.record(verb, subject, None)


def test_a_step_counts_as_taken_back_only_by_an_entry_about_itself():
    person = make.person()
    step, other = recorded("preferences.changed", person), recorded("preferences.changed", person)
    recorded(queries.TAKEN_BACK, person)  # about a person, whatever their id
    recorded("step.looked-at", step)
    assert not queries.taken_back(step)
    recorded(queries.TAKEN_BACK, step)
    assert queries.taken_back(step)
    assert not queries.taken_back(other)


def test_an_entry_is_found_by_its_id_and_no_other_is():
    step = recorded("preferences.changed", make.person())
    assert queries.entry(step.id) is step
    assert queries.entry(step.id + 1) is None


def test_what_was_done_since_counts_until_it_is_taken_back():
    person, other = make.person(), make.person()
    step = recorded("preferences.changed", person)
    recorded("preferences.changed", other)
    recorded("preferences.shown", person)
    assert not queries.changed_since(step, ["preferences.changed"])
    assert queries.changed_since(step, ["preferences.changed"], [other.id])
    newer = recorded("preferences.changed", person)
    assert queries.changed_since(step, ["preferences.changed"])
    assert queries.once(newer)
    recorded(queries.TAKEN_BACK, newer)
    assert not queries.once(newer)
    assert not queries.changed_since(step, ["preferences.changed"])
