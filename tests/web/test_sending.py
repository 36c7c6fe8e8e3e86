"""From the check page to the last word: preview, test letter, confirm, undo, schedule."""

import json
import secrets
from datetime import date, timedelta
from typing import Any

import pytest

from caucusmail import clock
from caucusmail.announcements.models import Announcement, AnnouncementKind, AnnouncementState, AudienceGap
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Delivery, OutgoingMessage
from tests import make
from tests.filled import form
from tests.web.composing import begin, confirm, page, save, sending, the


def test_the_letter_is_shown_as_one_of_those_who_get_it(client, url):
    found = page(client, url + "/preview?find=achieng")
    person = make.rows_by(type(make.person()), "id")
    achieng = next(one for one in person if one.name == "Achieng Odera")
    assert f"person={achieng.id}" in found
    html = page(client, f"{url}/preview?person={achieng.id}")
    assert "As Achieng Odera gets it." in html
    assert "10:15" in html  # Nairobi
    assert "achieng.odera@mhi.example" not in html


def test_nobody_learns_of_a_person_who_does_not_get_it(client, url):
    stranger = make.person("Secret Person", "secret@mail.example")
    assert "Secret Person" not in page(client, f"{url}/preview?person={stranger.id}")
    for strange in ("x", "-1", "9" * 30, "1 OR 1"):
        assert "As an invented reader" in page(client, f"{url}/preview?person={strange}")


def test_a_language_that_is_missing_is_said_to_be_missing(client, url):
    assert client.get(url + "/preview?language=ar").status_code == 404
    assert client.get(url + "/letter?language=xx").status_code == 404


def test_the_frame_of_the_letter_can_do_nothing(client, url):
    answer = client.get(url + "/letter")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox;")
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    outer = client.get(url + "/preview?dress=html")
    assert "frame-src 'self'" in outer.headers["Content-Security-Policy"]
    assert "<iframe" in outer.get_data(as_text=True)
    assert "sandbox" in outer.get_data(as_text=True)


def test_a_letter_is_shown_in_its_own_direction_and_no_other(client, url):
    assert "Right to left" not in page(client, url + "/preview")
    assert 'dir="rtl"' not in page(client, url + "/letter?dress=rtl")


def test_a_draft_without_text_has_nothing_to_look_at(client, vrwg, ilse):
    url = begin(client, vrwg)
    assert "There is nothing to look at yet." in page(client, url + "/preview")
    assert client.get(url + "/letter").status_code == 404
    assert client.post(url + "/test").status_code == 409


def test_a_test_letter_goes_to_its_author_once_for_each_version(client, url, ilse):
    client.post(url + "/test")
    assert [row.address for row in make.rows(Delivery)] == ["ilse@desk.example"]
    assert "Go on: send to 2 people" in page(client, url + "/check")
    save(client, url, subject_en="Changed")
    assert "Go on: send" not in page(client, url + "/check")


def test_without_a_test_letter_nothing_is_sent(client, url):
    html = page(client, url + "/confirm")
    answer = client.post(url + "/confirm", data=form(html, url + "/confirm", typed="VRWG"))
    assert answer.status_code == 409
    assert "Send a test letter of this version to yourself first" in answer.get_data(as_text=True)
    assert the().state is AnnouncementState.DRAFT


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"typed": ""}, "Type what is asked for here."),
        ({"typed": "fenicc"}, "“fenicc” was read. To be sure whom you write to, type: VRWG"),
        ({"when": "later"}, "On which day shall it be sent?"),
        ({"when": "later", "day": "2027-03-01"}, "At what time that day shall it be sent?"),
        ({"when": "later", "day": "2027-03-01", "scheduled_for": "9", "zone": ""}, "On the clock of which city?"),
        ({"when": "later", "day": "2027-03-28", "scheduled_for": "02:30"}, "does not exist in The Hague"),
        ({"when": "later", "day": "2020-01-01", "scheduled_for": "09:00"}, "at least two minutes from now"),
        ({"when": "later", "day": "2099-01-01", "scheduled_for": "09:00"}, "more than a year away"),
        ({"when": "whenever"}, "Not a valid choice"),
    ],
)
def test_a_last_word_that_makes_no_sense_sends_nothing(client, url, filled, said):
    answer = confirm(client, url, **filled)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert the().state is AnnouncementState.DRAFT


def test_an_hour_that_comes_twice_is_asked_for_and_then_taken(client, url, monkeypatch):
    twice = {"when": "later", "day": "2027-10-31", "scheduled_for": "02:30"}
    asked = confirm(client, url, **twice).get_data(as_text=True)
    assert "Which hour is meant?" in asked
    assert confirm(client, url, **twice, second_hour="first").status_code == 303
    assert the().release_at.isoformat() == "2027-10-31T00:30:00+00:00"


def test_a_confirmed_announcement_is_held_for_two_minutes_and_can_be_taken_back(client, url):
    assert confirm(client, url).location == url + "/progress"
    html = page(client, url + "/progress")
    assert "Held. You can take it back for" in html
    assert "2 people on the list" in html
    assert '<noscript><meta http-equiv="refresh"' in html
    assert "data-live" in html
    assert client.post(url + "/undo").location == url + "/check"
    assert the().state is AnnouncementState.DRAFT
    assert "Taken back. Nothing was sent" in page(client, url + "/check")
    assert not [row for row in make.rows(Delivery) if row.message_id == the().message_id]
    assert not make.rows(AudienceGap)


