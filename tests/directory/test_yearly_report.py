from datetime import timedelta

import time_machine

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory import yearly_report
from caucusmail.directory.yearly_models import Answered
from tests import make
from tests.directory.yearly_world import begun, lines
from tests.statements import counted


def answered(one, state, days=0):
    with transaction():
        one.state, one.answered_at = state, clock.now() + timedelta(days=days)


def test_the_numbers_are_those_of_the_rows():
    asia = make.region("asia", place=1)
    for number in range(5):
        make.ngo(f"N{number}", **({"region_id": asia.id} if number > 2 else {}))
    make.ngo("Exile", region_id=None, country_code=None)
    one = begun()
    answered(lines()[0], Answered.CONFIRMED)
    answered(lines()[3], Answered.CHANGED, 9)
    with transaction():
        lines()[1].unreached = True
    found = yearly_report.of(one, clock.now() + timedelta(days=16))
    assert (found.whole.asked, found.whole.answered, found.whole.waiting, found.whole.share) == (6, 2, 4, 33)
    assert (found.confirmed, found.changed, found.unreached) == (1, 1, 1)
    assert [(names and names["en"], count.asked, count.answered, count.share) for names, count in found.regions] == [
        ("Africa", 3, 1, 33),
        ("Asia", 2, 1, 50),
        (None, 1, 0, 0),
    ]
    assert [share for _end, share in found.weeks] == [16, 33, 33]


def test_a_round_that_asked_nobody_has_no_share():
    found = yearly_report.of(begun(), clock.now())
    assert (found.whole.asked, found.whole.share, found.regions, [share for _, share in found.weeks]) == (0, 0, (), [0])


def test_the_list_has_pages_and_those_nobody_reaches_come_first():
    for number in range(30):
        make.ngo(f"N{number:02}")
    one = begun()
    with transaction():
        lines()[20].unreached = True
    first = yearly_report.page(one, Answered.WAITING, 1)
    assert (first.pages, first.total, len(first.lines)) == (2, 30, 25)
    assert [line.ngo.name for line in first.lines][:3] == ["N20", "N00", "N01"]
    assert len(yearly_report.page(one, Answered.WAITING, 99).lines) == 5
    assert yearly_report.page(one, Answered.CHANGED, 1).lines == []


def test_statements_do_not_grow():
    numbers = []
    for size in (2, 20):
        for _ in range(size):
            make.ngo()
        with time_machine.travel(clock.now()):
            one = begun()
        with counted() as said:
            yearly_report.of(one, clock.now())
            yearly_report.page(one, Answered.WAITING, 1)
        numbers.append(len(said))
        with transaction():
            one.closed_at = clock.now()
    assert numbers[0] == numbers[1]
