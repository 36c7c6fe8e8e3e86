"""What was announced in 36 months and what lies ahead: plain values. Wall times are of the meeting's own city."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from caucusmail.meetings.models import MeetingKind, MeetingMode
from caucusmail.zones import NEW_YORK, THE_HAGUE


@dataclass(frozen=True)
class Event:
    """One announcement and the meeting it announces."""

    slug: str  # of the caucus
    en: str
    fr: str
    kind: MeetingKind
    on: date
    at: time
    hours: float
    city: str  # "hague", "new-york", "kampala", "online"
    sent: date
    mode: MeetingMode = MeetingMode.IN_PERSON
    room: str = "Room 4"
    public: bool = True
    fate: str = ""  # "", "moved", "cancelled"

    @property
    def starts(self) -> datetime:
        """The wall time at which it starts."""
        return datetime.combine(self.on, self.at)

    @property
    def ends(self) -> datetime:
        """The wall time at which it ends."""
        return self.starts + timedelta(hours=self.hours)


ZONE = {"hague": THE_HAGUE, "new-york": NEW_YORK, "kampala": "Africa/Kampala", "online": THE_HAGUE}
SEATS = ("hague", "new-york")

GATHERING = "Strategy meeting: participation of victims"
"""The next meeting ahead that people have answered."""

DAYS_OF_THE_ASSEMBLY = (
    ("Strategy meeting before the opening", "Réunion stratégique avant l’ouverture", MeetingKind.STRATEGY, 8, 15),
    ("Debriefing of the first day", "Bilan de la première journée", MeetingKind.BRIEFING, 18, 15),
    ("Side event: reparations that reach people", "Événement parallèle\u00a0: des réparations qui arrivent", MeetingKind.SIDE_EVENT, 13, 15),
    ("Morning coordination", "Coordination du matin", MeetingKind.STRATEGY, 8, 15),
    ("Briefing with the Registry", "Séance d’information avec le Greffe", MeetingKind.BRIEFING, 10, 0),
    ("Side event: witnesses at risk", "Événement parallèle\u00a0: témoins en danger", MeetingKind.SIDE_EVENT, 13, 15),
    ("Morning coordination, second week", "Coordination du matin, deuxième semaine", MeetingKind.STRATEGY, 8, 15),
    ("Meeting on the budget resolution", "Réunion sur la résolution budgétaire", MeetingKind.WORKING_GROUP, 16, 0),
    ("Consultation on the omnibus resolution", "Consultation sur la résolution d’ensemble", MeetingKind.WORKING_GROUP, 16, 30),
    ("Side event: children and the Court", "Événement parallèle\u00a0: les enfants et la Cour", MeetingKind.SIDE_EVENT, 13, 15),
    ("Farewell coordination", "Dernière coordination", MeetingKind.STRATEGY, 8, 30),
    ("What the Assembly decided", "Ce que l’Assemblée a décidé", MeetingKind.CALL, 15, 0),
)  # fmt: skip

DAY = (0, 0, 1, 2, 3, 4, 7, 7, 8, 8, 9, 9)
"""On which day of the Assembly each of these is: its second week begins on day 7."""

NETWORKS = ("network-africa", "network-americas", "network-asia-pacific", "network-europe", "network-mena")


def events(today: date) -> list[Event]:
    """Everything announced from three years before ``today``, and what was announced until yesterday and lies ahead."""
    found: list[Event] = []
    for year in range(today.year - 3, today.year + 2):
        found += [*_assembly(year), *_roundtable(year), *_working_groups(year), *_regional(year), *_clock_weeks(year)]
    past = today - timedelta(days=3 * 365)
    return sorted(
        (event for event in [*found, *_ahead(today)] if past <= event.sent < today), key=lambda e: (e.sent, e.en)
    )


def assembly(year: int) -> tuple[date, date]:
    """First and last day of a year's Assembly: from the first Monday of December to the Wednesday of the next week."""
    first = date(year, 12, 1)
    monday = first + timedelta(days=-first.weekday() % 7)
    return monday, monday + timedelta(days=9)


def assembly_of(day: date) -> int | None:
    """The year of the Assembly that meets on ``day``; None if none does."""
    first, last = assembly(day.year)
    return day.year if first <= day <= last else None


