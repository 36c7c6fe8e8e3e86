"""Numbers that say how many without singling anybody out; pure."""

FEWEST = 5
STEPS = ((20, 5), (100, 10), (1000, 50))  # below the first number, down to multiples of the second


def rounded(number: int) -> int | None:
    """``number`` rounded down to 5, 10, 50 or 100, so that one who comes or goes is not seen; None below five."""
    if number < FEWEST:
        return None
    step = next((step for below, step in STEPS if number < below), 100)
    return number // step * step
