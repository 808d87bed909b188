"""Which digits lead from the menu to a job: the menu's own lists say so."""

from kiosk import app as shell
from kiosk.screens.home import MORE, jobs_of


class _Table:
    """The app's table of screens, as far as the menu asks."""

    def has(self, name: str) -> bool:
        """Say whether there is a screen of this name."""
        return name in shell.SCREENS


def digits_to(job: str) -> tuple[str, ...]:
    """Give the keys that open a job from the menu: one digit, or two for a job of the second list."""
    first, second = (jobs_of(_Table(), is_more=is_more) for is_more in (False, True))
    if job in first:
        return (str(first.index(job) + 1),)
    return str(first.index(MORE) + 1), str(second.index(job) + 1)
