"""Before sending: what to mend, who gets it and why, how it looks to one of them; a test letter to oneself."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caucusmail import zones
from caucusmail.announcements import audience, checking, dispatch, naming, queries
from caucusmail.announcements.models import Announcement, LeftOut
from caucusmail.directory import choices
from caucusmail.languages import _, pick
from caucusmail.meetings import places
from caucusmail.web import guards, reader
from caucusmail.web.announcements import absence, clashing, desk, letter, pace_words, telling
from caucusmail.web.announcements.desk import found
from caucusmail.web.notices import tell


def _overlaps(estimate: audience.Estimate) -> list[str]:
    names = {caucus.id: pick(caucus.names) for caucus in choices.kept(reader.viewer())} if estimate.overlaps else {}
    return [
        telling.overlap(one.people, names[one.first_id], names[one.second_id])
        for one in estimate.overlaps
        if one.first_id in names and one.second_id in names
    ]


def clocks(announcement: Announcement) -> list[zones.Clock]:
    """The clocks that its letter shows, the looker's own among them."""
    meeting = announcement.meeting
    if meeting is None:
        return []
    return zones.clocks(meeting.starts_at, meeting.zone, desk.reader_zone(), own_city=places.city(meeting))


def summary(announcement: Announcement) -> dict[str, Any]:
    """What check page and confirm page both say of it."""
    estimate = audience.estimate(announcement)
    findings = checking.check(announcement, estimate)
    return {
        "one": announcement,
        "title": desk.title(announcement),
        "estimate": estimate,
        "sentence": telling.audience(estimate, frozen=bool(estimate.last_at)),
        "absent": absence.absent(estimate),
        "served": pace_words.served(estimate, desk.reader_zone()),
        "chosen": telling.chosen(naming.named(announcement)),
        "word": naming.word(announcement, estimate.total),
        "blocks": [one.text for one in findings if one.blocks],
        "warnings": [one.text for one in findings if not one.blocks],
        "telling": telling,
    }


@desk.bp.get("/<int:announcement_id>/check")
@guards.keeper
def check(announcement_id: int) -> ResponseReturnValue:
    """Everything to look at before it is sent."""
    announcement = found(announcement_id)
    away = desk.elsewhere(announcement)
    if away:
        return redirect(away, 303)
    seen = summary(announcement)
    return render_template(
        "announcements/check.html",
        **seen,
        overlaps=_overlaps(seen["estimate"]),
        clocks=clocks(announcement),
        clashes=clashing.said(announcement),
    )


@desk.bp.get("/<int:announcement_id>/audience", endpoint="audience")
@guards.keeper
def who(announcement_id: int) -> ResponseReturnValue:
    """Who gets it and why; who does not, and why not."""
    announcement, by = found(announcement_id), reader.viewer()
    page, find = desk.page_number(), request.args.get("find", "").strip()[:100]
    out = request.args.get("out")
    reason = LeftOut(out) if out in set(LeftOut) else None
    if out is None:
        listed = audience.people(announcement, by, page, find)
    else:
        listed = audience.left_out(announcement, by, page, reason)
    seen = {"one": announcement, "title": desk.title(announcement), "listed": listed, "find": find, "out": out}
    seen["newcomers"] = queries.newcomers(announcement)
    return render_template(
        "announcements/audience.html", **seen, estimate=audience.estimate(announcement), absence=absence
    )


@desk.bp.get("/<int:announcement_id>/preview")
@guards.keeper
def preview(announcement_id: int) -> ResponseReturnValue:
    """The letter as one person would get it."""
    announcement = found(announcement_id)
    texts = queries.texts(announcement)
    seen = letter.choose(announcement, reader.viewer(), request.args) if texts else None
    response = make_response(
        render_template(
            "announcements/preview.html", one=announcement, title=desk.title(announcement), seen=seen, texts=texts
        )
    )
    return letter.with_frame(response)


@desk.bp.get("/<int:announcement_id>/letter", endpoint="letter")
@guards.keeper
def framed(announcement_id: int) -> Response:
    """The HTML part alone, for the frame on the preview page; nothing in it can run, load or navigate."""
    seen = letter.choose(found(announcement_id), reader.viewer(), request.args)
    return letter.sandboxed(seen.letter.html)


@desk.bp.post("/<int:announcement_id>/test")
@guards.keeper
def test(announcement_id: int) -> ResponseReturnValue:
    """Send oneself the letter, once in each language."""
    announcement, by = found(announcement_id), reader.viewer()
    dispatch.send_test(announcement, by)
    tell(_("A test letter is on its way to you, one for each language. Read it as those will who get it."))
    return redirect(url_for(".check", announcement_id=announcement.id), 303)
