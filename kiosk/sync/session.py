"""One session with the county: hello, push, pull. Each stage is useful alone; the next hello finds what was cut.

It runs beside a selling till for as long as it takes: it holds the store for moments only, never across a wait.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Final

from sqlalchemy import Connection

from db.engine import transaction
from db.fork import end_own_log, note_fork
from db.journal import ForkError, GapError, Sealed
from db.line import COUNTY_LOG, FIRST_PREVIOUS_HASH, MalformedLineError, Stamp, chain
from db.lineage import lineage
from db.store import Store, own_log
from db.wire.v1.figures import clock_sample
from db.wire.v1.frame import FrameError, FrameReader
from db.wire.v1.message import Answer, HeadSeen, Hello, SignedHead
from db.wire.v1.parting import marks_between, narrowed, partings
from db.wire.v1.steps import Plan, Stretch, hash_at, held_by, plan_session
from db.wire.v1.urgent import unwrapped
from db.wire.versions import SPOKEN
from kiosk.errors import NotAllowed, StoreFailed, TryAgain
from kiosk.sync import memory
from kiosk.sync.agreement import require_common
from kiosk.sync.client import Client, RefusedByCounty
from kiosk.sync.figures import Figures, no_figures
from kiosk.sync.push import hand_back, push, push_before
from kiosk.sync.retry import Pace, Patience, keep_trying
from kiosk.sync.talk import Advance, ForkedError, Talk
from kiosk.sync.unsent import note_earlier

_SAID_UNSIGNED: Final = ("unknown", "signature")
"""What a county says to whom it does not know. Whoever says it in its place ends one report, and changes nothing."""


@dataclass(frozen=True)
class Session:
    """What a session did: lines sent and taken in, whether the own log was ended, and when, by the hub's clock."""

    sent: int
    received: int
    is_ended: bool
    hub_at: int


def report_to_county(
    store: Store, *, now: Stamp, advance: Advance, patience: Patience | None = None, figures: Figures = no_figures
) -> Session:
    """Report to the county this terminal is enrolled at; what is cut is tried again as long as `patience` lasts.

    `figures` measures the desk. Raises as `run_session`, and NotAllowed where the county gave no address
    (`county_without_line`).
    """
    with store.read() as connection:
        county = memory.county_of(connection, store.village)
    if county is None:
        raise NotAllowed("not_enrolled")
    if not county.address:
        raise NotAllowed("county_without_line")
    pace = Pace()

    def session() -> Session:
        with Client(county.address) as client:
            return run_session(store, client, now, advance, pace, figures)

    return keep_trying(session, pace, patience or Patience())


def run_session(
    store: Store, client: Client, now: Stamp, advance: Advance, pace: Pace | None = None, figures: Figures = no_figures
) -> Session:
    """Report to the county and take in what it has; `advance` is told stage, lines done and lines in all.

    `pace` is that of the run this session belongs to, `figures` measures the desk.

    Raises:
        NotAllowed: this terminal is not enrolled (`not_enrolled`), not let in yet (`enrolment_pending`), or shut out
            (`county_revoked`).
        OutdatedError: one side's program is too old for the other's (`protocol_terminal_old`, `protocol_county_old`).
        TryAgain: the line was cut (`county_not_reached`), or something else answers (`county_not_itself`).
        ForkedError: the own log was written twice (`log_forked`).
        StoreFailed: a line here is damaged (`store_not_sound`); what stands before it has been sent.
    """
    with store.read() as connection:
        county = memory.county_of(connection, store.village)
    if county is None or not county.hub_key:
        raise NotAllowed("not_enrolled")
    talk = Talk(store, client, county, now.at, advance, pace or Pace(), figures)
    client.expect(county.hub_key)
    advance("hello", 0, 1)
    answer, plan, parted = _say_hello(talk, now)
    advance("hello", 1, 1)
    talk = replace(talk, token=answer.token)
    with _listened_to():
        handed_back = [hand_back(talk, stretch) for stretch in plan.hand_back]
        if any(handed_back):
            answer, plan, parted = _say_hello(talk, now)  # so that the county knows that this village has reported
        _exchange(talk, plan)
        for log, beyond in parted.items():
            _note_parting(talk, now, log, beyond)
    if parted.keys() & _own_logs(store):
        raise ForkedError("log_forked")
    for damaged, seq in talk.damaged.items():
        raise StoreFailed("store_not_sound", detail=f"log {damaged} seq {seq}")
    return Session(talk.pace.sent, talk.pace.received, plan.trouble == "ended" or bool(parted), answer.at)


def _own_logs(store: Store) -> set[int]:
    with store.read() as connection:
        return set(lineage(connection, store.village, own_log(connection, store.village)))


def _exchange(talk: Talk, plan: Plan) -> None:
    """Send what the county lacks, the earliest log first, and take in what is lacking here."""
    for stretch in plan.before:
        push_before(talk, stretch)
    if plan.push is not None:
        push(talk, plan.push)
    for stretch in plan.pull:
        _pull(talk, stretch)


@contextmanager
def _listened_to() -> Iterator[None]:
    """A refusal in the middle of a session ends it: the token is over, or the next hello says, signed, what it is."""
    try:
        yield
    except RefusedByCounty as refused:
        raise TryAgain("county_cut_short", detail=refused.code) from refused


