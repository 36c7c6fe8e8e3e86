"""Every URL that leaves the house in a letter. A letter lies in a mailbox for years: the web must honour each.

A house test resolves every function of this module against the routes. All begin with ``SITE_URL``, never with what a
request claims its host to be.
"""

from caucusmail import languages, settings


def page(path: str, language: str | None = None) -> str:
    """The address of ``path`` (begins with ``/``) on our site, in ``language`` (default: the current one)."""
    code = language or languages.current()
    prefix = f"/{code}" if code in languages.OFFERED else ""
    return f"{settings.current().site_url}{prefix}{path}"


def home() -> str:
    """The start page."""
    return page("/")


def privacy() -> str:
    """What we do with your data."""
    return page("/your-data")


def senders() -> str:
    """Who we write as: the sending addresses, to check a letter against."""
    return page("/who-we-write-as")


def help_page() -> str:
    """How to join, pause, leave, ask (RFC 2369, List-Help)."""
    return page("/help")


def ask() -> str:
    """The form that reaches the secretariat."""
    return page("/help/ask")


def how_you_sign_in() -> str:
    """Where a person sees what signs them in, and where they are signed in."""
    return page("/account/password")


def caucus(slug: str) -> str:
    """A caucus's page."""
    return page(f"/caucuses/{slug}")


def contact(slug: str) -> str:
    """The form that reaches the keepers of a caucus."""
    return page(f"/caucuses/{slug}/contact")


def sign_up_code() -> str:
    """Where the code of a sign-up letter is typed by those who cannot follow its link."""
    return page("/join/code")


def confirm_sign_up(token: str) -> str:
    """Where an applicant confirms their address; shows a button."""
    return page(f"/join/confirm/{token}")


def application(token: str) -> str:
    """Where an application stands; the applicant's own view."""
    return page(f"/join/status/{token}")


def sign_in(token: str) -> str:
    """A one-time sign-in link; shows a button."""
    return page(f"/sign-in/{token}")


def address(token: str) -> str:
    """Where a person says that an address they gave is theirs; shows a button."""
    return page(f"/address/{token}")


def addresses() -> str:
    """Where a person sees and changes their addresses, once they have signed in."""
    return page("/account/addresses")


def address_back(token: str) -> str:
    """Where a change of addresses is taken back, by the notice of it; shows a button."""
    return page(f"/address/back/{token}")


def erasure(token: str) -> str:
    """Where somebody who asked to be erased calls that back; shows a button."""
    return page(f"/erasure/{token}")


def me() -> str:
    """A person's own page, once they have signed in."""
    return page("/me")


def second_person() -> str:
    """Where somebody sees what waits for a second person's yes, once they have signed in."""
    return page("/second-person")


def data_request(request_id: int) -> str:
    """Where the secretariat answers a request about somebody's data."""
    return page(f"/staff/requests/{request_id}")


def second_step(person_id: int) -> str:
    """Where the secretariat removes somebody's second step at sign-in."""
    return page(f"/staff/people/{person_id}/second-step")


def erase_person(person_id: int) -> str:
    """Where the secretariat erases somebody who wishes it."""
    return page(f"/staff/people/{person_id}/erase")


def recovery(token: str) -> str:
    """Where whoever cannot read their old mailbox says that the new one is theirs, and sees what becomes of it."""
    return page(f"/recover/{token}")


def recovery_stop(token: str) -> str:
    """Where somebody stops a change of their address that was asked for from elsewhere; shows a button."""
    return page(f"/recover/stop/{token}")


def vouching() -> str:
    """Where somebody says whether it is a colleague who asks, once they have signed in."""
    return page("/vouching")


def recoveries() -> str:
    """The secretariat's queue of those who cannot read their mailbox any more."""
    return page("/staff/recoveries")


def hand_over(token: str) -> str:
    """Where a successor sees what they would take over, and says yes or no."""
    return page(f"/hand-over/{token}")


def deputy(token: str) -> str:
    """Where somebody who is asked to stand in for seats sees which, and says yes or no; later, where they stop."""
    return page(f"/deputy/{token}")


def my_page(token: str) -> str:
    """A person's own page by the settings token in a letter's footer."""
    return page(f"/my/{token}")


def one_click(token: str) -> str:
    """RFC 8058: POST leaves the groups that brought this copy; GET shows a button. No language: it is for machines."""
    return f"{settings.current().site_url}/leave/{token}"


def leave(token: str) -> str:
    """The same for a person, in their language: the page with the button."""
    return page(f"/leave/{token}")


def undo(token: str) -> str:
    """Where a change is taken back, by the link in its receipt; shows a button."""
    return page(f"/undo/{token}")


def announcement(reference: str) -> str:
    """The web copy of an announcement."""
    return page(f"/announcements/{reference}")


def progress(announcement_id: int) -> str:
    """How an announcement stands, for those who keep it."""
    return page(f"/compose/{announcement_id}/progress")


def meeting(reference: str) -> str:
    """A meeting's page, with what has changed."""
    return page(f"/meetings/{reference}")


def minutes(reference: str) -> str:
    """The minutes of a meeting, for those who were invited."""
    return page(f"/meetings/{reference}/minutes")


def guests(reference: str) -> str:
    """The list of names for the door of a meeting's building, for those who keep it."""
    return page(f"/meetings/{reference}/guests")


def paper(reference: str, paper_id: int) -> str:
    """A paper of a meeting that is kept here."""
    return page(f"/meetings/{reference}/papers/{paper_id}")


def calendar() -> str:
    """The calendar feed of all public meetings."""
    return page("/calendar.ics")


def caucus_calendar(slug: str) -> str:
    """The calendar feed of a caucus's public meetings."""
    return page(f"/caucuses/{slug}/calendar.ics")


def own_calendar(token: str) -> str:
    """The calendar feed of one person's meetings; whoever has this address can read it."""
    return page(f"/calendar/{token}.ics")


def door(token: str) -> str:
    """The door page of one meeting, for who counts those who come; whoever has this address can count."""
    return page(f"/door/{token}")


def answer(token: str) -> str:
    """Where whoever got a letter about a meeting says whether they come; shows buttons. ``?answer=…`` chooses one before."""
    return page(f"/answer/{token}")


def read(token: str) -> str:
    """Where whoever asked for discreet letters reads what one of them holds back."""
    return page(f"/read/{token}")


def organisation(ngo_id: int) -> str:
    """An organisation's own page, for its administrators."""
    return page(f"/organisations/{ngo_id}")


def write_to_member(slug: str, mailbox: str) -> str:
    """Where a member of a caucus writes to another one through a made-up name."""
    return page(f"/caucuses/{slug}/members/write/{mailbox}")


def letter_to_member(token: str) -> str:
    """Where whoever wrote a mail to a member sees what would be passed on, and says yes to it."""
    return page(f"/letter-to-member/{token}")


def what_members_see(slug: str) -> str:
    """Where a person chooses what the other members of a caucus see of them."""
    return page(f"/me/shown/{slug}")


def yearly(token: str) -> str:
    """Where somebody says for their organisation whether its people and seats are still true; shows a button."""
    return page(f"/still-true/{token}")


def yearly_report() -> str:
    """How the yearly question stands, for the secretariat."""
    return page("/staff/yearly")


def queue() -> str:
    """The secretariat's verification queue."""
    return page("/staff/queue")
