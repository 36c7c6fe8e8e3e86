"""The round of a job that looks after who has left and who is away."""

from caucusmail.announcements import catching_up, given_up


def turn() -> None:
    """Places of those who have left go on; who is back reads what was announced meanwhile."""
    given_up.give_up()
    catching_up.turn()
