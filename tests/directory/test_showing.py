"""What a member lets fellow members see."""

import pytest

from caucusmail.audit.models import AuditEntry
from caucusmail.database import db, transaction
from caucusmail.directory import affiliation, pseudonyms, queries, roster, showing, visibility
from caucusmail.directory.models import Affiliation, Caucus, RosterPolicy, Shown
from tests import make
from tests.directory.test_roster import seated


@pytest.fixture
def open_caucus() -> Caucus:
    return make.caucus(roster=RosterPolicy.MEMBERS)


def place_of(caucus: Caucus, name: str = "Ada", ngo: str = "Zenith", **more) -> Affiliation:
    return queries.affiliation(seated(caucus, name, ngo, **more), caucus)


def choose(place: Affiliation, shown: Shown) -> AuditEntry | None:
    with transaction():
        return showing.choose(place, shown, by=place.person)


def seen(caucus: Caucus) -> list[tuple[str, str]]:
    db.session.expire_all()
    page = roster.members(caucus, visibility.fellow(caucus.id))
    return [(one.name, one.organisation) for one in page.members]


def test_what_is_chosen_holds_at_once_for_fellow_members(open_caucus):
    place = place_of(open_caucus)
    assert seen(open_caucus) == []
    for shown, line in (
        (Shown.NAME_AND_ORGANISATION, [("Ada", "Zenith")]),
        (Shown.ORGANISATION, [("", "Zenith")]),
        (Shown.REGION, [("", "")]),
        (Shown.NOTHING, []),
    ):
        choose(place, shown)
        assert seen(open_caucus) == line


def test_a_pseudonym_is_all_that_is_seen_and_comes_back_when_it_is_chosen_again(open_caucus):
    place = place_of(open_caucus)
    promised = pseudonyms.coming(place)
    for other in (Shown.NAME_AND_ORGANISATION, Shown.NOTHING):
        choose(place, Shown.PSEUDONYM)
        (one,) = roster.members(open_caucus, visibility.fellow(open_caucus.id)).members
        assert (one.name, one.organisation, one.country, one.region) == ("", "", "", None)
        assert (one.pseudonym, one.mailbox) == (promised, pseudonyms.of(place).mailbox)
        choose(place, other)
        assert promised not in [one.pseudonym for one in roster.members(open_caucus, by_a_member(open_caucus)).members]


def by_a_member(caucus: Caucus) -> visibility.Viewer:
    return visibility.viewer(make.member(caucus))


def test_nobody_else_sees_whose_a_pseudonym_is(open_caucus):
    place = place_of(open_caucus)
    step = choose(place, Shown.PSEUDONYM)
    name = pseudonyms.of(place).name
    for by in (
        make.secretary(),
        make.coordinator(open_caucus),
        make.coordinator(open_caucus, make.member(open_caucus)),
    ):
        seen = [
            (one.name, one.pseudonym, one.mailbox)
            for one in roster.members(open_caucus, visibility.viewer(by), "Ada").members
        ]
        assert seen == [("Ada", "", "")]
        assert roster.members(open_caucus, visibility.viewer(by), name).found == 0
    own = roster.members(open_caucus, visibility.viewer(place.person)).members
    assert [(one.name, one.pseudonym) for one in own] == [("Ada", "")]
    assert name not in str(step.detail)


def test_a_pseudonym_is_found_and_the_name_behind_it_is_not(open_caucus):
    place = place_of(open_caucus)
    choose(place, Shown.PSEUDONYM)
    by = by_a_member(open_caucus)
    for word in pseudonyms.of(place).name.split():
        assert roster.members(open_caucus, by, word).found == 1
    for word in ("Ada", "Zenith", "Africa"):
        assert roster.members(open_caucus, by, word).found == 0


def test_whether_it_can_be_written_to_is_chosen_beside_it_and_taken_back_alike(open_caucus):
    place = place_of(open_caucus)
    choose(place, Shown.PSEUDONYM)
    with transaction():
        step = showing.choose(place, Shown.PSEUDONYM, by=place.person, reachable=False)
    assert [one.mailbox for one in roster.members(open_caucus, by_a_member(open_caucus)).members if one.pseudonym] == [
        ""
    ]
    with transaction():
        assert showing.choose(place, Shown.PSEUDONYM, by=place.person, reachable=False) is None
        showing.restore(place.person, step)
    assert pseudonyms.of(place).reachable
    with pytest.raises(showing.ChangedAgain):
        showing.restore(place.person, step)


def test_the_choice_is_of_one_caucus_alone(open_caucus):
    place, other = place_of(open_caucus), make.caucus(roster=RosterPolicy.MEMBERS)
    make.member(other, place.person)
    choose(place, Shown.NAME_AND_ORGANISATION)
    assert seen(other) == []


def test_choosing_the_same_again_is_no_change(open_caucus):
    place = place_of(open_caucus)
    assert choose(place, Shown.NOTHING) is None
    assert make.rows_by(AuditEntry, AuditEntry.id) == []


def test_an_individual_shows_a_name_or_nothing(open_caucus):
    alone = queries.affiliation(make.member(open_caucus), open_caucus)
    for shown in (Shown.ORGANISATION, Shown.REGION):
        with pytest.raises(showing.NotToChoose):
            choose(alone, shown)
    assert choose(alone, Shown.NAME_AND_ORGANISATION) is not None


def test_without_a_region_none_is_offered():
    ngo = make.ngo(region_id=None)
    assert showing.choices(ngo) == [
        Shown.NAME_AND_ORGANISATION,
        Shown.ORGANISATION,
        Shown.PSEUDONYM,
        Shown.NOTHING,
    ]


def test_a_choice_is_put_back_unless_it_was_changed_again(open_caucus):
    place = place_of(open_caucus, shown=Shown.REGION)
    first = choose(place, Shown.ORGANISATION)
    with transaction():
        showing.restore(place.person, first)
    assert place.shown is Shown.REGION
    first = choose(place, Shown.ORGANISATION)
    choose(place, Shown.NOTHING)
    with pytest.raises(showing.ChangedAgain):
        showing.restore(place.person, first)
    assert place.shown is Shown.NOTHING


def test_who_has_left_is_not_shown_again_by_an_old_step(open_caucus):
    place = place_of(open_caucus, shown=Shown.NAME_AND_ORGANISATION)
    step = choose(place, Shown.NOTHING)
    with transaction():
        affiliation.end(place, by=place.person)
    with pytest.raises(showing.ChangedAgain):
        showing.restore(place.person, step)


def test_who_comes_back_by_asking_anew_is_hidden_until_they_choose(open_caucus):
    place = place_of(open_caucus, shown=Shown.NAME_AND_ORGANISATION)
    with transaction():
        former = affiliation.end(place, by=place.person)
    with transaction():
        affiliation.restore(former, by=place.person)
    assert place.shown is Shown.NAME_AND_ORGANISATION
    with transaction():
        affiliation.end(place, by=place.person)
    with transaction():
        affiliation.wait(place.person, open_caucus, by=place.person)
    assert place.shown is Shown.NOTHING
