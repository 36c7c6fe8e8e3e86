"""Pages of ``directory``: for anybody, for members, for the secretariat."""

from flask import Blueprint

from caucusmail.web.directory import (
    exporting,
    hand_over,
    members,
    organisation,
    organisation_seats,
    public,
    sign_up,
    staff,
    staff_caucuses,
    staff_people,
    staff_recoveries,
    staff_second_step,
    staff_windows,
    staff_yearly,
    vouching,
    writing,
    yearly,
)

HUNG_IN = (
    organisation_seats,
    staff_caucuses,
    staff_people,
    staff_recoveries,
    staff_second_step,
    staff_windows,
    staff_yearly,
)
"""They hang their pages into ``organisation.bp`` and ``staff.bp``."""


def blueprints() -> list[Blueprint]:
    """What this part puts up."""
    return [
        public.bp,
        sign_up.bp,
        members.bp,
        exporting.bp,
        writing.bp,
        organisation.bp,
        hand_over.bp,
        vouching.bp,
        yearly.bp,
        staff.bp,
    ]
