"""Faults of the relay: it hangs up, refuses, is slow, dies."""

import time

from sqlalchemy import func, select, text

from caucusmail.delivery.models import AddressTrouble, DeliveryState, OutgoingMessage, Pause, Suppression
from caucusmail.delivery.pausing import ENOUGH
from caucusmail.delivery.retry import Fault
from tests.faults.house import House, K


def _ends(house: House) -> int:
    return house.worker().wait()


def hangs_up_after_the_dot(house: House) -> None:
    """S-F2: every 50th letter is taken, and the line dropped before 250: uncertain, and sent by nobody again."""
    times = max(house.count // 50, 1)
    house.relay({"step": "DOT", "every": 50, "times": times, "drop": True})
    _ends(house)
    house.finish()
    house.notes["uncertain_at_most"] = times
    house.notes["also"] = {"each is uncertain": house.states()[DeliveryState.UNCERTAIN] == times}


def hangs_up_before_the_dot(house: House) -> None:
    """S-F2, before the dot: the same break at MAIL, RCPT and DATA is tried again, not uncertain."""
    house.relay(*({"step": step, "every": 47, "times": 5, "drop": True} for step in ("MAIL", "RCPT", "DATA")))
    _ends(house)
    house.finish()
    house.notes["also"] = {"all taken": house.states()[DeliveryState.ACCEPTED] == house.count}


def hangs_up_inside_the_content(house: House) -> None:
    """S-F2, inside the content: tried again, unless the dot was on its way already when the line broke."""
    house.relay({"step": "CONTENT", "every": 47, "times": 4, "octets": 500, "drop": True})
    _ends(house)
    house.finish()
    house.notes["uncertain_at_most"] = 4


def hangs_up_without_pipelining(house: House) -> None:
    """S-F2 at a relay that wants each command by itself."""
    drops = [{"step": step, "every": 97, "times": 3, "drop": True} for step in ("MAIL", "RCPT", "DATA")]
    house.relay(*drops, {"step": "DOT", "every": 50, "times": 3, "drop": True}, pipelining=False)
    _ends(house)
    house.finish()
    house.notes["uncertain_at_most"] = 3


def dies(house: House) -> None:
    """S-F3: kill -9 of the relay while it reads contents, dots not yet read; a new one at the same port."""
    relay = house.relay({"step": "CONTENT", "every": house.count // 3, "stall_s": 60, "octets": 300})
    worker = house.worker()
    house.until_taken(house.count // 2)
    relay.kill()
    relay.wait()
    began = time.monotonic()
    house.relay()
    worker.wait(300)
    house.bring_forward()
    house.worker()
    house.recovered(began)
    house.finish()
    house.notes["uncertain_at_most"] = 4  # the other lines may have sent their dots


def greylists(house: House) -> None:
    """S-F5: 450 to each recipient the first time; the wait of half an hour is brought forward."""
    house.relay({"step": "RCPT", "first": True, "answer": "450 4.7.1 greylisted, come again"})
    _ends(house)
    waiting = [row for row in house.rows() if row.state is DeliveryState.DEFERRED]
    house.finish()
    rows = house.rows()
    house.notes["also"] = {
        "all were put off with the server's words": len(waiting) == house.count
        and all("greylisted" in row.reply for row in waiting),
        "the second try is taken": all(row.attempts == 2 for row in rows),
    }


def closes(house: House) -> None:
    """S-F6: 421 in the middle of a session, and three connections at most."""
    house.relay({"step": "MAIL", "every": 101, "answer": "421 4.3.2 closing"}, most=3)
    _ends(house)
    house.finish()
    house.notes["also"] = {"counted against nobody": all(row.attempts == 1 for row in house.rows())}


def refuses(house: House) -> None:
    """S-F7: 550 to one of ten at RCPT, and to some at the dot: only those fail, with the server's words."""
    never = {"answer": "550 5.1.1 nobody of this name"}
    house.relay({"step": "RCPT", "match": "7@", **never}, {"step": "DOT", "match": "55@", **never})
    _ends(house)
    house.finish()
    refused = {f"p{n}@mail.example" for n in range(house.count) if str(n).endswith("7") or str(n).endswith("55")}
    failed = {row.address: row.reply for row in house.rows() if row.state is DeliveryState.FAILED}
    house.notes["also"] = {
        "only those": set(failed) == refused,
        "in the server's words": all("nobody of this name" in words for words in failed.values()),
    }


def refuses_us(house: House) -> None:
    """S-F7, policy: after a quarter each recipient is refused because of us: the announcement pauses itself, and nobody is
    charged; when the relay thinks better of us, and a person says so, it goes on."""
    relay = house.relay({"step": "RCPT", "after": house.count // 4, "answer": "550 5.7.1 blocked: poor reputation"})
    _ends(house)
    refused = [row for row in house.rows() if row.note == Fault.POLICY]
    states, at_pause = house.states(), house.taken()
    house.notes["refused"] = len(refused)
    with house.engine.connect() as connection:
        why = connection.scalar(select(OutgoingMessage.paused_why).where(OutgoingMessage.paused_at.is_not(None))) or ""
    relay.kill()
    relay.wait()
    house.relay()
    began = time.monotonic()
    house.worker("go_on").wait()
    house.worker()
    house.recovered(began)
    house.finish()
    with house.engine.connect() as connection:
        charged = [
            connection.scalar(select(func.count()).select_from(table)) for table in (AddressTrouble, Suppression)
        ]
    house.notes["also"] = {
        "paused in the server's words": why.startswith(Pause.POLICY.value) and "poor reputation" in why,
        "after a few": ENOUGH <= len(refused) <= ENOUGH + 2 * K,
        "the rest waited": states[DeliveryState.QUEUED] == house.count - at_pause - len(refused),
        "nobody was charged": states[DeliveryState.FAILED] == 0 and charged == [0, 0],
        "all taken in the end": house.states()[DeliveryState.ACCEPTED] == house.count,
    }


def is_slow(house: House) -> None:
    """S-F8: one line is silent for 15 s before an answer; the others go on, and no transaction is open meanwhile."""
    house.relay({"step": "DOT", "every": 20, "times": 1, "stall_s": 15}, slow_s=0.02)
    worker = house.worker()
    house.until_taken(21)
    began, idle = time.monotonic(), 0.0
    while time.monotonic() - began < 8:
        idle = max(idle, _idle_in_transaction(house))
        time.sleep(0.2)
    house.notes["while_silent"] = house.taken() - 21
    house.notes["also"] = {"the others went on": house.taken() >= min(house.count - 1, 60)}
    if house.engine.dialect.name == "postgresql":
        house.notes["idle_in_transaction_s"] = round(idle, 2)
        house.notes["also"]["no open transaction"] = idle < 1
    worker.wait(300)
    house.finish()


def _idle_in_transaction(house: House) -> float:
    if house.engine.dialect.name != "postgresql":
        return 0.0
    asked = (
        "SELECT coalesce(max(extract(epoch FROM now() - state_change)), 0) FROM pg_stat_activity"
        " WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
    )
    with house.engine.connect() as connection:
        return float(connection.scalar(text(asked)) or 0)
