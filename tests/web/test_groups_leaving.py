"""Leaving a caucus, and every way back."""

import re
from datetime import timedelta

from caucusmail import clock, tokens
from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.directory import affiliation
from caucusmail.directory.models import AffiliationState, Status
from caucusmail.groups import membership, queries, undo
from caucusmail.tokens import Purpose
from tests import make
from tests.groups.leaving import PLACES, digest, letters_to
from tests.web.my import my, text, undo_url


def test_leaving_takes_two_taps_and_no_reason(client, member):
    asked = client.get(my(member, "/leave/water"))
    assert "Leave water caucus" in text(asked)
    assert len(queries.places(member)) == 2
    said = client.post(my(member, "/leave/water"), follow_redirects=True)
    assert "You have left water caucus." in text(said)
    assert [place.caucus.slug for place in queries.places(member)] == ["children"]
    assert len(letters_to(member)) == 1


def test_leaving_is_undone_from_the_page_exactly(client, member):
    before = digest(*PLACES)
    said = client.post(my(member, "/leave/water"), follow_redirects=True)
    undone = client.post(undo_url(said), follow_redirects=True)
    assert "as it was before" in text(undone)
    assert digest(*PLACES) == before


def test_a_second_tap_on_leave_says_the_same_and_writes_no_second_letter(client, member):
    client.post(my(member, "/leave/water"))
    again = client.post(my(member, "/leave/water"), follow_redirects=True)
    assert again.status_code == 200
    assert "You have left water caucus." in text(again)
    assert len(letters_to(member)) == 1


def test_what_was_left_lately_can_be_entered_again(client, member):
    before = digest(*PLACES)
    client.post(my(member, "/leave/water"))
    assert "Left lately" in client.get(my(member)).text
    client.post(my(member, "/back/water"))
    assert digest(*PLACES) == before
    assert client.post(my(member, "/back/water")).status_code == 303


def test_leaving_everything_and_back(client, member):
    before = digest(*PLACES)
    said = client.post(my(member, "/leave"), follow_redirects=True)
    assert "You are in no caucus" in said.text
    client.post(undo_url(said))
    assert digest(*PLACES) == before


def test_the_receipts_link_shows_a_button_and_undoes_once(client, member):
    before = digest(*PLACES)
    client.post(my(member, "/leave/water"))
    after = digest(*PLACES)
    (letter,) = letters_to(member)
    path = "/undo/" + re.search(r"/undo/([\w-]+)", letter.replace("=\n", ""))[1]
    for method in (client.get, client.head, client.options):
        assert method(path).status_code == 200
    assert digest(*PLACES) == after
    assert client.post(path).status_code == 200
    assert digest(*PLACES) == before
    assert client.post(path).status_code == 200
    assert digest(*PLACES) == before


def test_a_receipts_link_says_how_things_stand_and_not_how_they_once_stood(client, member):
    client.post(my(member, "/leave/water"))
    (letter,) = letters_to(member)
    path = "/undo/" + re.search(r"/undo/([\w-]+)", letter.replace("=\n", ""))[1]
    assert "Everything is as it was before. You are again in: water caucus" in text(client.post(path))
    client.post(my(member, "/leave/water"))
    for answer in (client.get(path), client.post(path)):
        assert "This has changed since" in text(answer)
        assert "You are again in" not in text(answer)
    assert answer.status_code == 409
    assert [place.caucus.slug for place in queries.places(member)] == ["children"]


def test_who_went_back_on_their_own_page_is_not_offered_it_once_more(client, member):
    client.post(my(member, "/leave"))
    (letter,) = letters_to(member)
    path = "/undo/" + re.search(r"/undo/([\w-]+)", letter.replace("=\n", ""))[1]
    client.post(my(member, "/back/water"), follow_redirects=True)
    offered = text(client.get(path))
    assert "children caucus" in offered
    assert "water caucus" not in offered
    client.post(my(member, "/back/children"), follow_redirects=True)
    assert "You are again in: water caucus children caucus" in text(client.get(path))


