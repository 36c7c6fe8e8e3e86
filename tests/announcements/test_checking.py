from datetime import datetime

import pytest

from caucusmail import clock, languages
from caucusmail.announcements import checking, composition
from caucusmail.announcements.choice import Audience
from caucusmail.announcements.composition import Text
from caucusmail.announcements.models import AnnouncementKind
from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.directory.models import JoinMode, Status
from caucusmail.meetings.agenda import of_lines
from tests import make
from tests.announcements.rooms import Room, findings, meeting


@pytest.fixture
def room():
    return Room()


def test_the_check_names_what_is_missing_and_blocks(room):
    make.member(room.caucus, group=room.group)
    empty = room.drafted(texts={}, kind=AnnouncementKind.MEETING)
    found = findings(empty)
    assert all(one.blocks for one in found)
    assert "no text yet" in found[0].text
    assert "when and where" in found[1].text
    half = room.drafted(texts={"en": Text("", "Body"), "fr": Text("Sujet", "")})
    assert [one.text for one in findings(half)] == [
        "The English version has no subject.",
        "The French version has no text.",
    ]
    assert findings(room.drafted()) == []


def test_the_check_lists_the_doubts_about_the_meeting_the_blocking_first(room):
    make.member(room.caucus, group=room.group)
    sent = room.drafted(
        meeting=meeting(starts=datetime(2026, 10, 28, 8, 15), ends=datetime(2026, 10, 28, 9, 15)),
        kind=AnnouncementKind.MEETING,
    )
    found = findings(sent)
    assert (found[0].blocks, "in the past" in found[0].text) == (True, True)
    assert any("are 5 hours apart, not 6 as usual" in one.text for one in found if not one.blocks)


def test_a_field_that_is_none_or_stands_where_nothing_is_filled_in_blocks(room):
    make.member(room.caucus, group=room.group)

    def why(subject, body):
        return [one.text for one in findings(room.drafted(texts={"en": Text(subject, body)})) if one.blocks]

    assert why("Hello", "Dear {{name}}, you are in {{groups}}.") == []
    (found,) = why("Hello", "Dear {{organisation}}, come.")
    assert "“\u2068{{organisation}}\u2069”" in found
    assert "\u2068{{name}}\u2069, \u2068{{groups}}\u2069" in found
    (found,) = why("Hello {{name}}", "Come.")
    assert "“\u2068{{name}}\u2069” stands in a subject" in found
    agenda = meeting(agenda=of_lines({"en": "Welcome, {{ name }}"}))
    drafted = room.drafted(texts={"en": Text("S", "B")}, meeting=agenda, kind=AnnouncementKind.MEETING)
    assert "{{ name }}" in next(one.text for one in findings(drafted) if one.blocks)


def test_the_check_speaks_french(room):
    with languages.use("fr"):
        assert all("%(" not in one.text for one in findings(room.drafted(texts={})))


def test_an_audience_without_anybody_in_it_blocks_and_says_why(room):
    def why(**chosen):
        return [one.text for one in findings(room.drafted(audience=Audience(**chosen))) if one.blocks]

    own = {"caucus_ids": (room.caucus.id,)}
    assert why() == ["Nobody would get this: no group is chosen yet. Tick at least one."]
    assert why(**own) == ["Nobody would get this: there is nobody in the chosen groups."]
    make.member(room.caucus, group=room.group)
    assert why(**own) == []
    assert "everybody in the chosen groups is left out" in why(**own, languages=("ar",))[0]


def test_a_caucus_without_a_group_is_named_before_sending():
    room = Room()
    with transaction():
        room.group.closed_at, room.group.closed_why = clock.now(), "It is over."
    assert any("has no email group" in one.text for one in findings(room.drafted()))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, ""),
        ({"status": Status.DORMANT}, "is dormant"),
        ({"status": Status.ARCHIVED}, "is archived"),
        ({"status": Status.GATHERING}, "at most two letters"),
        ({"join_mode": JoinMode.EXTERNAL}, "from its own site"),
        ({"join_mode": JoinMode.EXTERNAL, "status": Status.DORMANT}, "from its own site"),
    ],
)
def test_a_silent_caucus_is_named_with_the_reason(more, words):
    silent = Room(slug="ujc", **more)
    assert words in checking.why_silent(silent.caucus)
    assert checking.why_silent(silent.caucus).startswith("ujc caucus" if words else "")
    with languages.use("fr"):
        assert checking.why_silent(silent.caucus).startswith("Groupe ujc" if words else "")


def test_of_several_caucuses_each_that_is_silent_blocks_and_the_senders_only_once(room):
    other = Room(slug="ujc")
    make.member(room.caucus, group=room.group)
    both = Audience(caucus_ids=(room.caucus.id, other.caucus.id))
    with transaction():
        sent = composition.draft(room.draft(audience=both), visibility.viewer(make.secretary()))
    assert [one for one in findings(sent) if one.blocks] == []
    with transaction():
        room.caucus.status = other.caucus.status = Status.ARCHIVED
    said = [one.text for one in findings(sent) if "is archived" in one.text]
    assert [text.partition(" is ")[0] for text in said] == [f"{room.caucus.slug} caucus", "ujc caucus"]


def test_a_meeting_needs_a_subject_but_no_words_beside_its_facts(room):
    make.member(room.caucus, group=room.group)
    assert findings(room.drafted(kind=AnnouncementKind.MEETING, meeting=whole(), texts={"en": Text("News")})) == []
    nameless = room.drafted(kind=AnnouncementKind.MEETING, meeting=whole(), texts={"en": Text("", "Come!")})
    assert [one.text for one in findings(nameless)] == ["The English version has no subject."]


def whole():
    return meeting(room="K-12", city="The Hague", titles={"en": "Strategy"})
