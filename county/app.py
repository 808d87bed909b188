"""The hub's calls over HTTP. A business reason is never an error here: lines are stored, whatever they say."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, FastAPI, Header, Query, Request, Response
from fastapi import Path as PathPart
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import DBAPIError
from starlette.requests import ClientDisconnect

from county.delivery import FRAMES_AT_ONCE, NOT_TAKEN, Delivery, end_delivery, stored_message, take_frames, trouble_of
from county.hub import Hub
from county.intake import (
    Caller,
    NotHeardError,
    open_session,
    read_back,
    require_heard,
    take_enrolment,
    take_hello,
    take_restore,
)
from county.projector import Projector
from county.recovery import take_back
from db.journal import COMMON_VILLAGE, heads
from db.line import COUNTY_LOG, LARGEST_INTEGER, LARGEST_LOG
from db.wire.v1.frame import LARGEST_PIECE, FrameError, FrameReader
from db.wire.v1.signed import LARGEST_MESSAGE
from db.wire.v1.steps import Stretch

if TYPE_CHECKING:
    from db.journal import Sealed

MEDIA: Final = "application/octet-stream"
HEAD: Final = "kiosk-head"
LARGEST_VILLAGE: Final = 9_999
SMALLEST_PIECE: Final = 1024
LARGEST_HANDED_BACK: Final = 64 * 2**20
"""Bytes of lines; the county's own ones of many years, which are held in memory until their end is checked."""
_OF_AN_EMPTY_LINE: Final = 100
RETRY_AFTER_SECONDS: Final = "60"
_LOG: Final = logging.getLogger(__name__)
_STATUS: Final = {
    "code_wrong": 403, "log_taken": 403, "founded": 403, "signature": 401, "unknown": 401, "revoked": 401,
    "restore_wrong": 403, "restore_old": 403, "restore_used": 403,
}  # fmt: skip


router = APIRouter()
OfVillage = Annotated[int, PathPart(ge=0, le=LARGEST_VILLAGE)]
OfLog = Annotated[int, PathPart(ge=0, le=LARGEST_LOG)]
After = Annotated[int, Query(ge=0, le=LARGEST_INTEGER)]
Size = Annotated[int, Query(ge=0, le=LARGEST_PIECE)]


class _TooMuchError(Exception):
    """More than the hub holds in memory at once."""


def create_app(hub: Hub) -> FastAPI:
    """Return the app of an open hub; its projector runs while the app does."""
    projector = Projector(hub)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        projector.start()
        yield
        await run_in_threadpool(projector.stop)

    app = FastAPI(title="county", openapi_url=None, lifespan=lifespan)
    app.state.hub, app.state.projector = hub, projector
    app.include_router(router)
    app.add_exception_handler(NotHeardError, _refuse)
    app.add_exception_handler(ClientDisconnect, _leave)
    app.add_exception_handler(DBAPIError, _put_off)
    return app


@router.post("/v1/enrol")
async def enrol(request: Request) -> Response:
    """A terminal asks to be known."""
    data = await _message(request)
    return Response(await run_in_threadpool(take_enrolment, request.app.state.hub, data), media_type=MEDIA)


@router.post("/v1/restore")
async def restore(request: Request) -> Response:
    """A terminal comes in the place of a dead one, with the code two officers gave its village."""
    data = await _message(request)
    return Response(await run_in_threadpool(take_restore, request.app.state.hub, data), media_type=MEDIA)


@router.post("/v1/hello")
async def hello(request: Request) -> Response:
    """A session begins: what the hub holds."""
    data = await _message(request)
    return Response(await run_in_threadpool(take_hello, request.app.state.hub, data), media_type=MEDIA)


@router.put("/v1/log/{village}/{log}")
async def put_log(
    village: OfVillage, log: OfLog, request: Request, authorization: Annotated[str, Header()] = ""
) -> Response:
    """A stream of frames of the caller's own log, or one before it; 409 says what is held and why no more was taken."""
    hub: Hub = request.app.state.hub
    caller = open_session(hub, _token(authorization))
    if log == COUNTY_LOG and village in (COMMON_VILLAGE, caller.village):
        return await _take_back(hub, caller, village, request)
    head = request.headers.get(HEAD)
    delivery = Delivery(hub, caller, village, log, None if head is None else _unfold(head))
    frames, stopped = await _take_stream(delivery, request)
    answer, trouble = await run_in_threadpool(end_delivery, delivery, frames, stopped)
    request.app.state.projector.notice(village)
    return Response(answer, 200 if trouble is None else 409, media_type=MEDIA)


