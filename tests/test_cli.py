import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from caucusmail import settings, signing_keys, tokens
from caucusmail.accounts import factors, queries, signing_in
from caucusmail.accounts.models import Person, SiteRole
from caucusmail.app import House
from caucusmail.audit.models import AuditEntry
from caucusmail.database import transaction
from caucusmail.directory.models import Caucus
from caucusmail.mail import dkim
from tests import make
from tests.accounts.devices import app_of


def add(app: House, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["staff", "add", *arguments])
    return result.exit_code, result.output


def test_staff_add_prints_a_link_that_signs_in_once(app: House) -> None:
    status, output = add(app, "Noor Bakker", "noor@secretariat.example", "--language", "fr")
    assert status == 0
    link = re.search(r"http://localhost/fr/sign-in/(\S+)", output)
    assert link is not None
    with transaction():
        assert signing_in.by_token(link[1]).role is SiteRole.SECRETARIAT
    with pytest.raises(tokens.BadToken):
        signing_in.by_token(link[1])


def test_staff_add_makes_one_person_however_often_it_is_said(app: House) -> None:
    add(app, "Noor Bakker", "noor@secretariat.example")
    add(app, "Noor Bakker", "Noor@Secretariat.example")
    (person,) = make.rows(Person)
    assert (person.name, person.role) == ("Noor Bakker", SiteRole.SECRETARIAT)
    assert [entry.verb for entry in make.rows(AuditEntry)].count("person.joined-secretariat") == 1


def test_staff_add_raises_a_person_who_is_here_already(app: House) -> None:
    member = make.person("Noor Bakker", "noor@mail.example")
    add(app, "Noor Bakker", "noor@mail.example")
    assert member.role is SiteRole.SECRETARIAT


def test_staff_add_does_not_raise_who_only_shares_the_mailbox(app: House) -> None:
    other = make.person("Samuel", "office@mail.example")
    add(app, "Noor Bakker", "office@mail.example")
    assert other.role is SiteRole.MEMBER


def test_staff_add_refuses_what_is_no_address(app: House) -> None:
    status, output = add(app, "Noor Bakker", "noor at example")
    assert status == 2
    assert "Invalid value" in output
    assert make.rows(Person) == []


def remove(app: House, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["staff", "remove", *arguments])
    return result.exit_code, result.output


def test_staff_remove_makes_a_member_again_and_signs_them_out(app: House) -> None:
    noor = make.secretary(name="Noor Bakker", address="noor@secretariat.example")
    with transaction():
        secret = signing_in.begin(noor)
    status, output = remove(app, "Noor@secretariat.example")
    assert (status, noor.role) == (0, SiteRole.MEMBER)
    assert "is no longer of the secretariat" in output
    assert queries.signed_in(secret) is None
    assert "person.left-secretariat" in [entry.verb for entry in make.rows(AuditEntry)]


def test_staff_remove_takes_only_who_is_meant(app: House) -> None:
    noor, other = (make.secretary(name=name, address="office@mail.example") for name in ("Noor", "Samuel"))
    make.person("Ilse", "ilse@mail.example")
    for arguments in (["office@mail.example"], ["ilse@mail.example"], ["nobody@mail.example"], ["no address"]):
        assert remove(app, *arguments)[0] == 1
    assert remove(app, "office@mail.example", "--name", "Noor")[0] == 0
    assert (noor.role, other.role) == (SiteRole.MEMBER, SiteRole.SECRETARIAT)


def test_staff_forget_second_step_lets_in_who_has_lost_it(app: House) -> None:
    noor, member = make.secretary(address="noor@mail.example"), make.person(address="ilse@mail.example")
    for person in (noor, member):
        app_of(person)
    forget = app.test_cli_runner()
    assert forget.invoke(args=["staff", "forget-second-step", "ilse@mail.example"]).exit_code == 1
    assert forget.invoke(args=["staff", "forget-second-step", "noor@mail.example"]).exit_code == 0
    assert (list(factors.of(noor)), len(factors.of(member))) == ([], 1)


def test_staff_add_ends_the_sign_ins_of_who_was_a_member_before(app: House) -> None:
    member = make.person("Noor Bakker", "noor@mail.example")
    with transaction():
        secret = signing_in.begin(member)
    add(app, "Noor Bakker", "noor@mail.example")
    assert queries.signed_in(secret) is None


def test_founding_twice_adds_nothing(app: House) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["found"]).exit_code == 0
    first = len(make.rows(Caucus))
    assert runner.invoke(args=["found"]).exit_code == 0
    assert len(make.rows(Caucus)) == first > 0


def test_the_demo_world_is_refused_where_letters_can_leave(app: House, monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(settings, "_current", replace(settings.current(), demo=False))
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 1
    assert "CAUCUSMAIL_DEMO=1" in result.output
    assert make.rows(Person) == []


@pytest.fixture
def folder(app: House, tmp_path: Path) -> Iterator[Path]:
    """A folder of the installation, for this test alone; it has no keys."""
    before = settings.current()
    settings.use(replace(before, instance=str(tmp_path)))
    yield tmp_path
    settings.use(before)


def told_by(output: str) -> dict[str, str]:
    return dict(re.findall(r"^(DKIM_\w+)=(.+)$", output, re.MULTILINE))


def test_dkim_new_makes_keys_that_the_settings_it_prints_take(app: House, folder: Path) -> None:
    result = app.test_cli_runner().invoke(args=["dkim", "new", "--name", "2027a"])
    assert result.exit_code == 0, result.output
    keys = signing_keys.told(told_by(result.output))
    assert [key.selector for key in keys] == ["rsa-2027a", "ed25519-2027a"]
    assert {path.name: path.stat().st_mode & 0o777 for path in (folder / "dkim").iterdir()} == {
        "rsa-2027a.pem": 0o600,
        "ed25519-2027a.pem": 0o600,
    }
    settings.use(replace(settings.current(), signing_keys=keys))
    again = app.test_cli_runner().invoke(args=["dkim", "records"])
    assert again.output.splitlines() == [line for line in result.output.splitlines() if " IN TXT " in line]


def test_the_records_it_prints_are_those_that_readers_look_for(app: House, folder: Path) -> None:
    output = app.test_cli_runner().invoke(args=["dkim", "new"]).output
    keys = signing_keys.told(told_by(output))
    for key in keys:
        line = next(line for line in output.splitlines() if line.startswith(dkim.place(key, "caucus.example") + "."))
        strings = re.findall(r'"([^"]*)"', line)
        assert "".join(strings) == dkim.record(key)
        assert all(len(one) <= 255 for one in strings)


def test_dkim_new_writes_over_no_key(app: House, folder: Path) -> None:
    app.test_cli_runner().invoke(args=["dkim", "new", "--name", "a"])
    before = {path: path.read_bytes() for path in (folder / "dkim").iterdir()}
    again = app.test_cli_runner().invoke(args=["dkim", "new", "--name", "a"])
    assert (again.exit_code, "File exists" in again.output) == (1, True)
    assert {path: path.read_bytes() for path in (folder / "dkim").iterdir()} == before


def test_a_name_that_is_no_selector_is_refused(app: House, folder: Path) -> None:
    result = app.test_cli_runner().invoke(args=["dkim", "new", "--name", "../a"])
    assert (result.exit_code, "--name" in result.output) == (2, True)


def test_dkim_records_says_that_there_is_no_key(app: House) -> None:
    result = app.test_cli_runner().invoke(args=["dkim", "records"])
    assert (result.exit_code, "DKIM_KEY_RSA" in result.output) == (1, True)
