"""forget(): the journal is kept for two years."""

from datetime import timedelta

from caucusmail import clock
from caucusmail.audit.models import AuditEntry
from caucusmail.database import delete_some

KEPT = timedelta(days=730)


def forget() -> int:
    """Delete some of the entries that are older; how many."""
    return delete_some(AuditEntry, AuditEntry.at < clock.now() - KEPT)
