"""Sending what the county lacks: the own log, the ends of those before it, and lines of its own that it lost.

A body is made while it travels: lines are read in small pieces, the store is let go between them, and the county
stores the first frames while the next are read.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final

from db.engine import transaction
from db.journal import Sealed, heads
from db.wire.v1.frame import LARGEST_PIECE, cut_lines, make_frames
from db.wire.v1.message import SignedHead, Stored
from db.wire.v1.sound import hash_before, kept_lines, sound_part
from db.wire.v1.steps import USUAL_LINE, Stretch, hash_at, next_piece
from kiosk.errors import TryAgain
from kiosk.sync import memory
from kiosk.sync.client import RefusedByCounty
from kiosk.sync.hand_back import fitting_word
from kiosk.sync.talk import ForkedError, Talk

GROWTH: Final = 4
"""A request ends with frames so much larger than its first: larger ones take fewer bytes, a cut costs one of them."""
FIRST_FRAMES_A_REQUEST: Final = 128
"""A request carries about as many lines as so many frames of its first size."""
LINES_AT_ONCE: Final = 200
"""Lines read from the store in one piece: a sale that meets such a reader waits a thousandth of a second."""


def push(talk: Talk, stretch: Stretch) -> None:
    """Send the own log, or one before it, in requests of many frames; a cut costs one frame, and ends the session."""
    village, log = stretch.village, stretch.log
    with talk.store.read() as connection:
        last = heads(connection, village, log)[log].seq
    total, sent = last - stretch.after, 0
    while sent < total and log not in talk.damaged:
        part = replace(stretch, after=stretch.after + sent)
        end = min(last, part.after + FIRST_FRAMES_A_REQUEST * talk.pace.size // USUAL_LINE)
        pieces = cut_lines(_sound_lines(talk, part, end), talk.pace.size, GROWTH * talk.pace.size)
        head = _signed_head(talk, village, log, end)
        said = talk.client.put_frames(village, log, talk.token, make_frames(pieces), head)
        stored = _acknowledge(talk, stretch, talk.believe(said, Stored.KIND, Stored))
        if stored <= sent and log not in talk.damaged:
            raise TryAgain("county_not_itself")  # an answer of before, which would come for ever
        talk.pace.sent += stored - sent
        sent = stored
        talk.advance("push", sent, total)
        talk.pace.quicken()
    if sent and log in talk.damaged:  # the county took no word for a line beyond those it got
        talk.client.put_frames(
            village, log, talk.token, iter(()), _signed_head(talk, village, log, stretch.after + sent)
        )


def push_before(talk: Talk, stretch: Stretch) -> None:
    """Send the end of a log before the own one; a county that does not take it from here still gets the own log."""
    with suppress(RefusedByCounty):
        push(talk, stretch)


def hand_back(talk: Talk, stretch: Stretch) -> bool:
    """Give the county lines of its own that it lacks since it was restored; say whether it took them.

    They go with its own signed word for the last of them, or it would not take them; in one request, all or none.
    """
    with talk.store.read() as connection:
        word = fitting_word(connection, talk.store.village, talk.county.hub_key, stretch)
    if word is None:
        return False
    said, end = word
    frames = make_frames(_pieces_of_county(talk, stretch, end))
    answer = talk.client.put_frames(stretch.village, stretch.log, talk.token, frames, said)
    return talk.believe(answer, Stored.KIND, Stored).trouble is None


def _pieces_of_county(talk: Talk, stretch: Stretch, last: int) -> Iterator[list[Sealed]]:
    """Read a stretch piece by piece, each when it is asked for."""
    while True:
        with talk.store.read() as connection:
            piece = next_piece(connection, stretch, last, LARGEST_PIECE)
        if not piece:
            return
        yield piece
        stretch = replace(stretch, after=stretch.after + len(piece))


def _sound_lines(talk: Talk, stretch: Stretch, end: int) -> Iterator[Sealed]:
    """Read a stretch up to seq `end`, little by little as it is asked for; stop before a line that is damaged."""
    with talk.store.read() as connection:
        before = hash_before(connection, stretch)
    while stretch.after < end:
        with talk.store.read() as connection:
            kept = kept_lines(connection, stretch, end, LINES_AT_ONCE)
        sound = sound_part(before, kept)
        yield from sound
        if not sound or len(sound) < len(kept):
            talk.damaged[stretch.log] = stretch.after + len(sound) + 1
            return
        before, stretch = kept[-1].hash, replace(stretch, after=stretch.after + len(kept))


def _acknowledge(talk: Talk, stretch: Stretch, stored: Stored) -> int:
    """Remember what the hub says it holds, if that is what is held here; return how many lines of the stretch it is."""
    with transaction(talk.store.engine, is_write=True) as connection:
        held = hash_at(connection, stretch.village, stretch.log, stored.seq)
        if stored.trouble == "fork" or held is None or held[:8].hex() != stored.hash:
            raise ForkedError("log_forked")
        memory.note_acknowledged(connection, stretch.village, stretch.log, stored.seq, talk.at)
    is_expected = stored.trouble == "head" and stretch.log in talk.damaged
    if stored.trouble is not None and not is_expected:
        raise TryAgain("county_cut_short", detail=stored.trouble)
    return stored.seq - stretch.after


def _signed_head(talk: Talk, village: int, log: int, seq: int) -> bytes:
    """Return this terminal's word for a line of its log."""
    with talk.store.read() as connection:
        held = hash_at(connection, village, log, seq) or b""
    return talk.county.key.say(SignedHead.KIND, SignedHead(village=village, log=log, seq=seq, hash=held.hex()))
