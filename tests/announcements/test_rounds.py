from datetime import timedelta

import time_machine

from caucusmail import jobs
from tests import letters
from tests.announcements.rooms import Room
from tests.groups.absent import Seated


def test_the_job_writes_to_who_is_back():
    haki = Seated(Room())
    made = haki.away(days=5)
    with time_machine.travel(made.ends_at + timedelta(hours=1)):
        jobs.give_up_places()
    assert letters.to(haki.rosa.address)[-1]["Subject"] == "While you were away nothing was announced"
