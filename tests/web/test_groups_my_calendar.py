"""The page with the address of one's own calendar: shown to its owner alone, and closed by a new one."""

import gzip
import re
from html import unescape
from typing import Any

from caucusmail.accounts import calendar_address
from tests import make
from tests.door import let_in
from tests.web.my import my, text


def shown(client: Any) -> str:
    """The address that the page shows."""
    found = re.search(r">(https?://[^<]+/calendar/[^<]+\.ics)<", client.get("/en/me/calendar").text)
    assert found
    return unescape(found[1])


def test_the_owner_sees_the_address_twice_to_press_and_to_copy(client, member):
    let_in(client, member)
    address = shown(client)
    page = client.get("/en/me/calendar")
    assert address == calendar_address.address(member)
    assert f'href="webcal{address[address.index(":") :]}"' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert client.get(re.sub(r"^https?://[^/]+", "", address)).status_code == 200


def test_my_page_leads_there_once_signed_in_and_the_link_of_a_letter_does_not(client, member):
    assert "/me/calendar" not in client.get(my(member)).text
    assert client.get("/me/calendar").status_code == 303
    let_in(client, member)
    assert "/me/calendar" in client.get("/me").text
    assert "/calendar/" not in client.get("/me").text


def test_a_new_address_is_made_by_the_button_alone_and_the_page_says_so(client, member):
    let_in(client, member)
    old = shown(client)
    assert shown(client) == old
    page = client.post("/en/me/calendar", follow_redirects=True)
    assert "The old one stopped" in text(page)
    new = shown(client)
    assert new != old
    for address, status in ((old, 404), (new, 200)):
        assert client.get(re.sub(r"^https?://[^/]+", "", address)).status_code == status


def test_somebody_who_is_nowhere_has_a_feed_without_meetings(client):
    person = make.person()
    let_in(client, person)
    feed = client.get(re.sub(r"^https?://[^/]+", "", shown(client)))
    assert feed.status_code == 200
    assert "VEVENT" not in feed.text


def test_the_page_is_light(client, member):
    let_in(client, member)
    css = client.get("/static/house.css").data
    assert len(gzip.compress(client.get("/me/calendar").data)) + len(gzip.compress(css)) <= 14 * 1024
