"""Minutes on the site: written, looked at, published, corrected, withdrawn; read by those who were invited."""

import pytest

from caucusmail.announcements.models import Announcement
from caucusmail.meetings import minutes
from tests import make
from tests.entering import enter
from tests.filled import form
from tests.meetings.doors import begun, keeper, on
from tests.meetings.test_answers import COMING, say


@pytest.fixture
def held(client):
    """A meeting that is on, one who answered, and its keeper, signed in."""
    one, chair = on(), make.person()
    keeper(one, chair)
    guest = make.member(one.caucus)
    say(one, guest, COMING)
    enter(client, chair)
    return one, guest, chair


def desk(one) -> str:
    return f"/meetings/{one.reference}/minutes/write"


def write(client, one, do="save", address="", **typed):
    where = address or desk(one)
    path = where.partition("?")[0]
    filled = form(client.get(where).text, "", **{"do": do, **typed})
    return client.post(where if "?" in where else path, data=filled)


def text_of(client, one, more="") -> str:
    return client.get(f"/meetings/{one.reference}/minutes{more}").text


def test_a_keeper_writes_looks_at_it_publishes_and_who_was_invited_reads_it(client, held):
    one, guest, _chair = held
    assert desk(one) in client.get(f"/meetings/{one.reference}").text
    answer = write(client, one, "preview", body_en="# Agreed\n\n**Two** things <script>alert(1)</script>")
    page = client.get(answer.location.partition("#")[0]).text
    assert "<h3>Agreed</h3>" in page
    assert "<strong>Two</strong>" in page
    assert "<script>alert" not in page
    enter(client, guest)
    assert client.get(f"/meetings/{one.reference}/minutes").status_code == 404
    enter(client, held[2])
    assert write(client, one, "publish").location.endswith("/minutes")
    enter(client, guest)
    assert "Read the minutes" in client.get(f"/meetings/{one.reference}").text
    page = client.get(f"/meetings/{one.reference}/minutes")
    assert "<strong>Two</strong>" in page.text
    assert "noindex" in page.text
    assert "/minutes/write" not in page.text


def test_nobody_else_reads_them_whether_there_are_any_or_not(client, held):
    one, _guest, _chair = held
    write(client, one, "publish", body_en="Agreed.")
    none = on()
    for who in (make.member(one.caucus), make.coordinator(make.caucus()), make.person()):
        enter(client, who)
        answers = [client.get(f"/meetings/{which.reference}/minutes") for which in (one, none)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert "Agreed." not in answers[0].text
        assert "Read the minutes" not in client.get(f"/meetings/{one.reference}").text
    client.post("/sign-out")
    assert client.get(f"/meetings/{one.reference}/minutes").status_code == 303


def test_a_second_language_is_added_and_each_reader_chooses(client, held):
    one, guest, _chair = held
    answer = write(client, one, body_en="Agreed.", add="ar")
    write(client, one, "publish", answer.location, body_ar="اتفقنا")
    enter(client, guest)
    assert "Agreed." in text_of(client, one)
    page = text_of(client, one, "?language=ar")
    assert '<article lang="ar" dir="rtl">' in page
    assert "اتفقنا" in page
    assert "Agreed." not in page


def test_a_correction_keeps_what_was_read_before_and_says_when(client, held):
    one, guest, _chair = held
    write(client, one, "publish", body_en="Seven came.")
    write(client, one, "publish", body_en="Eight came.", note="how many came")
    enter(client, guest)
    page = text_of(client, one)
    assert "Eight came." in page
    assert "how many came" in page
    before = text_of(client, one, "?edition=1")
    assert "Seven came." in before
    assert "before they were corrected" in before


def test_what_is_withdrawn_comes_back(client, held):
    one, guest, chair = held
    write(client, one, "publish", body_en="Agreed.")
    client.post(f"/meetings/{one.reference}/minutes/withdraw")
    enter(client, guest)
    assert client.get(f"/meetings/{one.reference}/minutes").status_code == 404
    enter(client, chair)
    assert "They are withdrawn" in client.get(desk(one)).text
    client.post(f"/meetings/{one.reference}/minutes/put-back")
    enter(client, guest)
    assert "Agreed." in text_of(client, one)


def test_of_two_tabs_nothing_that_was_typed_is_lost(client, held):
    one, _guest, _chair = held
    old = form(client.get(desk(one)).text, "", do="save", body_en="Mine.")
    write(client, one, body_en="Theirs.")
    late = form(client.get(desk(one)).text, "", do="save", body_en="Mine.")
    write(client, one, body_en="Theirs, newer.")
    for data in (late, old):
        answer = client.post(desk(one), data=data)
        assert answer.status_code == 409
        assert "Mine." in answer.text
        assert "Theirs, newer." in answer.text
    assert minutes.of(one).texts == {"en": "Theirs, newer."}
    client.post(desk(one), data=form(answer.text, "", do="save"))
    assert minutes.of(one).texts == {"en": "Mine."}


def test_what_cannot_be_published_says_so_on_the_page(client, held):
    answer = write(client, held[0], "publish")
    assert answer.status_code == 422
    assert "Nothing was written yet" in answer.text
    early = begun(held[0].caucus, 60)
    assert "once the meeting has begun" in client.get(desk(early)).text
    assert client.post(desk(early), data={"body_en": "…"}).status_code == 409


def test_telling_of_them_makes_a_draft_that_nobody_has_been_sent(client, held):
    one, _guest, _chair = held
    assert client.post(f"/meetings/{one.reference}/minutes/tell").status_code == 409
    write(client, one, "publish", body_en="Agreed.")
    answer = client.post(f"/meetings/{one.reference}/minutes/tell")
    [draft] = make.rows(Announcement)
    assert answer.location.endswith(f"/compose/{draft.id}")
    assert (draft.state.value, draft.caucus_id) == ("draft", one.caucus_id)
    assert f"/meetings/{one.reference}/minutes" in client.get(answer.location).text


def test_only_keepers_of_the_group_write_them(client, held):
    one = held[0]
    enter(client, make.coordinator(make.caucus()))
    assert client.get(desk(one)).status_code == 404
    for what in ("write", "withdraw", "put-back", "tell"):
        assert client.post(f"/meetings/{one.reference}/minutes/{what}", data={"body_en": "…"}).status_code == 404
    assert minutes.of(one) is None
