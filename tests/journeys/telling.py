"""A coordinator tells a group something, from a desk without JavaScript, and the letters leave."""

from tests.journeys.looking import Looker
from tests.journeys.processes import House, until
from tests.journeys.rows import let_go
from tests.journeys.visitor import newest

IN_ALL = 240  # seconds in which some hundred letters surely leave


def tell(desk: Looker, house: House, by: str, title: str, *, caucus: str, short: str, region: str) -> None:
    """A notice to the people of one region."""
    desk.go("/en/compose/new")
    desk.page.get_by_label("A notice, without a meeting").check()
    desk.page.get_by_label(caucus).check()
    desk.press("Begin")
    desk.page.fill("[name=subject_en]", title)
    desk.page.fill("[name=body_en]", "We meet before the plenary opens; a proposal follows.")
    desk.page.locator("main details:has([name=region_ids]) summary").click()
    desk.page.locator("#region_ids").get_by_label(region).check()
    desk.press("Save and check")
    desk.press("Send a test letter to me")
    newest(house, by, title)
    desk.press("Go on: send to")
    desk.page.fill("[name=typed]", short)
    desk.press("Confirm:")
    let_go(house)

    def done() -> bool:
        desk.page.reload()
        return "Done on" in desk.says()

    until(done, f"“{title}” has left", IN_ALL)
