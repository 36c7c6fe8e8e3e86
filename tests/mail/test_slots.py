import pytest

from caucusmail.mail import slots
from caucusmail.mail.compiled import guard


@pytest.mark.parametrize("typed", ["A\u2028B", "A\nB", " A \r\n B ", "A\x85B", "\0 A\x1cB", "A \ue000\ue001B"])
def test_a_line_holds_nothing_that_breaks_it(typed):
    assert guard(slots.line(typed)) == "A B"


@pytest.mark.parametrize("slot", slots.Slot)
def test_nobody_can_write_a_slot(slot):
    typed = f"Dear {slots.mark(slot)},"
    for tidy in (slots.unmarked, slots.clean, slots.line):
        assert tidy(typed) == f"Dear {slot.value},"


def test_several_lines_and_tabs_stay_and_what_no_letter_may_hold_goes():
    assert slots.clean("A\n\tB\0\x1b[31m\x7f\r") == "A\n\tB[31m"
    assert slots.clean("مرحبا 👩‍👧 e\u0301") == "مرحبا 👩‍👧 e\u0301"
