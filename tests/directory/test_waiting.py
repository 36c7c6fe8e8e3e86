from datetime import timedelta

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory import signs, waiting
from caucusmail.directory.applications import ApplicationKind, ApplicationState
from caucusmail.directory.waiting import Group, Waiting
from tests import make
from tests.statements import counted


def queue() -> list[Waiting]:
    return [*waiting.page(waiting.line()).waiting]


def groups() -> dict[str, Group]:
    return {one.application.ngo_name: one.group for one in queue()}


def test_each_application_stands_in_the_group_by_which_it_is_looked_at():
    make.ngo("Mwangaza Haki Initiative", name_key="mwangaza haki initiative", domain="mhi.example")
    make.application("Ready")
    make.application("Poor", website="")
    make.application("The Mwangaza Haki Initiative", people=["achieng@mhi.example"])
    make.application("Somebody else", people=["achieng@mhl.example"])
    make.application("Asked", state=ApplicationState.ASKED)
    make.application("Held", state=ApplicationState.HELD)
    make.application("Over", state=ApplicationState.DECLINED)
    assert groups() == {
        "Ready": Group.READY,
        "Poor": Group.NEEDS_EVIDENCE,
        "The Mwangaza Haki Initiative": Group.DUPLICATE,
        "Somebody else": Group.IMPERSONATION,
        "Asked": Group.ASKED,
        "Held": Group.HELD,
    }


def test_who_has_waited_longest_comes_first_within_a_group():
    second, first = make.application("Second"), make.application("First")
    with transaction():
        first.confirmed_at, second.confirmed_at = second.confirmed_at, first.confirmed_at
    assert [one.application for one in queue()] == [first, second]


def test_an_expert_is_no_duplicate_of_the_organisation_they_work_for():
    make.ngo("Haki", domain="haki.example")
    make.application(
        "", people=["expert@haki.example"], kind=ApplicationKind.INDIVIDUAL, ngo_name="", name_key="", vouchers="Anna"
    )
    assert [one.group for one in queue()] == [Group.READY]


def test_the_number_of_statements_does_not_grow_with_the_queue():
    caucus = make.caucus()
    make.application("One", [caucus])
    with counted() as few:
        queue()
    for _ in range(5):
        make.application("", [caucus])
        make.ngo()
    with counted() as many:
        assert len(queue()) == 6
    assert len(few) == len(many)


def test_a_name_of_no_letters_and_hostile_text_break_nothing():
    for name in ("---", "'; DROP TABLE ngos; --", "<script>alert(1)</script>", "\u202eevil", "名" * 80):
        make.application(name, acronym="<b>", website="javascript:alert(1)")
    assert len(queue()) == 5


def test_pages_hold_25_each_and_the_counts_are_of_all():
    made = [make.application(f"Haki {number}") for number in range(27)]
    with transaction():
        for number, one in enumerate(made):
            one.confirmed_at = clock.now() - timedelta(days=number)
    make.application("Poor", website="")
    line = waiting.line()
    first, second = waiting.page(line), waiting.page(line, number=2)
    assert [one.application for one in first.waiting] == made[:1:-1]
    assert [one.application.ngo_name for one in second.waiting] == ["Haki 1", "Haki 0", "Poor"]
    assert (first.found, first.pages, second.page) == (28, 2, 2)
    assert {group: number for group, number in line.counts.items() if number} == {
        Group.READY: 27,
        Group.NEEDS_EVIDENCE: 1,
    }
    assert list(second.groups) == [Group.READY, Group.NEEDS_EVIDENCE]


def test_a_page_of_one_group_holds_nothing_else_and_a_page_too_far_is_the_last():
    make.application("Ready")
    poor = make.application("Poor", website="")
    page = waiting.page(waiting.line(), Group.NEEDS_EVIDENCE, 99)
    assert [one.application for one in page.waiting] == [poor]
    assert (page.found, page.page, page.pages) == (1, 1, 1)
    assert waiting.page(waiting.line(), Group.HELD).waiting == []


def test_the_oldest_is_the_one_that_waits_longest_whatever_its_group():
    make.application("Ready")
    held = make.application("Held", state=ApplicationState.HELD)
    assert waiting.line().oldest == min(one.since for one in waiting.line().standings)
    with transaction():
        held.confirmed_at = clock.now() - timedelta(days=9)
    assert waiting.line().oldest == held.confirmed_at


def test_an_organisation_is_found_by_its_other_names_and_its_site():
    make.ngo("Haki", name_key="haki", latin_name="Mwangaza", other_name="Lumière", website="https://www.nuru.example")
    for name, people in (
        ("The Mwangaza", ["a@one.example"]),
        ("Lumiere", ["a@two.example"]),
        ("Third", ["a@nuru.example"]),
    ):
        make.application(name, people=people)
    assert {one.group for one in queue()} == {Group.DUPLICATE}


def test_what_an_organisation_was_called_before_its_signs_were_written_anew_is_not_found():
    ngo = make.ngo("Haki", name_key="haki")
    make.application("Haki")
    with transaction():
        ngo.name_key = "amani"
    with transaction():
        signs.write([ngo.id])
    assert groups() == {"Haki": Group.READY}


def test_an_acronym_alone_sets_nobody_apart_and_is_told_all_the_same():
    ngo = make.ngo("Haki", acronym="CDH")
    application = make.application("Other", acronym="cdh")
    assert groups() == {"Other": Group.READY}
    assert list(waiting.likeness(application).ngos) == [ngo.id]
