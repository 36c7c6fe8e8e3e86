import json

import pytest

from caucusmail.announcements.choice import Audience, Role
from caucusmail.database import db
from tests import make
from tests.announcements.rooms import announcement


def test_an_audience_survives_being_kept():
    chosen = Audience(caucus_ids=(1, 2), languages=("fr",), roles=(Role.KEEPER,))
    kept = announcement(make.caucus(), chosen)
    db.session.expire(kept)
    assert Audience.from_json(kept.audience) == chosen
    assert Audience.from_json({"caucus_ids": [1], "of_another_release": [3]}) == Audience(caucus_ids=(1,))


@pytest.mark.parametrize(
    "chosen",
    [
        Audience(),
        Audience(everybody=True),
        Audience(
            caucus_ids=(1,),
            group_ids=(2,),
            region_ids=(3,),
            languages=("ar", "fr"),
            roles=tuple(Role),
            exclude_caucus_ids=(4,),
            exclude_group_ids=(5,),
            exclude_announcement_ids=(6,),
            exclude_declined_ids=(8,),
            sent_announcement_ids=(7,),
        ),
    ],
)
def test_every_choice_comes_back_from_json_as_it_was(chosen):
    assert Audience.from_json(json.loads(json.dumps(chosen.to_json()))) == chosen


def test_what_narrows_nothing_is_not_kept():
    assert Audience(caucus_ids=(1,)).to_json() == {"caucus_ids": [1]}
    assert Audience().to_json() == {}


def test_filters_alone_choose_nobody():
    assert Audience().nobody
    assert Audience(languages=("fr",), roles=(Role.KEEPER,), exclude_caucus_ids=(1,)).nobody
    assert not any(
        one.nobody for one in (Audience(everybody=True), Audience(caucus_ids=(1,)), Audience(group_ids=(1,)))
    )


def test_a_role_that_nobody_knows_is_not_let_through_as_no_filter():
    with pytest.raises(ValueError, match="pope"):
        Audience.from_json({"roles": ["pope"]})
