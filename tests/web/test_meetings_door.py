"""The door page, by a link and for keepers; who came, in numbers; saying that one is there."""

import re

import pytest

from caucusmail.database import transaction
from caucusmail.directory import visibility
from caucusmail.directory.models import RosterPolicy
from caucusmail.meetings import door_links
from caucusmail.meetings.attendance import Attendance, CheckIn
from caucusmail.meetings.door import Who
from tests import make
from tests.entering import enter
from tests.filled import form
from tests.meetings.doors import begun, helper, keeper, kept, moved, on, press, seated
from tests.meetings.test_door_links import token

HIDDEN = RosterPolicy.HIDDEN


def path(link) -> str:
    return f"/door/{token(link)}"


def pressed(client, where: str, tap: str = "", find: str = "", **typed):
    """Press a button of the page as it is shown now, or send what is typed."""
    asked = where + (f"?find={find}" if find else "")
    page = client.get(asked)
    assert page.status_code == 200
    number = re.search(r'name="submission"[^>]*value="([^"]+)"', page.text)[1]
    return client.post(asked, data={"submission": number, "tap": tap, **typed})


@pytest.mark.parametrize("roster", [RosterPolicy.MEMBERS, HIDDEN])
def test_somebody_without_an_account_counts_by_typing_a_name_and_takes_the_last_press_back(client, roster):
    one = on(roster, places=60)
    where = path(helper(one).link)
    page = client.get(where)
    assert "no-store" in page.headers["Cache-Control"]
    assert "noindex" in page.text
    assert pressed(client, where, name="Café Amani", number="3").location.endswith(where)
    pressed(client, where, "+1 name:Café Amani")
    pressed(client, where, "+1 expert")
    pressed(client, where, "-1 expert")
    text = client.get(where).text
    assert ">4</span>" in text
    assert "60 places" in text
    action = re.search(r'action="([^"]+/back/\d+)"', text)[1]
    assert client.post(action).status_code == 303
    client.post(action)
    assert "taken back before" in client.get(where).text
    assert kept() == [("expert", "", 1), ("name:cafe amani", "Café Amani", 4)]


def test_a_form_that_is_sent_twice_counts_once_and_says_so(client):
    where = path(helper(on()).link)
    data = form(client.get(where).text, "", number=1)["submission"]
    for _ in range(2):
        client.post(where, data={"submission": data, "tap": "+1 expert"})
    assert "counted before" in client.get(where).text
    assert kept() == [("expert", "", 1)]


def test_what_is_found_is_counted_and_the_search_is_kept(client):
    one = on()
    ngo = seated(one, "Haki Jamii")[0]
    where = path(helper(one).link)
    assert "Haki" not in client.get(where).text
    assert f'value="+1 ngo:{ngo.id}"' in client.get(f"{where}?find=haki").text
    assert pressed(client, where, f"+1 ngo:{ngo.id}", find="haki").location.endswith("?find=haki")
    assert kept() == [(f"ngo:{ngo.id}", "", 1)]


def test_at_the_door_of_a_hidden_group_a_member_and_nobody_look_alike(client):
    one = on(HIDDEN)
    seated(one, "Known")
    where = path(helper(one).link)

    def shown(name: str) -> str:
        for asked in (f"?find={name}", ""):
            assert name not in client.get(where + asked).text.replace(f'value="{name}"', "").replace(f"find={name}", "")
        pressed(client, where, name=name)
        text = client.get(where).text
        client.post(re.search(r'action="([^"]+/back/\d+)"', text)[1])
        client.get(where)
        return re.sub(r"back/\d+|value=\"[\w-]{22}\"|csrf[^>]+>", "", text).replace(name, "NAME")

    assert shown("Known") == shown("Other")
    assert {row.name: bool(row.ngo_id) for row in make.rows(Attendance)} == {"Known": True, "Other": False}


@pytest.mark.parametrize(
    "data", [{}, {"tap": "+1 ngo:x"}, {"tap": "+9 expert"}, {"tap": "+1 ngo:" + "9" * 50}, {"name": "x" * 300}]
)
def test_what_says_nothing_is_refused_on_the_page_and_counts_nobody(client, data):
    where = path(helper(on()).link)
    answer = client.post(where, data={"submission": "s" * 20, **data})
    assert answer.status_code == 422
    assert 'id="errors"' in answer.text
    assert kept() == []


