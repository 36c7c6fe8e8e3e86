"""Organisations that are asked whether their people and seats are still true."""

from datetime import timedelta

from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory import yearly
from caucusmail.directory.seat_request_models import SeatRequest
from caucusmail.directory.yearly_models import Answered, YearlyAnswer, YearlyRound
from tests import letters, make


def begun() -> YearlyRound:
    """A round that has just begun."""
    with transaction():
        return yearly.begin(by=make.secretary())


def later(**delta: float):
    """So long from now."""
    return clock.now() + timedelta(**delta)


def turned() -> None:
    """One turn of the job."""
    with transaction():
        yearly.turn()


def lines() -> list[YearlyAnswer]:
    return make.rows(YearlyAnswer)


def subjects(person) -> list[str]:
    return [one["Subject"] for one in letters.to(person.address)]


def link(person) -> str:
    """The path of the link in the newest letter to ``person``."""
    return letters.link(letters.to(person.address)[-1], "/still-true/")


def known_of(person) -> None:
    """A round that ``person`` began, what they answered in it, and a seat that they asked for."""
    now = clock.now()
    one = make.keep(YearlyRound(begins_at=now, begun_at=now, closes_at=now + timedelta(days=42), by_id=person.id))
    told = {"state": Answered.CHANGED, "answered_at": now, "answered_by_id": person.id, "words": f"{person.name} moved"}
    ngo = make.ngo()
    make.keep(YearlyAnswer(round_id=one.id, ngo_id=ngo.id, **told))
    make.keep(SeatRequest(person_id=person.id, ngo_id=ngo.id, agreed={}, asked_at=now))
