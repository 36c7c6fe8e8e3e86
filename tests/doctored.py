"""tz-data as it may be one day: a city whose government has changed its clocks since our rows were reckoned."""

import importlib.resources
from zoneinfo import ZoneInfo

import pytest

from caucusmail import zones

NEXT = "2099z"
"""The version of tz-data that came with it."""


def without_summer_time(
    monkeypatch: pytest.MonkeyPatch, name: str = zones.THE_HAGUE, like: str = "Africa/Lagos"
) -> None:
    """From now on the clocks of ``name`` go as those of ``like``: an hour ahead of UTC the whole year."""
    with importlib.resources.files("tzdata.zoneinfo").joinpath(*like.split("/")).open("rb") as file:
        doctored = ZoneInfo.from_file(file, key=name)
    real = zones.zone
    monkeypatch.setattr(zones, "zone", lambda asked: doctored if asked == name else real(asked))
    monkeypatch.setattr(zones, "TZDATA_VERSION", NEXT)
