"""People as the secretariat finds them: experts above all, whom no organisation's page shows."""

import re

import pytest

from caucusmail.audit.models import AuditEntry
from tests import make
from tests.door import let_in
from tests.web.my import my

URL = "/en/staff/people"


@pytest.fixture
def ana():
    person = make.person("Ana <Expert>", "ana.canary@mail.example")
    return make.member(make.caucus("water"), person)


def test_an_expert_is_found_and_their_memberships_shown_and_never_their_address(staff, ana):
    listed = staff.get(f"{URL}?alone=1").text
    page = staff.get(re.search(r'href="(/en/staff/people/\d+)"', listed)[1]).text
    for words in ("Ana &lt;Expert&gt;", "water caucus", "as an individual expert", "Speaks for no organisation."):
        assert words in page
    assert "canary" not in listed + page


def test_what_is_found_and_what_is_not_is_said(staff, ana):
    assert "Every member speaks for an organisation" not in staff.get(URL).text
    assert "Nobody here has all of these words" in staff.get(f"{URL}?q=emperor").text
    assert "Ana" in staff.get(f"{URL}?q=ana.canary@mail.example").text
    assert staff.get(f"{URL}/999999").status_code == 404


def test_old_links_are_made_invalid_with_a_page_that_says_what_that_means(staff, client, ana):
    old = my(ana)
    asked = staff.get(re.search(r'href="([^"]*/old-links)"', staff.get(f"{URL}/{ana.id}").text)[1])
    assert "This cannot be taken back" in asked.text
    assert f"{URL}/{ana.id}" in asked.text
    assert client.get(old).status_code == 200
    said = staff.post(f"{URL}/{ana.id}/old-links", follow_redirects=True)
    assert "The links in the old letters to Ana &lt;Expert&gt; no longer work." in said.text
    assert (client.get(old).status_code, client.get(my(ana)).status_code) == (404, 200)
    assert [one.subject_id for one in make.rows(AuditEntry) if one.verb == "links.revoked"] == [ana.id]


def test_nobody_else_looks_people_up(client, ana):
    let_in(client, make.coordinator(make.caucus()))
    for path in ("", "?q=ana", f"/{ana.id}", f"/{ana.id}/old-links"):
        assert client.get(URL + path).status_code == 403
    assert client.post(f"{URL}/{ana.id}/old-links").status_code == 403
