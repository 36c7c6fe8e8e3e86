"""The desk of the secretariat and its queue."""

import re
from datetime import timedelta

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory.models import Ngo, NgoState
from tests import make
from tests.door import let_in
from tests.statements import counted
from tests.web.staff import TO_REVIEW


def test_the_desk_says_what_waits_and_since_when(staff):
    application = make.application("Haki")
    with transaction():
        application.confirmed_at = clock.now() - timedelta(days=9, hours=1)
    page = staff.get("/staff").text
    assert "1 application waits; the oldest for 9 days." in page
    assert "Ready" in page


def test_an_empty_desk_says_so(staff):
    assert "Nothing waits." in staff.get("/staff").text
    assert "Nothing waits." in staff.get("/staff/queue").text


def test_members_coordinators_and_strangers_do_not_see_the_desk(client):
    application = make.application("Haki Trust")
    for path in ("/staff", "/staff/queue", f"/staff/applications/{application.id}", "/staff/caucuses"):
        assert client.get(path).status_code == 303
    let_in(client, make.coordinator(make.caucus()))
    for path in ("/staff", "/staff/queue", f"/staff/applications/{application.id}", "/staff/applications/999"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "Haki" not in answer.text


def test_the_queue_is_walked_by_next_and_previous(staff):
    first, second, third = (make.application(name) for name in ("First", "Second", "Third"))
    page = staff.get(f"/staff/applications/{second.id}").text
    assert "2 of 3" in page
    assert f'rel="prev" href="/staff/applications/{first.id}"' in page
    assert f'rel="next" href="/staff/applications/{third.id}"' in page


def test_after_approving_comes_the_next_with_an_undo_of_this(staff):
    first, second = make.application("First", [make.caucus()]), make.application("Second")
    answer = staff.post(f"/staff/applications/{first.id}/approve", data=TO_REVIEW | {"how": "known", "into": "new"})
    assert answer.headers["Location"] == f"/staff/applications/{second.id}"
    page = staff.get(answer.headers["Location"]).text
    assert f'action="/staff/applications/{first.id}/reopen"' in page
    assert staff.post(f"/staff/applications/{first.id}/reopen").status_code == 303
    assert make.rows(Ngo) == []


def test_putting_a_question_back_does_not_claim_that_it_was_not_sent(staff):
    application = make.application("Haki")
    staff.post(f"/staff/applications/{application.id}/ask", data=TO_REVIEW | {"question": "Who knows you?"})
    page = staff.get("/staff/queue").text
    assert ">Put it back into the queue</button>" in page
    assert ">Undo</button>" not in page
    staff.post(f"/staff/applications/{application.id}/release")
    assert "Your question was sent" in staff.get("/staff/queue").text


def test_after_signing_in_again_one_comes_back_to_the_page_of_the_form(client):
    application = make.application("Haki")
    path = f"/staff/applications/{application.id}"
    for posted, page in (
        (f"{path}/approve", path),
        ("/staff/review-windows", "/staff/review-windows"),
        ("/me/leave", "/me/leave"),
    ):
        answer = client.post(posted, data={"how": "known"})
        assert answer.status_code == 303
        assert answer.location == f"/sign-in?next={page}&why=again"
    assert "nothing was changed" in client.get(answer.location).text
    assert client.post("/sign-out/everywhere").location == "/sign-in?why=again"


def test_any_organisation_can_be_found_and_an_application_linked_to_it(staff):
    ngo = make.ngo(
        "Société pour la Paix", name_key="societe paix", acronym="SPP", domain="paix.example", state=NgoState.LAPSED
    )
    make.representative(make.person(name="Awa Diop"), ngo)
    make.ngo("Another one")
    application = make.application("Haki", [make.caucus()])
    for search in ("société paix", "spp", "paix.example", "SOCIETE"):
        page = staff.get("/staff/organisations", query_string={"q": search, "application": application.id}).text
        assert "Awa Diop" in page
        assert "lapsed" in page
        assert "Another one" not in page
    on = re.search(r'href="(/staff/applications/[0-9]+\?into=[0-9]+)#decide"', page)[1]
    shown = staff.get(on).text
    assert re.search(rf'value="{ngo.id}"[^>]*checked|checked[^>]*value="{ngo.id}"', shown)
    data = TO_REVIEW | {"into": str(ngo.id)}
    again = staff.post(f"/staff/applications/{application.id}/approve", data=data).text
    assert f'value="{ngo.id}"' in again
    staff.post(f"/staff/applications/{application.id}/approve", data=data | {"how": "same"})
    assert application.ngo_id == ngo.id


def test_a_search_for_nothing_or_for_signs_finds_nothing(staff):
    make.ngo("Haki")
    for search in ("", "%", "_", "\\", "<b>", "\0"):
        assert "Haki" not in staff.get("/staff/organisations", query_string={"q": search}).text


def test_the_pages_of_the_desk_ask_a_constant_number_of_questions(staff):
    caucus = make.caucus()
    first = make.application("One", [caucus])
    paths = (
        "/staff",
        "/staff/queue",
        f"/staff/applications/{first.id}",
        "/staff/caucuses",
        f"/staff/caucuses/{caucus.slug}",
    )

    def statements() -> dict[str, int]:
        numbers = {}
        for path in paths:
            with counted() as made:
                assert staff.get(path).status_code == 200
            numbers[path] = len(made)
        return numbers

    before = statements()
    for _ in range(4):
        make.application("One", [make.caucus()])
        make.ngo("One", name_key="one")
        make.coordinator(caucus)
    assert statements() == before


def test_the_order_of_the_groups_is_that_of_the_page(staff):
    make.application("Poor", website="")
    make.application("Ready")
    page = staff.get("/staff/queue").text
    assert page.index("<bdi>Ready<") < page.index("<bdi>Poor<")


def test_hostile_applications_are_shown_as_text(staff):
    evil = "<script>alert(1)</script>"
    application = make.application(evil, acronym="<b>x", website="javascript:alert(1)", vouchers=evil, note=evil)
    for path in ("/staff/queue", f"/staff/applications/{application.id}"):
        page = staff.get(path).text
        assert evil not in page
        assert 'href="javascript' not in page
