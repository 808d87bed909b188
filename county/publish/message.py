"""Messages: `[[messages]] village, day, text`; the village is a number or "all". A desk reads them and says so."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from county.county_log import CountyLog
from county.publish.entry import Entry, Row
from db.facts.notice import MessageSent
from db.line import COUNTY_LOG, entity_id
from db.names import WORDS, names_of
from db.tables.notice import Message
from db.tables.statement import table_of

LONGEST_TEXT: Final = 300
SENT: Final = "messages"


@dataclass(frozen=True)
class MessageEntry:
    """Words to a village on a day."""

    row: Row
    village: int
    day: str
    words: str

    def say(self, log: CountyLog) -> Mapping[str, int]:
        """Say them unless the village was told the same words of this day before."""
        message = table_of(Message).c
        seqs = log.connection.execute(
            select(message.seq).where(
                message.village == log.village, message.log == COUNTY_LOG, message.kind == "sent",
                message.day == self.day,
            )
        ).scalars()  # fmt: skip
        ids = [entity_id(COUNTY_LOG, seq) for seq in seqs]
        if self.words in names_of(log.connection, log.village, ids, WORDS).values():
            return {}
        log.say(MessageSent(day=self.day), {WORDS: self.words})
        return Counter({SENT: 1})


def read_message(row: Row) -> Entry:
    """Return a message. Raises RowError."""
    row.require_fields("village", "day", "text")
    return MessageEntry(row, row.village(may_be_all=True), row.day("day"), row.text("text", LONGEST_TEXT))
