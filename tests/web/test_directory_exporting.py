"""The list of members as a file: the form, the file, and who took it."""

import csv
import io
from datetime import timedelta

import pytest

from caucusmail.audit.models import AuditEntry
from caucusmail.directory.models import Caucus, RosterPolicy
from tests import make
from tests.directory.test_roster import seated
from tests.door import let_in
from tests.web.my import my, text

PATH = "/caucuses/water/members/export"


@pytest.fixture
def caucus() -> Caucus:
    made = make.caucus("water", roster=RosterPolicy.MEMBERS)
    seated(made, "=1+1", "@SUM(A1) Haki")
    seated(made, "Zoë", "Amani")
    return made


def rows(answer) -> list[list[str]]:
    whole = answer.get_data().decode("utf-8")
    assert whole.startswith("\ufeff")
    return list(csv.reader(io.StringIO(whole[1:])))


def test_the_roster_leads_there_and_the_file_holds_nothing_that_a_spreadsheet_runs(client, caucus):
    let_in(client, make.coordinator(caucus))
    assert f'href="{PATH}"' in client.get("/caucuses/water/members").text
    page = client.get(PATH)
    assert "Nobody did." in text(page)
    assert 'name="addresses"' not in page.text
    answer = client.post(PATH, data={"reason": "Seating plan"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="members-water-' in answer.headers["Content-Disposition"]
    assert rows(answer) == [
        ["Organisation", "Name", "Country or region"],
        ["'@SUM(A1) Haki", "'=1+1", "Kenya"],
        ["Amani", "Zoë", "Kenya"],
    ]


def test_it_is_noted_and_told_to_keepers_secretariat_and_members(client, caucus):
    keeper, member = make.coordinator(caucus), make.member(caucus)
    staff = make.secretary()
    let_in(client, staff)
    answer = client.post(PATH, data={"reason": "An audit", "addresses": "y"})
    assert [len(row) for row in rows(answer)] == [4] * 4
    assert member.address in answer.text
    (entry,) = (one for one in make.rows(AuditEntry) if one.verb == "roster.exported")
    assert entry.reason == "An audit"
    assert len(entry.detail["places"]) == 3
    assert (entry.detail["addresses"], entry.detail["role"]) == (True, "secretariat")
    assert "Took the list of members as a file" in client.get("/staff/journal").text
    let_in(client, keeper)
    page = text(client.get(PATH))
    assert staff.name in page
    assert "An audit" in page
    assert "with addresses" in page
    let_in(client, member)
    page = text(client.get("/me/shown/water"))
    assert f"by {staff.name}" in page
    assert "An audit" not in page
    assert staff.name not in client.get(my(member, "/shown/water")).text


def test_without_a_reason_there_is_no_file(client, caucus):
    let_in(client, make.coordinator(caucus))
    for data in ({}, {"reason": "  "}, {"reason": "x" * 501}):
        answer = client.post(PATH, data=data)
        assert answer.status_code == 422
        assert "Zoë" not in answer.text
    assert client.post(PATH, data={"reason": "x", "addresses": "y"}).status_code == 403


def test_for_anybody_else_there_is_none(client, caucus):
    let_in(client, make.member(caucus))
    assert client.get(PATH).status_code == client.post(PATH, data={"reason": "x"}).status_code == 403
    let_in(client, make.coordinator(make.caucus()))
    assert client.get(PATH).status_code == client.post(PATH, data={"reason": "x"}).status_code == 404
    assert client.get("/caucuses/no-such/members/export").status_code == 404


def test_a_desk_that_was_left_open_is_asked_for_a_fresh_proof(client, caucus, stopped_clock):
    let_in(client, make.coordinator(caucus))
    stopped_clock.shift(timedelta(hours=2))
    for answer in (client.get(PATH), client.post(PATH, data={"reason": "x"})):
        assert answer.status_code == 303
        assert "why=proof" in answer.location
