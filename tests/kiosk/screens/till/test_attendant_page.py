"""The attendant's page quotes the screen: what stands in 「」 is what the screen says."""

import re
from pathlib import Path

from kiosk.locale import CHINESE, areas, read_area
from tests.architecture.tree import ROOT

PAGE = Path("docs/attendant.md")
QUOTED = re.compile("「([^」]+)」")
FIELD = re.compile(r"\\\{[^}]*\\\}")


def patterns() -> list[re.Pattern[str]]:
    """Every Chinese text as a pattern: whatever stands in its fields."""
    texts = [text for area in areas(CHINESE) for text in read_area(CHINESE, area).values()]
    return [re.compile(FIELD.sub(".+?", re.escape(text))) for text in texts]


def test_every_quoted_text_is_on_a_screen_when_the_page_is_read() -> None:
    """A text that changes on the screen changes on the page."""
    known = patterns()
    quoted = QUOTED.findall((ROOT / PAGE).read_text("utf-8"))
    assert len(quoted) > 15
    assert [text for text in quoted if not any(pattern.fullmatch(text) for pattern in known)] == []


def test_every_key_of_the_number_pad_is_explained_when_the_page_is_read() -> None:
    """In both halves of the page."""
    halves = (ROOT / PAGE).read_text("utf-8").split("\n---\n")
    assert len(halves) == 2
    assert [key for half in halves for key in ("+", "−", r"\*", ".", "/", "0–9") if f"**{key}**" not in half] == []
