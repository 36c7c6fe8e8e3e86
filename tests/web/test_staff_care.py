"""What the desk does so that nobody is let in, or told something, by a slip."""

import re

import pytest

from caucusmail.directory.applications import ApplicationKind, ApplicationState
from caucusmail.directory.models import Ngo
from tests import make
from tests.web.staff import TO_REVIEW


@pytest.fixture
def posing():
    """An application whose domain is one letter away from an organisation's."""
    make.ngo("Mwangaza Haki", name_key="mwangaza haki", domain="mhi.example", acronym="MHI")
    return make.application("The Mwangaza Haki", [make.caucus("vrwg")], ["achieng@mh1.example"], acronym="MHI")


def deeds(page: str) -> list[tuple[bool, str]]:
    """The decisions in their order, and whether each stands open."""
    found = re.findall(r'<details name="decision"( open)?><summary>([^<]*)', page)
    return [(bool(opened), deed) for opened, deed in found]


def test_a_possible_impersonation_is_approved_last_and_into_what_is_chosen_by_hand(staff, posing):
    page = staff.get(f"/staff/applications/{posing.id}").text
    assert deeds(page) == [(False, one) for one in ("Ask a question", "Decline", "Put it aside", "Approve")]
    assert "This may be somebody who poses as an organisation that is in already." in page
    choices = re.findall(r'<input[^>]*name="into"[^>]*>', page)
    assert len(choices) == 2
    assert not any("checked" in one for one in choices)
    answer = staff.post(f"/staff/applications/{posing.id}/approve", data=TO_REVIEW | {"how": "They rang."})
    assert answer.status_code == 422
    assert "Choose whether this is a new organisation" in answer.text
    assert deeds(answer.text)[-1] == (True, "Approve")
    assert len(make.rows(Ngo)) == 1


def test_any_other_application_begins_with_approval_as_a_new_organisation(staff):
    page = staff.get(f"/staff/applications/{make.application('Haki').id}").text
    assert deeds(page)[0] == (True, "Approve")
    assert re.search(r'<input checked[^>]*name="into"[^>]*value="new"', page)


def test_an_expert_is_approved_without_a_question_about_an_organisation(staff):
    application = make.application("", kind=ApplicationKind.INDIVIDUAL)
    page = staff.get(f"/staff/applications/{application.id}").text
    assert '<input type="hidden" name="into" value="new">' in page
    data = TO_REVIEW | {"how": "A lawyer we know.", "into": "new"}
    assert staff.post(f"/staff/applications/{application.id}/approve", data=data).status_code == 303
    assert application.state is ApplicationState.APPROVED


def test_a_second_press_of_ones_own_is_not_said_to_be_somebody_elses(staff):
    application = make.application("Haki")
    data = TO_REVIEW | {"reason": "not-ngo", "words": ""}
    staff.post(f"/staff/applications/{application.id}/decline", data=data)
    answer = staff.post(f"/staff/applications/{application.id}/decline", data=data)
    assert answer.status_code == 409
    assert "You have dealt with this application already" in answer.text
    assert "Declined by Noor" in answer.text
    assert "Somebody else" not in answer.text


def test_each_part_of_a_line_of_the_queue_stands_for_itself_from_right_to_left(client, staff):
    make.application("Haki", [make.caucus("vrwg"), make.caucus("water")], country_code=make.country("KE").code)
    page = staff.get("/ar-xb/staff/queue").text
    assert 'dir="rtl"' in page
    (line,) = re.findall(r'<p class="soft">(.*?)</p></li>', page, re.DOTALL)
    assert re.sub(r"<bdi[ >].*?</bdi>", "", line).replace("</bdi>", "").strip(" ·,") == ""
    assert line.count("<bdi>") >= 5
    counts = re.search(r"<nav aria-label=[^>]*><p>(.*?)</nav>", page.partition("<main")[2], re.DOTALL)[1]
    assert len(re.findall(r"<bdi>\d+</bdi>", counts)) >= 2