@router.get("/v1/log/{village}/{log}")
async def get_log(
    village: OfVillage,
    log: OfLog,
    request: Request,
    after: After = 0,
    size: Size = LARGEST_PIECE,
    authorization: Annotated[str, Header()] = "",
) -> Response:
    """The next lines of a log the caller may read, as one frame, and the county's word for the last of them."""
    hub: Hub = request.app.state.hub
    caller = open_session(hub, _token(authorization))
    found = await run_in_threadpool(read_back, hub, caller, Stretch(village, log, after), max(SMALLEST_PIECE, size))
    return Response(found.frame, headers={HEAD: _fold(found.head)}, media_type=MEDIA)


async def _refuse(_request: Request, error: Exception) -> Response:
    code = error.code if isinstance(error, NotHeardError) else "unknown"
    return Response(code, _STATUS[code], media_type="text/plain")


async def _leave(_request: Request, _error: Exception) -> Response:
    """The line was cut: nobody hears this answer, and nothing is wrong with the hub."""
    return Response(status_code=400)


async def _put_off(request: Request, error: Exception) -> Response:
    """The store takes nothing now (full disk, locked, restarted); the frames before are kept, and it may come again."""
    _LOG.error("%s %s put off: %s", request.method, request.url.path, error)
    return Response(status_code=503, headers={"retry-after": RETRY_AFTER_SECONDS})


async def _take_stream(delivery: Delivery, request: Request) -> tuple[list[list["Sealed"]], str | None]:
    """Store frames as they arrive; return the last of them, not stored yet, and why it stopped before the end."""
    reader, frames, is_more = FrameReader(), list[list["Sealed"]](), True
    try:
        while is_more:
            data, is_more = await _next_piece(request)
            for lines in reader.frames(data):
                frames.append(lines)
                if len(frames) == FRAMES_AT_ONCE:
                    await _take_all(delivery, frames)
            if is_more and frames:
                await _take_all(delivery, frames)
    except (FrameError, *NOT_TAKEN) as error:
        return frames, trouble_of(error)
    return frames, None if reader.is_at_border else "frame"


async def _take_all(delivery: Delivery, frames: list[list["Sealed"]]) -> None:
    """Store what has come whole, and forget it here."""
    taken = frames.copy()
    frames.clear()
    await run_in_threadpool(take_frames, delivery, taken)


async def _next_piece(request: Request) -> tuple[bytes, bool]:
    """Return what of a body has arrived by now, and whether more comes. Raises ClientDisconnect."""
    message = await request.receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return message.get("body", b""), message.get("more_body", False)


async def _take_back(hub: Hub, caller: Caller, village: int, request: Request) -> Response:
    """Take what the county itself once said and lacks since it was restored: all of it, or nothing."""
    await run_in_threadpool(_require_heard, hub, caller)
    lines: list[Sealed] = []
    reader, size, trouble = FrameReader(), 0, None
    try:
        async for data in request.stream():
            for frame in reader.frames(data):
                lines += frame
                size += sum(map(_memory_of, frame))
                _require_small(size)
    except _TooMuchError:
        trouble = "limits"
    except FrameError:
        trouble = "frame"
    if trouble is None:
        trouble = await run_in_threadpool(take_back, hub, village, lines, _unfold(request.headers.get(HEAD, "")))
    request.app.state.projector.notice(village)
    answer = await run_in_threadpool(_say_stored, hub, village, trouble)
    return Response(answer, 200 if trouble is None else 409, media_type=MEDIA)


def _require_heard(hub: Hub, caller: Caller) -> None:
    with hub.read() as connection:
        require_heard(connection, caller)


def _say_stored(hub: Hub, village: int, trouble: str | None) -> bytes:
    with hub.read() as connection:
        head = heads(connection, village, COUNTY_LOG).get(COUNTY_LOG)
    return stored_message(hub, village, COUNTY_LOG, head, trouble)


def _memory_of(sealed: "Sealed") -> int:
    """Count about the bytes a line takes here, its text and an empty one included."""
    return _OF_AN_EMPTY_LINE + len(sealed.line) + (0 if sealed.private is None else len(sealed.private.text))


def _require_small(size: int) -> None:
    if size > LARGEST_HANDED_BACK:
        raise _TooMuchError


async def _message(request: Request) -> bytes:
    """Read a small message; what is larger is cut off and fails its signature."""
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > LARGEST_MESSAGE:
            break
    return bytes(data)


def _token(authorization: str) -> str:
    return authorization.removeprefix("Bearer ")


def _fold(message: bytes) -> str:
    """Put a signed message into one header line."""
    return message.replace(b"\n", b"|").decode("latin-1")


def _unfold(header: str) -> bytes:
    return header.encode("latin-1", "replace").replace(b"|", b"\n")
