"""How letters come: every one, a digest, a notice, none; in which hours; what comes through a pause."""

import re
from datetime import timedelta

import pytest

from caucusmail.accounts.models import Person
from caucusmail.database import db
from caucusmail.groups import pauses
from caucusmail.groups.models import Mode, Subscription
from tests import make
from tests.door import let_in
from tests.web.my import my, text, undo_url

HOURS = {"anytime": "no", "begins": "9", "ends": "17", "days": ["1", "2", "7"], "weekly": "yes"}


def mode() -> Mode:
    db.session.expire_all()
    return make.rows(Subscription)[0].mode


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (Mode.DIGEST, "Letters come in your digest. It comes at 08:00 in Nairobi (Monday to Friday)."),
        (Mode.NOTICE, "A short notice comes by mail; you read on the site."),
        (Mode.NONE, "No letters: you read on the site."),
    ],
)
def test_each_way_is_chosen_on_its_page_and_stands_on_my_page(client, member, chosen, words):
    path = my(member, "/groups/water")
    assert f'href="{path}"' in client.get(my(member)).text
    form = client.get(path)
    for line in ("Every letter, as it is sent", "A digest: one letter", "Only a notice", "No letters: I read"):
        assert line in text(form)
    said = client.post(path, data={"mode": chosen.value}, follow_redirects=True)
    assert words in text(said)
    assert mode() is chosen
    assert f'checked id="mode-{list(Mode).index(chosen)}"' in client.get(path).text
    client.post(undo_url(said))
    assert mode() is Mode.EVERY


@pytest.mark.parametrize("sent", [{}, {"mode": ""}, {"mode": "sometimes"}])
def test_what_is_not_offered_is_refused(client, member, sent):
    refused = client.post(my(member, "/groups/water"), data=sent)
    assert (refused.status_code, mode()) == (422, Mode.EVERY)


def test_a_group_one_is_not_on_is_not_there(client, member):
    make.group(make.caucus("secret"))
    for name in ("secret", "nothing"):
        assert client.get(my(member, f"/groups/{name}")).status_code == 404
        assert client.post(my(member, f"/groups/{name}"), data={"mode": "none"}).status_code == 404


def test_reading_hours_are_chosen_and_taken_back(client, member):
    path = my(member, "/hours")
    assert f'href="{path}"' in client.get(my(member)).text
    form = client.get(path).text
    assert 'checked id="anytime-0"' in form
    assert 'selected value="8"' in form
    said = client.post(path, data=HOURS, follow_redirects=True)
    assert "From 09:00 until 17:00 in Nairobi (Sunday to Tuesday)" in text(said)
    her = db.session.get_one(Person, member.id)
    assert (her.reading_from, her.reading_until, her.reading_days, her.digest_weekly) == (9, 17, "127", True)
    assert 'checked id="anytime-1"' in client.get(path).text
    client.post(undo_url(said))
    db.session.expire_all()
    assert (her.reading_from, her.reading_until, her.reading_days, her.digest_weekly) == (None, None, "12345", False)


def test_who_works_by_night_chooses_hours_that_end_on_the_next_day(client, member):
    path = my(member, "/hours")
    said = client.post(path, data=HOURS | {"begins": "20", "ends": "2"}, follow_redirects=True)
    assert "From 20:00 until 02:00 on the next day in Nairobi (Sunday to Tuesday)" in text(said)
    form = client.get(path)
    assert {'selected value="20"', 'selected value="2"'} <= set(re.findall(r'selected value="\d+"', form.text))
    assert "A night belongs to the day on which it begins." in text(form)


def test_a_weekly_digest_says_its_day(client, member):
    let_in(client, member)
    client.post("/me/hours", data=HOURS)
    said = client.post("/me/groups/water", data={"mode": "digest"}, follow_redirects=True)
    assert "It comes every Sunday at 09:00 in Nairobi." in text(said)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"begins": "9", "ends": "9"}, "The hours end when they begin."),
        ({"days": []}, "Choose at least one day"),
        ({"days": ["8"]}, "not on the list"),
        ({"begins": "24"}, "not on the list"),
        ({"anytime": ""}, "Choose one of the lines."),
        ({"weekly": "no'--"}, "Not a valid choice"),
    ],
)
def test_hours_that_make_no_sense_are_refused_in_words(client, member, wrong, words):
    refused = client.post(my(member, "/hours"), data=HOURS | wrong)
    assert refused.status_code == 422
    assert words in text(refused)
    assert db.session.get_one(Person, member.id).reading_from is None


def test_a_pause_says_what_comes_through_it(client, member):
    back = (pauses.today(member.zone) + timedelta(days=10)).isoformat()
    form = client.get(my(member, "/pause")).text
    assert "checked" in form[form.index('name="lets_coming"') - 200 : form.index('name="lets_coming"') + 50]
    days = {"caucus": "water", "first": "", "back": back}
    said = client.post(my(member, "/pause"), data=days | {"lets_urgent": "y"}, follow_redirects=True)
    assert "Urgent announcements still come." in text(said)
    said = client.post(
        my(member, "/pause"), data=days | {"lets_urgent": "y", "lets_coming": "y"}, follow_redirects=True
    )
    assert "and word that a meeting which you said you come to is cancelled or moved" in text(said)
    said = client.post(my(member, "/pause"), data=days, follow_redirects=True)
    assert "still come" not in text(said)
