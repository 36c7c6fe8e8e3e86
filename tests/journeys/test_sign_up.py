"""Many at once at the door of the sign-up form, each request a real transaction of its own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from caucusmail import clock
from caucusmail.accounts.models import Person
from caucusmail.app import House
from caucusmail.database import Model, db, transaction
from caucusmail.delivery.models import Delivery
from caucusmail.directory import asking, registration, reminders
from caucusmail.directory.applications import Applicant, Application
from caucusmail.directory.models import Affiliation, Consent
from tests import another, make, services, settings_for
from tests.directory.joiners import ACHIENG, sign_up
from tests.letters import written
from tests.web.joining import Walk, to_check

pytestmark = pytest.mark.journey


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """An application with a database of its own, where commits are commits."""
    here = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'door.sqlite3'}" if here else services.fresh_postgresql("caucusmail_door")
    with another.house(settings_for.testing(url, tmp_path, WTF_CSRF_ENABLED=False)) as house, house.app_context():
        make.caucus("vrwg")
        make.country("KE")
        yield house
    if not here:
        services.drop_postgresql(url)


def ripe(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute has passed since the form was opened; from here the clock runs on."""
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(minutes=1))


def at_once(number: int, work) -> list:
    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(work, range(number)))


def count(model: type[Model]) -> int:
    db.session.rollback()
    return db.session.query(model).count()


def test_twenty_presses_of_the_button_at_once_are_one_application(house, monkeypatch):
    walk = to_check(Walk(house.test_client()), "vrwg")
    fields = walk.fields
    db.session.remove()
    ripe(monkeypatch)

    def press(_number: int) -> tuple[int, str | None]:
        answer = house.test_client().post("/join/send", data=fields)
        return answer.status_code, answer.location

    assert set(at_once(20, press)) == {(303, "/join/sent")}
    written()
    assert (count(Application), count(Applicant), count(Delivery)) == (1, 2, 2)


def test_fifty_sign_ups_of_one_address_at_once_and_eight_workers_write_one_letter(house):
    caucus = db.session.query(make.Caucus).one()
    form = sign_up(caucus, people=(ACHIENG,))
    db.session.remove()

    def apply(number: int) -> None:
        with house.app_context(), transaction():
            registration.apply(replace(form, submission=f"submission-{number:06}"), f"198.51.{number}.0/24")

    def remind(_number: int) -> None:
        with house.app_context(), transaction():
            reminders.remind_due()

    at_once(50, apply)
    at_once(8, remind)
    assert (count(Application), count(Delivery)) == (50, 1)


def test_twenty_presses_of_the_confirm_button_at_once_confirm_once(house):
    caucus = db.session.query(make.Caucus).one()
    with transaction():
        registration.apply(sign_up(caucus, people=(ACHIENG,)), "192.0.2.0/24")
    token = asking.confirm_token(db.session.query(Applicant).one())
    kept = {"kept": str(caucus.id)}
    db.session.remove()
    answers = at_once(20, lambda _n: house.test_client().post(f"/join/confirm/{token}", data=kept).status_code)
    assert set(answers) == {303}
    assert (count(Person), count(Consent), count(Affiliation)) == (1, 1, 1)


def test_two_applications_of_one_address_confirmed_at_once_make_one_person(house):
    caucus = db.session.query(make.Caucus).one()
    for number in range(8):
        with transaction():
            registration.apply(sign_up(caucus, people=(ACHIENG,)), f"198.51.{number}.0/24")
    tokens = [asking.confirm_token(applicant) for applicant in db.session.query(Applicant)]
    kept = {"kept": str(caucus.id)}
    db.session.remove()

    def press(number):
        return house.test_client().post(f"/join/confirm/{tokens[number]}", data=kept).status_code

    assert set(at_once(8, press)) == {303}
    assert (count(Person), count(Affiliation)) == (1, 1)
