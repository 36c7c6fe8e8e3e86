"""The agenda of a draft: rows that are added, moved, taken off and put back; two who save at once; hostile words."""

import re
from typing import Any

import pytest

from caucusmail.database import db
from caucusmail.meetings.agenda import Item, Speaker, from_json
from tests import make
from tests.entering import enter
from tests.filled import form
from tests.web.composing import MEETING, begin, page, save, the


@pytest.fixture
def url(client: Any) -> str:
    """A draft of a meeting with three items."""
    caucus = make.caucus("vrwg")
    enter(client, make.coordinator(caucus))
    found = begin(client, caucus).partition("?")[0]
    save(client, found, **MEETING)
    return found


def agenda() -> list[Item]:
    db.session.expire_all()
    meeting = the().meeting
    assert meeting is not None
    return list(from_json(meeting.agenda))


def filled(client: Any, url: str, **changed: Any) -> dict[str, Any]:
    return form(page(client, url + "/agenda"), url + "/agenda", **changed)


def press(client: Any, url: str, do: str, **changed: Any) -> Any:
    return client.post(url + "/agenda", data=filled(client, url, do=do, **changed))


def titles(html: str) -> list[str]:
    return re.findall(r'name="item\d+_title_en"[^>]*value="([^"]*)"', html) or re.findall(
        r'<input[^>]*value="([^"]*)"[^>]*name="item\d+_title_en"', html
    )


def test_an_item_gets_a_time_a_length_who_leads_it_and_who_speaks(client, url):
    more = {"item2_starts": "8:30", "item2_minutes": "20", "item2_leads": "Ada Example, Legal Aid"}
    answer = press(client, url, "save", item2_speakers="Ben, Court Watch\nChi", **more)
    assert (answer.status_code, answer.location) == (303, f"{url}#agenda")
    said = (Speaker("Ada Example", "Legal Aid", True), Speaker("Ben", "Court Watch"), Speaker("Chi"))
    assert agenda()[1] == Item({"en": "The election"}, "08:30", 20, said)
    html = page(client, url)
    assert "The election (08:30, 20 min; led by Ada Example (Legal Aid); with Ben (Court Watch), Chi)" in html
    assert 'name="agenda_en"' not in html
    save(client, url)
    assert agenda()[1].minutes == 20
    shown = page(client, f"/meetings/{the().meeting.reference}")
    assert "08:30, 20 min; led by Ada Example (Legal Aid); with Ben (Court Watch), Chi" in shown
    assert "led by Ada Example" in client.get(f"/meetings/{the().meeting.reference}.ics").text.replace("\r\n ", "")


def test_a_row_is_moved_with_whatever_was_typed_and_nothing_is_kept_before_it_is_saved(client, url):
    moved = press(client, url, "up-3", item3_starts="half past", item1_title_en="Welcome")
    assert moved.status_code == 200
    html = moved.get_data(as_text=True)
    data = form(html, url + "/agenda")
    assert [data[f"item{number}_title_en"][0] for number in (1, 2, 3)] == [
        "Welcome",
        "Any other business",
        "The election",
    ]
    assert data["item2_starts"] == ["half past"]
    assert [one.titles["en"] for one in agenda()] == ["Opening", "The election", "Any other business"]
    refused = client.post(url + "/agenda", data=data | {"do": "save"})
    assert refused.status_code == 422
    assert "Please write a time like 08:15" in refused.get_data(as_text=True)
    client.post(url + "/agenda", data=data | {"do": "save", "item2_starts": ""})
    assert [one.titles["en"] for one in agenda()] == ["Welcome", "Any other business", "The election"]


def test_an_item_is_taken_off_and_can_be_put_back_until_it_is_saved(client, url):
    html = press(client, url, "off-1").get_data(as_text=True)
    assert "is taken off once you save" in html
    data = form(html, url + "/agenda")
    back = form(client.post(url + "/agenda", data=data | {"do": "back-1"}).get_data(as_text=True), url + "/agenda")
    assert back["item1_title_en"] == ["Opening"]
    client.post(url + "/agenda", data=back | {"do": "save"})
    assert len(agenda()) == 3
    client.post(url + "/agenda", data=data | {"do": "save"} | filled_revision(client, url))
    assert [one.titles["en"] for one in agenda()] == ["The election", "Any other business"]


