"""The private link of a meeting: kept by those who keep the group, shown and written once to whoever comes, and to nobody else.

It is in no announcement, page of the meeting, calendar or feed: ``RemoteLink`` is read here alone, and the one letter that
holds it is ``letters.REMOTE``. Who sees it is decided by their answer: they come, and have a place.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from caucusmail import clock, database
from caucusmail.audit import journal
from caucusmail.database import db
from caucusmail.delivery import ledger, withdrawal
from caucusmail.directory.visibility import Viewer
from caucusmail.errors import Conflict, Invalid, NotAllowed
from caucusmail.languages import _
from caucusmail.meetings import letters, places, wording
from caucusmail.meetings.models import Answer, Meeting, MeetingState, RemoteLink

LONGEST = 500  # characters, of the address and of the words beside it
OVERTAKEN = "overtaken"
"""Why a letter with a link was withdrawn (``Delivery.note``): its reader comes no more, or the link is another one."""


class NoLinkNow(Conflict):
    """The meeting has no private link: it takes place on site only, is cancelled, or is over."""


class LinkChanged(Conflict):
    """Somebody else changed it since its author looked."""


class SameLink(Invalid):
    """It is as it was."""


def kept(meeting: Meeting) -> RemoteLink | None:
    """The private link, for those who keep the meeting; None: there is none, or it was taken away."""
    found = _row(meeting)
    return found if found is not None and (found.url or found.words) else None


def number(meeting: Meeting) -> int:
    """How often the link was set, changed or taken away: what a form has seen."""
    found = _row(meeting)
    return found.number if found is not None else 0


def promised(meeting: Meeting) -> bool:
    """Whether there is a link that whoever comes gets."""
    return _ahead(meeting) and kept(meeting) is not None


def shown(meeting: Meeting, mine: Answer | None) -> RemoteLink | None:
    """The private link, if ``mine`` lets its giver see it: they come, have a place, and the meeting is still ahead."""
    if mine is None or not mine.has_place or not _ahead(meeting):
        return None
    return kept(meeting)


def change(meeting: Meeting, url: str, words: str, seen: int, by: Viewer) -> None:
    """Put this link in the place of what there was, and write to whoever comes. Neither url nor words: there is none any more.
    ``seen`` is the ``number`` its author looked at.

    :raises NotAllowed: ``by`` does not keep the caucus.
    :raises NoLinkNow, LinkChanged: as they say.
    :raises Invalid: ``url`` or ``words`` cannot be taken.
    """
    if not by.keeps_caucus(meeting.caucus_id):
        raise NotAllowed(_("Only those who keep this group can change its private links."))
    database.lock(meeting)
    if meeting.state is MeetingState.CANCELLED or meeting.ends_at <= clock.now() or not places.by_line(meeting):
        raise NoLinkNow(_("This meeting takes no private link: it is cancelled, over, or takes place on site only."))
    found = _row(meeting) or RemoteLink(meeting_id=meeting.id, url="", words="", number=0)
    if found.number != seen:
        raise LinkChanged(_("Somebody changed the private link a moment ago. This is how it stands now."))
    asked = (_address(url), wording.lines("words", words, LONGEST))
    if asked == (found.url, found.words):
        raise SameLink("url", _("This is what it is already. Nothing was changed, and nobody was written to."))
    verb = "removed" if asked == ("", "") else "changed" if found.url or found.words else "set"
    found.url, found.words, found.number = *asked, found.number + 1
    db.session.add(found)
    db.session.flush()
    for one in _coming(meeting):
        _tell(meeting, one)
    journal.record(f"meeting.link-{verb}", meeting, by.person)


def follow(meeting: Meeting, one: Answer) -> None:
    """After an answer: who comes now and has a place gets the link, each link once; of who does not, no letter leaves any more.

    Whoever calls it has the meeting's answers to themselves.
    """
    if one.has_place:
        _tell(meeting, one)
    else:
        hold_back(one)


def hold_back(one: Answer) -> None:
    """Withdraw the letters with a link that have not left yet: they were not told, so they are when they come after all."""
    waiting = withdrawal.about(Answer.__tablename__, one.id, letters.REMOTE)
    if withdrawal.withdraw(waiting, OVERTAKEN):
        one.link_told = 0


def _tell(meeting: Meeting, one: Answer) -> None:
    """Owe ``one`` the link as it is now, or that there is none any more, unless that was said."""
    found, before = (kept(meeting) if _ahead(meeting) else None), one.link_told
    if before == (found.number if found is not None else 0):
        return
    hold_back(one)
    letter = letters.remote(one.person, meeting, found, again=before > 0)
    ledger.enqueue(letter, letters.to(one.person), about=(Answer.__tablename__, one.id))
    one.link_told = found.number if found is not None else 0


def _coming(meeting: Meeting) -> Sequence[Answer]:
    return db.session.scalars(
        select(Answer)
        .where(Answer.meeting_id == meeting.id, Answer.has_place)
        .options(joinedload(Answer.person))
        .order_by(Answer.id)
        .execution_options(populate_existing=True)
    ).all()


def _row(meeting: Meeting) -> RemoteLink | None:
    where = RemoteLink.meeting_id == meeting.id
    return db.session.scalar(select(RemoteLink).where(where).execution_options(populate_existing=True))


def _ahead(meeting: Meeting) -> bool:
    """Whether the meeting takes place from afar too, and is not over."""
    return meeting.state is MeetingState.CONFIRMED and meeting.ends_at > clock.now() and places.by_line(meeting)


def _address(text: str) -> str:
    """An https address that a mail program can follow, or "".

    :raises Invalid: it is another thing.
    """
    refusal = _("Please copy the whole address of the meeting room, from https:// on. Other words belong below.")
    return wording.https("url", text, LONGEST, refusal)
