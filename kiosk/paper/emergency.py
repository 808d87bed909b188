"""Paper for an hour without power: a list of balances, and numbered forms for redemptions and sign-ins; slip and A4."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.locale import Texts
from kiosk.locale.figures import points
from kiosk.paper.elements import WIDE, Align, Big, Cell, Cut, Element, Feed, Row, Rule, Text, pair
from kiosk.paper.slip import signature
from kiosk.paper.typeset import Press, Value, typeset
from kiosk.paper.width import columns_of, on_paper

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from db.facts.form import FormUse
    from kiosk.domain.balance_list import BalanceLine, BalanceList
    from kiosk.domain.form import FormsIssued

_HOUSE_COLUMNS: Final = 5
_POINTS_COLUMNS: Final = 8
_GOODS_NUMBER_COLUMNS: Final = 3
_COLUMNS: "Final[Mapping[FormUse, Sequence[str]]]" = {
    "redemption": ("number", "day", "place", "name", "goods", "goods", "goods", "points", "signed"),
    "sign_in": ("number", "place", "name", "came", "late", "signed"),
}


@dataclass(frozen=True)
class EmergencyContent:
    """What lies ready for an hour without power: `day` is when it was printed."""

    village: str
    day: str
    balances: "BalanceList"
    forms: "tuple[FormsIssued, ...]" = ()


def balance_list_slip(content: EmergencyContent, texts: Texts, columns: int) -> list[Element]:
    """Give the list of balances for a paper of ``columns``: two households a row on wide paper."""
    balances = content.balances
    return [
        Big(content.village),
        Text(texts("forms.paper.balances"), Align.CENTRE),
        Feed(),
        pair(texts("forms.paper.day"), content.day),
        pair(texts("forms.paper.households"), str(balances.households)),
        pair(texts("forms.paper.points"), points(balances.points)),
        Text(texts("forms.paper.without", count=balances.without)),
        Rule(),
        *(
            element
            for group in balances.groups
            for element in (
                Text(texts("forms.paper.group", group=group.group)),
                *_balance_rows(group.lines, columns, texts),
                Rule(),
            )
        ),
        Cut(),
    ]


def forms_slip(issued: "FormsIssued", village: str, texts: Texts, columns: int) -> list[Element]:
    """Give numbered forms for a paper of ``columns``: room to write in, and what the numbers of goods mean."""
    fill = _redemption_form if issued.use == "redemption" else _sign_in_line
    return [
        Big(village),
        Text(texts(f"forms.paper.{issued.use}"), Align.CENTRE),
        Feed(),
        Text(texts(f"forms.paper.how.{issued.use}")),
        *(Text(blank) for blank in _blanks(issued, texts)),
        Rule(),
        *_goods_rows(issued, texts),
        *(element for number in issued.numbers for element in fill(number.shown, texts, columns)),
        Cut(),
    ]


def emergency_sheet(content: EmergencyContent, texts: Texts, press: Press = typeset) -> bytes:
    """Give list and forms as one PDF on A4, each kind on pages of its own.

    Raises Refused ``glyph_missing`` with the household and the character.
    """
    balances = content.balances
    return press(
        "emergency_sheet",
        {
            "village": content.village,
            "day": texts("forms.paper.printed_on", day=content.day),
            "page": texts("forms.paper.page", page="{page}", pages="{pages}"),
            "balances": {
                "title": texts("forms.paper.balances"),
                "sums": texts("forms.paper.sums", households=balances.households, points=balances.points),
                "without": texts("forms.paper.without", count=balances.without),
                "groups": [
                    {
                        "name": texts("forms.paper.group", group=group.group),
                        "lines": [
                            {"number": f"{line.house}", "name": line.name, "points": points(line.points)}
                            for line in group.lines
                        ],
                    }
                    for group in balances.groups
                ],
            },
            "forms": [_sheet_of(issued, texts) for issued in content.forms],
        },
    )


def _balance_rows(lines: "Sequence[BalanceLine]", columns: int, texts: Texts) -> Iterator[Element]:
    beside = 2 if columns >= WIDE else 1
    width = (columns - (beside - 1) * 3) // beside - _HOUSE_COLUMNS - _POINTS_COLUMNS - 2
    for start in range(0, len(lines), beside):
        cells: list[Cell] = []
        for line in lines[start : start + beside]:
            cells += [Cell("", width=1)] if cells else []
            cells += [
                Cell(texts("forms.paper.house", house=line.house), width=_HOUSE_COLUMNS),
                Cell(line.name, width=width),
                Cell(points(line.points), Align.RIGHT, _POINTS_COLUMNS),
            ]
        yield Row(tuple(cells))


def _goods_rows(issued: "FormsIssued", texts: Texts) -> Iterator[Element]:
    if not issued.goods:
        return
    yield Text(texts("forms.paper.goods"))
    for number, goods in enumerate(issued.goods, start=1):
        price = texts("forms.paper.each", points=goods.points or 0, unit=goods.unit)
        cells = (Cell(str(number), Align.RIGHT, _GOODS_NUMBER_COLUMNS), Cell(goods.name))
        yield Row((*cells, Cell(price, Align.RIGHT, columns_of(price, on_paper))))
    yield Rule()


def _redemption_form(number: str, texts: Texts, columns: int) -> Iterator[Element]:
    yield Big(number, Align.LEFT)
    yield Feed()
    for name in ("day_blank", "household_blank", "goods_blank", "goods_blank", "points_blank"):
        yield Text(texts(f"forms.paper.{name}"))
        yield Feed()
    yield signature(texts("forms.paper.signature"), columns)
    yield Rule()


def _sign_in_line(number: str, texts: Texts, columns: int) -> Iterator[Element]:
    yield Feed()
    yield Text(texts("forms.paper.sign_in_blank", number=number))
    yield signature(texts("forms.paper.name_signature"), columns)


def _blanks(issued: "FormsIssued", texts: Texts) -> tuple[str, ...]:
    """Give what is filled in once above forms: of sign-ins the meeting and its day."""
    if issued.use == "redemption":
        return ()
    return texts("forms.paper.meeting_blank"), texts("forms.paper.day_blank")


def _sheet_of(issued: "FormsIssued", texts: Texts) -> Value:
    columns = _COLUMNS[issued.use]
    return {
        "title": texts(f"forms.paper.{issued.use}"),
        "how": texts(f"forms.paper.how.{issued.use}"),
        "blank": "    ".join(_blanks(issued, texts)),
        "columns": [texts(f"forms.paper.column.{name}") for name in columns],
        "kinds": list(columns),
        "numbers": [number.shown for number in issued.numbers],
        "goods_title": texts("forms.paper.goods") if issued.goods else "",
        "goods": [
            {
                "number": str(place),
                "name": goods.name,
                "price": texts("forms.paper.each", points=goods.points or 0, unit=goods.unit),
            }
            for place, goods in enumerate(issued.goods, start=1)
        ],
    }
