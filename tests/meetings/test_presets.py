from dataclasses import replace

import pytest

from caucusmail.database import transaction
from caucusmail.meetings import founding, presets
from caucusmail.meetings.agenda import of_lines
from caucusmail.meetings.drafts import MeetingDraft
from caucusmail.meetings.models import MeetingKind, MeetingMode, Venue
from tests import make


@pytest.fixture
def york():
    with transaction():
        founding.found()
    return make.rows(Venue)[0]


@pytest.fixture
def draft(york):
    return MeetingDraft(MeetingKind.STRATEGY, None, None, venue_id=york.id)


def test_a_place_fills_the_gaps_of_a_draft_without_times(draft, york):
    filled = presets.filled(draft)
    assert (filled.city, filled.zone, filled.access) == ("New York", "America/New_York", york.access)


def test_each_language_falls_back_to_the_words_of_the_place(draft, york):
    filled = presets.filled(replace(draft, access={"en": "Ask Ilse.", "fr": ""}))
    assert filled.access == {"en": "Ask Ilse.", "fr": york.access["fr"]}


def test_words_of_the_authors_own_are_not_joined_by_languages_they_do_not_write_in(draft):
    assert presets.filled(replace(draft, access={"en": "Ask Ilse."})).access == {"en": "Ask Ilse."}


def test_the_words_of_the_place_with_a_browsers_line_ends_are_still_its_own(draft, york):
    sent = york.access["en"].replace("\n", "\r\n")
    assert presets.filled(replace(draft, access={"en": sent})).access == york.access


def test_an_online_meeting_without_a_place_is_the_online_preset(york):
    online = presets.filled(MeetingDraft(MeetingKind.CALL, None, None, mode=MeetingMode.ONLINE))
    assert online.venue_id == presets.online_id()
    assert online.access["fr"].startswith("Vous participez")


def test_the_authors_own_words_are_told_from_those_of_the_place(draft, york):
    filled = presets.filled(draft)
    assert presets.own_words(filled) == []
    assert presets.own_words(
        replace(filled, access={**york.access, "fr": "Venez."}, agenda=of_lines({"es": "Uno"}))
    ) == [
        "fr",
        "es",
    ]
    assert presets.own_words(MeetingDraft(MeetingKind.CALL, None, None, access={"en": "Come."})) == ["en"]
