import pytest

from caucusmail import zones
from caucusmail.accounts import preferences
from caucusmail.database import transaction
from tests import make


def test_the_order_of_languages_is_the_persons():
    person = make.person()
    assert preferences.change(person, ["fr", "ar", "fr", "en"], "Africa/Dakar", by=person)
    assert (person.languages, person.language, person.zone) == (["fr", "ar", "en"], "fr", "Africa/Dakar")


def test_choosing_what_was_chosen_is_no_change():
    person = make.person(languages=["en"], zone="UTC")
    assert preferences.change(person, ["en"], "UTC", by=person) is None


def test_reminders_stay_as_they_are_unless_they_are_chosen():
    person = make.person(languages=["en"], zone="UTC")
    assert preferences.change(person, ["en"], "UTC", by=person, reminders=True) is None
    with transaction():
        step = preferences.change(person, ["en"], "UTC", by=person, reminders=False)
    assert preferences.change(person, ["en"], "UTC", by=person) is None
    assert not person.reminders
    preferences.restore(person, step)
    assert person.reminders


@pytest.mark.parametrize("wanted", [["tlh"], ["en", "<script>"], ["en\nBcc: x"], [""]])
def test_an_unknown_language_is_refused(wanted):
    person = make.person()
    with pytest.raises(preferences.UnknownLanguage):
        preferences.change(person, wanted, "UTC", by=person)
    assert person.languages == ["en"]


def test_no_language_at_all_is_refused():
    with pytest.raises(preferences.NoLanguage):
        preferences.change(make.person(), [], "UTC", by=None)


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../../etc/passwd", "Factory"])
def test_an_unknown_zone_is_refused(zone):
    with pytest.raises(zones.NoSuchZone):
        preferences.change(make.person(), ["en"], zone, by=None)


def test_a_change_is_put_back_unless_chosen_anew_since():
    person = make.person(languages=["en"], zone="UTC")
    with transaction():
        step = preferences.change(person, ["fr"], "Africa/Dakar", by=person)
    with transaction():
        preferences.restore(person, step)
    assert (person.languages, person.zone) == (["en"], "UTC")
    with pytest.raises(preferences.ChangedAgain):
        preferences.restore(person, step)
