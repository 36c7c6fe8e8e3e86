from caucusmail import languages, zones
from caucusmail.demo import names, places


def test_there_are_2500_organisations_in_150_countries():
    counts = places.counts()
    assert (sum(counts.values()), len(counts)) == (2500, 150)


def test_every_country_of_the_list_is_one_and_stands_on_it_once():
    listed = [code for line in places.COUNTS.strip().splitlines() for code in line.split()[1:]]
    assert len(listed) == len(set(listed))
    assert [code for code in listed if languages.territory(code) == code] == []


def test_in_every_country_there_is_a_clock_and_a_language_in_which_there_are_names():
    countries = places.counts()
    assert [code for code in countries if places.zone(code) not in set(zones.names()) - {"UTC"}] == []
    assert [code for code in countries if places.language(code) not in names.GIVEN] == []


def test_no_country_speaks_two_languages_here():
    spoken = [code for codes in places.SPEAK.values() for code in codes.split()]
    assert len(spoken) == len(set(spoken))
    assert [places.language(code) for code in ("CD", "CO", "PS", "KE")] == ["fr", "es", "ar", "en"]
