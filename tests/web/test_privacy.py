"""One's own data: a page to read, and a file by a link that gives it once."""

import gzip
import json
import re
from io import BytesIO
from zipfile import ZipFile

from caucusmail import languages
from caucusmail.accounts.models import SignIn
from caucusmail.audit.models import AuditEntry
from caucusmail.clock import now
from caucusmail.database import transaction
from caucusmail.delivery.models import DeliveryState
from caucusmail.directory import exporting, visibility
from caucusmail.directory.absence_models import AbsenceState
from caucusmail.directory.hand_over_models import OfferState
from caucusmail.directory.models import Affiliation, AffiliationState, SeatRole, Shown
from caucusmail.privacy import everything, requests
from caucusmail.privacy.models import RequestState, Right
from caucusmail.web.privacy import codes, reading, wording
from tests import make
from tests.door import let_in
from tests.house.test_personal import admitted, in_office
from tests.web.my import my, text

PAGE = "/account/data"


def link(client) -> str:
    made = client.post(f"{PAGE}/file")
    assert made.status_code == 303
    return made.location


def test_what_is_known_is_found_from_the_own_page_and_read_there(client, member):
    assert PAGE not in client.get(my(member)).text
    let_in(client, member)
    assert f'href="{PAGE}"' in client.get("/me").text
    page = client.get(PAGE)
    for words in ("Achieng Odera", "achieng@mhi.example", "water caucus", "Groups you are in or were in"):
        assert words in text(page)
    assert page.headers["Cache-Control"] == "no-store"


def test_it_asks_for_a_fresh_proof(client, member):
    let_in(client, member)
    url = link(client)
    with transaction():
        make.rows(SignIn)[0].proved_at = now().replace(year=2020)
    for method, path in ((client.get, PAGE), (client.post, f"{PAGE}/file"), (client.get, url), (client.post, url)):
        answer = method(path)
        assert answer.status_code == 303
        assert "/sign-in" in answer.location


def test_the_link_shows_a_button_and_gives_the_file_once(client, member):
    let_in(client, member)
    url = link(client)
    assert "Take the file" in client.get(url).text
    assert client.get(url).status_code == 200
    taken = client.post(url)
    assert taken.mimetype == "application/zip"
    assert re.fullmatch(r'attachment; filename="caucusmail-data-[\d-]{10}\.zip"', taken.headers["Content-Disposition"])
    with ZipFile(BytesIO(taken.data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["my-data.json", "my-data.html"]
        known = json.loads(archive.read("my-data.json"))
        page = archive.read("my-data.html").decode()
    assert known["accounts"]["address"] == "achieng@mhi.example"
    assert page.startswith("<!doctype html>")
    assert "water caucus" in page
    assert not re.search(r'(?:src|href|action)="', page)
    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)


def test_the_link_of_one_gives_nothing_to_another(client, member):
    let_in(client, member)
    url = link(client)
    let_in(client, make.member(make.caucus("other"), make.person("Ben")))
    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)
    let_in(client, member)
    assert client.post(url).status_code == 200


def test_a_long_kind_has_pages_of_its_own_and_the_first_page_stays_light(client, member):
    let_in(client, member)
    with transaction():
        for _number in range(60):
            make.db.session.add(
                AuditEntry(at=now(), verb="places.paused", subject_kind="people", subject_id=member.id, detail={})
            )
    page = client.get(PAGE)
    assert re.search(r"See all 6\d", text(page))
    css = client.get("/static/house.css").data
    assert len(gzip.compress(page.data)) + len(gzip.compress(css)) <= 14 * 1024
    shown = client.get(f"{PAGE}?of=journal&page=2")
    assert "page 2 of 3" in text(shown)
    for odd in ("of=journal&page=99999999999", "of=journal&page=x", "of=nothing", "of=journal&page=-1"):
        assert client.get(f"{PAGE}?{odd}").status_code == 200


