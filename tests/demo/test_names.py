from random import Random

import pytest

from caucusmail.demo import names


def test_slugs_of_names_in_any_script_are_plain():
    assert names.slug("مركز العدالة", 7) == "org7"
    assert names.slug("Siobhán O’Brien-N’Diaye", 1) == "siobhan-o-brien-n-diaye"


def test_a_slug_ends_on_a_letter_however_it_is_cut():
    for length in range(1, 40):
        cut = names.slug("ab " * length, 7)
        assert len(cut) <= 24
        assert cut == cut.strip("-")
    assert names.slug("", 7) == "org7"


@pytest.mark.parametrize("language", names.KINDS)
def test_a_name_is_made_of_its_languages_own_words_and_the_same_seed_makes_the_same(language):
    name, noun = names.organisation(Random(3), language)
    assert noun in name
    assert any(theme[1:] in name for theme in names.THEMES[language])
    assert names.organisation(Random(3), language) == (name, noun)
    assert names.person(Random(3), language) == names.person(Random(3), language)


def test_every_language_has_all_that_a_name_is_made_of():
    assert set(names.KINDS) == set(names.THEMES) == set(names.GIVEN) == set(names.FAMILY)
    assert all(kind.count("{}") == 1 for kinds in names.KINDS.values() for kind in kinds)


def test_a_person_of_one_name_has_no_space_after_it_and_a_chinese_one_writes_the_family_first():
    made = {names.person(Random(seed), "id") for seed in range(50)}
    assert made & set(names.GIVEN["id"])
    assert all(name == name.strip() for name in made)
    assert names.person(Random(1), "zh").startswith(tuple(names.FAMILY["zh"]))


@pytest.mark.parametrize(
    ("name", "acronym"),
    [
        ("Centre for Justice Mokali", "CJM"),
        ("Collectif des droits humains Zaru", "CDHZ"),
        ("مركز العدالة", ""),
        ("Mokali", ""),
        ("Alliance for Women’s Rights Mokali", "AWRM"),
    ],
)
def test_an_acronym_is_made_of_the_words_that_count(name, acronym):
    assert names.acronym(name) == acronym
