"""The waiting list: second signatures, what the county says, figures that are missing. One key for each thing.

The operator at the desk signs, or a badge that is scanned here; it signs until the screen is left.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.codes import OperatorBadge
from kiosk.domain.county_word import SENT, SETTLED, CountyWord, list_words, mark_read
from kiosk.domain.moving import ArrivalShown, list_arrivals, take_in_household
from kiosk.domain.people import HouseholdPlace
from kiosk.domain.waiting import Signature, Waiting, approve_request, decline_request, list_requests, show_signer
from kiosk.errors import NotAllowed
from kiosk.locale import figures
from kiosk.locale.amount import amount
from kiosk.screens.modals.badge import BadgeModal
from kiosk.screens.modals.quantity import QuantityModal
from kiosk.screens.waiting_list import chores, objections
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.figure import Figure
from kiosk.shell import DeskScreen
from kiosk.station import Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from textual.widget import Widget

    from kiosk.domain.objection import ObjectionShown
    from kiosk.domain.waiting import Answered
    from kiosk.station import Heard, Station

Thing: TypeAlias = Waiting | CountyWord | ArrivalShown | chores.Chore
"""What stands on the list."""

# A second press within this time was meant for the thing that has just gone from the screen.
PAUSE_MILLISECONDS: Final = 600
# Refusals that another person's badge can cure.
CURED_BY_BADGE: Final = ("right_missing", "signer_is_maker", "signer_is_beneficiary", "objection_to_own_entry")
CARD_DIGITS: Final = 4
MOST_GROUPS: Final = 99
MOST_HOUSES: Final = 9_999
REISSUED: Final = "card_reissued"
ADDING: Final = {
    "late_void": "waiting_list.gives_back",
    "late_return": "waiting_list.gives_back",
    objections.KIND: "waiting_list.entry",
}
"""What a request does with its points, where it does not add them."""
LOWERING: Final = "stock_lowering"
SIGN_INS: Final = ("late_sign_in", "sign_in_after_end")


class WaitingListScreen(DeskScreen, inherit_bindings=False):
    """Shows one thing at a time: + approves or has read, / declines, a digit shows another one."""

    # A full page of requests leaves room for a refusal on the smallest screen.
    CSS = """
    WaitingListScreen RefusalPanel { padding: 0 1; margin: 0; }
    #waiting-title { margin-bottom: 0; }
    """
    BINDINGS: ClassVar = keys.bindings(
        *("waiting_list.approve", "waiting_list.decline", "waiting_list.read", "waiting_list.take_in"),
        *("waiting_list.complete", "waiting_list.uphold", "waiting_list.reject", "shell.back"),
    )
    takes = (OperatorBadge,)

    def __init__(self, station: "Station") -> None:
        """Begin with nothing read."""
        super().__init__(station)
        self._requests: tuple[Thing, ...] | None = None
        self._objections: Mapping[int, ObjectionShown] = {}
        self._at = 0
        self._signature: Signature | None = None
        self._signer = ""
        self._notice: tuple[str, dict[str, Any]] | None = None
        self._answered_at: int | None = None

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, the request on show, what is to be said, and the others."""
        yield Static("", id="waiting-title", classes="title", markup=False)
        yield Static("", id="waiting-what", classes="line", markup=False)
        yield Figure()
        yield Static("", id="waiting-why", classes="line", markup=False)
        yield Static("", id="waiting-who", classes="line", markup=False)
        yield Static("", id="waiting-notice", classes="line", markup=False)
        yield ChoiceList(
            list(map(self._short, self._requests or ())),
            turn_page=self.say("common.turn_page"),
            turn_back=self.say("common.turn_back"),
        )

    def on_mount(self) -> None:
        """Read the list."""
        self.draw()
        self.work(self._read())

    def draw(self) -> None:
        """Show the request whose turn it is, or that nothing waits."""
        requests = self._requests or ()
        self._put("title", self._title())
        key, values = self._notice or ("", {})
        self._put("notice", self.say(key, **values) if key else "")
        self.query_one("#waiting-notice").display = bool(key)
        self.query_one(Figure).display = bool(requests)
        self.query_one(ChoiceList).display = len(requests) > 1
        if requests:
            shown = requests[self._at]
            if isinstance(shown, CountyWord):
                self._draw_word(shown)
            elif isinstance(shown, ArrivalShown):
                self._draw_arrival(shown)
            elif isinstance(shown, chores.CHORES):
                self._draw_chore(shown)
            else:
                self._draw_request(shown)
        else:
            self._put("what", "" if self._requests is None else self.say("waiting_list.none"))
            self._put("why", "")
            self._put("who", "")
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer an answer to a request, that it was read to what the county says, an account to who moves here."""
        shown = self._shown
        is_objection = isinstance(shown, Waiting) and shown.kind == objections.KIND
        is_request = isinstance(shown, Waiting) and not is_objection
        return {
            "read": isinstance(shown, CountyWord),
            "take_in": isinstance(shown, ArrivalShown),
            "complete": isinstance(shown, chores.CHORES),
            "approve": is_request,
            "decline": is_request,
            "uphold": is_objection,
            "reject": is_objection,
        }.get(action, True)

    async def take_scan(self, heard: "Heard") -> None:
        """Let a badge sign from now on."""
        if isinstance(heard.code, OperatorBadge):
            await self._sign_with(Signature(heard.code.number))

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Show another request."""
        self._at, self._notice = message.index, None
        self.draw()

    @property
    def _shown(self) -> Thing | None:
        return self._requests[self._at] if self._requests else None

    def action_read(self) -> None:
        """Say that what the county says was read."""
        if self._is_double():
            self.station.shell.signal(Signal.DOUBLE)
        else:
            self.work(self._mark_read())

    def action_take_in(self) -> None:
        """Open the account of who moves here."""
        if self._is_double():
            self.station.shell.signal(Signal.DOUBLE)
        else:
            self.work(self._take_in())

    def action_complete(self) -> None:
        """Give the figure that is missing."""
        if self._is_double():
            self.station.shell.signal(Signal.DOUBLE)
        else:
            self.work(self._complete())

    def action_approve(self) -> None:
        """Sign the request on show."""
        self._begin(approve_request)

    def action_decline(self) -> None:
        """Decline the request on show."""
        self._begin(decline_request)

    def action_uphold(self) -> None:
        """Answer the objection on show: it is right."""
        self._begin(approve_request)

    def action_reject(self) -> None:
        """Answer the objection on show: it is not right."""
        self._begin(decline_request)

    def _begin(self, answer: "Callable[..., Answered]") -> None:
        if self._is_double():
            self.station.shell.signal(Signal.DOUBLE)
        else:
            self.work(self._answer(answer))

    def _is_double(self) -> bool:
        now = self.station.clock.now().mono
        return self._answered_at is not None and now - self._answered_at < PAUSE_MILLISECONDS

    async def _read(self) -> None:
        words = await self.station.read(list_words)
        arrivals = await self.station.read(list_arrivals)
        requests = await self.station.read(list_requests)
        self._objections = await objections.read_objections(self)
        self._requests = (*words, *arrivals, *requests, *await chores.list_chores(self))
        self._at = min(self._at, max(len(self._requests) - 1, 0))
        self.query_one(ChoiceList).show(list(map(self._short, self._requests)))
        self.draw()

    async def _answer(self, answer: "Callable[..., Answered]") -> None:
        request = self._shown
        if not isinstance(request, Waiting):
            return
        if (objection := self._objections.get(request.request_id)) is not None:
            is_upheld = answer is approve_request
            reply = await objections.ask_reply(self, objection, is_upheld=is_upheld)
            if reply is None:
                return
            answer = reply
        try:
            answered = await self._signed(answer, request)
        finally:
            await self._read()
        if answered is not None:
            key = "waiting_list.approved" if answered.is_approved else "waiting_list.declined"
            self._notice = (key, {"what": self._what(request)})
            if objection is not None:
                self._notice = await objections.print_answer(self, objection.objection_id)
            self._answered_at = self.station.clock.now().mono
            self.draw()

    async def _mark_read(self) -> None:
        word = self._shown
        if not isinstance(word, CountyWord):
            return
        try:
            await self.station.do(mark_read, word)
        finally:
            await self._read()
        self._notice, self._answered_at = ("waiting_list.county.done", {}), self.station.clock.now().mono
        self.draw()

    async def _take_in(self) -> None:
        arrival = self._shown
        if not isinstance(arrival, ArrivalShown):
            return
        place = await self._ask_place(arrival)
        if place is None:
            return
        try:
            await self.station.do(take_in_household, arrival, place)
        finally:
            await self._read()
        self._notice = ("waiting_list.arrival.done", {"name": arrival.name})
        self._answered_at = self.station.clock.now().mono
        self.draw()

    async def _complete(self) -> None:
        chore = self._shown
        if not isinstance(chore, chores.CHORES):
            return
        try:
            is_done = await chores.complete(self, chore)
        finally:
            await self._read()
        if is_done:
            self._notice = ("waiting_list.chore.done", {"what": chores.what_of(self, chore)})
            self._answered_at = self.station.clock.now().mono
            self.draw()

    async def _ask_place(self, arrival: ArrivalShown) -> HouseholdPlace | None:
        numbers: list[int] = []
        for part, most in (("group", MOST_GROUPS), ("house", MOST_HOUSES)):
            title = self.say(f"waiting_list.arrival_ask.{part}", name=arrival.name)
            number = await self.ask(QuantityModal(self.station, title, most=most))
            if number is None:
                return None
            numbers.append(number)
        return HouseholdPlace(*numbers)

    async def _signed(self, answer: "Callable[..., Answered]", request: "Waiting") -> "Answered | None":
        try:
            return await self.station.do(answer, request.request_id, self._signature)
        except NotAllowed as refused:
            if refused.code not in CURED_BY_BADGE or self._signature is not None:
                raise
        given = await self.ask(BadgeModal(self.station, self._told("sign", request, request.household_name)))
        if given is None:
            return None
        await self._sign_with(Signature(given.badge, given.is_verified))
        return await self.station.do(answer, request.request_id, self._signature)

    async def _sign_with(self, signature: Signature) -> None:
        signer = await self.station.read(show_signer, signature.badge)
        self._signature, self._signer, self._notice = signature, signer.name, None
        self.draw()

    def _draw_request(self, request: "Waiting") -> None:
        self._put("what", self._what(request))
        figure = self.query_one(Figure)
        figure.display = request.points is not None or request.kind == REISSUED
        if request.points is not None:
            adds = self.say(ADDING.get(request.kind, "waiting_list.adds"))
            unit = self.say("waiting_list.points")
            figure.show(figures.points(request.points), adds, unit)
        elif request.kind == REISSUED:
            number = (request.card_number or "")[-CARD_DIGITS:]
            figure.show(number, self.say("waiting_list.new_card"), "")
        self._put("why", "  ".join([self.say(f"waiting_list.why.{request.kind}"), *self._stands_on(request)]))
        day = (request.day or "")[5:]
        self._put("who", self.say("waiting_list.asked", day=day, at_time=request.at, operator=request.operator_name))

    def _draw_word(self, word: CountyWord) -> None:
        self._put("what", self._what(word))
        self.query_one(Figure).display = False
        key = "words" if word.kind == SETTLED and word.words else word.kind
        self._put("why", self.say(f"waiting_list.county_why.{key}", words=word.words, day=(word.day or "")[5:]))
        self._put("who", "")

    def _draw_arrival(self, arrival: ArrivalShown) -> None:
        self._put("what", self._what(arrival))
        figure = self.query_one(Figure)
        figure.display = True
        figure.show(figures.points(arrival.points), self.say("waiting_list.adds"), self.say("waiting_list.points"))
        self._put("why", self.say("waiting_list.arrival.why", village=f"{arrival.from_village:04}"))
        self._put("who", "")

    def _draw_chore(self, chore: chores.Chore) -> None:
        self._put("what", self._what(chore))
        self.query_one(Figure).display = False
        self._put("why", chores.why_of(self, chore))
        self._put("who", "")

    def _short(self, request: Thing) -> str:
        """Name a thing among the others: of a message only the day."""
        if isinstance(request, CountyWord) and request.kind == SENT:
            return self.say("waiting_list.county.message", day=(request.day or "")[5:])
        return self._what(request)

    def _what(self, request: Thing) -> str:
        if isinstance(request, chores.CHORES):
            return chores.what_of(self, request)
        if isinstance(request, ArrivalShown):
            return self.say("waiting_list.arrival.what", name=request.name, village=f"{request.from_village:04}")
        if isinstance(request, CountyWord):
            cause = f"waiting_list.cause.{request.cause}"
            told = self.say(cause if self.station.texts.has(cause) else "waiting_list.cause.other")
            values = {"day": (request.day or "")[5:], "words": request.words, "count": request.count, "cause": told}
            return self.say(f"waiting_list.county.{request.kind}", **values)
        return self._told("what", request, request.person_name or request.household_name)

    def _told(self, part: str, request: "Waiting", name: str) -> str:
        label, place = request.label(self.station.settings.language) or request.item_code or "", request.place
        label = label if request.goods is None else request.goods.name
        label = request.paper_number or "" if request.kind == objections.KIND else label
        if label and request.goods is None and (request.quantity or 1) > 1:
            label += self.say("waiting_list.quantity", quantity=request.quantity)
        return self.say(
            f"waiting_list.{part}.{request.kind}", label=label, name=name, group=place.group, house=place.house,
            count=request.quantity, amount=self._amount(request),
            given_points=request.points, day=(request.meeting_day or "")[5:],
        )  # fmt: skip

    def _amount(self, request: "Waiting") -> str:
        goods = request.goods
        if goods is None:
            return ""
        return amount(self.station.texts, request.quantity or 0, goods.unit, is_weighed=goods.is_weighed)

    def _stands_on(self, request: "Waiting") -> "Iterable[str]":
        if (objection := self._objections.get(request.request_id)) is not None:
            yield objections.why_of(self, objection)
            return
        if request.kind in SIGN_INS:
            if request.reason_code is not None:
                yield self.say(f"meeting.correction.{request.reason_code}")
            yield self.say("meeting.came.late" if request.is_late else "meeting.ask.was_on_time")
        if request.kind == LOWERING:
            yield self.say(f"stock.reason.{request.reason_code}")
        if request.paper_number is not None:
            yield self.say("statement.paper", number=request.paper_number)
        if request.evidence_code is not None:
            yield self.say(f"statement.evidence.{request.evidence_code}")

    def _title(self) -> str:
        count = len(self._requests or ())
        parts = [self.say("waiting_list.title")]
        parts += [self.say("waiting_list.of", number=self._at + 1, count=count)] if count else []
        parts += [self.say("waiting_list.signer", name=self._signer)] if self._signer else []
        return "  ".join(parts)

    def _put(self, name: str, text: str) -> None:
        self.query_one(f"#waiting-{name}", Static).update(text)
