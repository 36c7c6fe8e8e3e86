"""The second step: setting it up, being asked for it, and what stays shut without it."""

import pytest

from caucusmail.accounts import factors, passwords, queries, recovery_codes
from caucusmail.accounts.models import SignIn
from caucusmail.database import transaction
from tests import letters, make
from tests.accounts.devices import app_of, code_of
from tests.door import let_in
from tests.web.second import codes_on, secret_on, set_up, sign_in


def test_the_set_up_page_shows_a_picture_and_the_secret_which_stays_when_it_is_loaded_again(client):
    let_in(client, make.person())
    first, second = (client.get("/account/second-factor/app") for _ in range(2))
    assert secret_on(first.text) == secret_on(second.text)
    assert '<svg viewBox="0 0' in first.text
    assert f"secret={secret_on(first.text)}" in first.text
    assert len(first.data) < 14 * 1024


def test_a_wrong_code_sets_nothing_up_and_keeps_secret_and_label(client):
    anna = make.person()
    let_in(client, anna)
    secret = secret_on(client.get("/account/second-factor/app").text)
    answer = client.post("/account/second-factor/app", data={"code": "000 000", "label": "Work <phone>"})
    assert answer.status_code == 422
    assert secret_on(answer.text) == secret
    assert "Work &lt;phone&gt;" in answer.text
    assert factors.of(anna) == []


def test_the_first_app_brings_ten_codes_that_can_be_saved_as_text(client):
    let_in(client, make.person())
    codes = codes_on(set_up(client))
    assert len(codes) == 10
    file = client.post("/account/recovery-codes/text", data={"code": codes})
    assert file.headers["Content-Disposition"] == "attachment; filename=recovery-codes.txt"
    assert [line for line in file.text.splitlines() if line in codes] == codes
    assert file.headers["Cache-Control"] == "no-store"
    planted = client.post("/account/recovery-codes/text", data={"code": ["call +1 555"] * 10})
    assert planted.status_code == 303


def test_the_page_of_codes_sent_again_adds_nothing(client):
    anna = make.person()
    let_in(client, anna)
    secret = secret_on(client.get("/account/second-factor/app").text)
    data = {"code": code_of(secret)}  # a form without its optional field
    client.post("/account/second-factor/app", data=data)
    assert client.post("/account/second-factor/app", data=data).status_code == 422
    assert len(factors.of(anna)) == 1


def test_new_codes_end_the_old_ones_and_need_a_second_step(client):
    anna = make.person()
    let_in(client, anna)
    assert client.post("/account/recovery-codes").headers["Location"] == "/account/second-factor"
    old = codes_on(set_up(client))
    new = codes_on(client.post("/account/recovery-codes").text)
    assert not set(old) & set(new)
    assert recovery_codes.are_of(anna, new)


@pytest.mark.parametrize("way", ["link", "code", "password"])
def test_whatever_the_first_proof_the_second_is_asked_for(client, way, stopped_clock):
    anna = make.person(address="anna@ngo.example")
    secret = app_of(anna)
    stopped_clock.shift(60)
    if way == "password":
        with transaction():
            passwords.replace(anna, "correct horse battery")
        answer = client.post("/sign-in", data={"address": anna.address, "password": "correct horse battery"})
    else:
        client.post("/sign-in?next=/caucuses", data={"address": anna.address})
        letter = letters.to(anna.address)[-1]
        answer = (
            client.post(letters.link(letter, "/sign-in/"))
            if way == "link"
            else client.post("/sign-in/code", data={"code": letters.code(letter)})
        )
    assert answer.headers["Location"].removeprefix("/en") == "/sign-in/second"
    assert client.get("/account/password").status_code == 303
    page = client.get("/sign-in/second")
    assert page.status_code == 200
    assert anna.name not in page.text
    wrong = client.post("/sign-in/second", data={"code": "000000"})
    assert (wrong.status_code, "neither the code" in wrong.text) == (422, True)
    right = client.post("/sign-in/second", data={"code": code_of(secret)})
    assert right.status_code == 303
    assert right.headers["Location"] == ("/me" if way == "password" else "/caucuses")
    assert client.get("/account/password").status_code == 200


def test_a_recovery_code_stands_in_place_of_the_app(client):
    anna = make.person(address="anna@ngo.example")
    app_of(anna)
    with transaction():
        codes = recovery_codes.made(anna)
    sign_in(client, anna.address)
    assert client.post("/sign-in/second", data={"code": codes[0].upper()}).status_code == 303
    assert "9 codes still work" in client.get("/account/password").text


