"""One application: its evidence, the four outcomes, and two who decide at once."""

import re
from pathlib import Path

import pytest

from caucusmail.directory import reviewing
from caucusmail.directory.applications import ApplicationState
from caucusmail.directory.models import (
    Ngo,
    Sensitivity,
)
from caucusmail.web.directory import desk
from tests import letters, make
from tests.door import let_in
from tests.web.staff import TO_REVIEW


def test_an_application_is_shown_beside_what_it_resembles(staff):
    make.ngo("Mwangaza Haki", name_key="mwangaza haki", domain="mhi.example", acronym="MHI")
    application = make.application("The Mwangaza Haki", [make.caucus("vrwg")], ["achieng@mh1.example"], acronym="MHI")
    page = staff.get(f"/staff/applications/{application.id}").text
    for told in (
        "same name",
        "same acronym",
        "domain looks alike but is another",
        "achieng@mh1.example",
        "vrwg caucus",
    ):
        assert told in page


def test_everything_that_is_written_down_of_an_application_has_a_word():
    source = "".join(path.read_text() for path in Path(reviewing.__file__).parent.glob("*.py"))
    written = set(re.findall(r'record\(\s*"(application\.\w+)"', source))
    assert len(written) > 6
    assert written <= set(desk.PAST)


def test_an_application_is_linked_to_the_organisation_chosen(staff):
    ngo = make.ngo("Haki", name_key="haki")
    application = make.application("Haki", [make.caucus()])
    staff.post(f"/staff/applications/{application.id}/approve", data=TO_REVIEW | {"how": "same", "into": str(ngo.id)})
    assert application.ngo_id == ngo.id


def test_linking_to_what_does_not_exist_is_not_found(staff):
    application = make.application("Haki")
    data = TO_REVIEW | {"how": "same", "into": "424242"}
    assert staff.post(f"/staff/applications/{application.id}/approve", data=data).status_code == 404
    assert application.state is ApplicationState.TO_REVIEW


@pytest.mark.parametrize("into", ["junk", "-1", "1 or 1", "²"])
def test_an_answer_that_is_none_of_the_choices_makes_no_organisation(staff, into):
    application = make.application("Haki")
    answer = staff.post(
        f"/staff/applications/{application.id}/approve", data=TO_REVIEW | {"how": "known", "into": into}
    )
    assert answer.status_code in (404, 422)
    assert application.state is ApplicationState.TO_REVIEW
    assert make.rows(Ngo) == []


def test_a_full_organisation_is_said_beside_the_choice_and_what_was_typed_is_kept(staff):
    ngo = make.ngo("Haki", name_key="haki", seats_cap=1)
    make.representative(make.person(), ngo, admin=True)
    application = make.application("Haki", [make.caucus()])
    assert "(1 of 1 representatives)" in staff.get(f"/staff/applications/{application.id}").text
    data = TO_REVIEW | {"how": "The coalition knows them.", "into": str(ngo.id)}
    answer = staff.post(f"/staff/applications/{application.id}/approve", data=data)
    assert answer.status_code == 422
    assert "Haki has 1 of 1 representatives" in answer.text
    assert "The coalition knows them." in answer.text
    assert "ask the secretariat" not in answer.text


def test_what_happened_names_who_did_it_and_a_decline_gives_its_reason_in_words(staff):
    application = make.application("Haki", people=["a@x.example"])
    data = TO_REVIEW | {"reason": "not-ngo", "words": "You are a firm."}
    staff.post(f"/staff/applications/{application.id}/decline", data=data)
    page = staff.get(f"/staff/applications/{application.id}").text
    assert re.search(r"Declined by Noor</bdi>, .* – Not an NGO – You are a firm\.", page)
    assert "not-ngo" not in page


def test_a_confidential_caucus_is_marked_on_the_application(staff):
    plain, secret = make.caucus(), make.caucus(sensitivity=Sensitivity.CONFIDENTIAL)
    assert "confidential</span>" not in staff.get(f"/staff/applications/{make.application('A', [plain]).id}").text
    assert "confidential</span>" in staff.get(f"/staff/applications/{make.application('B', [secret]).id}").text


def test_approving_without_saying_how_shows_the_page_again_and_changes_nothing(staff):
    application = make.application("Haki")
    answer = staff.post(f"/staff/applications/{application.id}/approve", data=TO_REVIEW | {"into": "new"})
    assert answer.status_code == 422
    assert "Say in a few words how you know them" in answer.text
    assert make.rows(Ngo) == []


