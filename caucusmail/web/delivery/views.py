"""The secretariat's page of mail: what waits, the relay, where servers ask to wait, how announcements went."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from caucusmail import clock
from caucusmail.announcements import course, queries
from caucusmail.audit import heartbeats
from caucusmail.delivery import limits, pacing, queues
from caucusmail.web import guards, reader
from caucusmail.web.announcements import desk, telling
from caucusmail.web.delivery import charts, wording

WORDS = {"charts": charts, "wording": wording, "telling": telling}
bp = Blueprint("mail", __name__, url_prefix="/staff/mail")


@bp.get("")
@guards.secretariat
def page() -> ResponseReturnValue:
    """How mail stands now."""
    courses, asking = course.lately(), course.for_a_person(reader.viewer())
    shown = [*(one.announcement for one in courses), *(one.announcement for one in asking)]
    return render_template(
        "delivery/mail.html",
        courses=courses,
        asking=asking,
        subjects=queries.subjects(shown),
        queues=queues.lanes(),
        waiting=(queues.deferred(), pacing.patient()),
        limits=wording.limits(pacing.used(), limits.standing(), clock.now()),
        parts={name: heartbeats.seen(name) for name in wording.parts()},
        now=clock.now(),
        zone=desk.reader_zone(),
        **WORDS,
    )
