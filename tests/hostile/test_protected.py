"""Who is protected is on no page, feed, file or letter of anybody's: not of the secretariat's either."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from caucusmail.directory.models import Shown
from tests.hostile import canaries
from tests.hostile.test_canary import Crawl, letters_that_tell, words_in
from tests.privacy.protected import lift, protect

THEIRS = ("name", "address", "further", "title")


@pytest.mark.parametrize("role", ["secretariat", "coordinator", "member"])
def test_nobody_reads_a_protected_persons_name_or_address(app: Flask, client: FlaskClient, role: str) -> None:
    cage = canaries.build()
    one = cage.of(Shown.NAME_AND_ORGANISATION)[0]
    words = {one.words[kind]: kind for kind in THEIRS}
    made = protect(one.place.person)
    crawl = Crawl(app, client, cage, role)
    crawl.everything()
    assert len(crawl.pages) > 150
    assert crawl.leaks(words) == []
    assert letters_that_tell(cage) == []
    lift(made)
    page = Crawl(app, client, cage, "secretariat").get(f"/organisations/{one.place.seat.ngo_id}")
    assert one.words["name"] in words_in(page)
