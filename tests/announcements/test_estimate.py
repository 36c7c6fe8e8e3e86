import json

from caucusmail.announcements import audience, dispatch, estimate, standing
from caucusmail.announcements import estimate as numbers
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.estimate import Estimate, Overlap, Version
from caucusmail.announcements.models import LeftOut
from caucusmail.database import transaction
from caucusmail.directory import visibility
from tests import make
from tests.announcements.rooms import Room, announcement, audience_of, confirmed, paused, ready, seated


def test_the_matrix_says_who_gets_which_version_and_who_instead_of_what():
    caucus = make.caucus()
    group = make.group(caucus)
    for chain in (["en"], ["fr"], ["fr"], ["ar", "fr"], ["es"]):
        make.member(caucus, make.person(languages=chain), group)
    sent = announcement(caucus, Audience(caucus_ids=(caucus.id,)))
    reckoned = numbers.reckoned(standing.question(sent, ["fr", "en"]))
    assert {one.language: (one.own, one.instead) for one in reckoned.versions} == {
        "en": (1, {"es": 1}),
        "fr": (2, {"ar": 1}),
    }
    assert numbers.from_json(numbers.to_json(reckoned)) == reckoned


def test_numbers_tell_organisations_experts_and_countries():
    room = Room()
    for name, organisation in (("A", "One"), ("B", "Two"), ("C", ""), ("D", "")):
        seated(room, name, organisation)
    paused(room, seated(room, "E", "Three"))
    reckoned = audience.estimate(room.drafted())
    assert (reckoned.total, reckoned.organisations, reckoned.experts, reckoned.countries) == (4, 2, 2, 1)
    assert (reckoned.considered, reckoned.left_out) == (5, {LeftOut.PAUSED: 1})


def test_the_frozen_numbers_stay_what_they_were():
    room = Room()
    seated(room, "Ada", "One")
    sent = confirmed(room, ready(room))
    before = audience.estimate(sent)
    seated(room, "Late", "Two")
    assert audience.estimate(sent) == before
    with transaction():
        dispatch.undo(sent, room.by)
    assert audience.estimate(sent).total == 2


def test_who_is_in_two_caucuses_is_told_once():
    one, two = Room(), Room()
    person = seated(one, "Both")
    make.member(two.caucus, person, two.group)
    seated(two, "Only")
    secretary = visibility.viewer(make.secretary())
    sent = audience_of(one, Audience(caucus_ids=(one.caucus.id, two.caucus.id)), secretary)
    reckoned = audience.estimate(sent)
    assert list(reckoned.overlaps) == [estimate.Overlap(one.caucus.id, two.caucus.id, 1)]


def test_numbers_survive_being_kept():
    kept = Estimate(
        total=3,
        organisations=2,
        left_out={LeftOut.PAUSED: 1, LeftOut.LEFT: 2},
        versions=(Version("en", 2, {"es": 1}),),
        overlaps=(Overlap(1, 2, 3),),
    )
    assert estimate.from_json(json.loads(json.dumps(estimate.to_json(kept)))) == kept
    assert kept.considered == 6
    assert kept.versions[0].total == 3


def test_without_a_group_or_a_text_there_is_nobody_and_nothing():
    room = Room()
    empty = estimate.of(room.drafted(audience=Audience(), texts={}))
    assert empty == Estimate()
    make.member(room.caucus, group=room.group)
    assert estimate.of(room.drafted(texts={})).total == 1
