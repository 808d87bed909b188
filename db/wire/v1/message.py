"""What the two sides say to each other; every message is signed (see `signed`)."""

from typing import Annotated, ClassVar, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from db.line import LARGEST_INTEGER, LARGEST_LOG

Village: TypeAlias = Annotated[int, Field(ge=0, le=9999)]
Log: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST_LOG)]
Seq: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST_INTEGER)]
Short: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Whole: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Words: TypeAlias = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""Words that a table keeps and a list shows: no control character, which one engine refuses and a terminal obeys."""
Nonce: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]

MOST_MARKS: Final = 64
MOST_VERSIONS: Final = 8
Speaks: TypeAlias = Annotated[tuple[Seq, ...], Field(max_length=MOST_VERSIONS)]
"""The versions of the protocol a program knows."""


class Message(BaseModel):
    """Something said: strict types; fields this program does not know are left aside, so that later ones may add."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")
    KIND: ClassVar[str]


class HeadSeen(BaseModel):
    """How far a log is held: seq and the first 8 bytes of its hash in hex; seq 0 has sixteen zeros."""

    model_config = ConfigDict(frozen=True, strict=True)
    v: Village
    l: Log  # noqa: E741  because it travels with every hello
    s: Seq
    h: Short


class SignedHead(Message):
    """The end of a log as its writer, or the county, vouches for it."""

    KIND: ClassVar[str] = "head"
    village: Village
    log: Log
    seq: Seq
    hash: Whole


class Certificate(Message):
    """The county's word that a log of a village is written by whoever has this key.

    `till` is the number kept for its slips (0: none), `replaces` the log of the terminal in whose place it came.
    """

    KIND: ClassVar[str] = "certificate"
    village: Village
    log: Log
    key: Whole
    till: Seq = 0
    replaces: Log | None = None


class Enrolment(Message):
    """A terminal asks to be known: the one-time code of its village, its key and its log.

    `founds` says that it was set up as a village's first: its log took the seat by itself.
    """

    KIND: ClassVar[str] = "enrol"
    village: Village
    log: Log
    code: Words
    key: Whole
    sealing: Whole
    program: Words
    founds: bool = False


class Enrolled(Message):
    """The county's answer, with its own keys: `pending` until an officer has compared the check digits.

    `till` is the number kept for this terminal's slips, `replaces` the log of the terminal in whose place it comes.
    `name` is what the village is called, `phone` whom it telephones for help; empty where the county does not say.
    """

    KIND: ClassVar[str] = "enrolled"
    village: Village
    log: Log
    status: Literal["pending", "active"]
    key: Whole
    sealing: Whole
    till: Seq = 1
    replaces: Log | None = None
    name: Words = ""
    phone: Words = ""


class Restoring(Message):
    """A terminal comes in the place of a dead one: the code two officers gave the village, and its key.

    The county names the log it shall write.
    """

    KIND: ClassVar[str] = "restore"
    village: Village
    code: Words
    key: Whole
    sealing: Whole
    program: Words


class Hello(Message):
    """The beginning of a session: who speaks, what is held here, and a number the answer repeats.

    `speaks` are the versions of the protocol this terminal knows (see `db.wire.versions`).
    `certificate`, with the key to seal to, is for a county that was restored and does not know this terminal any more.
    """

    KIND: ClassVar[str] = "hello"
    village: Village
    log: Log
    nonce: Nonce
    program: Words
    held: tuple[HeadSeen, ...] = ()
    clock: Annotated[tuple[int, ...], Field(max_length=4)] = ()
    health: dict[str, int] = Field(default_factory=dict)
    wants_certificate: bool = False
    certificate: Annotated[str, Field(max_length=1_000)] | None = None
    sealing: Whole | None = None
    marks: tuple[HeadSeen, ...] = Field(default=(), max_length=MOST_MARKS)
    speaks: Speaks = (1,)


class Urgent(BaseModel):
    """Lines of a county log after seq `a`: a frame in base64, and the county's word for their end."""

    model_config = ConfigDict(frozen=True, strict=True)
    v: Village
    a: Seq
    f: Annotated[str, Field(max_length=2_048)]
    w: Annotated[str, Field(max_length=1_024)]


class Answer(Message):
    """What the county holds of each log this village may know; `token` opens the calls of this session.

    `epoch` changes when the hub is restored. `at` is the hub's time in milliseconds. The own log's row is a receipt.
    `parted` are ends and marks of the hello in whose place the county holds another line, `same` the marks it holds.
    `urgent` are small pieces of county logs that do not wait: they continue what the hello says is held.
    `version` is the one of the protocol to go on with; where none is common, `upgrade` says whose program is too old.
    """

    KIND: ClassVar[str] = "answer"
    nonce: Nonce
    status: Literal["pending", "active", "revoked"]
    epoch: Short
    at: Seq
    held: tuple[HeadSeen, ...] = ()
    token: Words = ""
    certificate: str | None = None
    parted: tuple[HeadSeen, ...] = ()
    same: tuple[HeadSeen, ...] = ()
    urgent: tuple[Urgent, ...] = ()
    version: Seq = 1
    upgrade: Literal["terminal", "county"] | None = None


class Parcel(Message):
    """What a sealed file on a stick holds: lines after `after` of a log, or none, and what its sender has of each log.

    `seq` and `hash` are the end of its lines. A terminal names its `key`, by which it is known also in a new log, and
    says whether it wants the county's `certificate` for it. The county's `epoch` is another after it was restored, and
    may hold less; lines of its own go back to it with its old `word` for their end. `program`, `clock` and `health` are
    those of the hello. Either side names in `speaks` the versions of the protocol it knows (see `db.wire.versions`).
    """

    KIND: ClassVar[str] = "parcel"
    village: Village
    log: Log
    after: Seq
    seq: Seq
    hash: Whole
    held: tuple[HeadSeen, ...] = ()
    key: Whole | None = None
    wants_certificate: bool = False
    certificate: str | None = None
    epoch: Short | None = None
    word: Annotated[str, Field(max_length=8_000)] | None = None
    program: Words = ""
    clock: Annotated[tuple[int, ...], Field(max_length=4)] = ()
    health: dict[str, int] = Field(default_factory=dict)
    speaks: Speaks = (1,)


class Stored(Message):
    """What the hub holds of a log after taking frames; `trouble` says why it took no more, if it did not."""

    KIND: ClassVar[str] = "stored"
    village: Village
    log: Log
    seq: Seq
    hash: Short
    trouble: Literal["gap", "fork", "limits", "line", "frame", "head"] | None = None
