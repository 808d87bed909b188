"""A village begins: its first terminal, somebody to stand at it, and the scheme its households earn by."""

from db.line import Stamp
from db.scheme_file import DEFAULT, read_scheme
from db.store import Store
from kiosk.domain.scheme import write_scheme
from kiosk.domain.terminal import OperatorMade, write_beginning


def begin_village(store: Store, operator_name: str, *, now: Stamp) -> OperatorMade:
    """Write the first facts of a village in one action: log, seat, a secretary, and the default scheme.

    Raises:
        Refused: the terminal has begun before (`terminal_has_begun`), or the name is empty (`name_missing`).
    """
    file = read_scheme(DEFAULT)
    with store.write(now=now, by=None) as act:
        made = write_beginning(act, operator_name)
        write_scheme(act, file, file.head.from_day)
        return made
