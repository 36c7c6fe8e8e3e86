from caucusmail.database import transaction
from caucusmail.directory import reviewing, verification, waiting
from caucusmail.directory.applications import ApplicationState
from caucusmail.directory.resemblance import Trace
from caucusmail.directory.waiting import Group
from tests import make


def test_two_open_applications_of_one_organisation_are_shown_to_each_other():
    one = make.application("Haki Trust", people=["a@haki.example"], website="")
    other = make.application("HAKI trust", people=["b@amani.example"], website="")
    found = reviewing.file(one)
    assert [(application, traces) for application, traces in found.others] == [(other, [Trace.SAME_NAME])]


def test_free_mail_is_marked_and_holds_nothing_back():
    application = make.application("Small", people=["small@webmail.example"])
    found = reviewing.file(application)
    assert found.free_mail
    assert [one.group for one in waiting.line().standings] == [Group.READY]


def test_the_organisation_it_was_linked_to_is_not_shown_as_a_look_alike():
    ngo = make.ngo("Haki", name_key="haki")
    application = make.application("Haki", ngo_id=ngo.id, state=ApplicationState.APPROVED)
    assert reviewing.file(application).beside == []


def test_the_past_of_an_application_names_who_did_what():
    noor, one = make.secretary(name="Noor Bakker"), make.application()
    with transaction():
        verification.hold(one, "Ask Ilse.", seen=ApplicationState.TO_REVIEW, by=noor)
    (held,) = reviewing.file(one).past
    assert (held.entry.verb, held.entry.reason, held.by) == ("application.held", "Ask Ilse.", "Noor Bakker")