def filled_revision(client: Any, url: str) -> dict[str, Any]:
    return {"revision": filled(client, url)["revision"]}


def test_further_rows_can_be_asked_for_and_empty_ones_are_no_items(client, url):
    html = press(client, url, "more").get_data(as_text=True)
    data = form(html, url + "/agenda")
    client.post(url + "/agenda", data=data | {"do": "save", "item5_title_en": "Closing"})
    assert [one.titles["en"] for one in agenda()][3:] == ["Closing"]


def test_of_two_who_save_at_once_the_second_is_shown_both(client, url):
    first, second = filled(client, url, item1_title_en="Welcome"), filled(client, url, item1_title_en="Greetings")
    assert client.post(url + "/agenda", data=first | {"do": "save"}).status_code == 303
    refused = client.post(url + "/agenda", data=second | {"do": "save"})
    html = refused.get_data(as_text=True)
    assert (refused.status_code, "1. Welcome" in html, 'value="Greetings"' in html) == (409, True, True)
    assert client.post(url + "/agenda", data=form(html, url + "/agenda", do="save")).status_code == 303
    assert agenda()[0].titles["en"] == "Greetings"


def test_a_row_without_a_title_is_refused_beside_it(client, url):
    answer = press(client, url, "save", item2_title_en="", item2_minutes="10")
    html = answer.get_data(as_text=True)
    assert (answer.status_code, "What is this item called?" in html) == (422, True)
    assert 'href="#item2_title_en"' in html


def test_a_line_that_is_too_long_is_refused_beside_the_box_it_was_typed_into(client, url):
    answer = save(client, url, agenda_en="A" * 201)
    assert (answer.status_code, 'href="#agenda_en"' in answer.get_data(as_text=True)) == (422, True)


def test_the_agenda_of_a_draft_without_times_is_kept_too(client, url):
    save(client, url, day="")
    press(client, url, "save", item1_minutes="5")
    save(client, url, day="2027-11-30")
    assert agenda()[0].minutes == 5


@pytest.mark.parametrize("do", ["up-1", "down-3", "up-99", "off-0", "up-x", "back-9999999", "nonsense-1"])
@pytest.mark.parametrize("rows", ["3", "999999999", "-1", "\u0663", ""])
def test_buttons_and_numbers_that_nobody_can_press_do_no_harm(client, url, do, rows):
    assert press(client, url, do, item_count=rows).status_code in (200, 303, 422)
    assert client.get(url + "/agenda").status_code == 200


def test_no_word_typed_becomes_markup(client, url):
    evil = "<script>alert(1)</script>\u202e"
    answer = press(client, url, "save", item1_title_en=evil, item1_leads=evil, item1_speakers=evil)
    assert answer.status_code == 303
    for where in (url, url + "/agenda", f"/meetings/{the().meeting.reference}"):
        html = page(client, where)
        assert "<script>alert" not in html
        assert "\u202e" not in html


def test_a_notice_has_no_agenda_and_strangers_do_not_find_that_of_a_meeting(client, url):
    caucus = make.caucus("other")
    enter(client, make.coordinator(caucus))
    assert client.get(url + "/agenda").status_code == 404
    notice = begin(client, caucus, "notice").partition("?")[0]
    assert client.get(notice + "/agenda").status_code == 404


def folded(html: str) -> list[bool]:
    """Of each row, whether the boxes for people are folded away."""
    return [not found for found in re.findall(r"<details( open)?><summary>Who leads it, who speaks", html)]


def test_the_boxes_for_people_are_folded_away_where_nothing_stands_in_them(client, url):
    assert folded(page(client, url + "/agenda")) == [True, True, True]
    press(client, url, "save", item1_leads="Ada Example", item3_speakers="Ben")
    assert folded(page(client, url + "/agenda")) == [False, True, False]


def test_what_is_to_be_put_right_is_not_folded_away_and_nor_is_what_was_typed(client, url):
    crowd = "\n".join(f"Person {number}" for number in range(13))
    answer = press(client, url, "save", item2_speakers=crowd)
    html = answer.get_data(as_text=True)
    assert (answer.status_code, "At most 12 people speak to one item" in html) == (422, True)
    assert folded(html) == [True, False, True]
    assert folded(press(client, url, "up-3", item3_leads="Chi").get_data(as_text=True)) == [True, False, True]
