"""The course of an application: its state moves by ``move`` and nowhere else, and whoever goes by its state holds it first."""

from typing import Any

from caucusmail import database
from caucusmail.database import moved
from caucusmail.directory.applications import Application, ApplicationState


def hold(application: Application) -> ApplicationState:
    """Let whoever deals with this application at the same time wait until this transaction ends; its state as it is now.

    Hold the application before its applicants: everybody who needs both takes them in this order.
    """
    database.lock(application)
    return application.state


def move(application: Application, *seen: ApplicationState, to: ApplicationState, **values: Any) -> bool:
    """Move an application that is in one of the states ``seen``; whether it was. Of two who try, one gets True."""
    return moved(Application, Application.id == application.id, Application.state.in_(seen), state=to, **values)
