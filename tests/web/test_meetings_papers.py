"""The papers of a meeting on the site: added and changed by those who keep it, read by those it is for, told when they change."""

from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from caucusmail.announcements.models import AnnouncementKind
from caucusmail.database import db
from caucusmail.meetings import papers
from caucusmail.meetings.filed import Paper
from caucusmail.meetings.models import Meeting
from tests import make
from tests.entering import enter
from tests.filled import form
from tests.meetings.pdf import pdf
from tests.web.composing import page, save, sending, the

LINK = {"title": "Draft resolution", "language": "fr", "url": "https://docs.example.org/r.pdf", "size": "180000"}


@pytest.fixture
def meeting(client: FlaskClient, url: str) -> Meeting:
    """A draft."""
    found = the().meeting
    assert found is not None
    return found


def where(meeting: Meeting, more: str = "") -> str:
    return f"/meetings/{meeting.reference}/papers{more}"


def file(content: bytes, name: str = "../../etc/p\u202efdp.exe") -> tuple[BytesIO, str]:
    return BytesIO(content), name


def send(client: FlaskClient, path: str, **filled: Any) -> Any:
    data = form(page(client, path), path, **filled)
    return client.post(path, data=data, content_type="multipart/form-data")


def add(client: FlaskClient, meeting: Meeting, **filled: Any) -> Paper:
    answer = send(client, where(meeting), **filled)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    db.session.expire_all()
    found: Paper = make.rows(Paper)[-1]
    return found


def test_a_pdf_is_sent_along_by_a_button_with_its_opposite_and_a_link_has_none(client, meeting):
    kept = add(client, meeting, title="Note", language="en", file=file(pdf()))
    html = page(client, where(meeting))
    assert "Send it along with letters" in html
    client.post(where(meeting, f"/{kept.id}/attach"), data={"along": "yes"})
    html = page(client, where(meeting))
    assert "“Note” is sent along" in html
    assert "Do not send it along" in html
    client.post(where(meeting, f"/{kept.id}/attach"), data={"along": "no"})
    assert "Send it along with letters" in page(client, where(meeting))
    link = add(client, meeting, **LINK)
    client.post(where(meeting, f"/{link.id}/attach"), data={"along": "yes"})
    assert "500 KB together" in page(client, where(meeting))


def test_a_link_is_shown_with_all_that_was_said_of_it_before_the_click(client, meeting):
    add(client, meeting, **LINK, media_type=papers.PDF, sha256="ab" * 32)
    for path in (where(meeting), f"/meetings/{meeting.reference}"):
        html = page(client, path)
        assert 'href="https://docs.example.org/r.pdf" rel="noreferrer noopener nofollow"' in html
        assert f"French, PDF, 180 KB, SHA-256 {'ab' * 8}…" in html
        assert "ab" * 32 in html


