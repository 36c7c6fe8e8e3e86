"""What the page of each refusal says: what happened, and what to do now. No dead end, no blame."""

from dataclasses import dataclass
from typing import Any

from caucusmail.languages import later


@dataclass(frozen=True)
class Refusal:
    """The words of one page; each is translated when it is shown."""

    title: Any
    what: Any  # happened
    do: Any  # what the reader can do
    kept: bool = False  # whether Back still holds what was typed


WRITTEN: dict[int, Refusal] = {
    400: Refusal(
        later("We could not read what your browser sent"),
        later("Part of the form or of the address was missing or garbled. Nothing was changed."),
        later("Go back, load the page again, and try once more."),
        kept=True,
    ),
    403: Refusal(
        later("This page is not open to you"),
        later("You are signed in, but this page belongs to other people’s work."),
        later("If you think you should see it, ask the secretariat: they can change what you may do."),
    ),
    404: Refusal(
        later("There is no such page"),
        later("The address may be misspelt, or the page has been taken away, or its link has run out."),
        later("If a letter of ours brought you here, ask the secretariat and tell them which letter it was."),
    ),
    405: Refusal(
        later("This address only takes a form"),
        later("Opening it as a page does nothing, and nothing was changed."),
        later("Go back to the page with the button and press the button there."),
        kept=True,
    ),
    409: Refusal(
        later("That is no longer possible"),
        later(
            "Things have changed since you opened the page: somebody else may have been quicker. Nothing was changed now."
        ),
        later("Go back, load the page again, and look at how things stand."),
        kept=True,
    ),
    410: Refusal(
        later("This is gone"),
        later("It was here, and it has been taken away for good."),
        later("If you still need it, ask the secretariat."),
    ),
    413: Refusal(
        later("That is too much at once"),
        later("What you sent is larger than we take. We did not keep it."),
        later(
            "Go back and shorten the text. A paper of a meeting can be a PDF of at most 2 MB; give the web address of a larger one."
        ),
        kept=True,
    ),
    422: Refusal(
        later("We could not use what was filled in"),
        later("Something in the form does not fit. Nothing was changed."),
        later("Go back and look at it once more."),
        kept=True,
    ),
    429: Refusal(
        later("Too many tries for now"),
        later("To keep strangers from misusing this page, it only takes a few tries in a while."),
        later("If it is urgent, ask the secretariat."),
        kept=True,
    ),
    500: Refusal(
        later("Something broke on our side"),
        later(
            "It is not your fault. Nothing of what you just did was kept, and nothing that was there before is lost."
        ),
        later("Try again in a minute. If it happens again, tell the secretariat what you were doing."),
        kept=True,
    ),
    503: Refusal(
        later("We cannot do this right now"),
        later(
            "The machine behind this site is out of room or being looked after. Nothing was kept, and nothing is lost."
        ),
        later("Try again in a few minutes."),
        kept=True,
    ),
}

CASES: dict[str, Refusal] = {
    "too-late": Refusal(
        later("It is too late for that"),
        later("It has gone further since you opened the page. Nothing was changed now."),
        later("Its page shows which copies have left. Those that still wait, if any, can be stopped there."),
    ),
    "csrf": Refusal(
        later("The form was open for too long"),
        later(
            "For your safety a form is good for twelve hours, in the browser that opened it and only while that browser "
            "takes our cookie. Nothing was changed."
        ),
        later(
            "Go back. If your browser still shows what you typed, copy it; then load the page again and send it once more."
        ),
    ),
}


def written(status: int, case: str = "") -> Refusal:
    """The words for a status; one that has no page of its own borrows the nearest."""
    if case in CASES:
        return CASES[case]
    return WRITTEN.get(status) or WRITTEN[500 if status >= 500 else 400]
