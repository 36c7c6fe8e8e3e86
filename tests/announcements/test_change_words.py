from dataclasses import replace

import pytest

from caucusmail.announcements import change_words, changes, leaving, queries, told
from caucusmail.announcements.changes import Change, ChangeKind
from caucusmail.announcements.composition import Text
from caucusmail.announcements.models import AnnouncementKind
from caucusmail.database import db, transaction
from caucusmail.delivery import outgoing
from caucusmail.meetings import scheduling
from caucusmail.meetings.models import MeetingChange
from tests import make
from tests.announcements import rooms


def row(**more) -> MeetingChange:
    return MeetingChange(**{"was": {}, "now": {}, "note": ""} | more)


@pytest.mark.parametrize("kind", list(ChangeKind))
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_change_has_a_subject_and_a_sentence_in_a_language_its_readers_know(kind, language):
    usual = change_words.usual(kind.value, [row()], language)
    assert usual.subject == usual.subject.upper()
    assert usual.body.endswith(".")
    english = change_words.usual(kind.value, [row()], "en")
    assert (usual == english) is (language != "fr")


def test_a_room_that_was_not_known_is_told_and_one_that_was_is_changed():
    told, changed = row(now={"room": "K-12"}, was={"room": ""}), row(now={"room": "E-04"}, was={"room": "K-12"})
    assert change_words.usual("room", [told], "en").subject == "ROOM: K-12"
    assert change_words.usual("room", [changed], "en").subject == "ROOM CHANGED: E-04"
    assert change_words.usual("room", [row(now={"street": "Other street 1"})], "en").subject == "PLACE CHANGED"


def test_the_reason_and_a_new_time_are_said():
    usual = change_words.usual("cancelled", [row(now={"follows": True}, note="The building is closed.")], "en")
    assert usual.body == "This meeting does not take place. A new time will follow.\n\nThe building is closed."


def test_places_of_each_organisation_have_a_subject_of_their_own_and_nobody_is_sent_elsewhere():
    each, both = row(kind="places", now={"places_each": 2}), row(kind="places", now={"places": 9, "places_each": 2})
    usual = change_words.usual("room", [each], "en")
    assert usual.subject == "PLACES FOR EACH ORGANISATION CHANGED"
    assert usual.body == "Please see above what is new. Time and place stay."
    assert change_words.usual("room", [both], "en").subject == "NUMBER OF PLACES CHANGED"


@pytest.mark.parametrize(
    ("more", "versions"),
    [({}, ["en", "fr"]), ({"reason": "No water."}, ["en"]), ({"words": {"en": "Come to the other door."}}, ["en"])],
)
def test_where_nobody_typed_a_word_each_reader_is_told_in_their_own_language_though_it_was_announced_in_one(
    sink, more, versions
):
    room = rooms.vrwg()
    make.member(room.caucus, make.person("Élodie", languages=["fr"]), room.group)
    made = rooms.ready(
        room,
        kind=AnnouncementKind.MEETING,
        texts={"en": Text("Strategy", "Bring notes.")},
        meeting=rooms.strategy(room="K-12"),
    )
    rooms.released(rooms.confirmed(room, made))
    with transaction():
        leaving.send_due()
    while outgoing.turn("w"):
        pass
    db.session.expire_all()
    meeting = made.meeting
    assert meeting is not None
    draft = replace(scheduling.draft_of(meeting), room="E-04", room_by=None)
    with transaction():
        sent = changes.tell(meeting, Change(ChangeKind.ROOM, 0, draft, **more), room.by)
    assert sent is not None
    assert [text.language for text in queries.texts(sent)] == versions
    while outgoing.turn("w"):
        pass
    [letter] = [
        one.message
        for one in sink.caught
        if "lodie" in str(one.message["To"]) and "E-04" in str(one.message["Subject"])
    ]
    assert letter["Content-Language"] == versions[-1]
    assert str(letter["Subject"]).startswith("[VRWG] NOUVELLE SALLE" if "fr" in versions else "[VRWG] ROOM CHANGED")


def test_words_typed_in_one_language_reach_all_although_an_earlier_change_was_told_in_more(sink):
    room = rooms.vrwg()
    make.member(room.caucus, make.person("Élodie", languages=["fr"]), room.group)
    texts = {"en": Text("Strategy", "Bring notes.")}
    made = rooms.ready(room, kind=AnnouncementKind.MEETING, texts=texts, meeting=rooms.strategy(room="K-12"))
    rooms.released(rooms.confirmed(room, made))
    with transaction():
        leaving.send_due()
    while outgoing.turn("w"):
        pass
    db.session.expire_all()
    meeting = made.meeting
    assert meeting is not None
    for number, words in (("E-04", {"en": ""}), ("E-05", {"en": "Come to the other door."})):
        draft = replace(scheduling.draft_of(meeting), room=number, room_by=None)
        asked = told.versions(meeting)
        assert asked == ["en"]  # nobody is asked to write French now
        change = Change(ChangeKind.ROOM, changes.newest(meeting), draft, dict.fromkeys([*asked, "fr"], "") | words)
        with transaction():
            letter = changes.tell(meeting, change, room.by)
        while outgoing.turn("w"):
            pass
    assert letter is not None
    assert {text.language: text.body for text in queries.texts(letter)} == {"en": "Come to the other door."}