def test_a_second_click_confirms_nothing_twice(client, url):
    client.post(url + "/test")
    data = form(page(client, url + "/confirm"), url + "/confirm", typed="VRWG")
    assert client.post(url + "/confirm", data=data).status_code == 303
    assert client.post(url + "/confirm", data=data).status_code == 303
    assert len([one for one in make.rows(OutgoingMessage) if one.kind == "announcement"]) == 1
    assert len(make.rows(Delivery)) == 2 + 1  # two members, one test


def test_what_was_changed_after_the_page_was_opened_is_not_sent(client, url):
    client.post(url + "/test")
    data = form(page(client, url + "/confirm"), url + "/confirm", typed="VRWG")
    save(client, url, subject_en="Changed meanwhile")
    client.post(url + "/test")
    answer = client.post(url + "/confirm", data=data)
    assert answer.status_code == 409
    assert "was changed since you looked at it" in answer.get_data(as_text=True)


def test_a_scheduled_one_says_when_and_can_be_sent_now_or_taken_off(client, url):
    day = (clock.now() + timedelta(days=20)).date().isoformat()
    assert confirm(client, url, when="later", day=day, scheduled_for="09:00", zone="New York").status_code == 303
    html = page(client, url + "/progress")
    assert "It leaves on" in html
    assert "15:00 in The Hague" in html
    assert "Scheduled" in page(client, "/compose")
    client.post(url + "/now")
    assert "Held." in page(client, url + "/progress")
    client.post(url + "/undo")
    assert the().state is AnnouncementState.DRAFT


def test_once_confirmed_it_can_no_longer_be_written_only_watched_and_copied(client, url):
    confirm(client, url)
    for path in ("", "/check", "/confirm"):
        assert client.get(url + path).location == url + "/progress"
    assert client.post(url, data={"revision": "1", "subject_en": "Sneaky", "tongue": "en"}).status_code == 409
    assert client.post(url + "/discard").status_code == 409
    assert client.post(url + "/copy").status_code == 303


def test_an_undo_that_comes_too_late_is_refused_in_words(client, url):
    sending(client, url)
    answer = client.post(url + "/undo")
    assert answer.status_code == 409
    html = answer.get_data(as_text=True)
    assert "can no longer be taken back" in html
    assert f'href="{url}/progress"' in html
    assert "What you typed" not in html


def test_a_second_click_on_undo_finds_the_draft_and_the_word(client, url):
    confirm(client, url)
    client.post(url + "/undo")
    answer = client.post(url + "/undo", follow_redirects=True)
    assert answer.status_code == 200
    assert answer.request.path == url + "/check"
    assert "just taken back" in answer.get_data(as_text=True)


def test_the_calendar_entry_in_the_preview_does_not_tell_the_address(client, url, members):
    html = page(client, f"{url}/preview?person={members[0].id}")
    assert "BEGIN:VCALENDAR" in html
    assert "achieng.odera" not in html
    assert json.dumps("a***@mhi.example")[1:-1] in html


@pytest.mark.parametrize("which", ["exclude_announcement_ids", "sent_announcement_ids"])
def test_an_announcement_older_than_the_ten_newest_stays_when_the_draft_is_saved(client, url, vrwg, which):
    draft = the()
    old, *_newer = [gone(vrwg, minute) for minute in range(12)]
    with transaction():
        draft.audience = {"caucus_ids": [vrwg.id], which: [old.id]}
    assert f'value="{old.id}"' in page(client, url)
    assert save(client, url, subject_en="A word mended").status_code == 303
    db.session.refresh(draft)
    assert draft.audience[which] == [old.id]


def gone(caucus: Any, minute: int) -> Announcement:
    now = clock.now() - timedelta(days=1) + timedelta(minutes=minute)
    times = dict.fromkeys(("made_at", "revised_at", "release_at", "begun_at"), now)
    kind, state = AnnouncementKind.NOTICE, AnnouncementState.SENT
    reference = secrets.token_urlsafe(12)
    return make.keep(Announcement(reference=reference, caucus_id=caucus.id, kind=kind, state=state, **times))


def test_an_hour_that_comes_twice_asks_which_and_suggests_none(client, url):
    when = {"when": "later", "scheduled_for": "02:30", "zone": "The Hague"}
    year = clock.now().year + 1
    sunday = next(day for day in range(31, 24, -1) if date(year, 10, day).weekday() == 6)
    when["day"] = f"{year}-10-{sunday}"
    html = confirm(client, url, **when).get_data(as_text=True)
    asked = html[html.index("Which hour is meant?") :].partition("</fieldset>")[0]
    assert "The first" in asked
    assert "checked" not in asked
    assert "It comes only once" not in asked


def test_the_last_button_is_true_of_now_and_of_later(client, url):
    client.post(url + "/test")
    assert "Confirm: 2 people get it" in page(client, url + "/confirm")
