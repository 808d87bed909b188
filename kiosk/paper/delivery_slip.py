"""The slip that goes with goods to a household's door: who they are for, what there is, and a box to sign in."""

from typing import Final

from kiosk.locale import Texts
from kiosk.locale.amount import amount
from kiosk.paper.elements import Align, Big, Cell, Code128, Cut, Element, Feed, Row, Rule, Text, pair
from kiosk.paper.slip import SlipContent, SlipLine, shown_household

_QUANTITY_COLUMNS: Final = 12
_BOX_ROWS: Final = 3


def delivery_slip(redemption: SlipContent, texts: Texts) -> list[Element]:
    """Give the slip that goes with the goods of a redemption; its code is that of the redemption's own slip."""
    return [
        Big(redemption.village),
        Text(texts("paper.delivery.title"), Align.CENTRE),
        Feed(),
        pair(texts("paper.slip.number"), redemption.number),
        pair(texts("paper.slip.day"), redemption.day),
        Big(shown_household(redemption.household)),
        Rule(),
        *(
            Row((Cell(line.goods), Cell(_amount(line, texts), Align.RIGHT, _QUANTITY_COLUMNS)))
            for line in redemption.lines
        ),
        Rule(),
        Text(texts("paper.delivery.sign_here")),
        Feed(_BOX_ROWS),
        Rule(),
        Text(texts("paper.delivery.bring_back")),
        Feed(),
        Code128(redemption.code),
        Cut(),
    ]


def _amount(line: SlipLine, texts: Texts) -> str:
    return amount(texts, line.quantity, line.unit, is_weighed=line.is_weighed)
