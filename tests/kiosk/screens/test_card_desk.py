"""The card desk: what each scan and digit does, what stands there afterwards, in both languages."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kiosk import sticks
from kiosk.domain.card_desk import show_card
from kiosk.domain.card_stock import book_entries, issue_book_codes, printed_cards
from kiosk.domain.waiting import list_requests
from kiosk.station import Signal
from tests.kiosk.domain.office import office_in
from tests.kiosk.domain.test_card import CardOffice
from tests.kiosk.paper.sheet import codes_of, text_of
from tests.kiosk.screens.office_desk import StaffedOffice
from tests.print_system import plug_in_queue
from tests.screens import LARGE, SMALL, Desk


class Drawer(StaffedOffice, CardOffice):
    """Wangs with 42 points and a card, a household book, three blank cards."""

    def __init__(self, folder: Path) -> None:
        """Lay it out."""
        CardOffice.__init__(self, folder)
        self.award(self.wang, 4_200)
        issue_book_codes(self.store, **self.hand)
        self.book = [entry.number for entry in book_entries(self.store)]
        self.card_number = self.card_of_ming.number
        self.blank, self.other_blank, _ = (card.number for card in self.blanks)


@pytest.fixture
def drawer(tmp_path: Path) -> Drawer:
    """An office with cards."""
    return office_in(tmp_path / "desk", Drawer)


@asynccontextmanager
async def at_desk(drawer: Drawer, language: str = "zh_CN", size: tuple[int, int] = SMALL) -> AsyncIterator[Desk]:
    """The card desk is open."""
    async with drawer.at_desk("card_desk", language=language, size=size) as at:
        yield at


async def type_place(at: Desk, typed: str) -> None:
    """Type a place on the number pad and press +."""
    await at.keys(*typed, "plus")


def missing(at: Desk, *words: str) -> list[str]:
    """Which of the words are not on the screen."""
    shown = at.text()
    return [word for word in words if word not in shown]


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_CN", ("发卡、补卡", "组.户号 或 姓名", "请刷卡", "打印")),
        ("en", ("Card desk", "Group.house or name", "Scan a card", "Print")),
    ],
)
async def test_desk_says_what_to_do_when_nobody_is_there(
    drawer: Drawer, language: str, words: tuple[str, ...], size: tuple[int, int]
) -> None:
    """Scan, or type."""
    async with at_desk(drawer, language, size) as at:
        assert missing(at, *words) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_CN", ("王明  3组12号", "能用", "挂失", "补卡", "收回", "看全户", "可兑换")),
        ("en", ("王明  3-12", "works", "Lost", "New card", "Handed in", "The whole household", "Redeemable")),
    ],
)
async def test_card_shows_whose_it_is_and_what_can_be_done_when_scanned(
    drawer: Drawer, language: str, words: tuple[str, ...]
) -> None:
    """One scan, and every task has its digit."""
    async with at_desk(drawer, language) as at:
        await at.scan(drawer.card_number)
        assert missing(at, *words, drawer.card_number[-4:]) == []
        assert at.devices.tones[-1] is Signal.CARD


async def test_card_is_dead_and_lives_again_when_lost_and_found(drawer: Drawer) -> None:
    """A digit each, and the points are named."""
    async with at_desk(drawer) as at:
        await at.scan(drawer.card_number)
        await at.keys("1")
        assert missing(at, "已挂失·42分没变", "找到了") == []
        await at.keys("2")
        assert missing(at, "卡又能用了：王明") == []
    assert drawer.state(drawer.card_number) == "live"


async def test_blank_card_is_given_when_scanned_before_its_holder(drawer: Drawer) -> None:
    """Blank card, book, digit: three actions."""
    async with at_desk(drawer) as at:
        await at.scan(drawer.blank, drawer.book[0])
        assert missing(at, f"空白卡 …{drawer.blank[-4:]}", "陈芳  1990年生  没有卡") == []
        await at.keys("3")
        assert missing(at, "新卡可用：陈芳") == []
    assert drawer.held(drawer.blank) == (drawer.wang, drawer.fang)


async def test_blank_card_is_given_when_scanned_after_its_holder(drawer: Drawer) -> None:
    """Place, digit, blank card."""
    async with at_desk(drawer) as at:
        await type_place(at, "312")
        await at.keys("3")
        assert missing(at, "请扫一张空白卡") == []
        await at.scan(drawer.blank)
        assert missing(at, "新卡可用：陈芳") == []
    assert drawer.held(drawer.blank) == (drawer.wang, drawer.fang)


async def test_household_gets_cards_of_its_own_when_it_wants_them(drawer: Drawer) -> None:
    """The first by its line, another by its digit."""
    async with at_desk(drawer) as at:
        await type_place(at, "313")
        await at.keys("1")
        await at.scan(drawer.blank)
        await at.keys("plus")
        await type_place(at, "313")
        await at.keys("1", "3")
        await at.scan(drawer.other_blank)
        assert missing(at, "新卡可用：李秀") == []
    assert {drawer.held(number) for number in (drawer.blank, drawer.other_blank)} == {(drawer.li, None)}


async def test_card_is_replaced_when_it_is_broken(drawer: Drawer) -> None:
    """The old card still scans: its digit, the new card, done; what it says is what people ask."""
    async with at_desk(drawer) as at:
        await at.scan(drawer.card_number)
        await at.keys("2")
        await at.scan(drawer.blank)
        assert missing(at, "旧卡已停用·新卡可用·42分没变", "等书记签字") == []
    assert (drawer.state(drawer.card_number), drawer.held(drawer.blank)) == ("replaced", (drawer.wang, drawer.ming))
    assert [request.card_number for request in list_requests(drawer.store)] == [drawer.blank]


@pytest.mark.parametrize("order", ["card first", "blank first"])
async def test_swap_is_asked_about_when_the_old_card_still_works(drawer: Drawer, order: str) -> None:
    """Two cards on the desk could be a mistake: + swaps, - leaves both as they are."""
    numbers = [drawer.card_number, drawer.blank]
    async with at_desk(drawer) as at:
        if order == "card first":
            await at.scan(*numbers)
        else:
            await at.scan(drawer.blank, drawer.book[0])
            await at.keys("2")
        assert missing(at, "王明 的卡换成手里这张？旧卡停用") == []
        await at.keys("minus")
        assert drawer_states(drawer) == ["live", "live"]
        await at.keys("2") if order != "card first" else await at.scan(drawer.blank)
        await at.keys("plus")
        assert missing(at, "旧卡已停用·新卡可用·42分没变") == []
    assert drawer_states(drawer) == ["live", "replaced"]


def drawer_states(drawer: Drawer) -> list[str]:
    """States of the old card and the blank one, sorted, read while the desk is open."""
    from db.engine import open_sqlite
    from db.store import open_store

    store = open_store(open_sqlite(drawer.file))
    try:
        return sorted(show_card(store, number).state for number in (drawer.card_number, drawer.blank))
    finally:
        store.close()


async def test_old_card_is_taken_back_when_it_turns_up(drawer: Drawer) -> None:
    """It says that it was replaced; taking it back is asked about, because it is for good."""
    async with at_desk(drawer) as at:
        await at.scan(drawer.card_number)
        await at.keys("2")
        await at.scan(drawer.blank, drawer.card_number)
        assert missing(at, "已换新卡", "收回") == []
        assert missing(at, "挂失") == ["挂失"]
        await at.keys("1", "minus")
        await at.keys("1", "plus")
        assert missing(at, "卡已收回：王明") == []
    assert drawer.state(drawer.card_number) == "returned"
    assert drawer.held(drawer.blank) == (drawer.wang, drawer.ming)


@pytest.mark.parametrize(
    ("first", "scanned", "code"),
    [
        ("313+2", "card_number", "card_not_blank"),
        ("312+2", "foreign", "card_of_other_village"),
        ("", "unknown", "card_unknown"),
        ("", "stopped_code", "card_not_live.stopped"),
        ("999+", "", "place_empty"),
    ],
)
async def test_refusal_stays_on_the_screen_when_something_does_not_fit(
    drawer: Drawer, first: str, scanned: str, code: str
) -> None:
    """Reason and next step stand there until the next action, with the tone of refusals."""
    async with at_desk(drawer) as at:
        await at.keys(*({"+": "plus"}.get(sign, sign) for sign in first))
        if scanned:
            await at.scan(number_for(drawer, scanned))
        assert at.refusal() == code
        assert at.devices.tones[-1] is Signal.REFUSAL


def number_for(drawer: Drawer, what: str) -> str:
    """A number by what is wrong with it."""
    from kiosk.codes import CodeType, mint
    from tests.village import VILLAGE, seeded

    return {
        "card_number": drawer.card_number,
        "foreign": mint(CodeType.PERSON, VILLAGE + 1, seeded("foreign")),
        "unknown": mint(CodeType.PERSON, VILLAGE, seeded("unknown")),
        "stopped_code": stopped_code(drawer),
    }[what]


def stopped_code(drawer: Drawer) -> str:
    """A line of a book that is not used any more."""
    from db.engine import open_sqlite
    from db.store import open_store
    from kiosk.domain.card import stop_card

    store = open_store(open_sqlite(drawer.file))
    try:
        number = drawer.book[1]
        stop_card(store, show_card(store, number).card_id, now=drawer.now, by=drawer.operator)
    finally:
        store.close()
    return number


async def test_namesakes_are_listed_when_a_name_is_typed(drawer: Drawer) -> None:
    """A digit takes one; the person's own page opens."""
    async with at_desk(drawer) as at:
        await at.type_slowly("cf")
        await at.keys("plus")
        assert missing(at, "陈芳  3组12号", "请扫一张空白卡") == []


