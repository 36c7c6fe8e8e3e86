"""Whatever is taken back by its entry in the journal is taken back once: of two who press at once the second finds it done."""

import ast

from tests.house.test_source import CODE, functions, short


def test_whoever_notes_that_a_step_is_taken_back_holds_it_first():
    taking = {
        f"{short(path)}:{node.name}": ast.unparse(node)
        for path in CODE
        for node in functions(path)
        if "journal.record(audit.TAKEN_BACK" in ast.unparse(node)
    }
    assert len(taking) > 5
    assert [name for name, words in taking.items() if "audit.once(" not in words] == []


def test_who_may_and_what_has_changed_since_is_asked_before():
    """Each way back that gives somebody a right asks for the right of today, and looks at what is there now."""
    asks = {
        "caucusmail/groups/terms.py:take_back": "may_take_back",
        "caucusmail/groups/terms.py:_set_back": "changed_since",
        "caucusmail/groups/seat_terms.py:take_back": "changed_since",
        "caucusmail/groups/seat_terms.py:_give_way": "changed_since",
        "caucusmail/groups/yearly_answers.py:take_back": "may_take_back",
    }
    found = {f"{short(path)}:{node.name}": ast.unparse(node) for path in CODE for node in functions(path)}
    assert [name for name, word in asks.items() if word not in found.get(name, "")] == []
