"""The agenda of a meeting: what is taken, how it is kept, how it is said, what differs between two."""

from datetime import timedelta

import pytest

from caucusmail import languages
from caucusmail.errors import Invalid
from caucusmail.meetings import agenda
from caucusmail.meetings.agenda import Item, Speaker

ADA = Speaker("Ada Example", "Legal Aid", leads=True)
BEN = Speaker("Ben Example")
WHOLE = Item({"en": "Reparations", "fr": "Réparations"}, "08:30", 20, (BEN, ADA))


def test_what_is_kept_is_tidy_and_who_leads_comes_first():
    [kept] = agenda.tidy([Item({"en": "  Reparations ", "fr": ""}, "08:30", 20, (BEN, Speaker(" "), ADA))])
    assert kept == Item({"en": "Reparations"}, "08:30", 20, (ADA, BEN))
    assert agenda.from_json(agenda.to_json([kept])) == (kept,)
    assert agenda.to_json([Item({"en": "A"})]) == [{"titles": {"en": "A"}}]


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (Item({"en": " "}, "08:30"), "item2_title"),
        (Item({"xx": "A"}), "item2_title"),
        (Item({"en": "A\nB"}), "item2_title"),
        (Item({"en": "A" * 201}), "item2_title"),
        (Item({"en": "A"}, "8:30"), "item2_starts"),
        (Item({"en": "A"}, "24:00"), "item2_starts"),
        (Item({"en": "A"}, minutes=0), "item2_minutes"),
        (Item({"en": "A"}, minutes=1441), "item2_minutes"),
        (Item({"en": "A"}, speakers=(Speaker("A\x00"),)), "item2_speakers"),
        (Item({"en": "A"}, speakers=(Speaker("A", "B" * 161),)), "item2_speakers"),
        (Item({"en": "A"}, speakers=(BEN,) * 13), "item2_speakers"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_row(item, field):
    with pytest.raises(Invalid) as refused:
        agenda.tidy([Item({"en": "Opening"}), item])
    assert refused.value.field == field


def test_more_than_a_letter_holds_is_refused():
    with pytest.raises(Invalid, match="at most 40 items"):
        agenda.tidy([Item({"en": "A"})] * 41)
    with pytest.raises(Invalid, match="at most 6000 fit"):
        agenda.tidy([Item({"en": "A" * 200})] * 31)
    assert len(agenda.tidy([Item({"en": "A" * 150, "fr": "A" * 150})] * 40)) == 40  # each letter holds one of the two


def test_nothing_that_is_typed_turns_the_line_around():
    [kept] = agenda.tidy([Item({"en": "Open\u202eing"}, speakers=(Speaker("A\u2067da"),))])
    assert kept.titles == {"en": "Opening"}
    assert kept.speakers[0].name == "A\u2067da\u2069"


def test_titles_can_be_written_one_a_line_as_long_as_there_is_no_more_to_say():
    items = agenda.of_lines({"en": "Opening\n\nAny other business", "fr": " Ouverture "})
    assert [dict(one.titles) for one in items] == [{"en": "Opening", "fr": "Ouverture"}, {"en": "Any other business"}]
    assert agenda.to_lines(items) == {"en": "Opening\nAny other business", "fr": "Ouverture"}
    assert agenda.in_lines(items)
    assert agenda.in_lines(())
    assert not agenda.in_lines([WHOLE])
    assert not agenda.in_lines([Item({"en": "A"}), Item({"fr": "B"})])  # the lines would fall together


def test_it_is_said_in_one_line_in_the_readers_language():
    [kept] = agenda.tidy([WHOLE])
    assert agenda.lines([kept]) == ["1. Reparations (08:30, 20 min; led by Ada Example (Legal Aid); with Ben Example)"]
    with languages.use("fr"):
        assert agenda.lines([kept])[0].startswith("1. Réparations (08:30, 20")
        assert "\xa0; " in agenda.detail(kept)
        assert " ;" not in agenda.detail(kept)
        assert agenda.difference([Item({"fr": "Un"}), Item({"fr": "Deux"})], []) == ("1. Un\xa0; 2. Deux", "")
    assert agenda.title(Item({"ar": "ترحيب"}), ("fr",)) == ("ar", "ترحيب")
    assert agenda.detail(Item({"en": "A"})) == ""


def test_what_differs_is_told_old_and_new():
    one, two, three = (Item({"en": title}) for title in ("Opening", "Budget", "End"))
    assert agenda.difference([one, two], [one, Item({"en": "Budget"}, "09:00")]) == ("2. Budget", "2. Budget (09:00)")
    assert agenda.difference([one], [one, three]) == ("", "2. End")
    assert agenda.difference([one], [one]) == ("", "")


@pytest.mark.parametrize(
    ("by", "starts"),
    [
        (timedelta(hours=3, minutes=45), "12:15"),
        (timedelta(days=3), "08:30"),
        (timedelta(hours=-9), "23:30"),  # its meeting lasts into the next day
    ],
)
def test_its_times_go_with_the_meeting_and_come_back_with_it(by, starts):
    kept = agenda.to_json([Item({"en": "Opening"}), *agenda.tidy([WHOLE])])
    later = agenda.moved(kept, by)
    assert [one.get("starts") for one in later] == [None, starts]
    assert agenda.moved(later, -by) == kept
