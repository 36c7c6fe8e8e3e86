"""What becomes of a digest becomes of all it holds; and its hour may move."""

from dataclasses import replace

from caucusmail.accounts import hours, preferences
from caucusmail.announcements import digests
from caucusmail.database import db, transaction
from caucusmail.delivery import bounces, riding
from caucusmail.delivery.models import Delivery, DeliveryState
from caucusmail.mail.faults import Fault
from tests.announcements import served
from tests.announcements.served import HOUR, MONDAY, TUESDAY, row, to, work


def test_discreet_readers_get_a_discreet_digest(monkeypatch, vrwg, both, dora, relay):
    with transaction():
        preferences.change(dora, ["en"], dora.zone, by=dora, discreet=True)
    work(monkeypatch, TUESDAY)
    [letter] = to(relay, dora)
    assert letter.message["Subject"] == "A message for you"
    for word in ("VRWG", "Victims", "Wells", "Water", "digest", "CaucusMail"):
        assert word not in letter.raw.decode().replace("caucusmail.example", "")


def test_a_digest_that_is_refused_or_uncertain_says_so_of_all_it_held(monkeypatch, both, dora, relay):
    relay.refuse[dora.address] = "550 5.1.1 no such user"
    work(monkeypatch, TUESDAY)
    rows = [row(key, dora) for key in both]
    assert [(one.state, one.reply_code) for one in rows] == [(DeliveryState.FAILED, 550)] * 2
    assert "no such user" in rows[0].reply


def test_a_digest_that_is_deferred_leaves_its_rows_waiting(monkeypatch, both, dora, relay):
    relay.refuse[dora.address] = "450 4.2.0 later"
    work(monkeypatch, TUESDAY)
    assert [row(key, dora).state for key in both] == [DeliveryState.QUEUED] * 2
    relay.refuse.clear()
    for later in range(1, 6):
        work(monkeypatch, TUESDAY + later * HOUR)
    assert [row(key, dora).state for key in both] == [DeliveryState.ACCEPTED] * 2
    assert len(to(relay, dora)) == 1


def test_another_hour_moves_what_waits(monkeypatch, both, dora, relay):
    served.at(monkeypatch, MONDAY + 2 * HOUR)
    with transaction():
        preferences.choose_hours(dora, hours_of(dora, begins=17, ends=20), by=dora)
    assert row(both[0], dora).due_at == MONDAY + 4 * HOUR
    assert work(monkeypatch, MONDAY + 4 * HOUR) == 1


def hours_of(person, **more):
    return replace(hours.of(person), **more)


def test_a_report_that_comes_later_is_known_of_all_it_held(monkeypatch, both, dora, relay):
    work(monkeypatch, TUESDAY)
    carrier = db.session.get_one(Delivery, row(both[0], dora).digest_id)
    served.at(monkeypatch, TUESDAY + HOUR)
    with transaction():
        bounces.charge(carrier, Fault.FULL, "552 5.2.2 full")
    rows = [row(key, dora) for key in both]
    assert [(one.state, one.bounced_at, one.bounce_words) for one in rows] == [
        (DeliveryState.ACCEPTED, TUESDAY + HOUR, "552 5.2.2 full")
    ] * 2


def test_an_uncertain_digest_names_all_it_held_and_its_report_settles_them(monkeypatch, both, dora, relay):
    served.at(monkeypatch, TUESDAY)
    with transaction():
        digests.gather()
        carrier = db.session.get_one(Delivery, row(both[0], dora).digest_id)
        carrier.state, carrier.settled_at, carrier.note = DeliveryState.UNCERTAIN, TUESDAY, "worker-died"
        carrier.begun_at = TUESDAY
    with transaction():
        assert riding.follow() == 2
    assert [(row(key, dora).state, row(key, dora).note) for key in both] == [
        (DeliveryState.UNCERTAIN, "worker-died")
    ] * 2
    with transaction():
        assert bounces.arrived(db.session.get_one(Delivery, carrier.id))
    assert [row(key, dora).state for key in both] == [DeliveryState.ACCEPTED] * 2
