"""The last button of an announcement, pressed twenty times at once through the site."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from caucusmail.announcements.models import AnnouncementState
from caucusmail.database import db
from tests import make
from tests.announcements.test_races import PEOPLE, a_tested_draft, house, state
from tests.entering import enter

pytestmark = [pytest.mark.journey, pytest.mark.services]
__all__ = ["house"]  # a fixture


def test_twenty_presses_of_the_last_button_at_once_are_one_announcement(house):
    house.config["WTF_CSRF_ENABLED"] = False
    announcement_id, person_id, slug = a_tested_draft(house)
    with house.app_context():
        clients = [enter(house.test_client(), db.session.get(make.Person, person_id)) for _ in range(20)]
        db.session.remove()
    path, data = f"/compose/{announcement_id}/confirm", {"typed": slug, "revision": "1", "when": "now"}
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda client: client.post(path, data=data).status_code, clients))
    assert set(answers) <= {303, 409}
    assert answers.count(303) >= 1
    assert state(house, announcement_id) == (AnnouncementState.CONFIRMED, PEOPLE, 1)
