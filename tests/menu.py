"""Which digits lead from the menu to a job: the menu's own lists say so."""

from kiosk import app as shell
from kiosk.screens.home import MORE, jobs_of
from kiosk.screens.widgets.choice_list import PAGE


def digits_to(job: str) -> tuple[str, ...]:
    """Give the keys that open a job from the menu: one digit, or more for a job of the second list."""
    first, second = (jobs_of(shell.SCREENS.__contains__, is_more=is_more) for is_more in (False, True))
    if job in first:
        return (str(first.index(job) + 1),)
    page, place = divmod(second.index(job), PAGE)
    return str(first.index(MORE) + 1), *("0" * page), str(place + 1)
