import pytest

from caucusmail import languages, zones
from caucusmail.meetings import cities


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("The Hague", zones.THE_HAGUE),
        ("  the   hague ", zones.THE_HAGUE),
        ("La Haye", zones.THE_HAGUE),
        ("Amsterdam", zones.THE_HAGUE),
        ("new york", zones.NEW_YORK),
        ("America/New_York", zones.NEW_YORK),
        ("america/new york", zones.NEW_YORK),
        ("Nairobi", "Africa/Nairobi"),
        ("bogota", "America/Bogota"),
        ("Bogotá", "America/Bogota"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Le Caire", "Africa/Cairo"),
        ("utc", "UTC"),
    ],
)
def test_a_city_is_known_in_both_languages_of_the_house_whatever_its_accents_and_case(typed, zone):
    for language in languages.OFFERED:
        with languages.use(language):
            assert cities.zone_of(typed) == zone


@pytest.mark.parametrize("typed", ["", " ", "Nowhere", "CET", "Etc/GMT+5", "../etc/passwd", "🕰", "x" * 10_000])
def test_what_names_no_clock_is_none(typed):
    assert cities.zone_of(typed) is None


def test_the_words_for_an_unknown_city_repeat_it():
    assert cities.unknown("Nowhere").startswith("We know no clock for “Nowhere”.")


@pytest.mark.parametrize(("language", "first"), [("en", ["The Hague", "New York"]), ("fr", ["La Haye", "New York"])])
def test_the_list_begins_with_the_seats_and_each_city_on_it_is_understood(language, first):
    with languages.use(language):
        every = cities.every()
        assert every[:2] == first
        assert len(set(every)) == len(every)
        assert [city for city in every if cities.zone_of(city) is None] == []
        assert [cities.plain(city) for city in every[2:]] == sorted(cities.plain(city) for city in every[2:])


def test_every_clock_can_be_chosen_by_its_own_name():
    assert [name for name in zones.names() if cities.zone_of(name) != name] == []