def test_a_link_says_when_it_opens_and_once_closed_or_ended_opens_nothing(client):
    one = begun(make.caucus(), 300)
    link, by = helper(one).link, keeper(one).by
    assert "It is too early to count" in client.get(path(link)).text
    assert client.post(path(link), data={"submission": "s" * 20, "tap": "+1 expert"}).status_code == 409
    moved(one, hours=-5.5)
    assert "The meeting" not in client.get(path(link)).text
    with transaction():
        door_links.end(one, link.id, by)
    for answer in (client.get(path(link)), client.post(path(link), data={"tap": "+1 expert"})):
        assert answer.status_code == 404
        assert "Ask whoever gave it to you" in answer.text
    assert kept() == []


def test_a_link_of_one_meeting_takes_nothing_back_at_another(client):
    one, other = on(), on()
    tap, _new = press(one, helper(one))
    assert client.post(f"{path(helper(other).link)}/back/{tap.id}").status_code == 404
    assert kept() == [("expert", "", 1)]


def test_keepers_find_the_door_make_a_link_end_it_and_let_it_work_again(client):
    one = on()
    chair = make.person()
    hand = keeper(one, chair)
    enter(client, chair)
    about = f"/meetings/{one.reference}"
    assert f"{about}/attendance" in client.get(about).text
    assert "Nobody was counted yet." in client.get(f"{about}/attendance").text
    client.post(f"{about}/door/links")
    [link] = door_links.working(one, hand.by)
    page = client.get(f"{about}/attendance").text
    assert token(link) in page
    assert f"{about}/door/links/{link.id}/end" in page
    client.post(f"{about}/door/links/{link.id}/end")
    assert token(link) not in client.get(f"{about}/attendance").text
    client.post(f"{about}/door/links/{link.id}/resume")
    assert token(link) in client.get(f"{about}/attendance").text


def test_keepers_count_see_who_came_and_take_it_along(client):
    one = on()
    ngo, chair = seated(one, "=Haki")[0], make.person()
    keeper(one, chair)
    enter(client, chair)
    about = f"/meetings/{one.reference}"
    pressed(client, f"{about}/door", f"+1 ngo:{ngo.id}")
    assert "=Haki" in client.get(f"{about}/attendance").text
    answer = client.post(f"{about}/attendance.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "'=Haki,1" in answer.text


def test_keepers_of_a_hidden_group_see_and_take_along_one_rounded_number(client):
    one, chair = on(HIDDEN), make.person()
    hand = keeper(one, chair)
    press(one, hand, Who(name="Known"), 7)
    enter(client, chair)
    about = f"/meetings/{one.reference}"
    for text in (client.get(f"{about}/attendance").text, client.post(f"{about}/attendance.csv").text):
        assert "Known" not in text
        assert re.search(r"\b5\b", text)
        assert not re.search(r"\b7\b", text.partition("Came")[2])


def test_who_does_not_keep_the_group_has_none_of_these_pages(client):
    one = on()
    about = f"/meetings/{one.reference}"
    paths = (f"{about}/door", f"{about}/attendance")
    enter(client, make.member(one.caucus))
    assert [client.get(where).status_code for where in paths] == [403, 403]
    enter(client, make.coordinator(make.caucus()))
    assert [client.get(where).status_code for where in paths] == [404, 404]
    for where in ("door", "door/links", "attendance.csv"):
        data = {"submission": "s" * 20, "tap": "+1 expert"}
        assert client.post(f"{about}/{where}", data=data).status_code == 404
    assert (kept(), visibility.STRANGER.id) == ([], None)


def test_a_member_says_that_they_are_there_once_and_can_take_it_back(client):
    one = on()
    ngo, who = seated(one, "Haki")
    about = f"/meetings/{one.reference}"
    enter(client, who)
    assert "I am here" in client.get(about).text
    for said in ("You are counted.", "You were counted before."):
        client.post(f"{about}/here")
        assert said in client.get(about).text
    assert kept() == [(f"ngo:{ngo.id}", "", 1)]
    client.post(f"{about}/not-here")
    assert "I am here" in client.get(about).text
    assert (kept(), make.rows(CheckIn)) == ([(f"ngo:{ngo.id}", "", 0)], [])


def test_nobody_else_is_asked_or_taken_and_nobody_before_it_begins(client):
    one, later = on(public=True), begun(make.caucus(), 5)
    enter(client, make.member(make.caucus()))
    assert "I am here" not in client.get(f"/meetings/{one.reference}").text
    assert client.post(f"/meetings/{one.reference}/here").status_code == 403
    enter(client, make.member(later.caucus))
    assert "I am here" not in client.get(f"/meetings/{later.reference}").text
    assert client.post(f"/meetings/{later.reference}/here").status_code == 409
    assert kept() == []
