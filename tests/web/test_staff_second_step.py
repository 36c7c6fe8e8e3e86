import pytest

from caucusmail.accounts import factors
from tests import make
from tests.accounts.devices import app_of
from tests.door import let_in


def test_one_asks_and_another_removes(staff, app):
    anna, other = make.person("Anna"), let_in(app.test_client(), make.secretary(name="Samuel"))
    path = f"/staff/people/{anna.id}/second-step"
    assert "They have no second step" in staff.get(path).text
    app_of(anna)
    assert path in staff.get(f"/staff/people/{anna.id}").text
    assert "Write how you made sure" in staff.post(path, data={"reason": ""}).text
    assert staff.post(path, data={"reason": "called <her>"}).status_code == 303
    page = staff.get(path).text
    assert "called &lt;her&gt;" in page
    assert "somebody else of the secretariat has to confirm" in page
    assert staff.post(f"{path}/remove").status_code == 409
    assert len(factors.of(anna)) == 1
    assert "Remove their second step" in other.get(path).text
    assert other.post(f"{path}/remove").status_code == 303
    assert factors.of(anna) == []
    assert other.post(f"{path}/remove").status_code == 409


def test_what_was_asked_is_taken_back(staff):
    anna = make.person("Anna")
    app_of(anna)
    path = f"/staff/people/{anna.id}/second-step"
    staff.post(path, data={"reason": "called her"})
    staff.post(f"{path}/keep")
    page = staff.get(path).text
    assert "Nothing is removed." in page
    assert "Ask for its removal" in page


@pytest.mark.parametrize("page", ["second-step", "erase"])
def test_a_lone_one_reads_that_a_second_person_has_to_be_found(staff, page):
    anna = make.person("Anna")
    app_of(anna)
    path = f"/staff/people/{anna.id}/{page}"
    staff.post(path, data={"reason": "called her"})
    assert "find a second person" in staff.get(path).text
    make.secretary(name="Samuel")
    assert "find a second person" not in staff.get(path).text
