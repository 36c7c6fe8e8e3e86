"""apply() and invite(): somebody asks to join, for an organisation or for themselves; an organisation adds its people.

Nothing that is written here makes anybody a member: a person is made when they confirm (``confirmation``), an
organisation when the secretariat approves it (``verification``).
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from caucusmail import clock, zones
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.directory import asking, corrections, inviting, joining, lookalikes
from caucusmail.directory.applications import (
    SHORTEST_SUBMISSION,
    Applicant,
    Application,
    ApplicationKind,
    ApplicationState,
)
from caucusmail.directory.models import Admits, Caucus, Ngo, Status
from caucusmail.directory.typed import Colleague, SignUp
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from caucusmail.languages import _, pick
from caucusmail.mail import addresses, slots
from caucusmail.throttle import limits
from caucusmail.throttle.limits import Limit

NETWORK = Limit("join-network", 30, timedelta(hours=1))  # a training room full of NGOs shares one
MOST_PEOPLE = 6


class NoSuchCaucus(NotFound):
    """The form names a caucus that does not exist."""


class Archived(Conflict):
    """The caucus is a record of past work; nobody joins it. ``caucus`` is it."""

    def __init__(self, caucus: Caucus, message: str) -> None:
        super().__init__(message)
        self.caucus = caucus


class NotHere(Invalid):
    """The caucus cannot be joined here, or not by this kind of applicant."""


class Settled(Conflict):
    """This form was confirmed by the expert who sent it, or decided; it can be sent as a new application."""


class TooManySignUps(TooMany):
    """More forms came from one network within an hour than a training room sends."""


class SameAddress(Invalid):
    """Two people of one application have the same address."""


class NoSubmission(Invalid):
    """The form bears no number of its own, by which it could be told from another."""


class NoName(Invalid):
    """A name without a letter or digit that anybody could read."""


class NoSuchCountry(Invalid):
    """The code is of no country in the list."""


def apply(sign_up: SignUp, network: str) -> None:
    """Store an application, unconfirmed; a job writes one letter to each of its people. Looks up nobody whom we know.

    The same form sent twice, or twenty times at once, is one application; sent again with corrections, the correction of
    it: people are added, those who have not confirmed are put right or left out, those who have stay as they are.
    ``network`` is a part of the internet, never a whole address.

    :raises TooManySignUps: too many came from this network.
    :raises Settled: it is decided, or confirmed by an expert alone, and names somebody else now.
    :raises NoSuchCaucus: it names one that does not exist.
    :raises Archived: it names an archived one.
    :raises NotHere: it names one that cannot be joined here, or not by an individual.
    :raises SameAddress: two people share an address.
    :raises NoName: a name cannot be read.
    :raises NoSuchCountry: its country is none we know.
    :raises NoSubmission: the form has lost its number.
    """
    if not limits.hit(NETWORK, network):
        raise TooManySignUps(
            _("There have been too many sign-ups from your network. Nothing is lost: press Send again in an hour.")
        )
    caucuses, keys = check(sign_up)
    _check_submission(sign_up.submission)
    application = _application(sign_up)
    settled = corrections.settled(application)
    added = [one for one in sign_up.people if keys[one].key not in settled]
    open_ = application.state in (ApplicationState.UNCONFIRMED, *joining.UNDECIDED)
    if not open_ or (settled and sign_up.kind is ApplicationKind.INDIVIDUAL):
        if added:
            raise Settled(
                _(
                    "What you sent before was confirmed or decided in the meantime. Nothing is lost: press Send, and this goes as a new application."
                )
            )
        return  # sent again as it was
    corrections.store(application, added, keys, caucuses)
    asking.ask_soon()


def check(sign_up: SignUp) -> tuple[dict[Colleague, Sequence[Caucus]], dict[Colleague, addresses.Address]]:
    """Whether the application makes sense, before it is sent; what each person joins, and each address, read. Raises what
    ``apply`` raises."""
    caucuses = _caucuses(sign_up)
    if sign_up.country_code is not None and sign_up.country_code not in joining.country_codes():
        raise NoSuchCountry("country_code", _("Choose a country from the list."))
    if sign_up.kind is ApplicationKind.ORGANISATION:
        _named("ngo_name", sign_up.ngo_name)
    return caucuses, _keys(sign_up.people)


def check_caucuses(caucuses: Sequence[Caucus], kind: ApplicationKind = ApplicationKind.ORGANISATION) -> None:
    """Whether an applicant of this kind can ask for these here. Raises what ``apply`` raises."""
    for caucus in caucuses:
        _check(caucus, kind)


def invite(ngo: Ngo, colleague: Colleague, submission: str, *, by: Viewer) -> Applicant:
    """Let an organisation's administrator add one person: they get a letter that names the organisation, and are in once
    they confirm. Answers alike whether the address is known or not. An invitation that was recalled stands again, with
    what is typed now and the letter that is out.

    :raises NotAllowed: ``by`` does not administer the organisation.
    :raises NoPlaceLeft: all its places are taken, or offered to people who may still confirm, and this one has none.
    :raises NotHere: the organisation has no seat in one of the caucuses.
    """
    if not (by.secretariat or ngo.id in by.administers):
        raise NotAllowed(_("Only an administrator of the organisation can add people to it."))
    seated = joining.seated(ngo)
    caucuses = [caucus for caucus in seated if caucus.id in (colleague.caucuses or ())]
    if not caucuses or len(caucuses) != len(set(colleague.caucuses or ())):
        raise NotHere("caucuses", _("Choose among the caucuses in which %(ngo)s has a seat.", ngo=ngo.name))
    keys = _keys((colleague,))
    _check_submission(submission)
    known = db.session.scalar(select(Application.id).where(Application.submission == submission)) is not None
    recalled = inviting.recalled(ngo, keys[colleague].key)
    if recalled is None and not known:
        inviting.refuse_beyond_places(ngo, keys[colleague].key)
    if recalled is not None:
        inviting.put_back(recalled, by=by.person)
        application = recalled.application
        application.submission = application.submission if known else submission
    else:
        sign_up = SignUp(ApplicationKind.ORGANISATION, submission, (), (colleague,), ngo.name, authorised=True)
        application = _application(sign_up, for_ngo=ngo)
    if keys[colleague].key not in corrections.settled(application):  # not sent again after they confirmed
        corrections.store(application, (colleague,), keys, {colleague: caucuses})
        asking.ask_soon()
    journal.record("ngo.invited", ngo, by.person, application=application.id)
    newest = select(Applicant).where(Applicant.application_id == application.id).order_by(Applicant.id.desc())
    return db.session.scalars(newest.limit(1)).one()


def _caucuses(sign_up: SignUp) -> dict[Colleague, Sequence[Caucus]]:
    """Which caucuses each person asks for."""
    wanted = {one: set(sign_up.caucuses if one.caucuses is None else one.caucuses) for one in sign_up.people}
    found = {caucus.id: caucus for caucus in joining.by_ids(set().union(*wanted.values()))}
    for caucus_id in set().union(*wanted.values()):
        _check(found.get(caucus_id), sign_up.kind)
    if not all(wanted.values()):
        raise NotHere("caucuses", _("Nothing is ticked. Tick at least one caucus."))
    return {one: [caucus for caucus in found.values() if caucus.id in ids] for one, ids in wanted.items()}


def _check_submission(submission: str) -> None:
    if len(submission) < SHORTEST_SUBMISSION:
        raise NoSubmission(
            "submission", _("Part of the form is missing. Load the page again and fill it in once more.")
        )


def _check(caucus: Caucus | None, kind: ApplicationKind) -> None:
    if caucus is None:
        raise NoSuchCaucus(_("There is no such caucus."))
    name = pick(caucus.names)
    if caucus.status is Status.ARCHIVED:
        raise Archived(caucus, _("%(caucus)s is archived: nobody can join it.", caucus=name))
    if not joining.can_be_ticked(caucus):
        raise NotHere("caucuses", _("%(caucus)s cannot be joined here.", caucus=name))
    if kind is ApplicationKind.INDIVIDUAL and caucus.admits is Admits.ORGANISATIONS:
        raise NotHere(
            "kind",
            _(
                "%(caucus)s admits organisations only. Go back and untick it, or sign up for your organisation.",
                caucus=name,
            ),
        )


def _named(field: str, name: str) -> None:
    if not lookalikes.can_be_read(name):
        raise NoName(field, _("This name has no letter or digit that can be read. Write the name as it is known."))


def _keys(people: Sequence[Colleague]) -> dict[Colleague, addresses.Address]:
    """Each person's address, read.

    :raises SameAddress: two are the same.
    """
    read: dict[str, int] = {}
    found = {}
    for place, one in enumerate(people):
        _named(f"people-{place}-name", one.name)
        address = addresses.parse(one.address, f"people-{place}-address")
        if address.key in read:
            raise SameAddress(
                f"people-{place}-address",
                _(
                    "“%(address)s” stands here twice. Each person needs an address of their own, since each confirms alone.",
                    address=address.text,
                ),
            )
        read[address.key] = place
        found[one] = address
        zones.zone(one.zone)
    return found


def _application(sign_up: SignUp, for_ngo: Ngo | None = None) -> Application:
    """The application of this form: stored now, or found from an earlier sending and corrected. Flushes for the id."""
    by_submission = select(Application).where(Application.submission == sign_up.submission).with_for_update()
    application = db.session.scalar(by_submission)
    if application is None:
        application = Application(kind=sign_up.kind, submission=sign_up.submission, made_at=clock.now())
        application.for_ngo_id = application.ngo_id = for_ngo.id if for_ngo else None
        try:
            with db.session.begin_nested():
                db.session.add(application)
        except IntegrityError:  # the same form, sent twice at the same moment
            return db.session.scalars(by_submission).one()
        journal.record("application.received", application, None, kind=sign_up.kind.value)
    if application.state is ApplicationState.UNCONFIRMED:
        for name, value in _typed(sign_up):
            setattr(application, name, value)
    elif application.state in joining.UNDECIDED:
        corrections.note(application, sign_up)
    return application


def _typed(sign_up: SignUp) -> Iterator[tuple[str, object]]:
    for name in ("kind", "country_code", "in_exile", "authorised", "naming_policy"):
        yield name, getattr(sign_up, name)
    for name in ("ngo_name", "latin_name", "acronym", "website"):
        yield name, slots.line(getattr(sign_up, name))
    yield "vouchers", slots.clean(sign_up.vouchers)
    yield "name_key", lookalikes.name_key(sign_up.ngo_name) if sign_up.ngo_name else ""