def test_a_pdf_is_served_to_members_alone_under_a_name_of_ours(client, meeting, members):
    kept = add(client, meeting, title="Note", language="en", file=file(pdf()))
    answer = client.get(where(meeting, f"/{kept.id}"))
    assert (answer.status_code, answer.data, answer.content_type) == (200, pdf(), papers.PDF)
    name = f"{meeting.caucus.slug}-2027-11-30-{kept.id}.pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert sha256(pdf()).hexdigest() in answer.headers["ETag"]
    again = client.get(where(meeting, f"/{kept.id}"), headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_strangers_see_no_paper_and_are_not_told_whether_there_is_one(client, url, members, meeting):
    kept = add(client, meeting, title="Secret note", language="en", file=file(pdf()))
    sending(client, url)
    enter(client, make.person("Stranger"))
    assert client.get(where(meeting, f"/{kept.id}")).status_code == 404
    assert "Secret note" not in page(client, f"/meetings/{meeting.reference}")
    client.post("/sign-out")
    for paper_id in (kept.id, 999):
        answer = client.get(where(meeting, f"/{paper_id}"))
        assert (answer.status_code, "/sign-in" in answer.location) == (303, True)
    enter(client, members[0])
    assert client.get(where(meeting, f"/{kept.id}")).data == pdf()
    assert client.get(where(meeting)).status_code in (403, 404)


@pytest.mark.parametrize(
    ("filled", "words"),
    [
        ({"file": file(b"MZ\x90not a pdf")}, "This is no whole PDF"),
        ({"file": file(pdf(padding=2_500_000))}, "This file is 2.5 MB; at most 2 MB are kept here"),
        ({"url": "javascript:alert(1)"}, "Please copy the whole address"),
        ({"url": "https://example.org/", "file": file(pdf())}, "Give a link or a file, not both"),
        ({"size": "much"}, "Please write a size like 180 KB or 1.2 MB."),
        ({}, "Give the address of the paper, or choose a PDF."),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(client, meeting, filled, words):
    answer = send(client, where(meeting), **{"title": "A long title <b>", "language": "ar"} | filled)
    html = answer.get_data(as_text=True)
    assert (answer.status_code, words in html, 'value="A long title &lt;b&gt;"' in html) == (422, True, True)
    assert make.rows(Paper) == []


def test_a_form_that_is_far_too_large_is_refused_before_it_is_read(client, meeting):
    answer = client.post(where(meeting), data={"file": file(b"%PDF-1.4" + b" " * 5_000_000)})
    assert (answer.status_code, "2 MB" in answer.get_data(as_text=True)) == (413, True)


def test_other_forms_stay_small(client, url, meeting):
    assert client.post(url, data={"body_en": "A" * 1_500_000}).status_code == 413


def test_a_paper_is_changed_moved_taken_off_and_put_back(client, meeting):
    first = add(client, meeting, **LINK)
    second = add(client, meeting, title="Note", language="en", file=file(pdf()))
    assert send(client, where(meeting, f"/{second.id}/change"), title="Note, second").status_code == 303
    client.post(where(meeting, f"/{second.id}/move"), data={"way": "up"})
    db.session.expire_all()
    assert [one.title for one in papers.of(meeting)] == ["Note, second", "Draft resolution"]
    assert papers.content(second) == pdf()
    client.post(where(meeting, f"/{first.id}/remove"))
    html = page(client, where(meeting))
    assert where(meeting, f"/{first.id}/put-back") in html
    client.post(where(meeting, f"/{first.id}/put-back"))
    assert len(papers.of(meeting)) == 2


def test_of_two_who_change_a_paper_the_second_keeps_what_they_typed(client, meeting):
    kept = add(client, meeting, **LINK)
    path = where(meeting, f"/{kept.id}/change")
    first, second = (form(page(client, path), path, title=title) for title in ("A", "B"))
    assert client.post(path, data=first).status_code == 303
    refused = client.post(path, data=second)
    html = refused.get_data(as_text=True)
    assert (refused.status_code, "Somebody changed this paper" in html, 'value="B"' in html) == (409, True, True)
    assert client.post(path, data=form(html, path)).status_code == 303


def test_once_announced_a_paper_is_added_and_replaced_by_telling(client, url, members, meeting):
    add(client, meeting, **LINK)
    sending(client, url, accepted=250)
    path = f"/compose/change/{meeting.reference}/document"
    assert f"{path}?paper=" in page(client, where(meeting))
    [kept] = papers.of(meeting)
    html = page(client, f"{path}?paper={kept.id}")
    data = form(html, path, title="Draft resolution", language="fr", file=file(pdf()), reason="A word was wrong.")
    assert data["replaces"] == [str(kept.id)]
    answer = client.post(path, data=data, content_type="multipart/form-data")
    db.session.expire_all()
    assert (answer.status_code, the().kind) == (303, AnnouncementKind.CHANGE)
    assert papers.content(papers.of(meeting)[0]) == pdf()
    html = page(client, f"/meetings/{meeting.reference}")
    assert "Paper replaced:" in html
    assert "A word was wrong." in html


def test_a_change_of_a_paper_that_is_refused_keeps_what_was_typed(client, url, members, meeting):
    sending(client, url, accepted=250)
    path = f"/compose/change/{meeting.reference}/document"
    answer = send(client, path, title="Mine", language="en", file=file(b"MZ"))
    html = answer.get_data(as_text=True)
    assert (answer.status_code, "This is no whole PDF" in html, 'value="Mine"' in html) == (422, True, True)


def test_a_draft_whose_day_is_emptied_keeps_its_papers(client, url, meeting):
    add(client, meeting, **LINK)
    answer = save(client, url, day="")
    assert (answer.status_code, "Papers hang on this meeting" in answer.get_data(as_text=True)) == (422, True)
    assert len(papers.of(meeting)) == 1


def test_of_two_who_tell_a_paper_the_second_keeps_what_they_typed_and_a_second_click_tells_nothing(
    client, url, members, meeting
):
    sending(client, url, accepted=250)
    path = f"/compose/change/{meeting.reference}/document"
    first, second = (form(page(client, path), path, **LINK | {"title": title}) for title in ("A", "B"))
    assert client.post(path, data=first).status_code == 303
    before = the().id
    assert client.post(path, data=first).location == f"/meetings/{meeting.reference}"
    refused = client.post(path, data=second)
    html = refused.get_data(as_text=True)
    assert (refused.status_code, "Somebody changed this meeting" in html, 'value="B"' in html) == (409, True, True)
    assert (the().id, [one.title for one in papers.of(meeting)]) == (before, ["A"])
    assert client.post(path, data=form(html, path)).status_code == 303
    db.session.expire_all()
    assert [one.title for one in papers.of(meeting)] == ["A", "B"]


def test_what_was_typed_into_a_draft_that_was_announced_meanwhile_goes_on_to_be_told(client, url, members, meeting):
    kept = add(client, meeting, **LINK)
    edit = where(meeting, f"/{kept.id}/change")
    added = form(page(client, where(meeting)), where(meeting), **LINK | {"title": "Mine"})
    changed = form(page(client, edit), edit, title="Better")
    sending(client, url, accepted=250)
    for sent_to, data, title in ((where(meeting), added, "Mine"), (edit, changed, "Better")):
        answer = client.post(sent_to, data=data)
        html = answer.get_data(as_text=True)
        told = "announced meanwhile" in html or "Somebody changed" in html
        assert (answer.status_code, told, f'value="{title}"' in html) == (409, True, True)
        path = f"/compose/change/{meeting.reference}/document"
        answer = client.post(path, data=form(html, path))
        if answer.status_code == 409:  # the first of the two was told meanwhile
            answer = client.post(path, data=form(answer.get_data(as_text=True), path))
        assert answer.status_code == 303
    db.session.expire_all()
    assert [one.title for one in papers.of(meeting)] == ["Better", "Mine"]


@pytest.mark.parametrize(
    ("language", "typed", "number"), [("", "180 KB", 180_000), ("", "1.2 MB", 1_200_000), ("/fr", "1,2 Mo", 1_200_000)]
)
def test_a_size_is_taken_as_people_write_it_and_shown_so_again(client, meeting, language, typed, number):
    add(client, meeting, **LINK | {"size": typed})
    [kept] = papers.of(meeting)
    assert kept.size == number
    assert f'value="{typed}"' in page(client, f"{language}{where(meeting, f'/{kept.id}/change')}").replace("\xa0", " ")
