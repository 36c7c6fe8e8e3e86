"""Random small worlds, and what an audience in them should be, reckoned the slow way from the rows."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from caucusmail import clock, tokens
from caucusmail.accounts import hours
from caucusmail.announcements.choice import Audience, Role
from caucusmail.announcements.models import LeftOut
from caucusmail.database import db, transaction
from caucusmail.delivery.models import Suppression
from caucusmail.directory.models import (
    Affiliation,
    AffiliationState,
    Basis,
    Caucus,
    Consent,
    ConsentText,
    Country,
    Keeper,
    KeeperRole,
    Ngo,
    NgoState,
    Region,
    Representative,
    Seat,
    SeatRole,
    Status,
)
from caucusmail.groups.models import EmailGroup, GroupKind, Mode, Subscription
from caucusmail.mail import addresses
from caucusmail.meetings.models import Answer, AnswerState, Meeting
from tests import make
from tests.announcements.declining import answered

CHAINS = (["en"], ["fr"], ["fr", "en"], ["ar", "fr", "en"], ["es"], ["es", "ar"], ["en", "fr"])


@dataclass
class World:
    caucuses: list[Caucus]
    groups: list[EmailGroup]
    people: list
    regions: list[Region]
    meeting: Meeting  # that some said they do not come to


def mark(address: str) -> str:
    return tokens.fingerprint("suppression", addresses.key(address))


def build(seed: int, size: int = 40) -> World:
    luck = random.Random(seed)
    now = clock.now()
    with transaction():
        regions = [make.region(slug) for slug in ("africa", "europe")]
        for code, region in (("KE", regions[0]), ("FR", regions[1])):
            if db.session.get(Country, code) is None:
                db.session.add(Country(code=code, region_id=region.id, names={}))
        caucuses = [make.caucus(status=Status.DORMANT if n == 3 else Status.ACTIVE) for n in range(4)]
        caucuses[2].region_id = regions[1].id
        groups = [make.group(one) for one in caucuses]
        groups.append(make.group(caucuses[0], local_part=f"{caucuses[0].slug}-talk", kind=GroupKind.DISCUSSION))
        groups.append(make.group(caucuses[1], local_part=f"{caucuses[1].slug}-old", closed_at=now, closed_why="Done."))
        ngos = [
            Ngo(
                name=f"NGO {n}",
                name_key=f"ngo {n}",
                state=NgoState.LAPSED if n == 0 else NgoState.VERIFIED,
                made_at=now,
                country_code=luck.choice(("KE", "FR", None)),
                region_id=luck.choice(regions).id,
            )
            for n in range(8)
        ]
        db.session.add_all(ngos)
        if db.session.get(ConsentText, "t") is None:
            db.session.add(ConsentText(fingerprint="t", version="1", language="en", text="Yes."))
        people = [make.person(languages=luck.choice(CHAINS)) for _ in range(size)]
        db.session.flush()
        for person in people:
            _live(luck, person, caucuses, groups, ngos, now)
        meeting = answered(luck, caucuses[0], people, now)
    return World(caucuses, groups, people, regions, meeting)


def _live(luck, person, caucuses, groups, ngos, now: datetime) -> None:  # noqa: C901 - one life, told in one go
    if luck.random() < 0.05:
        person.left_at = now
    if luck.random() < 0.1:
        db.session.add(Suppression(address_fingerprint=mark(person.address), reason="bounced", since=now))
    ngo = luck.choice(ngos)
    if luck.random() < 0.2:
        db.session.add(
            Representative(
                person_id=person.id, ngo_id=ngo.id, admin=True, since=now, until=luck.choice((None, None, now))
            )
        )
    for caucus in caucuses:
        if luck.random() < 0.5:
            continue
        seat = None
        if luck.random() < 0.7:
            seat = Seat(
                ngo_id=ngo.id, caucus_id=caucus.id, role=luck.choice(list(SeatRole)), holder_id=person.id, since=now
            )
            db.session.add(seat)
            db.session.flush()
        state = luck.choices(list(AffiliationState), (1, 1, 8, 1, 1))[0]
        db.session.add(
            Affiliation(
                person_id=person.id, caucus_id=caucus.id, seat_id=seat.id if seat else None, state=state, since=now
            )
        )
        for withdrawn in luck.choice(([], [None], [now], [now, None])):
            db.session.add(
                Consent(
                    person_id=person.id,
                    caucus_id=caucus.id,
                    text_fingerprint="t",
                    basis=Basis.CONSENT,
                    form="join",
                    asked_at=now,
                    given_at=now,
                    withdrawn_at=withdrawn,
                )
            )
        if luck.random() < 0.1:
            db.session.add(Keeper(person_id=person.id, caucus_id=caucus.id, role=KeeperRole.COORDINATOR, since=now))
    for group in groups:
        if luck.random() < 0.7:
            start, end = luck.choice(
                ((None, None),) * 4
                + (
                    (now, None),
                    (now, now + timedelta(days=9)),
                    (now - timedelta(9), now - timedelta(1)),
                    (now + timedelta(9), None),
                )
            )
            mode = luck.choices(list(Mode), (8, 1, 1, 1))[0]
            db.session.add(
                Subscription(
                    group_id=group.id, person_id=person.id, mode=mode, since=now, paused_from=start, paused_until=end
                )
            )


def choice(seed: int, world: World, announcement_ids: list[int]) -> Audience:
    luck = random.Random(-seed - 1)

    def some(values, chance):
        return tuple(one for one in values if luck.random() < chance)

    caucus_ids = some([one.id for one in world.caucuses], 0.5)
    group_ids = some([one.id for one in world.groups], 0.2)
    return Audience(
        everybody=not caucus_ids and not group_ids,
        caucus_ids=caucus_ids,
        group_ids=group_ids,
        region_ids=some([one.id for one in world.regions], 0.3),
        languages=some(["en", "fr", "ar"], 0.3),
        roles=some(list(Role), 0.25),
        exclude_caucus_ids=some([one.id for one in world.caucuses], 0.1),
        exclude_group_ids=some([one.id for one in world.groups], 0.1),
        exclude_announcement_ids=some(announcement_ids, 0.3),
        sent_announcement_ids=some(announcement_ids, 0.2),
        exclude_declined_ids=some([world.meeting.id], 0.3),
    )


def expected(
    world: World, chosen: Audience, at: datetime, had: dict[int, set[int]]
) -> dict[int, tuple[LeftOut | None, set[str]]]:
    """Person id to (reason or None, groups that bring the copy). ``had``: announcement id to who was sent it."""
    rows = {
        name: db.session.query(name).all()
        for name in (Affiliation, Subscription, Seat, Ngo, Keeper, Representative, Consent, Suppression, Answer)
    }
    by_id = {model: {one.id: one for one in rows[model]} for model in (Seat, Ngo)}
    found: dict[int, tuple[LeftOut | None, set[str]]] = {}
    for person in world.people:
        best: list[tuple[int, LeftOut | None, str]] = []
        for own in rows[Affiliation]:
            if own.person_id != person.id or own.state is not AffiliationState.ACTIVE:
                continue
            caucus = next(one for one in world.caucuses if one.id == own.caucus_id)
            for group in world.groups:
                if group.caucus_id != caucus.id or group.closed_at or caucus.status is Status.DORMANT:
                    continue
                as_whole = chosen.everybody or caucus.id in chosen.caucus_ids
                if not ((as_whole and group.kind is GroupKind.ANNOUNCEMENT) or group.id in chosen.group_ids):
                    continue
                place = next(
                    (one for one in rows[Subscription] if (one.person_id, one.group_id) == (person.id, group.id)), None
                )
                if place is None and not as_whole:
                    continue
                best.append(_judge(person, own, caucus, place, group, chosen, at, rows, by_id, had))
        if best:
            _rank, reason, _key = min(best, key=lambda one: one[0])
            found[person.id] = (reason, {key for _r, why, key in best if why is None})
    return found


ORDER = [
    "paused",
    "reads-on-site",
    "suppressed",
    "no-consent",
    "left",
    "lapsed",
    "declined",
    "excluded",
    "other-language",
    "other-role",
    "no-region",
    "other-region",
    "not-sent",
]


def _judge(person, own, caucus, place, group, chosen, at, rows, by_id, had):  # noqa: C901 - the slow way, in one place
    seat = by_id[Seat].get(own.seat_id)
    ngo = by_id[Ngo].get(seat.ngo_id) if seat else None
    roles = {seat.role.value if seat else "individual"}
    if any(one.person_id == person.id and one.caucus_id == caucus.id and one.since <= at for one in rows[Keeper]):
        roles.add("keeper")
    if any(
        one.person_id == person.id and one.admin and (one.until is None or one.until > at)
        for one in rows[Representative]
    ):
        roles.add("administrator")
    consents = [
        one.withdrawn_at is None for one in rows[Consent] if (one.person_id, one.caucus_id) == (person.id, caucus.id)
    ]
    excluded = (
        any(
            one.person_id == person.id
            and one.state is AffiliationState.ACTIVE
            and one.caucus_id in chosen.exclude_caucus_ids
            for one in rows[Affiliation]
        )
        or any(one.person_id == person.id and one.group_id in chosen.exclude_group_ids for one in rows[Subscription])
        or any(person.id in had[one] for one in chosen.exclude_announcement_ids)
    )
    reasons = []
    if chosen.sent_announcement_ids and not any(person.id in had[one] for one in chosen.sent_announcement_ids):
        reasons.append("not-sent")
    known = {ngo.region_id if ngo else None, caucus.region_id} - {None}
    if chosen.region_ids and not known & set(chosen.region_ids):
        reasons.append("other-region" if known else "no-region")
    if chosen.roles and not roles & {one.value for one in chosen.roles}:
        reasons.append("other-role")
    if chosen.languages and not set(person.languages) & set(chosen.languages):
        reasons.append("other-language")
    if excluded:
        reasons.append("excluded")
    if any(
        one.person_id == person.id
        and one.state is AnswerState.NOT_COMING
        and one.meeting_id in chosen.exclude_declined_ids
        for one in rows[Answer]
    ):
        reasons.append("declined")
    if ngo is not None and ngo.state is NgoState.LAPSED:
        reasons.append("lapsed")
    if place is None or person.left_at:
        reasons.append("left")
    if consents and not any(consents):
        reasons.append("no-consent")
    if any(one.address_fingerprint == mark(person.address) for one in rows[Suppression]):
        reasons.append("suppressed")
    if place is not None and place.mode is Mode.NONE:
        reasons.append("reads-on-site")
    if (
        place is not None
        and place.paused_from
        and place.paused_from <= _comes(place, person, at)
        and (place.paused_until is None or place.paused_until > _comes(place, person, at))
    ):
        reasons.append("paused")
    worst = max(reasons, key=ORDER.index, default=None)
    return (0 if worst is None else ORDER.index(worst) + 1, LeftOut(worst) if worst else None, f"g{group.id}")


def _comes(place, person, at: datetime) -> datetime:
    return hours.digest(at, hours.of(person)) if place.mode is Mode.DIGEST else at
