from datetime import UTC, datetime

import time_machine

from caucusmail import clock


def test_the_present_is_aware_and_in_utc_wherever_the_machine_stands():
    moment = datetime(2027, 11, 30, 7, 15, 30, 5, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        assert clock.now() == moment
        assert clock.now().tzinfo is UTC
