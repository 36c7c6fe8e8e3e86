import pytest

from caucusmail.audit import journal as audit
from caucusmail.audit import queries
from caucusmail.database import db, transaction
from caucusmail.directory import journal, visibility
from caucusmail.directory.journal import Asked
from caucusmail.directory.models import Affiliation, Keeper
from caucusmail.errors import NotAllowed
from tests import make
from tests.statements import counted


@pytest.fixture
def noor():
    return make.secretary(name="Noor Bakker")


def note(verb, subject, by=None, **more):
    with transaction():
        return audit.record(verb, subject, by, **more)


def read(noor, **asked):
    return journal.read(visibility.viewer(noor), Asked(**asked))


def verbs(noor, **asked):
    return [line.verb for line in read(noor, **asked).lines]


def test_the_newest_stands_first_with_who_did_it_to_whom_and_why(noor):
    caucus = make.caucus("water")
    note("caucus.moved", caucus, noor, reason="It met.")
    note("ngo.lapsed", make.ngo("Haki"))
    lapsed, moved = read(noor).lines
    assert (lapsed.verb, lapsed.by_id, lapsed.ngo) == ("ngo.lapsed", None, "Haki")
    assert (moved.by, moved.slug, moved.caucus, moved.reason) == ("Noor Bakker", "water", caucus.names, "It met.")


def test_a_place_a_term_and_an_application_are_called_by_the_names_behind_them(noor):
    caucus, ana = make.caucus("water"), make.person("Ana")
    make.member(caucus, ana), make.coordinator(caucus, ana)
    term = make.representative(ana, make.ngo("Haki"))
    for row in (make.rows(Affiliation)[0], make.rows(Keeper)[0], term, make.group(caucus), make.application("Nyota")):
        note("x.done", row, noor)
    named = [(line.person, line.ngo, line.slug) for line in read(noor).lines]
    assert named == [
        ("", "Nyota", ""),
        ("", "", "water"),
        ("Ana", "Haki", ""),
        ("Ana", "", "water"),
        ("Ana", "", "water"),
    ]


def test_what_was_taken_back_is_named_with_what_it_was_about(noor):
    step = note("caucus.described", make.caucus("water"), noor)
    note(queries.TAKEN_BACK, step, noor)
    line = read(noor).lines[0]
    assert (line.verb, line.undone, line.slug) == (queries.TAKEN_BACK, "caucus.described", "water")


def test_what_is_about_something_that_is_gone_stays(noor):
    ngo = make.ngo()
    note("ngo.renewed", ngo, noor)
    with transaction():
        db.session.delete(ngo)
    (line,) = read(noor).lines
    assert (line.verb, line.ngo) == ("ngo.renewed", "")


def test_it_is_narrowed_by_verb_by_who_and_by_what(noor):
    ana, ben, haki = make.person("Ana Fix"), make.person("Ben"), make.ngo("Haki Trust")
    water = make.caucus("water")
    make.member(water, ben)
    (
        note("a.one", haki, ana),
        note("a.two", ben, noor),
        note("b.one", make.rows(Affiliation)[0]),
        note("b.two", water, ana),
    )
    assert verbs(noor, verbs=("a.one", "b.one")) == ["b.one", "a.one"]
    assert verbs(noor, who="fix ANA") == ["b.two", "a.one"]
    assert verbs(noor, who="100%") == []
    assert verbs(noor, by_id=noor.id) == ["a.two"]
    assert verbs(noor, about="haki") == ["a.one"]
    assert verbs(noor, about="ben") == ["b.one", "a.two"]
    assert verbs(noor, about="water") == ["b.two", "b.one"]
    assert verbs(noor, subject=("ngos", haki.id)) == ["a.one"]
    assert verbs(noor, who="ana", verbs=("b.two",)) == ["b.two"]


def test_pages_lead_to_each_other_by_key_whatever_is_written_meanwhile(noor):
    for number in range(2 * journal.PER_PAGE + 1):
        note(f"n.{number}", noor)
    first = read(noor)
    assert (first.newer, len(first.lines)) == (None, journal.PER_PAGE)
    note("n.new", noor)
    second = read(noor, before=first.older)
    assert second.lines[0].id == first.lines[-1].id - 1
    last = read(noor, before=second.older)
    assert (len(last.lines), last.older) == (1, None)
    assert read(noor, after=last.newer).lines == second.lines
    assert [line.id for line in read(noor, after=second.newer).lines] == [line.id for line in first.lines]
    assert read(noor, after=second.newer).newer == first.lines[0].id
    assert read(noor, before=1).lines == []


def test_a_page_takes_one_statement_whatever_it_holds(noor):
    by = visibility.viewer(noor)
    for number in range(12):
        note("x.done", make.member(make.caucus()), make.person())
        note("x.done", make.ngo() if number % 2 else make.caucus(), noor)
    with counted() as statements:
        journal.read(by, Asked(about="a", who="e"))
        assert len(statements) == 1


def test_whoever_is_not_the_secretariat_reads_nothing_of_it():
    keeper = make.coordinator(make.caucus())
    for viewer in (visibility.STRANGER, visibility.viewer(keeper), visibility.viewer(make.person())):
        with pytest.raises(NotAllowed):
            journal.read(viewer, Asked())
