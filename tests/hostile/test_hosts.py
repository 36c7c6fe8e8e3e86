"""A request that lies about where it was sent: nothing of ours ever points there."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from caucusmail import clock
from caucusmail.database import db
from caucusmail.delivery.models import OutgoingText
from tests import make
from tests.directory.joiners import readable
from tests.entering import enter
from tests.hostile import world
from tests.letters import written

LIE = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "//evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Original-URL": "//evil.example/",
    "X-Rewrite-URL": "//evil.example/",
    "Forwarded": "host=evil.example;proto=https",
    "Referer": "https://evil.example/",
    "Origin": "https://evil.example",
}


def test_no_page_and_no_redirect_points_to_another_host(client: FlaskClient, app: Flask):
    two = world.build()
    for person in (None, two.secretary):
        if person is not None:
            enter(client, person)
        for rule in world.rules(app, "GET"):
            path = world.path(app, rule, two.ours)
            answer = client.get(path, headers=LIE)
            assert answer.status_code < 500
            assert "evil.example" not in answer.text, path
            assert "evil.example" not in answer.headers.get("Location", ""), path


@pytest.mark.parametrize("path", ["/sign-in", "/caucuses/vrwg/contact", "/staff/applications/1/ask"])
def test_every_link_of_a_letter_leads_to_our_site(client: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch):
    caucus = make.caucus("vrwg")
    staff = make.coordinator(caucus, make.secretary())
    one = make.application("Haki", [caucus])
    data = {"address": staff.address, "name": "Bob", "text": "Hello?", "question": "Who?", "seen": "to-review"}
    made = re.search(r'name="made"[^>]*value="([^"]+)"', client.get("/caucuses/vrwg/contact").text)
    assert made
    later = clock.now().timestamp() + 60
    monkeypatch.setattr(clock, "now", lambda: clock.datetime.fromtimestamp(later, clock.UTC))
    if path.startswith("/staff"):
        enter(client, staff)
        path = f"/staff/applications/{one.id}/ask"
    lie = {name: value for name, value in LIE.items() if name != "Host" or not path.startswith("/staff")}
    answer = client.post(path, data=data | {"made": made[1]}, headers=lie)  # no browser sends a cookie to another host
    assert answer.status_code in (200, 303), answer.text
    written()
    letters = [readable(row.raw) for row in db.session.query(OutgoingText)]
    assert letters
    for letter in letters:
        assert "evil" not in letter
        for link in re.findall(r"https?://\S+", letter):
            assert link.startswith("http://localhost/"), link
