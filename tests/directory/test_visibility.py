from datetime import timedelta

from caucusmail import clock
from caucusmail.directory import queries, visibility
from caucusmail.directory.models import RosterPolicy, Shown
from tests import make


def test_a_person_may_be_everything_at_once():
    caucus, other, ngo = make.caucus(), make.caucus(), make.ngo()
    person = make.coordinator(caucus, make.member(other))
    make.representative(person, ngo, admin=True)
    viewer = visibility.viewer(person)
    assert (viewer.keeps, viewer.member_of, viewer.administers) == ({caucus.id}, {other.id}, {ngo.id})
    assert not viewer.secretariat


def test_what_has_ended_counts_no_more():
    person, ngo = make.person(), make.ngo()
    make.representative(person, ngo, admin=True, since=clock.now() - timedelta(9), until=clock.now() - timedelta(1))
    assert visibility.viewer(person).administers == frozenset()


def test_members_see_of_each_other_what_each_has_chosen():
    caucus = make.caucus(roster=RosterPolicy.MEMBERS)
    place = queries.affiliation(make.member(caucus, shown=Shown.REGION), caucus)
    fellow, stranger = visibility.viewer(make.member(caucus)), visibility.STRANGER
    keeper = visibility.viewer(make.coordinator(caucus))
    assert visibility.shown_of(fellow, place) is Shown.REGION
    assert visibility.shown_of(stranger, place) is Shown.NOTHING
    assert visibility.shown_of(keeper, place) is Shown.NAME_AND_ORGANISATION


def test_a_hidden_roster_shows_members_nothing_whatever_was_chosen():
    caucus = make.caucus(roster=RosterPolicy.HIDDEN)
    place = queries.affiliation(make.member(caucus, shown=Shown.NAME_AND_ORGANISATION), caucus)
    assert visibility.shown_of(visibility.viewer(make.member(caucus)), place) is Shown.NOTHING
    assert visibility.shown_to_members(place) is Shown.NOTHING


def test_an_address_given_for_one_purpose_is_seen_by_those_who_keep_that_group_and_only_if_it_was_given():
    caucus, other = make.caucus(), make.caucus()
    viewers = [make.coordinator(caucus), make.secretary(), make.coordinator(other), make.member(caucus)]
    seen = [visibility.may_see_given_address(visibility.viewer(who), caucus.id, agreed=True) for who in viewers]
    assert seen == [True, True, False, False]
    assert not visibility.may_see_given_address(visibility.viewer(viewers[0]), caucus.id, agreed=False)
