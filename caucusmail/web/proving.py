"""What asks for a fresh proof, in words, and the way on once it is given (decision 0028).

A dangerous form that comes too late after the last proof is not lost: it waits (``accounts.stopped``), and after the proof a page says
what it was and what was typed, with one button to do it.
"""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from caucusmail.accounts import stopped
from caucusmail.accounts.stopped import Stopped
from caucusmail.languages import later
from caucusmail.web import reader, sessions
from caucusmail.web.typed import SECRET

ACTS: Mapping[str, Any] = {
    "accounts.password": later("Set a password"),
    "accounts.remove_password": later("Remove the password"),
    "addresses.addresses": later("Add an address"),
    "addresses.choose": later("Choose another address for one group"),
    "addresses.make_main": later("Have your letters go to another address"),
    "addresses.remove": later("Remove an address"),
    "addresses.take_back": later("Take a change of your addresses back"),
    "addresses.withdraw": later("Withdraw an address that is not confirmed yet"),
    "compose.report_csv": later("Take the report of an announcement, with names"),
    "data_requests.ask_to_erase": later("Ask for somebody to be erased"),
    "data_requests.confirm_erasure": later("Erase somebody"),
    "deputies.offer": later("Name a deputy for the time you are away"),
    "exporting.take": later("Take the list of members as a file"),
    "factors.app": later("Set up an app for the second step"),
    "factors.codes": later("Make new recovery codes"),
    "factors.codes_as_text": later("Take the recovery codes as a file"),
    "factors.remove": later("Remove a second step"),
    "hand_over.offer": later("Hand seats over"),
    "hand_over.take_back": later("Take a hand-over back"),
    "keys.new": later("Add a passkey"),
    "meetings.make_guests": later("Make the list of names for the door"),
    "meetings.open_guests": later("Open the list of names for the door"),
    "members.reveal": later("Look at an address"),
    "moving.move": later("Move to another organisation"),
    "organisation.add": later("Add somebody who speaks for the organisation"),
    "organisation.administrator": later("Change who is an administrator"),
    "organisation.decline_seat": later("Give somebody no seat"),
    "organisation.end": later("End somebody’s term"),
    "organisation.end_holding": later("End somebody’s term on a seat"),
    "organisation.give_seat": later("Give somebody seats"),
    "organisation.make_first": later("Let an alternate come first"),
    "organisation.offer": later("Offer a seat to somebody"),
    "organisation.set_term": later("Set until when a seat is held"),
    "organisation.take_back": later("Take a change among the organisation’s people back"),
    "privacy.ask": later("Have everything known of you as a file"),
    "privacy.do_erase": later("Have yourself erased"),
    "privacy.take": later("Take the file of everything known of you"),
    "protection.lift": later("End your protection"),
    "protection.prolong": later("Change until when you are protected"),
    "staff.appoint": later("Let somebody keep a group"),
    "staff.approve_recovery": later("Let somebody back in at a new address"),
    "staff.ask_to_remove_second_step": later("Ask for somebody’s second step to be removed"),
    "staff.describe": later("Change a group’s words, and who may see who is in it"),
    "staff.end_keeper": later("End a keeper’s term"),
    "staff.remove_second_step": later("Remove somebody’s second step"),
    "staff.resume_keeper": later("Let somebody keep a group again"),
    "staff.take_words_back": later("Put a group’s words back, and who may see who is in it"),
    "staff.vouch_for_recovery": later("Vouch for somebody"),
    "vouching.vouch": later("Vouch for a colleague"),
}
"""Every form whose guard asks for a fresh proof (a house test counts), as what its button does."""


def stop(page: str) -> None:
    """Keep the form that was sent now, which stood on ``page``, until whoever sent it has proved who they are."""
    here = sessions.device()
    if here is None:
        return
    if request.files or SECRET & set(request.form):
        stopped.drop(here.sign_in)
        return
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    path = request.full_path.rstrip("?")
    stopped.keep(here.sign_in, Stopped(str(request.endpoint), path, page, fields))


def waiting() -> Stopped | None:
    """The form that waits at this browser."""
    here = sessions.device()
    return stopped.of(here.sign_in) if here else None


def done() -> None:
    """A dangerous form was taken: none waits any more."""
    here = sessions.device()
    if here is not None:
        stopped.drop(here.sign_in)


def way_on(wanted: str) -> str:
    """The page that offers to go on with the form, if one waits and ``wanted`` is the page on which it stood; else nothing."""
    form = waiting()
    return url_for("proving.go_on") if form and reader.without_language(wanted) == form.page else ""
