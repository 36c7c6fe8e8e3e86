"""The secretariat's page of mail: what waits, the relay, where servers ask to wait, a chart for each announcement."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from caucusmail import clock, settings
from caucusmail.announcements import leaving
from caucusmail.announcements.course import Course
from caucusmail.announcements.models import Announcement
from caucusmail.audit import heartbeats
from caucusmail.audit.models import Heartbeat
from caucusmail.database import transaction
from caucusmail.delivery import limits, pacing
from caucusmail.delivery.models import DeliveryState, Lane
from caucusmail.hosts import Relay
from caucusmail.web.delivery import charts
from tests import make
from tests.announcements.gone import gone
from tests.announcements.rooms import confirmed, copies, peopled, ready
from tests.entering import enter
from tests.web.test_announcements import page

ACCEPTED, FAILED = DeliveryState.ACCEPTED, DeliveryState.FAILED


@pytest.fixture
def mail(client: FlaskClient) -> FlaskClient:
    """The secretariat is signed in."""
    return enter(client, make.secretary(zone="Europe/Amsterdam"))


def test_nobody_but_the_secretariat_reads_it(client):
    assert client.get("/staff/mail").status_code == 303
    enter(client, make.coordinator(make.caucus()))
    assert client.get("/staff/mail").status_code == 403


def test_with_nothing_to_show_it_says_so(mail):
    html = page(mail, "/staff/mail")
    assert "None at the moment." in html
    assert "None was sent." in html
    assert "It has never been seen at work." in html
    assert 'href="/staff/mail"' in page(mail, "/staff")


def test_the_relay_is_well_or_not_and_since_when(mail):
    with transaction():
        heartbeats.beat("relay")
        heartbeats.beat("jobs", "broken <b>")
    html = page(mail, "/staff/mail")
    assert "Well</span> Since" in html
    assert "in The Hague" in html
    assert "Not well</span> Since" in html
    assert "broken &lt;b&gt;" in html
    with transaction():
        make.rows_by(Heartbeat, "name")[-1].at = clock.now() - timedelta(minutes=5)
    assert "Nothing was heard of it since" in page(mail, "/staff/mail")


def test_queues_tell_their_age_and_servers_their_domain_and_nobody_s_address(mail):
    sent = gone(peopled(), (DeliveryState.DEFERRED, {"reply_code": 451, "reply": "4.7.1 later"}))
    with transaction():
        row = copies(sent)[0]
        row.state, row.due_at = DeliveryState.QUEUED, clock.now() - timedelta(minutes=4)
    html = page(mail, "/staff/mail")
    assert "about 4 minutes" in html
    assert "mail.example" in html
    assert "@" not in html.partition("<main")[2].partition("</main>")[0]


def test_each_announcement_has_a_chart_with_its_numbers_in_words_and_no_script(mail):
    sent = gone(peopled(), ACCEPTED, FAILED, DeliveryState.DEFERRED)
    html = page(mail, "/staff/mail").partition("<main")[2]
    assert "1 accepted, 1 failed, 1 deferred." in html
    assert f'aria-describedby="words-{sent.id}"' in html
    assert re.search(r'<rect class="failed" x="\d+" y="\d+" width="\d+" height="\d+"/>', html)
    assert "<script" not in html.partition("</main>")[0]
    assert len(html) < 12_000


def test_what_needs_a_person_stands_on_top(mail):
    room = peopled()
    late = confirmed(room, ready(room))
    with transaction():
        late.release_at = clock.now() - leaving.LATE - timedelta(minutes=1)
    html = page(mail, "/staff/mail").partition("<main")[2]
    assert html.index("Needs a person") < html.index("How it is now")
    assert f'href="/compose/{late.id}/progress"' in html
    assert "Paused" in html


def test_it_speaks_french(mail):
    gone(peopled(), ACCEPTED)
    html = page(mail, "/fr/staff/mail")
    assert "Annonces des 30 derniers jours" in html
    assert "3 acceptés" in html


def drawn(*bars: dict[DeliveryState, int]) -> list[charts.Block]:
    return list(charts.blocks(Course(Announcement(), clock.now(), timedelta(minutes=1), bars)))


def test_bars_stand_on_each_other_and_never_leave_the_picture():
    blocks = drawn({ACCEPTED: 1000, FAILED: 1}, {}, {FAILED: 1})
    assert [(one.state, one.x) for one in blocks] == [(FAILED, 0), (ACCEPTED, 0), (FAILED, 320)]
    assert all(one.y >= 0 and one.y + one.height <= charts.HEIGHT for one in blocks)
    assert all(one.height >= charts.LEAST for one in blocks)
    assert drawn() == []


def test_of_several_relays_each_is_shown(mail, monkeypatch):
    two = replace(settings.current(), mail_fallbacks=(Relay("second.example", 587, username="u", password="hush"),))
    monkeypatch.setattr(settings, "_current", two)
    with transaction():
        heartbeats.beat(heartbeats.of_relay("second.example:587"), "cannot be reached: no answer in time")
    html = page(mail, "/staff/mail")
    assert "The relay second.example:587" in html
    assert "no answer in time" in html
    assert "hush" not in html


def test_a_domain_that_asks_for_patience_is_shown_with_its_time(mail):
    pacing.slow_down({"slow.example"})
    html = page(mail, "/staff/mail")
    assert "slow.example" in html
    assert "we write too fast" in html


def test_limits_are_shown_with_what_is_used_and_when_the_next_may_leave(mail, monkeypatch):
    assert "Limits that are set" not in page(mail, "/staff/mail")
    further = (Relay("second.example", 587, username="u", password="hush", per_minute=600),)
    told = replace(
        settings.current(),
        mail_per_minute=4000,
        mail_fallbacks=further,
        mail_domain_limits={"slow.example": 2, "ours.example": 0, "*": 90},
    )
    monkeypatch.setattr(settings, "_current", told)
    with time_machine.travel(clock.now(), tick=False):
        with transaction():
            limits.alone()
            limits.take({limits.domain("slow.example"): limits.Ask(2, 2)})
        pacing.reserve(3, Lane.BULK)
        html = page(mail, "/staff/mail").partition("Limits that are set")[2].partition("</table>")[0]
    cells = [re.findall(r"<t[dh][^>]*>(?:<bdi[^>]*>)?([^<]*)", row) for row in html.split("<tr>")[2:]]
    assert cells == [
        ["All letters", "4,000", "3", "now"],
        ["The relay second.example:587", "600", "0", "now"],
        ["slow.example", "2", "2", "in 30 seconds"],
        ["Each domain that is not named", "90", "–", "–"],
    ]


def test_a_limit_for_all_that_is_used_up_says_so(mail, monkeypatch):
    monkeypatch.setattr(settings, "_current", replace(settings.current(), mail_per_minute=3))
    with time_machine.travel(clock.now(), tick=False):
        pacing.reserve(9, Lane.BULK)
        assert "within a minute" in page(mail, "/staff/mail")
