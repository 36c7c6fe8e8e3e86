from caucusmail.announcements import slot_words
from tests.announcements.rooms import Room


def test_groups_are_named_and_a_letter_without_a_meeting_has_no_clocks():
    room = Room(slug="vrwg", names={"en": "Victims", "fr": "Victimes"})
    words = slot_words.of(room.caucus, None, "fr", [room.group])
    key = f"g{room.group.id}"
    assert words["groups"] == {key: "Victimes"}
    assert words["lists"][key] == '"Victimes" <vrwg.caucus.example>'
    assert "clock" not in words
