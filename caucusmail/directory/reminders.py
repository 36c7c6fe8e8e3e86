"""What time does to applications nobody confirmed: a letter at once, a reminder on day 3 and on day 7, on day 14 name and
address are deleted.

Both verbs may run as often as one likes: a letter is only written when one is due and the address may get one.
"""

from datetime import timedelta

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import aliased

from caucusmail import clock
from caucusmail.database import db
from caucusmail.delivery import forgetting
from caucusmail.directory import asking
from caucusmail.directory.applications import Applicant, ApplicantState, Application, ApplicationState

FIRST, SECOND = timedelta(days=3), timedelta(days=7)
CATCH_UP = timedelta(
    days=2
)  # a first letter that had to wait, since the address had got one that day, is written until then
A_TURN = 200  # letters


def remind_due() -> int:
    """Write what is due, one letter to an address: first letters, and reminders with a fresh code; how many."""
    now = clock.now()
    lately = aliased(Applicant)
    age = now - timedelta(days=1)
    due = or_(
        (Applicant.letters == 0) & (Applicant.made_at > now - CATCH_UP),
        (Applicant.letters == 1) & (Applicant.made_at <= now - FIRST) & (Applicant.code_fingerprint != ""),
        (Applicant.letters == 2) & (Applicant.made_at <= now - SECOND) & (Applicant.code_fingerprint != ""),
    )
    written_lately = exists().where(lately.address_key == Applicant.address_key, lately.written_at > age)
    newest = (
        select(func.max(Applicant.id))
        .join(Applicant.application)
        .where(
            Application.state != ApplicationState.DECLINED,  # nobody is asked to confirm what was answered
            Applicant.state == ApplicantState.UNCONFIRMED,
            Applicant.made_at > now - asking.CONFIRM_WITHIN,
            due,
            ~written_lately,
        )
        .group_by(Applicant.address_key)
        .order_by(func.max(Applicant.id).desc())
        .limit(A_TURN)
    )
    ids = db.session.scalars(newest).all()
    waiting = db.session.scalars(select(Applicant).where(Applicant.id.in_(ids)).order_by(Applicant.address_key)).all()
    if len(ids) == A_TURN:
        asking.ask_soon()
    return sum(asking.ask(applicant) for applicant in waiting)


def expire_due() -> int:
    """Delete names and addresses that were not confirmed in 14 days, and what was typed of organisations of which nobody
    confirmed; how many people."""
    late = clock.now() - asking.CONFIRM_WITHIN
    waited_for = (ApplicantState.UNCONFIRMED, ApplicantState.RECALLED)
    silent = (Applicant.state.in_(waited_for), Applicant.made_at <= late)
    forgetting.forget_about("applicants", select(Applicant.id).where(*silent))
    people = db.session.execute(
        update(Applicant).where(*silent).values(**asking.FORGOTTEN).execution_options(synchronize_session=False)
    )
    forget_abandoned()
    db.session.expire_all()
    return int(getattr(people, "rowcount", 0))


def forget_abandoned() -> None:
    """Applications on which nobody is left who has confirmed or still may: the row stays, what was typed is deleted."""
    open_ = (
        ApplicantState.UNCONFIRMED,
        ApplicantState.RECALLED,
        ApplicantState.CONFIRMED,
        ApplicantState.WITHDRAWN,
    )
    still = Applicant.state.in_(open_) | asking.set_aside(clock.now() - asking.CONFIRM_WITHIN)
    somebody = exists().where(Applicant.application_id == Application.id, still)
    db.session.execute(
        update(Application)
        .where(Application.state == ApplicationState.UNCONFIRMED, ~somebody)
        .values(
            state=ApplicationState.EXPIRED,
            ngo_name="",
            name_key="",
            latin_name="",
            acronym="",
            website="",
            vouchers="",
            country_code=None,
        )
        .execution_options(synchronize_session=False)
    )