def _say_hello(talk: Talk, now: Stamp) -> tuple[Answer, Plan, dict[int, int]]:
    """Return what the county holds, what follows from it, and each log of which it holds another branch from a seq."""
    village = talk.store.village
    log, answer = _ask(talk, now)
    for lines in answer.urgent:
        _take_in(talk, Stretch(lines.v, COUNTY_LOG, lines.a), unwrapped(lines.f), lines.w.encode())
    with transaction(talk.store.engine, is_write=True) as connection:
        parted = partings(connection, village, answer)
        plan = plan_session(connection, village, log, answer)
        pull = tuple(stretch for stretch in plan.pull if stretch.village != village or stretch.log not in parted)
        if log in parted:
            plan = replace(plan, push=None, trouble="fork")
        _remember(connection, village, log, answer, plan, talk.at)
    return answer, replace(plan, pull=pull), parted


def _note_parting(talk: Talk, now: Stamp, log: int, beyond: int) -> None:
    """Find the last line of a log that both sides have in common, and let the desk know: it writes its branch again."""
    low, village = 0, talk.store.village
    while beyond - low > 1:
        with talk.store.read() as connection:
            marks = marks_between(connection, village, log, low, beyond)
        before = (low, beyond)
        low, beyond = narrowed(_ask(talk, now, marks)[1], log, low, beyond)
        if (low, beyond) == before:
            raise TryAgain("county_cut_short", detail="marks")
    with transaction(talk.store.engine, is_write=True) as connection:
        note_fork(connection, village, log, low)


def _ask(talk: Talk, now: Stamp, marks: tuple[HeadSeen, ...] = ()) -> tuple[int, Answer]:
    """Say hello, with marks of a log that has parted, and return the own log and what the county says."""
    store = talk.store
    with store.read() as connection:
        log = own_log(connection, store.village)
        said = Hello(
            village=store.village, log=log, nonce=secrets.token_hex(8), program=f"kiosk {version('kiosk')}",
            held=held_by(connection, store.village), clock=clock_sample(now), marks=marks,
            health={} if marks else talk.figures(connection, store),
            wants_certificate=memory.certificate(connection, store.village) is None, speaks=SPOKEN,
        )  # fmt: skip
    try:
        data = _post_hello(talk, said)
    except RefusedByCounty as refused:
        if refused.code not in _SAID_UNSIGNED:  # that somebody is shut out stands in a signed answer
            raise TryAgain("county_not_itself") from refused
        raise NotAllowed("not_enrolled") from refused
    answer = talk.believe(data, Answer.KIND, Answer)
    if answer.nonce != said.nonce:
        raise TryAgain("county_not_itself")
    if answer.status != "active":
        raise NotAllowed("enrolment_pending" if answer.status == "pending" else "county_revoked")
    require_common(answer, SPOKEN)
    return log, answer


def _post_hello(talk: Talk, said: Hello) -> bytes:
    """Say hello; to a county that was restored and knows this terminal no more, again with its own word for the key."""
    try:
        return talk.client.post("/v1/hello", talk.county.key.say(Hello.KIND, said))
    except RefusedByCounty as refused:
        with talk.store.read() as connection:
            certificate = memory.certificate(connection, talk.store.village)
        if refused.code != "unknown" or certificate is None:
            raise
    again = said.model_copy(update={"certificate": certificate, "sealing": talk.county.key.sealing})
    return talk.client.post("/v1/hello", talk.county.key.say(Hello.KIND, again))


def _remember(connection: Connection, village: int, log: int, answer: Answer, plan: Plan, at: int) -> None:
    memory.keep_epoch(connection, village, answer.epoch)
    if answer.certificate is not None:
        memory.keep_certificate(connection, village, answer.certificate)
    note_earlier(connection, village, answer.held, at)
    if plan.trouble == "ended" and own_log(connection, village) == log:
        end_own_log(connection, village)
    elif plan.trouble is None:
        seq = next((row.s for row in answer.held if (row.v, row.l) == (village, log)), 0)
        memory.note_acknowledged(connection, village, log, seq, at)


def _pull(talk: Talk, stretch: Stretch) -> None:
    """Take in a log piece by piece; each piece is stored only when the county vouches for its last line."""
    received = 0
    while True:
        after = stretch.after + received
        data, word = talk.client.get_frame(stretch.village, stretch.log, talk.token, after, talk.pace.size)
        if not data:
            return
        received += _take_in(talk, replace(stretch, after=after), data, word)
        talk.advance("pull", received, 0)
        talk.pace.quicken()


def _take_in(talk: Talk, stretch: Stretch, data: bytes, word: bytes) -> int:
    """Store a frame of lines that the county vouches for, and return how many they are."""
    lines = _lines_of(data)
    _check_word(talk, stretch, lines, word)
    if stretch.log == COUNTY_LOG:
        with transaction(talk.store.engine, is_write=True) as connection:
            memory.keep_county_word(connection, talk.store.village, stretch.village, word)
    try:
        talk.store.receive(stretch.village, stretch.log, lines)
    except (GapError, ForkError, MalformedLineError) as error:
        raise ForkedError("log_forked") from error
    talk.pace.received += len(lines)
    return len(lines)


def _lines_of(data: bytes) -> list[Sealed]:
    try:
        return [line for lines in FrameReader().feed(data) for line in lines]
    except FrameError as error:
        raise TryAgain("county_not_itself") from error


def _check_word(talk: Talk, stretch: Stretch, lines: list[Sealed], word: bytes) -> None:
    """Refuse lines whose chain does not end where the county says it does."""
    head = talk.believe(word, SignedHead.KIND, SignedHead)
    with talk.store.read() as connection:
        reached = hash_at(connection, stretch.village, stretch.log, stretch.after) or FIRST_PREVIOUS_HASH
    for sealed in lines:
        reached = chain(reached, sealed.line)
    is_right = (head.village, head.log, head.seq) == (stretch.village, stretch.log, stretch.after + len(lines))
    if not is_right or head.hash != reached.hex():
        raise TryAgain("county_not_itself")