def test_the_second_of_two_who_decide_gets_the_page_of_a_conflict(staff):
    application = make.application("Haki")
    for deed, data in (("decline", {"reason": "not-ngo"}), ("hold", {"note": "x"}), ("ask", {"question": "Who?"})):
        answer = staff.post(f"/staff/applications/{application.id}/{deed}", data=TO_REVIEW | data)
        assert answer.status_code == (303 if deed == "decline" else 409)
    assert application.state is ApplicationState.DECLINED


def test_the_slower_of_two_sees_what_happened_and_keeps_what_they_typed(staff):
    application = make.application("Haki")
    let_in(staff, make.secretary(name="Noor"))
    staff.post(f"/staff/applications/{application.id}/ask", data=TO_REVIEW | {"question": "Who knows you?"})
    let_in(staff, make.secretary(name="Ida"))
    answer = staff.post(f"/staff/applications/{application.id}/hold", data=TO_REVIEW | {"note": "A long thought."})
    assert answer.status_code == 409
    assert "This application has been dealt with since you opened it." in answer.text
    assert "Asked by Noor" in answer.text
    assert "A long thought.</textarea>" in answer.text
    seen = re.findall(r'name="seen"[^>]* value="([^"]*)"', answer.text)
    assert set(seen) == {"asked"}
    again = staff.post(f"/staff/applications/{application.id}/hold", data={"seen": seen[0], "note": "A long thought."})
    assert again.status_code == 303


def test_what_was_typed_is_shown_where_it_is_decided_already(staff):
    application = make.application("Haki")
    staff.post(f"/staff/applications/{application.id}/decline", data=TO_REVIEW | {"reason": "not-ngo"})
    answer = staff.post(
        f"/staff/applications/{application.id}/approve", data=TO_REVIEW | {"how": "I <met> them.", "into": "new"}
    )
    assert answer.status_code == 409
    assert "Declined by Noor" in answer.text
    assert "I &lt;met&gt; them." in answer.text
    assert make.rows(Ngo) == []


def test_a_look_alike_leads_to_its_page_and_says_its_state_and_its_people(staff):
    ngo = make.ngo("Haki", name_key="haki")
    make.representative(make.person(name="Awa Diop"), ngo)
    page = staff.get(f"/staff/applications/{make.application('Haki').id}").text
    assert f'href="/organisations/{ngo.id}"' in page
    assert "1 representative</bdi> (<bdi>Awa Diop</bdi>)" in page
    assert '<span class="status">verified</span>' in page


@pytest.mark.parametrize("seen", ["", "nonsense", "approved", "unconfirmed"])
def test_a_state_that_was_never_seen_decides_nothing(staff, seen):
    application = make.application("Haki")
    answer = staff.post(f"/staff/applications/{application.id}/hold", data={"seen": seen})
    assert answer.status_code == 409


def test_asking_declining_and_putting_aside(staff):
    asked, declined, held = (make.application(name, people=[f"{name}@x.example"]) for name in ("a", "d", "h"))
    staff.post(f"/staff/applications/{asked.id}/ask", data=TO_REVIEW | {"question": "Who knows you?"})
    staff.post(f"/staff/applications/{declined.id}/decline", data=TO_REVIEW | {"reason": "other", "words": "No."})
    staff.post(f"/staff/applications/{held.id}/hold", data=TO_REVIEW | {"note": "Samuel knows"})
    assert [one.state.value for one in (asked, declined, held)] == ["asked", "declined", "held"]
    assert "Who knows you?" in letters.text(letters.to("a@x.example")[0])
    assert "Samuel knows" in staff.get(f"/staff/applications/{held.id}").text
    staff.post(f"/staff/applications/{held.id}/release")
    assert held.state is ApplicationState.TO_REVIEW


@pytest.mark.parametrize("data", [{"reason": "nonsense"}, {"reason": "other"}, {}])
def test_declining_without_a_reason_is_refused(staff, data):
    application = make.application("Haki")
    answer = staff.post(f"/staff/applications/{application.id}/decline", data=TO_REVIEW | data)
    assert answer.status_code == 422
    assert application.state is ApplicationState.TO_REVIEW


def test_the_page_of_an_application_says_who_did_what(staff):
    application = make.application("Haki")
    staff.post(f"/staff/applications/{application.id}/hold", data=TO_REVIEW | {"note": "Later."})
    assert "Put aside by Noor</bdi>, " in staff.get(f"/staff/applications/{application.id}").text
