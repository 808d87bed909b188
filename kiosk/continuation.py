"""What a store is given so that it goes on by itself where its own log was ended; loaded only when that happens."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.line import Stamp
    from db.store import Store


def go_on_in_next_log(store: "Store", now: "Stamp", by: int | None) -> None:
    """Begin the next log of a store. Raises Refused (`log_recovered`): see `kiosk.domain.continuation.go_on`."""
    from kiosk.domain.continuation import go_on

    go_on(store, now, by)
