"""Which made-up name somebody gets, and when it can be written to."""

from datetime import timedelta

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory import affiliation, made_up, pseudonyms, queries, showing
from caucusmail.directory.models import Affiliation, RosterPolicy, Shown
from caucusmail.directory.pseudonym_models import Pseudonym
from tests import make


def place(who=None, **more) -> Affiliation:
    caucus = make.caucus(**({"roster": RosterPolicy.MEMBERS} | more))
    return queries.affiliation(make.member(caucus, who), caucus)


def taken(one: Affiliation) -> Pseudonym:
    with transaction():
        return pseudonyms.take(one)


def open_mailbox(one: Affiliation) -> bool:
    return pseudonyms.written_to(pseudonyms.of(one).mailbox) is not None


def test_what_a_page_promised_is_what_is_taken_and_stays():
    one = place()
    promised = pseudonyms.coming(one)
    assert make.rows(Pseudonym) == []
    assert taken(one).name == promised == pseudonyms.coming(one)
    assert taken(one) is taken(one)
    assert len(make.rows(Pseudonym)) == 1


def test_it_is_kept_for_who_leaves_and_comes_back():
    one = place()
    name = taken(one).name
    with transaction():
        affiliation.end(one, by=one.person)
    with transaction():
        affiliation.wait(one.person, one.caucus, by=one.person)
    assert taken(one).name == name


def test_no_two_of_one_person_have_anything_in_common_and_none_tells_the_person():
    who = make.person("Achieng Otieno", "achieng@mhi.example")
    mine = [taken(place(who)) for _ in range(12)]
    for one in mine:
        others = [other for other in mine if other is not one]
        assert not made_up.alike(one.name, [other.name for other in others])
        assert not made_up.alike(one.mailbox, [other.mailbox for other in others])
        assert not {*one.name.lower().split()} & {"achieng", "otieno", "mhi"}
    in_order = sorted(mine, key=lambda one: one.caucus_id)
    for by in ("name", "mailbox"):
        assert sorted(mine, key=lambda one, by=by: getattr(one, by)) != in_order


def test_two_of_one_caucus_never_have_the_same(monkeypatch):
    caucus = make.caucus()
    monkeypatch.setattr(made_up, "STARS", ["Vega"])
    monkeypatch.setattr(made_up, "PLANTS_AND_STONES", ["Onyx"])
    names = {taken(queries.affiliation(make.member(caucus), caucus)).name for _ in range(60)}
    assert len(names) == 60


def test_another_house_makes_other_names(app, monkeypatch):
    one = place()
    first = pseudonyms.coming(one)
    monkeypatch.setattr("caucusmail.tokens.mac", lambda _use, _message, octets: b"\1" * octets)
    assert pseudonyms.coming(one) != first


def test_its_mailbox_takes_letters_while_it_is_shown_and_its_person_lets_them_in():
    one = place()
    taken(one)
    assert not open_mailbox(one)
    with transaction():
        showing.choose(one, Shown.PSEUDONYM, by=one.person)
    assert open_mailbox(one)
    with transaction():
        showing.choose(one, Shown.PSEUDONYM, by=one.person, reachable=False)
    assert not open_mailbox(one)
    with transaction():
        showing.choose(one, Shown.PSEUDONYM, by=one.person, reachable=True)
        affiliation.end(one, by=one.person)
    assert not open_mailbox(one)


def test_where_the_roster_is_hidden_nobody_can_write_to_a_pseudonym():
    one = place(roster=RosterPolicy.HIDDEN)
    with transaction():
        showing.choose(one, Shown.PSEUDONYM, by=one.person)
    assert not open_mailbox(one)


def test_who_wrote_can_be_answered_for_a_month(stopped_clock):
    one = place()
    made = taken(one)
    with transaction():
        made.written_at = clock.now()
    assert open_mailbox(one)
    stopped_clock.shift(timedelta(days=29))
    assert open_mailbox(one)
    stopped_clock.shift(timedelta(days=2))
    assert not open_mailbox(one)


def test_all_of_a_person_are_found_by_caucus_and_by_membership():
    who = make.person()
    first, second = place(who), place(who)
    made = {one.caucus_id: taken(one) for one in (first, second)}
    assert pseudonyms.of_person(who) == made
    assert pseudonyms.shown_in([first.id]) == {first.id: made[first.caucus_id]}
    assert pseudonyms.written_to("0" * 20) is None
