"""Faults of our own processes: killed, ended, several at once, with a wrong clock."""

import os
import random
import time
from pathlib import Path

from sqlalchemy import func, select

from caucusmail.delivery.models import DUE, Delivery, DeliveryState
from tests.faults.house import House, K

SWEEP_S = 10  # as the product sweeps
JUMPED_S = 12  # more than a lease that was missed has to answer
KILLS = int(os.environ.get("KILLS") or 20)
PLACES = (
    "before_claim_commit",
    "after_claim",
    "before_mark_commit",
    "after_mark",
    "after_permit",
    "before_dot",
    "before_last_write",
)


def at_random(house: House, kills: int = KILLS) -> None:
    """S-F1: kill -9 at random moments; the leases of the dead are let lapse."""
    chance = random.Random(20261123)
    house.relay(slow_s=0.01)
    pause = house.count // (kills + 1)
    for _ in range(kills):
        began, before = time.monotonic(), house.taken()
        worker = house.worker()
        if before >= house.count:
            break
        house.until(lambda before=before: house.taken() > before, "a letter after a kill")
        house.recovery_s = max(house.recovery_s, time.monotonic() - began)
        house.until_taken(before + chance.randint(1, pause))
        house.kill(worker)
        house.let_leases_lapse()
    house.finish()


def unaided(house: House) -> None:
    """S-F1 once more, and nobody brings anything forward: how long the rows of the dead wait for their next worker."""
    house.relay(slow_s=0.01)
    worker = house.worker()
    house.until_taken(house.count // 5)
    house.kill(worker)
    began = time.monotonic()
    held = (Delivery.lease_by == _holder(house), Delivery.lease_until.is_not(None))
    house.worker(FAULTS_SWEEP=str(SWEEP_S))

    def left() -> int:
        with house.engine.connect() as connection:
            return connection.scalar(select(func.count()).where(*held)) or 0

    house.notes["left_behind"] = left()
    house.until(lambda: not left(), "the rows of the dead")
    house.recovery_s = time.monotonic() - began
    house.until(lambda: not {*DUE, DeliveryState.IN_FLIGHT} & set(house.states()), "the end")
    house.notes["also"] = {"within a minute": house.recovery_s <= 60}


def _holder(house: House) -> str:
    with house.engine.connect() as connection:
        return connection.scalar(select(Delivery.lease_by).where(Delivery.lease_by != "").limit(1)) or ""


def at_each_place(house: House) -> None:
    """S-F1 again: the process kills itself at each failpoint but ``after_250``."""
    house.relay()
    for place in PLACES:
        time_of = "" if place.endswith(("claim_commit", "after_claim", "last_write")) else "@7"
        worker = house.worker(CAUCUSMAIL_FAILPOINTS=f"{place}=kill{time_of}")
        house.notes.setdefault("also", {})[place] = worker.wait() == -9
        house.crashes += 1
        house.let_leases_lapse()
        house.bring_forward()
        if place == "before_mark_commit" and house.states()[DeliveryState.QUEUED] == 0:
            break
    house.finish()


def after_the_answer(house: House) -> None:
    """S-F4: the relay has said 250, and the worker dies before it writes that down."""
    house.relay()
    died = house.worker(CAUCUSMAIL_FAILPOINTS="after_250=kill@20").wait(300)
    house.crashes += 1
    house.finish()
    house.notes["also"] = {"died there": died == -9, "left uncertain": house.states()[DeliveryState.UNCERTAIN] >= 1}


def clock_jumps(house: House) -> None:
    """S-F12: the wall clock of one worker jumps an hour on, an hour back, and is right again; another with a right clock
    sends and sweeps too. What lapsed was nobody's death: nothing may be uncertain."""
    file = house.folder / "clock"
    _set(file, 0)
    house.relay(slow_s=2 * K * JUMPED_S * 4 / house.count)
    wrong, right = house.worker(FAULTS_CLOCK=str(file)), house.worker()
    sweepers = house.worker("sweep"), house.worker("sweep", FAULTS_CLOCK=str(file))
    for number, seconds in enumerate((3600, -3600, 0)):
        house.until_taken(house.count * (number + 1) // 4)
        began = time.monotonic()
        _set(file, seconds)
        house.recovered(began)
    house.until(lambda: not {*DUE, DeliveryState.IN_FLIGHT} & set(house.states()), "the end")
    house.notes["also"] = {
        "ended well": [worker.wait() for worker in (wrong, right)] == [0, 0],
        "each tried once": all(row.attempts == 1 for row in house.rows()),
    }
    for sweeper in sweepers:
        sweeper.kill()
    house.notes["uncertain_at_most"] = 0


def _set(clock: Path, seconds: int) -> None:
    """All at once: whoever reads it sees the one or the other."""
    new = clock.with_suffix(".new")
    new.write_text(str(seconds))
    new.replace(clock)


def left_meanwhile(house: House) -> None:
    """S-F18: the last tenth leave while the first letters are under way."""
    house.relay(slow_s=0.02)
    first = house.count - house.count // 10
    leave = house.waiting("withdraw", first, house.count)
    worker = house.worker()
    house.until_taken(house.count // 10)
    house.go()
    leave.wait()
    worker.wait(300)
    house.finish()
    gone = {row.address for row in house.rows() if row.state is DeliveryState.WITHDRAWN}
    to = {line.partition("\t")[0] for line in house.log.read_text().splitlines()}
    house.notes["also"] = {"withdrawn were sent nothing": not gone & to, "some were withdrawn": bool(gone)}


def stopped(house: House) -> None:
    """S-F19: stopped in the middle: at most what is in flight still leaves, and the rest is withdrawn."""
    house.relay(slow_s=0.02)
    stop, worker = house.waiting("stop"), house.worker()
    house.until_taken(house.count // 4)
    house.go()
    stop.wait()
    at_stop = house.taken()
    worker.wait(300)
    house.finish()
    states = house.states()
    house.notes["after_the_stop"] = house.taken() - at_stop
    house.notes["also"] = {
        "no more than was in flight": house.taken() - at_stop <= K,
        "the rest is withdrawn": states[DeliveryState.WITHDRAWN] + states[DeliveryState.ACCEPTED] == house.count,
    }
