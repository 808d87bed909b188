"""One talk with the county: what every stage of a session goes by, and whom it believes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, TypeVar

from pydantic import BaseModel

from db.store import Store
from db.wire.v1.signed import SignatureError, heard
from kiosk.errors import ExitCode, Refused, TryAgain
from kiosk.sync.client import Client
from kiosk.sync.figures import Figures
from kiosk.sync.memory import County
from kiosk.sync.retry import Pace

Stage: TypeAlias = Literal["hello", "push", "pull"]
Advance: TypeAlias = Callable[[Stage, int, int], None]
_Heard = TypeVar("_Heard", bound=BaseModel)


class ForkedError(Refused):
    """The county holds another line at a place of the own log: this device, or its copy, wrote the log twice."""

    exit_code = ExitCode.PROTOCOL


@dataclass(frozen=True)
class Talk:
    """The store, the way to the county, when the session began (wall milliseconds), and who is told of progress.

    `token` opens the calls after hello. `damaged` names of a log the first seq whose line is no longer what was
    written: it is not sent, and nothing after it.
    """

    store: Store
    client: Client
    county: County
    at: int
    advance: Advance
    pace: Pace
    figures: Figures
    token: str = ""
    damaged: dict[int, int] = field(default_factory=dict)

    def believe(self, data: bytes, kind: str, message: type[_Heard]) -> _Heard:
        """Return what the county says. Raises TryAgain (`county_not_itself`) where its key did not sign it."""
        try:
            return heard(data, kind, message, self.county.hub_key)
        except SignatureError as error:
            raise TryAgain("county_not_itself") from error
