import pytest

from caucusmail import languages
from caucusmail.languages import _, later, plural


@pytest.mark.parametrize(
    ("code", "english", "french"),
    [
        ("PS", "State of Palestine", "État de Palestine"),
        ("VA", "Holy See", "Saint-Siège"),
        ("CD", "Democratic Republic of the Congo", "République démocratique du Congo"),
        ("TR", "Türkiye", "Türkiye"),
        ("KE", "Kenya", "Kenya"),
    ],
)
def test_a_state_is_called_what_the_united_nations_call_it(code: str, english: str, french: str):
    assert languages.territory(code) == english
    with languages.use("fr"):
        assert languages.territory(code) == french


def test_the_pseudo_locale_keeps_the_space_between_words_and_what_is_filled_in():
    with languages.use(languages.PSEUDO):
        assert _("Ask %(name)s about it", name="Noor") == "\u202eAsk\u202c Noor \u202eabout it\u202c"


def test_a_language_that_is_not_offered_counts_as_english_and_the_former_comes_back():
    with languages.use("fr"):
        with languages.use("es"):
            assert languages.current() == "en"
        assert languages.current() == "fr"
        with pytest.raises(ZeroDivisionError), languages.use("en"):
            1 / 0  # noqa: B018 - it ends badly
        assert languages.current() == "fr"


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        (0, "There are 0 places.", "Il y a 0 place."),
        (1, "There is 1 place.", "Il y a 1 place."),
        (2, "There are 2 places.", "Il y a 2 places."),
        (1200, "There are 1,200 places.", "Il y a 1\u202f200 places."),
    ],
)
def test_a_number_takes_the_form_and_the_grouping_of_its_language(number: int, english: str, french: str):
    def said() -> str:
        return plural("There is %(number)s place.", "There are %(number)s places.", number)

    assert said() == english
    with languages.use("fr"):
        assert said() == french


def test_what_is_filled_in_is_never_looked_up_nor_filled_in_again():
    assert _("“%(zone)s” is not a time zone. Choose a city from the list.", zone="%(x)s %d") == (
        "“%(x)s %d” is not a time zone. Choose a city from the list."
    )


def test_a_label_made_at_import_is_translated_when_it_is_shown_and_escaped_in_a_page():
    label = later("The Hague")
    assert str(label) == "The Hague"
    with languages.use("fr"):
        assert str(label) == "La Haye"
        assert label == "La Haye"
    assert later("<b>%(name)s</b>", name='"&').__html__() == "&lt;b&gt;&#34;&amp;&lt;/b&gt;"


@pytest.mark.parametrize(
    ("language", "direction"),
    [("ar", "rtl"), ("fa", "rtl"), ("ar-EG", "rtl"), (languages.PSEUDO, "rtl"), ("en", "ltr"), ("fr", "ltr")],
)
def test_each_language_has_its_direction(language: str, direction: str):
    assert languages.direction(language) == direction


def test_a_text_is_picked_by_the_reader_then_the_page_then_english_then_any():
    words = {"en": "A", "fr": "B", "ar": "C", "es": ""}
    assert languages.pick(words, ("es", "ar", "fr")) == "C"
    with languages.use("fr"):
        assert languages.pick(words, ("es",)) == "B"
    assert languages.pick(words) == "A"
    assert languages.pick({"ar": "C"}) == "C"
    assert languages.pick({}) == ""


def test_the_house_speaks_the_first_of_a_readers_languages_that_it_can():
    assert [languages.offered(chain) for chain in (["ar", "fr", "en"], ["es"], [])] == ["fr", "en", "en"]


def test_every_language_that_can_be_asked_for_has_a_name_of_its_own_and_one_in_french():
    for code in languages.WRITTEN:
        assert languages.own_name(code) not in ("", code)
        with languages.use("fr"):
            assert languages.name(code) not in ("", code)
    assert (languages.own_name("fr"), languages.name("fr")) == ("Français", "French")


@pytest.mark.parametrize("code", ["en", languages.PSEUDO, "xx", "xx-yy-zz", "tlh", "<b>"])
def test_english_puts_the_day_before_the_month_also_in_place_of_a_language_that_nobody_knows(code: str):
    assert str(languages.locale(code)) == "en_GB"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Strategy", "Strategy"),
        ("a\u202eb\u202cc", "abc"),
        ("a\u202ab\u202bc\u202dd", "abcd"),
        ("a\u2067b", "a\u2067b\u2069"),
        ("a\u2067\u2066b\u2069", "a\u2067\u2066b\u2069\u2069"),
        ("a\u2069b\u2068c\u2069\u2069", "ab\u2068c\u2069"),
        ("\u202e", ""),
        (" \u2067 ", ""),
        ("می\u200cخواهم\u200f", "می\u200cخواهم\u200f"),  # what Persian and mixed lines need stays
    ],
)
def test_what_was_typed_turns_nothing_around_that_follows_it(typed: str, kept: str):
    assert languages.closed(typed) == kept
    assert languages.closed(kept) == kept


def test_a_name_stands_apart_where_it_runs_against_the_line():
    assert [languages.apart(name) for name in ("Ève 3", "نساء")] == ["Ève 3", "\u2068نساء\u2069"]
    assert [languages.apart(name, "ar") for name in ("Ève", "نساء 3")] == ["\u2068Ève\u2069", "نساء 3"]


def test_languages_come_in_our_order_and_what_is_none_of_them_does_not_come():
    assert languages.in_our_order(["ar", "xx", "en"]) == ["en", "ar"]
