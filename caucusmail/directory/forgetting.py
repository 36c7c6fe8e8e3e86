"""forget_declined(): who was not let in is forgotten after 90 days: names, addresses, what they wrote and what was said of it."""

from datetime import timedelta

from sqlalchemy import delete, select, update

from caucusmail import clock
from caucusmail.database import db
from caucusmail.delivery import forgetting
from caucusmail.directory.applications import Applicant, ApplicantState, Application, ApplicationState, Evidence

KEPT = timedelta(days=90)
AT_ONCE = 200  # applications in one step
ENDED = (ApplicationState.DECLINED, ApplicationState.WITHDRAWN)

_WORDS = ("ngo_name", "name_key", "latin_name", "acronym", "website", "vouchers", "reason", "note")


def forget_declined() -> int:
    """Blank some of the applications that were declined, or withdrawn by everybody on them, longer ago; how many.

    The line stays, with why it was declined as a word of ours, so that the numbers of a year stay true.
    """
    since = clock.now() - KEPT
    old = (Application.state.in_(ENDED), Application.submission.not_like("forgotten-%"))
    ended = (Application.decided_at < since) | (Application.decided_at.is_(None) & (Application.made_at < since))
    ids = db.session.scalars(select(Application.id).where(*old, ended).order_by(Application.id).limit(AT_ONCE)).all()
    lines = select(Applicant.id).where(Applicant.application_id.in_(ids))
    forgetting.forget_about("applicants", lines)
    forgetting.forget_about("applications", select(Application.id).where(Application.id.in_(ids)))
    nobody = dict.fromkeys(("name", "title", "address", "address_key", "code_fingerprint"), "")
    for gone in (
        delete(Evidence).where(Evidence.application_id.in_(ids)),
        update(Applicant)
        .where(Applicant.id.in_(lines))
        .values(nobody | {"state": ApplicantState.EXPIRED, "person_id": None}),
        *(
            update(Application)
            .where(Application.id == number)
            .values(dict.fromkeys(_WORDS, "") | {"country_code": None, "submission": f"forgotten-{number:022d}"})
            for number in ids
        ),
    ):
        db.session.execute(gone.execution_options(synchronize_session=False))
    db.session.expire_all()
    return len(ids)
