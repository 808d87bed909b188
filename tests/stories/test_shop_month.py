"""A month of shop life by scanner and number pad alone; the separate program agrees to the fen and the hundredth."""

from pathlib import Path

import pytest

from kiosk.domain.fund import show_fund
from tests.menu import digits_to
from tests.recomputed import recompute
from tests.stories.shop_month import HOUSES_A_GROUP, OIL, RICE, SALT, SOAP, Month, ShopVillage

FORMS = 12


async def begin(month: Month) -> None:
    """The secretary notes the grant and receives what the shop begins with."""
    await month.open_day(month.village.badge)
    await month.press(*digits_to("fund"), "plus", "1", *"1000", "plus")
    month.sheet.received += 100_000
    await month.leave()
    await month.receive("1", (SALT, 300, "450"))
    await month.receive("1", (RICE, 20, None))
    await month.receive("2", (SOAP, 200, None), (OIL, 10, None))
    await month.print_forms()
    await month.close_day()


async def serve(month: Month, badge: str, customers: range) -> None:
    """A day at the counter."""
    await month.open_day(badge)
    for number in customers:
        await month.redeem(number % len(month.village.cards), *((SALT,), (SOAP,), (SALT, SOAP))[number % 3])
    await month.leave()
    await month.close_day()


async def put_right(month: Month) -> None:
    """A void at once, one by its slip; goods back on the shelf or thrown away; rot, a short count, a late cost."""
    await month.open_day(month.village.volunteers[0].badge)
    await month.redeem(0, SALT)
    await month.void_last(0, SALT)
    await month.redeem(1, SALT)
    await month.void_by_slip(1, SALT)
    await month.redeem(2, SALT, SOAP)
    await month.return_first(2, SALT, "1")
    await month.redeem(3, SOAP)
    await month.return_first(3, SOAP, "2")
    await month.leave()
    await month.press(*digits_to("stock"), "slash", "3")
    await month.lower(RICE, 2, "2", "plus", "1")
    await month.press("slash", "2")
    await month.lower(SOAP, 1, *str(month.sheet.shelf[SOAP] - 1), "plus")
    await month.press("slash", "4", "1", *"640", "plus")
    await month.at.until(lambda: month.missing("进价640.00元：已记") == [])
    month.sheet.spent += 64_000
    await month.leave()
    await month.close_day()


async def sign(month: Month) -> None:
    """The secretary agrees to what the volunteers asked for."""
    await month.open_day(month.village.badge)
    await month.sign_all(3)
    await month.set_price(SALT, 4)
    await month.close_day()


async def go_on_by_paper(month: Month) -> None:
    """There was no power all day; what was written on forms is entered the morning after."""
    await month.open_day(month.village.volunteers[1].badge, after=2)
    await month.enter_forms(SOAP, *range(min(len(month.village.cards), FORMS)))
    await month.close_day()


async def exchange(month: Month) -> None:
    """Everybody comes on one day, and pays the new price."""
    await month.open_day(month.village.volunteers[2].badge)
    for household in range(len(month.village.cards)):
        await month.redeem(household, SALT)
    await month.leave()
    await month.close_day()


def agree(month: Month, folder: Path) -> None:
    """The test's own sheet, the store and the separate program say the same of points, bags and yuan."""
    village, sheet = month.village, month.sheet
    found, books = recompute(village.store, folder), show_fund(village.store).books
    assert found.faults == []
    assert found.balances == {village.households[place]: points for place, points in sheet.points.items()}
    assert found.stock == {village.items[code]: quantity for code, quantity in sheet.shelf.items()}
    assert (books.received_fen, books.spent_fen) == (sheet.received, sheet.spent)
    assert found.village["books"] == {
        "received": books.received_fen, "given": books.given_fen, "spent": books.spent_fen,
        "shelf": books.shelf_fen, "redeemed": books.redeemed_fen, "lost": books.lost_fen, "missing": 0,
    }  # fmt: skip
    assert (books.is_balanced, books.lost_fen > 0) == (True, True)


@pytest.mark.parametrize(
    ("households", "a_day"), [(6, 2), pytest.param(150, 12, marks=pytest.mark.torture)], ids=["small", "whole"]
)
async def test_the_books_agree_when_a_month_was_lived(tmp_path: Path, households: int, a_day: int) -> None:
    """Ten days of custom by three volunteers, an exchange day on which everybody comes, and all that goes wrong."""
    village = ShopVillage(tmp_path / "shop", households)
    days = 10 if households > HOUSES_A_GROUP else 3
    async with village.counter() as month:
        await begin(month)
        for day in range(days):
            volunteer = village.volunteers[day * 3 // days]
            await serve(month, volunteer.badge, range(day * a_day, (day + 1) * a_day))
        await put_right(month)
        await sign(month)
        await go_on_by_paper(month)
        await exchange(month)
        agree(month, tmp_path)
