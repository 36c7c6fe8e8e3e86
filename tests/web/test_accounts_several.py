"""One mailbox that two people read, one person who speaks for three organisations, and the only coordinator who leaves as a member."""

import pytest

from caucusmail import tokens
from caucusmail.accounts import queries, signing_in
from caucusmail.accounts.models import SignInLetter
from caucusmail.database import db, transaction
from caucusmail.directory import keeping
from caucusmail.directory.models import Representative
from caucusmail.groups import queries as places
from caucusmail.privacy import protecting
from caucusmail.privacy.protection_models import How
from caucusmail.tokens import Purpose
from tests import letters, make
from tests.door import let_in
from tests.web.my import my, text

OFFICE = "office@ngo.example"
PAGES = ("/me", "/account/data", "/account/addresses", "/account/password", "/me/preferences", "/me/pause")


@pytest.fixture
def two():
    """Anna and Ben, of two caucuses, with one mailbox."""
    found = []
    for name, slug in (("Anna Quillfeather", "quartz"), ("Ben Marlinspike", "marble")):
        caucus = make.caucus(slug)
        found.append(make.member(caucus, make.person(name, OFFICE), make.group(caucus)))
    return found


def test_who_shares_a_mailbox_is_asked_who_they_are_and_reads_nothing_of_the_other(client, two):
    anna, ben = two
    client.post("/sign-in", data={"address": OFFICE})
    link = letters.link(letters.to(OFFICE)[-1], "/sign-in/")
    asked = text(client.get(link))
    assert anna.name in asked
    assert ben.name in asked
    assert client.post(link).status_code == 422
    assert client.post(link, data={"person": anna.id}).status_code == 303
    for page in PAGES:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "Marlinspike" not in answer.text, page
        assert "marble" not in answer.text, page
    assert "quartz" in client.get("/me").text


def test_the_link_of_a_shared_mailbox_lets_one_of_the_two_in_and_not_the_other_after(client, app, two):
    client.post("/sign-in", data={"address": OFFICE})
    link = letters.link(letters.to(OFFICE)[-1], "/sign-in/")
    client.post(link, data={"person": two[0].id})
    assert app.test_client().post(link, data={"person": two[1].id}).status_code == 404


def test_neither_of_two_with_one_mailbox_ends_a_sign_in_or_a_membership_of_the_other(client, two):
    anna, ben = two
    with transaction():
        theirs = queries.signed_in(signing_in.begin(ben))
    let_in(client, anna)
    assert client.post(f"/account/devices/{theirs.id}/end").status_code == 404
    assert client.post("/me/leave/marble").status_code == 404
    assert client.post("/me/leave").status_code == 303
    db.session.expire_all()
    assert theirs.ended_at is None
    assert "marble" in client.get(my(ben)).text
    assert [len(places.places(one)) for one in two] == [0, 1]


def test_who_speaks_for_three_organisations_looks_after_those_they_administer_and_loses_one_alone(client):
    rosa, ngos = make.person("Rosa"), [make.ngo(name) for name in ("Amani", "Baraka", "Chama")]
    terms = [make.representative(rosa, ngo, admin=ngo is not ngos[2]) for ngo in ngos]
    for ngo in ngos:
        make.representative(make.person(), ngo, admin=True)
    let_in(client, rosa)
    pages = [client.get(f"/organisations/{ngo.id}") for ngo in ngos]
    assert [page.status_code for page in pages[:2]] == [200, 200]
    assert pages[2].status_code in (403, 404)
    across = client.post(f"/organisations/{ngos[1].id}/people/{terms[0].id}/end")
    assert across.status_code == 404  # a term of one by the page of another
    assert client.post(f"/organisations/{ngos[0].id}/people/{terms[0].id}/end").status_code == 303
    db.session.expire_all()
    assert [one.until is None for one in make.rows(Representative) if one.person_id == rosa.id] == [False, True, True]
    assert client.get(f"/organisations/{ngos[0].id}").status_code in (403, 404)
    assert client.get(f"/organisations/{ngos[1].id}").status_code == 200


def test_the_only_coordinator_who_leaves_as_a_member_still_coordinates(client):
    caucus, dora = make.caucus("vrwg"), make.person("Dora")
    make.coordinator(caucus, dora)
    make.member(caucus, dora, make.group(caucus))
    let_in(client, dora)
    assert client.post("/me/leave/vrwg").status_code == 303
    assert keeping.coordinated(keeping.serving(caucus))
    assert client.get("/caucuses/vrwg/email-groups").status_code == 200


def test_who_shares_a_mailbox_with_somebody_protected_signs_in_as_before_and_so_do_both_if_both_are(client, app, two):
    anna, ben = two
    for protected, other in ((anna, ben), (ben, anna)):
        with transaction():
            protecting.protect(protected, by=protected, how=How.SELF)
        browser = app.test_client()
        browser.post("/sign-in", data={"address": OFFICE})
        letters.written()
        token = tokens.sign(Purpose.SIGN_IN, make.rows(SignInLetter)[-1].id)
        assert {reader.id for reader in signing_in.people(token)} == {anna.id, ben.id}
        assert browser.post(f"/sign-in/{token}", data={"person": other.id}).status_code == 303
    mixed, both = make.rows(SignInLetter)
    assert (mixed.address_key, both.address_key == OFFICE) == (OFFICE, False)