async def test_minus_goes_back_step_by_step_when_pressed(drawer: Drawer) -> None:
    """From giving to the household, to the empty desk, to the menu; the blank card is laid aside first."""
    async with at_desk(drawer) as at:
        await type_place(at, "312")
        await at.keys("3", "minus")
        assert missing(at, "王明家  3组12号", "按数字选人") == []
        await at.keys("minus")
        assert missing(at, "发卡、补卡") == []
        assert "312" not in at.text()
        await at.scan(drawer.blank)
        await at.keys("minus")
        assert missing(at, "空白卡 …") == ["空白卡 …"]
        await at.keys("minus")
        assert missing(at, "要做什么") == []


async def test_paper_card_names_its_number_when_there_is_no_printer(drawer: Drawer) -> None:
    """The card works at once: the number can be written down by hand."""
    async with at_desk(drawer) as at:
        await type_place(at, "312")
        await at.keys("3", "slash")
        assert missing(at, "新卡可用：陈芳", "纸卡没打出来") == []
        shown = at.text()
    (number,) = [
        card.number for card in printed_cards(drawer.store, "person") if drawer.held(card.number)[1] == drawer.fang
    ]
    assert " ".join(number[start : start + 4] for start in range(0, 16, 4)) in shown


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stick that is plugged in."""
    folder = tmp_path / "STICK"
    folder.mkdir()
    monkeypatch.setattr(sticks, "find_sticks", lambda: [folder])
    return folder


async def test_book_is_written_to_the_stick_when_asked_for(drawer: Drawer, stick: Path) -> None:
    """Two keys, and it may be taken out; every household is in it."""
    async with at_desk(drawer) as at:
        await at.keys("slash", "1")
        assert missing(at, "写好了，可以拔：住户册-2026-11-22.pdf（2户）") == []
    book = (stick / "住户册-2026-11-22.pdf").read_bytes()
    assert codes_of(book, 300) == sorted(drawer.book)
    assert "云岭村住户册" in text_of(book)


async def test_blank_cards_are_written_to_the_stick_when_asked_for(drawer: Drawer, stick: Path) -> None:
    """A page holds ten."""
    async with at_desk(drawer) as at:
        await at.keys("slash", "2", "1", "plus")
        assert missing(at, "（10张）") == []
    numbers = {card.number for card in printed_cards(drawer.store, "blank")}
    assert set(codes_of((stick / "空白卡-2026-11-22.pdf").read_bytes(), 300)) < numbers
    assert len(numbers) == 13


async def test_command_cards_are_written_to_the_stick_when_asked_for(drawer: Drawer, stick: Path) -> None:
    """All of them, with what each does."""
    async with at_desk(drawer) as at:
        await at.keys("slash", "7")
        assert missing(at, "操作卡-2026-11-22.pdf") == []
    assert "做屏幕上写的这件事" in text_of((stick / "操作卡-2026-11-22.pdf").read_bytes())


async def test_first_cards_are_printed_again_when_everybody_has_one(drawer: Drawer, stick: Path) -> None:
    """A sheet that jammed is asked for again; nobody gets a second card."""
    async with at_desk(drawer) as at:
        await at.keys("slash", "3")
        assert missing(at, "积分卡-2026-11-22.pdf（2张）") == []
        await at.keys("plus", "slash", "3")
        assert missing(at, "都有卡了。3张全部重打？") == []
        await at.keys("plus")
        assert missing(at, "（3张）") == []


async def test_old_book_is_dead_when_a_new_one_is_made(drawer: Drawer, stick: Path) -> None:
    """Asked about first, because every line of the old one stops."""
    async with at_desk(drawer) as at:
        await at.keys("slash", "5", "minus")
        assert missing(at, "写好了") == ["写好了"]
        await at.keys("slash", "5", "plus")
        assert missing(at, "写好了") == []
    assert {drawer.state(number) for number in drawer.book} == {"stopped"}


async def test_blank_cards_are_dead_when_the_drawer_was_robbed(drawer: Drawer) -> None:
    """Without a stick too."""
    async with at_desk(drawer) as at:
        await at.keys("slash", "6", "plus")
        assert missing(at, "空白卡作废了3张") == []
    assert drawer.state(drawer.blank) == "stopped"


async def test_book_goes_to_the_printer_when_a_queue_is_chosen(
    drawer: Drawer, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a stick beside it a digit decides."""
    folder = plug_in_queue(tmp_path / "lp", monkeypatch, "A4")
    async with at_desk(drawer) as at:
        await at.keys("slash", "1")
        assert missing(at, "从哪里出？按数字", "打印机 A4", "U盘 STICK") == []
        await at.keys("1")
        assert missing(at, "已送打印机：住户册-2026-11-22.pdf（2户）") == []
    assert "云岭村住户册" in text_of((folder / "pages").read_bytes())
    assert not stick.joinpath("住户册-2026-11-22.pdf").exists()


@pytest.mark.parametrize("found", [list, lambda: [Path("nowhere")]])
async def test_papers_are_refused_when_there_is_no_stick(
    drawer: Drawer, monkeypatch: pytest.MonkeyPatch, found: Callable[[], list[Path]]
) -> None:
    """None is plugged in, or it cannot be written; nothing was issued meanwhile."""
    monkeypatch.setattr(sticks, "find_sticks", found)
    async with at_desk(drawer) as at:
        await at.keys("slash", "3")
        assert at.refusal() == "outlet_absent"
        assert missing(at, "发卡、补卡") == []
    assert len(printed_cards(drawer.store, "person")) == 1
