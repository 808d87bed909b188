"""The household book, read back with a barcode reader at the printers' own resolutions."""

import pytest

from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.household_book import BookGroup, BookHousehold, household_book
from kiosk.paper.typeset import Resolution
from tests.kiosk.paper.contents import HARD_NAMES, card_code
from tests.kiosk.paper.sheet import RESOLUTIONS, codes, codes_of, expected_runs, pages, runs, text_of


def groups(count: int, households: int) -> tuple[BookGroup, ...]:
    """So many groups with so many households each."""
    return tuple(
        BookGroup(
            f"第{group}组",
            tuple(
                BookHousehold(f"{group}-{n:03}", HARD_NAMES[(group + n) % 6], card_code(25, 1000 * group + n))
                for n in range(1, households + 1)
            ),
        )
        for group in range(1, count + 1)
    )


@pytest.mark.parametrize("dpi", RESOLUTIONS)
@pytest.mark.parametrize("resolution", Resolution)
def test_every_code_is_read_when_the_book_is_printed(resolution: Resolution, dpi: int) -> None:
    """Made for either printer and printed on either, in black and white, no code is lost or misread."""
    content = groups(2, 29)
    book = household_book("青山村", "2026-11-22", content, Texts("zh_CN"), resolution)
    assert codes_of(book, dpi) == sorted(one.code for group in content for one in group.households)


@pytest.mark.parametrize("resolution", Resolution)
def test_bars_are_whole_dots_when_printed_at_the_resolution_they_are_made_for(resolution: Resolution) -> None:
    """Every bar and space of every code has exactly its modules in dots, in both columns of the page."""
    content = groups(1, 26)
    book = household_book("青山村", "2026-11-22", content, Texts("zh_CN"), resolution)
    wanted = {one.code: expected_runs(one.code, resolution.module_dots) for one in content[0].households}
    assert runs(pages(book, resolution)[0]) == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_and_numbers_can_be_searched_when_the_book_is_a_file(language: str) -> None:
    """Rare names are text in the PDF, and each page says where it belongs."""
    text = text_of(household_book("青山村", "2026-11-22", groups(2, 29), Texts(language)))
    for name in (*HARD_NAMES, "2-029", "第1组", "2026-11-22"):
        assert name in text
    assert {"zh_CN": "第4页，共4页", "en": "Page 4 of 4"}[language] in text


def test_each_group_begins_a_page_when_the_book_is_put_in_tabs() -> None:
    """No page holds households of two groups."""
    content = groups(3, 5)
    found = [codes(page) for page in pages(household_book("青山村", "2026-11-22", content, Texts("zh_CN")), 300)]
    assert found == [sorted(one.code for one in group.households) for group in content]