def _assembly(year: int) -> list[Event]:
    """Twelve letters in ten days around the Assembly, none of them for a weekend; the seat alternates."""
    monday, _last = assembly(year)
    city = SEATS[year % 2]
    made = []
    for number, (en, fr, kind, hour, minute) in enumerate(DAYS_OF_THE_ASSEMBLY):
        on = monday + timedelta(days=DAY[number])
        fate = "cancelled" if number == 9 and year % 3 == 0 else "moved" if number in (3, 6) else ""
        caucus = "uj" if number in (7, 8) else "vrwg"
        mode = MeetingMode.ONLINE if number == 11 else MeetingMode.IN_PERSON
        place = "online" if mode is MeetingMode.ONLINE else city
        made.append(
            Event(
                caucus,
                en,
                fr,
                kind,
                on,
                time(hour, minute),
                1.25,
                place,
                on - timedelta(days=2),
                mode,
                "K-12",
                fate=fate,
            )
        )
    return made


def _roundtable(year: int) -> list[Event]:
    on = _working_day(date(year, 5, 18))
    return [Event("vrwg", "Roundtable of NGOs with the organs of the Court", "Table ronde des ONG avec les organes de la Cour",
                  MeetingKind.BRIEFING, on, time(9, 30), 7, "hague", on - timedelta(days=40), room="Press briefing room")]  # fmt: skip


def _working_groups(year: int) -> list[Event]:
    made = []
    for number, month in enumerate((1, 2, 4, 6, 9, 10)):
        on = _working_day(date(year, month, 12))
        city = SEATS[number % 2]
        name = "The Hague" if city == "hague" else "New York"
        nom = "de La Haye" if city == "hague" else "de New York"
        made.append(Event("uj" if number % 3 == 2 else "vrwg", f"{name} Working Group: item on cooperation",
                          f"Groupe de travail {nom}\u00a0: point sur la coopération", MeetingKind.WORKING_GROUP, on, time(16, 0), 2,
                          city, on - timedelta(days=9), MeetingMode.HYBRID, "Conference Room 9"))  # fmt: skip
    return made


def _regional(year: int) -> list[Event]:
    made = []
    for number, month in enumerate((3, 6, 9, 11)):
        slug = NETWORKS[(year + number) % len(NETWORKS)]
        on = _working_day(date(year, month, 20))
        city = "kampala" if slug == "network-africa" else "online"
        mode = MeetingMode.IN_PERSON if city == "kampala" else MeetingMode.ONLINE
        made.append(Event(slug, "Regional strategy meeting", "Réunion stratégique régionale", MeetingKind.STRATEGY, on, time(10, 0), 6,
                          city, on - timedelta(days=21), mode, public=False))  # fmt: skip
    return made


def _clock_weeks(year: int) -> list[Event]:
    """One meeting a year in each of the weeks in which the two clocks are five hours apart."""
    spring, autumn = (_sunday(date(year, *first)) + timedelta(days=3) for first in ((3, 8), (10, 25)))
    return [
        Event("vrwg", "Victims at the Commission on the Status of Women", "Les victimes à la Commission de la condition de la femme",
              MeetingKind.SIDE_EVENT, spring, time(9, 0), 1.5, "new-york", spring - timedelta(days=12), room="Conference Room 12"),
        Event("uj", "The Court’s report at the Sixth Committee", "Le rapport de la Cour à la Sixième Commission",
              MeetingKind.BRIEFING, autumn, time(10, 0), 2, "new-york", autumn - timedelta(days=10), MeetingMode.STREAM),
    ]  # fmt: skip


def _sunday(day: date) -> date:
    """``day``, or the Sunday after it: the clocks change on one in New York from 8 March, in The Hague from 25 October."""
    return day + timedelta(days=6 - day.weekday())


def _ahead(today: date) -> list[Event]:
    """Meetings that members have been told of and that are still to come, whatever the season."""
    soon, later = _working_day(today + timedelta(days=11)), _working_day(today + timedelta(days=33))
    return [
        Event("vrwg", GATHERING, "Réunion stratégique\u00a0: participation des victimes",
              MeetingKind.STRATEGY, soon, time(8, 15), 1, "hague", today - timedelta(days=4), MeetingMode.HYBRID, room=""),
        Event("uj", "Exchange of national prosecutors and NGOs", "Échange entre procureurs nationaux et ONG",
              MeetingKind.BRIEFING, later, time(15, 0), 2, "new-york", today - timedelta(days=6), MeetingMode.HYBRID, "Conference Room 4"),
    ]  # fmt: skip


def _working_day(day: date) -> date:
    """``day``, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
