"""forget(): requests about data that were answered a year ago; that there were so many is then told by nobody."""

from datetime import timedelta

from caucusmail import clock
from caucusmail.database import delete_some
from caucusmail.privacy.models import DataRequest

KEPT = timedelta(days=365)


def forget() -> int:
    """Delete some of those that are older; how many."""
    return delete_some(DataRequest, DataRequest.closed_at < clock.now() - KEPT)
