"""Faults of our own processes: killed, ended, several at once, with a wrong clock."""

import os
import random
import time

from caucusmail.delivery.models import DeliveryState
from tests.faults.house import House, K

KILLS = int(os.environ.get("FAULTS_KILLS") or 20)
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


def several(house: House) -> None:
    """S-F13: one worker for a fifth of the letters, then five for the rest; how many a second each way."""
    house.relay(slow_s=0.02)
    one, workers = house.worker("some", house.count // 5), [house.waiting() for _ in range(5)]
    house.notes["rate_of_one"] = _rate(house, house.count // 5)
    one.wait()
    house.go()
    house.notes["rate_of_five"] = _rate(house, house.count)
    house.notes["also"] = {"all ended well": [worker.wait() for worker in workers] == [0] * 5}
    house.finish()


def _rate(house: House, until: int) -> int:
    """Letters a second, from the next one to the one of this number."""
    first = house.taken() + 1
    house.until_taken(first)
    began = time.monotonic()
    house.until_taken(until)
    return round((until - first) / (time.monotonic() - began))


def deploy(house: House) -> None:
    """S-F20: SIGTERM in the middle of a turn, and a new worker, four times: no crash, so nothing may be uncertain."""
    house.relay(slow_s=0.01)
    ended = []
    for _ in range(4):
        began, worker = time.monotonic(), house.worker(FAULTS_TURN=str(house.count // 8))
        house.recovered(began)
        worker.terminate()
        ended.append(worker.wait())
    house.notes["also"] = {"ended well": ended == [0] * 4, "in the middle": house.taken() < house.count}
    house.finish()


def clock_jumps(house: House) -> None:
    """S-F12: the wall clock of one worker jumps an hour on, and back; another with a right clock sends and sweeps too."""
    file = house.folder / "clock"
    file.write_text("0")
    house.relay(slow_s=0.02)
    wrong, right, sweeper = house.worker(FAULTS_CLOCK=str(file)), house.worker(), house.worker("sweep")
    for number, seconds in enumerate((3600, -3600, 0)):
        house.until_taken(house.count * (number + 1) // 5)
        house.notes["jumps"] = house.notes.get("jumps", 0) + 1
        file.write_text(str(seconds))
    time.sleep(15)  # what an hour-long lease or wait holds back is brought forward below
    wrong.terminate()
    right.terminate()
    house.notes["also"] = {"ended well": [wrong.wait(), right.wait()] == [0, 0]}
    sweeper.terminate()
    sweeper.wait(30)
    house.notes["uncertain_at_most"] = 0
    house.finish()


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
