from caucusmail import clock
from caucusmail.database import transaction
from caucusmail.directory import founding as directory
from caucusmail.directory.models import Caucus, Family
from caucusmail.groups import founding
from caucusmail.groups.models import EmailGroup, GroupKind
from tests import make


def found() -> dict[str, EmailGroup]:
    with transaction():
        directory.found()
        founding.found()
    return {group.local_part: group for group in make.rows(EmailGroup)}


def test_an_external_and_an_archived_caucus_have_no_group():
    groups = found()
    assert {"vrwg", "fenicc", "uj", "children"} <= set(groups)
    assert not {"wigj", "peace"} & set(groups)


def test_every_team_network_and_coalition_has_one():
    groups = found()
    assert {caucus.slug for caucus in make.rows(Caucus) if caucus.family is not Family.CAUCUS} <= set(groups)


def test_each_group_only_announces_and_is_named_as_its_caucus():
    for slug, group in found().items():
        assert (group.kind, group.caucus.slug, group.names) == (GroupKind.ANNOUNCEMENT, slug, group.caucus.names)


def test_a_group_that_was_closed_or_renamed_is_not_opened_again():
    group = found()["vrwg"]
    with transaction():
        group.closed_at, group.closed_why, group.names = clock.now(), "Done.", {"en": "Victims"}
    closed, number = group.closed_at, len(make.rows(EmailGroup))
    again = found()
    assert len(again) == number
    assert (again["vrwg"].closed_at, again["vrwg"].names) == (closed, {"en": "Victims"})
