"""The secretariat's pages: requests about data with their month, and an erasure that two of them carry out."""

from datetime import timedelta

from caucusmail.accounts.models import Person
from caucusmail.database import db, transaction
from caucusmail.privacy import requests
from caucusmail.privacy.models import DataRequest, Right
from tests import make
from tests.door import let_in
from tests.web.my import text

QUEUE = "/staff/requests"


def noted(staff, **more) -> str:
    values = {"right": "erasure", "received": requests.today().isoformat(), "asker": "Ms <Odera>, Box 7"}
    return staff.post(QUEUE, data=values | more)


def test_a_request_is_noted_and_found_with_its_day(staff):
    assert QUEUE in staff.get("/staff").text
    assert "Nothing waits." in staff.get(QUEUE).text
    made = noted(staff)
    assert made.status_code == 303
    page = staff.get(made.location)
    assert "Ms &lt;Odera&gt;, Box 7" in page.text
    assert "Answer by" in page.text
    assert "to be erased (Article 17)" in text(staff.get(QUEUE))
    assert "Odera" not in staff.get(QUEUE).text


def test_what_cannot_be_noted_is_said_beside_its_field(staff):
    for wrong, words in (
        ({"asker": ""}, "Nothing was filled in."),
        ({"received": ""}, "Choose the day"),
        ({"received": (requests.today() + timedelta(days=9)).isoformat()}, "not ahead"),
    ):
        page = noted(staff, **wrong)
        assert page.status_code == 422
        assert words in text(page)
    assert noted(staff, right="everything").status_code == 422
    assert make.rows(DataRequest) == []


def test_each_step_has_its_button_and_closing_has_a_way_back(staff):
    url = noted(staff).location
    for do, words in (("identity", "waiting to know who asks"), ("identified", "open"), ("done", "answered")):
        assert staff.post(url, data={"do": do}).status_code == 303
        assert words in text(staff.get(url))
    assert "Odera" not in staff.get(url).text
    assert staff.post(url, data={"do": "done"}).status_code == 409
    staff.post(url, data={"do": "open"})
    assert staff.post(url, data={"do": "refuse"}).status_code == 422
    staff.post(url, data={"do": "refuse", "reason": "We never <knew> them."})
    assert "We never &lt;knew&gt; them." in staff.get(url).text
    assert staff.post(url, data={"do": "nonsense"}).status_code == 404
    assert staff.get(f"{QUEUE}/99999").status_code == 404


def test_two_months_more_need_a_reason_and_that_they_were_told(staff):
    url = noted(staff).location
    assert staff.post(url, data={"do": "extend", "told": "y"}).status_code == 422
    assert "They have to be told" in text(staff.post(url, data={"do": "extend", "reason": "Many letters."}))
    assert staff.post(url, data={"do": "extend", "reason": "Many letters.", "told": "y"}).status_code == 303
    assert "Many letters." in staff.get(url).text
    assert "Take two months more" not in staff.get(url).text


def test_the_overdue_are_first_and_say_so_in_words(staff):
    noted(staff)
    with transaction():
        requests.note(Right.ACCESS, requests.today() - timedelta(days=40), "Somebody", by=make.secretary())
    page = text(staff.get(QUEUE))
    assert "overdue for" in page
    assert page.index("overdue for") < page.index("to be erased")


def test_only_the_secretariat_gets_in(client, member):
    let_in(client, member)
    for path in (QUEUE, f"{QUEUE}/1", f"/staff/people/{member.id}/erase"):
        assert client.get(path).status_code == 403
        assert client.post(path).status_code == 403


def test_two_of_the_secretariat_erase_somebody(staff, app, member):
    other = let_in(app.test_client(), make.secretary(name="Samuel"))
    path = f"/staff/people/{member.id}/erase"
    assert path in staff.get(f"/staff/people/{member.id}").text
    assert "2 groups" in text(staff.get(path))
    assert staff.post(path, data={"reason": ""}).status_code == 422
    assert staff.post(path, data={"reason": "called her"}).status_code == 303
    assert staff.post(f"{path}/confirm").status_code == 409
    other.post(f"{path}/keep")
    assert "Ask for their erasure" in other.get(path).text
    staff.post(path, data={"reason": "called her"})
    assert "Erase them now" in other.get(path).text
    assert other.post(f"{path}/confirm").status_code == 303
    assert db.session.get(Person, member.id) is None
    assert other.get(path).status_code == 404
