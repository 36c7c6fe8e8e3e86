"""What happened, said at the top of the next page, with a way back where there is one."""

from flask import flash


def tell(message: str, undo_url: str = "", undo_label: str = "") -> None:
    """Say ``message`` at the top of the next page; ``undo_url`` takes a POST that takes it back (a button is shown, called
    ``undo_label`` where it cannot take back all of it)."""
    flash([message, undo_url, undo_label], "done")  # type: ignore[arg-type]  # Flask stores any JSON value
