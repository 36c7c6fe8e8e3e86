"""The journal is kept for two years."""

from datetime import timedelta

from caucusmail import clock
from caucusmail.audit import forgetting
from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from tests import make


def test_what_is_older_goes():
    for days in (729, 731, 900):
        make.keep(
            AuditEntry(at=clock.now() - timedelta(days=days), verb="places.paused", subject_kind="people", detail={})
        )
    with transaction():
        assert forgetting.forget() == 2
    assert len(make.rows(AuditEntry)) == 1