def test_every_end_of_a_receipts_link_leads_to_ones_own_page(client, member):
    client.post(my(member, "/leave/water"))
    (letter,) = letters_to(member)
    path = "/undo/" + re.search(r"/undo/([\w-]+)", letter.replace("=\n", ""))[1]
    for answer in (client.get(path), client.post(path), client.get(path)):
        assert re.search(r'href="/(my/|me")', answer.text)


def test_a_change_that_was_taken_back_before_is_not_said_to_be_taken_back_now(client, member):
    said = client.post(my(member, "/pause"), data={"caucus": ""}, follow_redirects=True)
    first = undo_url(said)
    client.post(first, follow_redirects=True)
    client.post(my(member, "/pause"), data={"caucus": ""}, follow_redirects=True)
    again = text(client.post(first, follow_redirects=True))
    assert "This was taken back before. Nothing was changed now." in again
    assert "everything is as it was before" not in again
    assert {place.standing for place in queries.places(member)} == {"paused"}


def test_an_undo_older_than_thirty_days_is_an_old_link(client, member, monkeypatch):
    with transaction():
        step = membership.leave_caucus(member, queries.places(member)[0].caucus, by=member)
        token = undo.token(step)
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.post(f"/undo/{token}").status_code == 404


def test_an_undo_token_takes_back_steps_and_nothing_else(client, member):
    with transaction():
        membership.leave_caucus(member, queries.places(member)[0].caucus, by=member)
    for entry in make.rows(AuditEntry):
        if entry.verb not in undo.KINDS:
            assert client.post(f"/undo/{tokens.sign(Purpose.UNDO, entry.id)}").status_code == 404


def test_nobody_takes_back_the_step_of_another(client, member):
    other = make.person()
    with transaction():
        step = membership.leave_caucus(member, queries.places(member)[0].caucus, by=member)
        token = undo.token(step)
    assert client.post(my(other, f"/undo/{token}")).status_code == 404
    assert len(queries.places(member)) == 1


def test_other_peoples_places_and_places_that_do_not_exist_answer_alike(client, member, stopped_clock):
    foreign = make.caucus("peace")
    make.member(foreign, make.person(), make.group(foreign))
    own = my(member)
    for path in ("/leave/{}", "/back/{}", "/groups/{}"):
        theirs, nothing = (client.post(own + path.format(name)) for name in ("peace", "nowhere"))
        assert (theirs.status_code, nothing.status_code) == (404, 404)
        assert theirs.text.replace("peace", "") == nothing.text.replace("nowhere", "")
    assert client.get(my(member, "/leave/peace")).status_code == 404
    for name in ("peace", "nowhere"):
        assert client.post(my(member, "/resume"), data={"caucus": name}).status_code == 404
        assert client.post(my(member, "/pause"), data={"caucus": name}).status_code == 422


def test_leaving_everything_leaves_more_than_one_place(client, member):
    assert "Nothing more is sent to you, from this moment on." in client.get(my(member, "/leave")).text
    assert "Nothing more is sent to you from there" in client.get(my(member, "/leave/water")).text


def test_a_former_member_of_an_archived_caucus_is_removed(client):
    person, caucus = make.person(), make.caucus("peace", status=Status.ARCHIVED)
    make.member(caucus, person)
    client.post(my(person, "/leave/peace"))
    assert affiliation.queries.affiliation(person, caucus).state is AffiliationState.ENDED


def test_an_undo_pressed_twice_does_not_claim_to_have_done_it_twice(client, member):
    undo = undo_url(client.post(my(member, "/leave/water"), follow_redirects=True))
    client.post(undo, follow_redirects=True)
    client.post(my(member, "/leave/water"), follow_redirects=True)
    said = text(client.post(undo, follow_redirects=True))
    assert "Nothing was changed now" in said
    assert "everything is as it was before" not in said


def test_the_last_coordinator_reads_before_that_nobody_is_left(client, member):
    make.coordinator(queries.places(member)[0].caucus, member)
    asked = text(client.get(my(member, "/leave")))
    assert "Nobody coordinates it once you have left" in asked
    client.post(my(member, "/leave"))
    assert queries.places(member) == []
