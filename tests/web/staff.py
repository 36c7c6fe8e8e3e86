"""What the forms of the secretariat's desk send along."""

from caucusmail.directory.applications import ApplicationState

TO_REVIEW = {"seen": ApplicationState.TO_REVIEW.value}
"""The state in which the page showed the application."""