def test_who_signs_in_again_here_within_half_a_day_is_not_asked_again_but_elsewhere(client, app, stopped_clock):
    anna = make.person(address="anna@ngo.example")
    secret = app_of(anna)
    stopped_clock.shift(60)
    sign_in(client, anna.address)
    client.post("/sign-in/second", data={"code": code_of(secret)})
    stopped_clock.shift(11 * 3600)
    assert sign_in(client, anna.address) == "/me"
    assert sign_in(app.test_client(), anna.address) == "/sign-in/second"
    stopped_clock.shift(3600)
    assert sign_in(client, anna.address) == "/sign-in/second"


def test_what_one_person_proved_here_does_not_let_another_in(client, stopped_clock):
    anna, ben = make.person(address="anna@ngo.example"), make.person(address="ben@ngo.example")
    secret = app_of(anna)
    app_of(ben)
    stopped_clock.shift(60)
    sign_in(client, anna.address)
    client.post("/sign-in/second", data={"code": code_of(secret)})
    assert sign_in(client, ben.address) == "/sign-in/second"


def test_after_signing_out_the_second_step_is_asked_again(client, stopped_clock):
    anna = make.person(address="anna@ngo.example")
    secret = app_of(anna)
    stopped_clock.shift(60)
    sign_in(client, anna.address)
    client.post("/sign-in/second", data={"code": code_of(secret)})
    client.post("/sign-out")
    assert sign_in(client, anna.address) == "/sign-in/second"


def test_the_second_step_without_a_first_leads_to_it(client):
    for answer in (client.get("/sign-in/second"), client.post("/sign-in/second", data={"code": "000000"})):
        assert answer.headers["Location"] == "/sign-in"


def test_a_waiting_sign_in_is_spent_by_its_second_step(client, stopped_clock):
    anna = make.person(address="anna@ngo.example")
    secret = app_of(anna)
    stopped_clock.shift(60)
    sign_in(client, anna.address)
    stolen = client.get_cookie("session").value
    client.post("/sign-in/second", data={"code": code_of(secret)})
    stopped_clock.shift(60)
    client.set_cookie("session", stolen)
    assert client.post("/sign-in/second", data={"code": code_of(secret)}).headers["Location"] == "/sign-in"


def test_a_dangerous_change_needs_the_factor_even_where_one_signed_in_before_there_was_one(client, stopped_clock):
    anna = make.person()
    let_in(client, anna)
    app_of(anna)
    for path in ("/account/password", "/account/second-factor/app"):
        assert "why=proof" in client.get(path).headers["Location"]
    number = factors.of(anna)[0].id
    assert "why=proof" in client.post(f"/account/factors/{number}/remove").headers["Location"]
    assert len(factors.of(anna)) == 1


def test_a_factor_is_renamed_and_removed_on_the_page(client):
    anna = make.person()
    let_in(client, anna)
    set_up(client)
    number = factors.of(anna)[0].id
    assert client.post(f"/account/factors/{number}/name", data={"label": "Old <b>phone"}).status_code == 303
    assert "Old &lt;b&gt;phone" in client.get("/account/password").text
    assert client.post(f"/account/factors/{number}/remove").status_code == 303
    page = client.get("/account/password").text
    assert "the recovery codes with it" in page
    assert "You have none." in page


def test_others_factors_and_devices_are_not_there(client):
    anna, ben = make.person(), make.person()
    app_of(ben)
    let_in(client, anna)
    number, device = factors.of(ben)[0].id, queries.live_sign_ins(ben)[0].id
    for path in (
        f"/account/factors/{number}/name",
        f"/account/factors/{number}/remove",
        f"/account/devices/{device}/end",
    ):
        assert client.post(path, data={"label": "x"}).status_code == 404
    assert len(queries.live_sign_ins(ben)) == 1


def test_one_device_is_ended_and_the_others_stay(client, app):
    anna = make.person()
    let_in(client, anna)
    let_in(app.test_client(), anna)
    let_in(app.test_client(), anna)
    here = queries.live_sign_ins(anna)[-1].id
    other = next(one.id for one in queries.live_sign_ins(anna) if one.id != here)
    page = client.get("/account/password").text
    assert f"/account/devices/{here}/end" not in page
    assert f"/account/devices/{other}/end" in page
    client.post(f"/account/devices/{other}/end")
    assert other not in [one.id for one in queries.live_sign_ins(anna)]
    assert len(queries.live_sign_ins(anna)) == 2


def test_when_a_button_was_last_pressed_is_noted_to_the_hour(client, stopped_clock):
    anna = make.person()
    let_in(client, anna)
    client.post("/sign-out/everywhere")
    assert make.rows(SignIn)[0].used_at is None
    stopped_clock.shift(2 * 3600)
    client.post("/sign-out/everywhere")
    first = make.rows(SignIn)[0].used_at
    stopped_clock.shift(1800)
    client.post("/sign-out/everywhere")
    assert make.rows(SignIn)[0].used_at == first