def test_names_are_text_and_never_markup(client):
    person = make.member(make.caucus("x"), make.person("<img src=x onerror=alert(1)>"), shown=Shown.NOTHING)
    let_in(client, person)
    assert "<img" not in client.get(PAGE).text
    with ZipFile(BytesIO(client.post(link(client)).data)) as archive:
        assert b"<img" not in archive.read("my-data.html")


def keys(value) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for one in value.values() for key in keys(one)}
    return {key for one in value for key in keys(one)} if isinstance(value, list) else set()


def test_everything_that_can_be_known_has_words():
    her = admitted()
    in_office(her)
    known = everything.of(her)
    named = set(wording.KINDS) | set(wording.PARTS)
    assert {key for kinds in known.values() for key in keys(kinds)} - named == set()
    assert {one.key for one in reading.sections(known, "UTC")} >= {"memberships", "letters", "journal", "answers"}


def test_codes_of_a_kind_are_words_on_the_page_and_what_was_typed_stays(app):
    known = {
        "directory": {
            "seats": [{"organisation": "alternate", "role": "alternate"}],
            "hand_overs": [{"state": "accepted", "words": "accepted"}],
        },
        "delivery": {"letters": [{"state": "accepted"}]},
    }
    sections = {one.key: [fact[1] for fact in one.entries[0]] for one in reading.sections(known, "UTC") if one.entries}
    assert sections["seats"] == ["alternate", "alternate"]
    assert sections["hand_overs"] == ["said yes, waits for its day", "accepted"]
    assert sections["letters"] == ["taken by the mail server"]
    with languages.use("fr"):
        french = {
            one.key: [fact[1] for fact in one.entries[0]] for one in reading.sections(known, "UTC") if one.entries
        }
    assert french["seats"] == ["alternate", "suppléant·e"]


def test_what_was_done_is_said_in_words_and_not_by_the_names_of_our_tables(app):
    known = {"audit": {"journal": [{"what": "step.taken-back", "to": "audit_entries", "themselves": True}]}}
    journal = next(one for one in reading.sections(known, "UTC") if one.key == "journal")
    assert [fact[1] for fact in journal.entries[0]] == ["Took a step back", "yes"]


def test_every_code_of_a_kind_has_words():
    kinds = {"hand_overs": OfferState, "seats": SeatRole, "letters": DeliveryState, "memberships": AffiliationState}
    kinds["absences"] = AbsenceState
    for kind, states in kinds.items():
        assert {one.value for one in states} <= set(codes.CODES[kind])
    assert {one.value for one in Shown} <= set(codes.CODES["memberships"])
    assert {*Right, *RequestState} <= set(codes.CODES["data_requests"])


def test_who_looked_is_told_by_role_and_a_request_in_words(client, member):
    caucus = make.rows(Affiliation)[0].caucus
    with transaction():
        exporting.take(caucus, visibility.viewer(make.coordinator(caucus)), "Seating plan")
        requests.note(Right.ACCESS, requests.today(), "", by=make.secretary(), person=member)
    let_in(client, member)
    page = text(client.get(f"/en{PAGE}"))
    for words in ("Took the list of members as a file", "coordinator", "to be told what we know (Article 15)"):
        assert words in page
    assert "Seating plan" not in page
    assert "request.access" not in page


def test_languages_hours_and_places_are_said_as_people_say_them(client, member):
    with transaction():
        member.languages, member.zone = ["fr", "en"], "America/Lima"
        member.reading_from, member.reading_until, member.reading_days = 8, 20, "12345"
    let_in(client, member)
    page = text(client.get(f"/en{PAGE}"))
    for words in ("Français, English", "Lima", "08:00", "20:00", "Monday to Friday"):
        assert words in page
    assert "12345" not in page
    assert "on the next day" not in page


def test_reading_hours_over_midnight_are_said_to_end_on_the_next_day(client, member):
    with transaction():
        member.reading_from, member.reading_until = 18, 6
    let_in(client, member)
    assert "06:00 on the next day" in text(client.get(f"/en{PAGE}"))
