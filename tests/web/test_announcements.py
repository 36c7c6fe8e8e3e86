"""The author's desk: begin, write in several languages, put away; and what must never happen there."""

import re

from caucusmail.announcements.models import Announcement, AnnouncementText
from tests import make
from tests.entering import enter
from tests.filled import form
from tests.statements import counted
from tests.web.composing import MEETING, begin, page, save


def test_a_stranger_is_asked_to_sign_in_and_a_member_is_refused(client, vrwg):
    assert client.get("/compose").location.startswith("/sign-in?next=/compose")
    enter(client, make.member(vrwg))
    assert client.get("/compose").status_code == 403


def test_the_empty_list_says_what_an_announcement_is(client, ilse):
    assert "Nothing has been written here yet." in page(client, "/compose")


def test_a_draft_is_begun_in_the_name_of_a_caucus_that_one_keeps(client, vrwg, ilse):
    other = make.caucus("fenicc")
    url = begin(client, vrwg)
    assert "You write in the name of Victims’ Rights Working Group" in page(client, url)
    assert client.post("/compose/new", data={"caucus_id": other.id, "what": "meeting"}).status_code == 422


def test_beginning_twice_makes_one_blank_sheet(client, vrwg, ilse):
    assert begin(client, vrwg) == begin(client, vrwg)
    save(client, begin(client, vrwg), subject_en="Not blank")
    begin(client, vrwg)
    assert len(make.rows(Announcement)) == 2


def test_a_dormant_caucus_is_shown_with_its_reason_and_cannot_be_chosen(client, vrwg, ilse):
    dormant = make.caucus("peace", status="dormant")
    make.coordinator(dormant, ilse)
    assert "dormant" in page(client, "/compose/new")
    assert client.post("/compose/new", data={"caucus_id": dormant.id, "what": "notice"}).status_code == 409


def test_a_language_is_added_and_saved_beside_the_first(client, vrwg, ilse):
    url = begin(client, vrwg)
    answer = save(client, url, **MEETING, add="fr", do="add")
    assert "add=fr" in answer.location
    html = page(client, answer.location.partition("#")[0])
    assert 'name="subject_fr"' in html
    save(client, answer.location.partition("#")[0], subject_fr="Réunion de stratégie", body_fr="Venez.")
    assert {text.language for text in make.rows(AnnouncementText)} == {"en", "fr"}


def test_two_tabs_the_older_one_keeps_its_text_and_sees_the_newer(client, vrwg, ilse):
    url = begin(client, vrwg, "notice")
    older = page(client, url)
    save(client, url, subject_en="From the newer tab", body_en="Newer")
    answer = client.post(url, data=form(older, url, subject_en="From the older tab", body_en="Older", do="save"))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "From the newer tab" in html
    assert "From the older tab" in html
    assert make.rows(AnnouncementText)[0].subject == "From the newer tab"
    assert client.post(url, data=form(html, url, do="save")).status_code == 303
    assert make.rows(AnnouncementText)[0].subject == "From the older tab"


def test_what_is_kept_while_typing_is_answered_by_its_revision_and_guarded_like_a_save(client, vrwg, ilse):
    url = begin(client, vrwg, "notice")
    older = page(client, url)
    answer = save(client, url, subject_en="As typed", do="keep")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert answer.text == str(make.rows(Announcement)[0].revision)
    assert "Saved." not in page(client, url)
    assert client.post(url, data=form(older, url, subject_en="Late", do="keep")).status_code == 409
    assert make.rows(AnnouncementText)[0].subject == "As typed"


def test_somebody_elses_announcement_is_not_there(client, vrwg, ilse):
    url = begin(client, vrwg)
    enter(client, make.coordinator(make.caucus("fenicc")))
    for path in ("", "/check", "/audience", "/preview", "/letter", "/confirm", "/progress", "/progress/failed"):
        assert client.get(url + path).status_code == 404, path
    for path in ("", "/test", "/confirm", "/undo", "/stop", "/now", "/copy", "/discard", "/restore"):
        assert client.post(url + path).status_code == 404, path
        assert client.post("/compose/987654" + path).status_code == 404, path


def test_every_post_asks_for_its_token(csrf_client, vrwg):
    enter(csrf_client, make.coordinator(vrwg))
    for path in ("/new", "/1", "/1/test", "/1/confirm", "/1/undo", "/1/stop", "/1/now", "/1/copy", "/1/discard"):
        assert csrf_client.post("/compose" + path).status_code == 400, path


def test_a_discarded_draft_comes_back_by_undo(client, vrwg, ilse):
    url = begin(client, vrwg)
    save(client, url, subject_en="Keep me")
    client.post(url + "/discard")
    listed = page(client, "/compose")
    assert "“Keep me” is off the list." in listed
    assert f'action="{url}/restore"' in listed
    client.post(url + "/restore")
    assert "Keep me" in page(client, "/compose")


def test_a_copy_is_a_new_draft_with_the_same_texts(client, vrwg, ilse):
    url = begin(client, vrwg)
    save(client, url, **MEETING)
    made = client.post(url + "/copy").location
    assert made != url
    assert form(page(client, made), made)["subject_en"] == ["Strategy meeting"]


def test_a_draft_without_text_cannot_go_on(client, vrwg, ilse):
    html = page(client, begin(client, vrwg) + "/check")
    assert "Mend this first" in html
    assert "Go on: send" not in html


def test_the_number_of_statements_does_not_grow_with_the_audience(client, vrwg, ilse):
    group = make.group(vrwg)
    url = begin(client, vrwg)
    save(client, url, **MEETING)

    def cost(path: str) -> int:
        with counted() as statements:
            page(client, path)
        return len(statements)

    make.member(vrwg, group=group)
    paths = ["/compose", url, url + "/check", url + "/audience"]
    before = [cost(path) for path in paths]
    for number in range(8):
        make.member(vrwg, group=group)
        save(client, begin(client, vrwg), **MEETING | {"subject_en": f"Number {number}"})
    assert [cost(path) for path in paths] == before


def test_typed_text_is_shown_and_never_becomes_markup(client, vrwg, ilse):
    evil = "<img src=x onerror=alert(1)>{{7*7}}"
    url = begin(client, vrwg)
    save(client, url, **MEETING | {"subject_en": evil, "body_en": evil, "room": evil, "agenda_en": evil, "hosts": evil})
    for path in (url, url + "/check", "/compose"):
        html = page(client, path)
        assert "<img" not in html
        assert "&lt;img src=x onerror=alert(1)&gt;{{7*7}}" in html or path.endswith("/check")


def test_a_subject_with_a_line_break_stays_one_line(client, vrwg, ilse):
    url = begin(client, vrwg)
    answer = save(client, url, **MEETING | {"subject_en": "Hello\r\nBcc: evil@evil.example"})
    assert answer.status_code == 303
    assert 'value="Hello Bcc: evil@evil.example"' in page(client, url)


def test_pages_of_the_desk_stay_light(client, vrwg, ilse):
    url = begin(client, vrwg)
    save(client, url, **MEETING)
    for path in ("/compose", "/compose/new", url, url + "/check", url + "/audience"):
        assert len(client.get(path).data) < 120 * 1024, path
    assert not re.search(r"<script(?! src)", page(client, url))
