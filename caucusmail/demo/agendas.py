"""The agendas of the meetings that lie ahead: invented items, spoken to by invented people."""

from caucusmail.demo.calendar import Event
from caucusmail.meetings.agenda import Item, Speaker

_STRATEGY = (
    Item({"en": "Welcome, and what we want of this session", "fr": "Accueil, et ce que nous attendons de cette session"},
         "08:15", 10, (Speaker("Ilse Vermeer", "Victims’ Desk", leads=True),)),
    Item({"en": "Participation of victims: where the draft stands", "fr": "Participation des victimes\u00a0: où en est le projet"},
         "08:25", 25, (Speaker("Mara Lindqvist", "Open Court Project"), Speaker("Joseph Okello", "Gulu Survivors’ Network"))),
    Item({"en": "Who speaks to which delegation", "fr": "Qui parle à quelle délégation"}, "08:50", 20),
    Item({"en": "Any other business", "fr": "Divers"}),
)  # fmt: skip
_EXCHANGE = (
    Item({"en": "Opening", "fr": "Ouverture"}, "15:00", 10),
    Item({"en": "Three cases under universal jurisdiction", "fr": "Trois affaires de compétence universelle"},
         "15:10", 60, (Speaker("Nadia Haddad", "Evidence Without Borders", leads=True),)),
    Item({"en": "Questions", "fr": "Questions"}, "16:10", 50),
)  # fmt: skip

OF = {
    "Strategy meeting: participation of victims": _STRATEGY,
    "Exchange of national prosecutors and NGOs": _EXCHANGE,
}
"""By the title of a meeting."""


def of(event: Event) -> tuple[Item, ...]:
    """The agenda of the meeting that ``event`` announces; nothing where it has none."""
    return OF.get(event.en, ())
