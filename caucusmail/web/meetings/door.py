"""The door page: count who comes, by organisation, on a phone; for keepers, and by a link they gave to somebody."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from caucusmail import tokens, zones
from caucusmail.errors import Invalid
from caucusmail.languages import _, later
from caucusmail.meetings import at_the_door, door, door_links, places, times
from caucusmail.meetings.attendance import EXPERT, LONGEST_NAME
from caucusmail.meetings.door import Hand, NothingToTakeBack, Standing, Who
from caucusmail.meetings.models import Meeting
from caucusmail.web import asked, guards, notices, old_links, reader
from caucusmail.web.forms import BaseForm, beside, needed
from caucusmail.web.meetings import remote
from caucusmail.web.meetings.fields import NumberField

bp = Blueprint("door", __name__)
old_links.keep_to_oneself(bp, "meetings/door_shut.html")


class TapForm(BaseForm):
    """Which button was pressed, or what was typed instead."""

    submission = HiddenField()
    tap = StringField()  # "+1 ngo:7", "-1 name:Amani", "+1 expert"
    name = StringField(later("Organisation"), [Length(max=LONGEST_NAME), needed])
    number = NumberField(later("How many"))

    def pressed(self) -> tuple[Who, int] | None:
        """Of whom how many came; None if no button says it."""
        sign, _space, what = (self.tap.data or "").partition(" ")
        if sign not in ("+1", "-1"):
            return (Who(name=self.name.data), self.number.data or 1) if self.name.data else None
        kind, _colon, rest = what.partition(":")
        ngo_id = asked.read(rest) if kind == "ngo" else None
        if ngo_id is not None:
            return Who(ngo_id), int(sign)
        if (kind == "name" and rest) or kind == EXPERT:
            return Who(name=rest if kind == "name" else ""), int(sign)
        return None


def _by_link(token: str) -> tuple[Meeting, Hand]:
    link = door_links.by_token(token)
    return link.meeting, Hand(reader.viewer(), link)


def _by_keeper(reference: str) -> tuple[Meeting, Hand]:
    return remote.kept(reference), Hand(reader.viewer())


@bp.get("/door/<token>")
@guards.token
def by_link(token: str) -> ResponseReturnValue:
    """The page, for who was given its link."""
    return _page(*_by_link(token), TapForm(formdata=None))


@bp.post("/door/<token>")
@guards.token
def tap_by_link(token: str) -> ResponseReturnValue:
    """Count."""
    return _tapped(*_by_link(token), url_for(".by_link", token=token, find=request.args.get("find") or None))


@bp.post("/door/<token>/back/<int:tap_id>")
@guards.token
def take_back_by_link(token: str, tap_id: int) -> ResponseReturnValue:
    """Not so, after all."""
    return _taken_back(*_by_link(token), tap_id, url_for(".by_link", token=token))


@bp.get("/meetings/<reference>/door")
@guards.keeper
def by_keeper(reference: str) -> ResponseReturnValue:
    """The page, for who keeps the group."""
    return _page(*_by_keeper(reference), TapForm(formdata=None))


@bp.post("/meetings/<reference>/door")
@guards.keeper
def tap_by_keeper(reference: str) -> ResponseReturnValue:
    """Count."""
    here = url_for(".by_keeper", reference=reference, find=request.args.get("find") or None)
    return _tapped(*_by_keeper(reference), here)


@bp.post("/meetings/<reference>/door/back/<int:tap_id>")
@guards.keeper
def take_back_by_keeper(reference: str, tap_id: int) -> ResponseReturnValue:
    """Not so, after all."""
    return _taken_back(*_by_keeper(reference), tap_id, url_for(".by_keeper", reference=reference))


def _tapped(meeting: Meeting, hand: Hand, here: str) -> ResponseReturnValue:
    form = TapForm(request.form)
    said = form.pressed() if form.validate() else None
    if said is None:
        if not form.errors:
            form.name.errors = [_("Write the name of the organisation, or press one of the buttons.")]
        return _page(meeting, hand, form)
    try:
        _made, new = door.tap(meeting, *said, (form.submission.data or "")[:64], hand)
    except NothingToTakeBack as problem:
        notices.tell(str(problem))
    except Invalid as problem:
        beside(form, problem)
        return _page(meeting, hand, form)
    else:
        if not new:
            notices.tell(_("This press was counted before, and is counted once. Press again if one more came."))
    return redirect(here, 303)


def _taken_back(meeting: Meeting, hand: Hand, tap_id: int, here: str) -> ResponseReturnValue:
    try:
        door.take_back(meeting, tap_id, hand)
        notices.tell(_("Taken back."))
    except NothingToTakeBack as problem:
        notices.tell(str(problem))
    return redirect(here, 303)


def _page(meeting: Meeting, hand: Hand, form: TapForm) -> ResponseReturnValue:
    stands, find = door.standing(meeting, keeper=hand.link is None), request.args.get("find", "").strip()[:80]
    status = form.status
    form.submission.data = tokens.new_secret()  # what was refused was not counted
    page = render_template(
        "meetings/door.html",
        one=meeting,
        form=form,
        find=find,
        places=places,
        day=times.day(meeting),
        is_open=stands is Standing.OPEN,
        opens=zones.spoken(door.opens_at(meeting), meeting.zone) if stands is Standing.EARLY else "",
        closes=zones.spoken(door.closes_at(meeting, keeper=hand.link is None), meeting.zone),
        why_not=door.said(stands),
        door=at_the_door.seen(meeting, hand, find),
        keeper=hand.link is None,
        shortest=at_the_door.SHORTEST_SEARCH if hand.link is not None else 0,
    )
    return page, status
