"""The words of the terminal: complete in both languages, asked for by keys that exist, said by people at a desk."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from db.facts import FAMILIES, kinds_of, meeting, period, points, returning, shop, terminal, terms
from kiosk.errors import Refused
from kiosk.locale import CHINESE, ENGLISH, LANGUAGES, Texts, areas, figures, read_area
from tests.architecture.tree import python_files, tree_of

REFUSALS = {"Refused", "BadInput", "NotWritable", "StoreFailed", "TryAgain", "NotAllowed"}
ASKING = {"say", "texts", "TEXTS", "_texts"}
NO_KEY = re.compile(r"\.(?:toml|db|tcss|new|bad|py)$")
FORBIDDEN = {
    CHINESE: re.compile("同步|日志|异常|注册|会员|顾客|客户|撤消"),
    ENGLISH: re.compile(r"\b(?:undo|due|sync|synchroni[sz]e|exception|enrol\w*|receipt|customer)\b", re.IGNORECASE),
}
"""Words of the table "Words" that stand for something else there; the command line is for installers and exempt."""


WORDS_OF_FACTS: dict[str, object] = {
    "day_close.spot.reason": period.SkipReason,
    "ledger.entry": shop.Entry,
    "meeting.correction": meeting.CorrectionReason,
    "objection.reason": points.ObjectionReason,
    "objection.reply": points.ObjectionReply,
    "opening.doubt": period.Doubt,
    "operators.reason": terminal.SuspensionReason,
    "statement.evidence": points.Evidence,
    "statement.reversal": points.ReversalReason,
    "stock.reason": returning.WasteReason,
    "stock.sort": shop.WishSort,
    "stock.source": shop.Source,
    "terms.festival": terms.Festival,
    "terms.reason": shop.PriceReason,
    "terms.span": terms.Span,
    "till.reason": shop.NoCardReason,
}
"""What a fact may say in one of a few words, and where the words stand for people."""


def texts_of(language: str) -> dict[str, str]:
    """Every text of a language by its full key."""
    return {f"{area}.{key}": text for area in areas(language) for key, text in read_area(language, area).items()}


def fields_of(template: str) -> set[str]:
    """The names that a template wants filled."""
    return {field for _, field, _, _ in string.Formatter().parse(template) if field is not None}


def calls(*folders: str) -> Iterator[tuple[Path, ast.Call, str]]:
    """Every call in the code with the last part of the called name."""
    for path in python_files(*folders):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                yield path, node, name


def constants(node: ast.expr) -> list[str]:
    """The texts an argument may be: a constant, or either side of a choice between constants."""
    if isinstance(node, ast.IfExp):
        return constants(node.body) + constants(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def prefix_of(node: ast.expr) -> str | None:
    """What a key put together while the program runs begins with; None for other arguments."""
    if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
        return str(node.values[0].value)
    return None


def given(call: ast.Call) -> set[str] | None:
    """The names of the values given in a call; None if some are given by a mapping."""
    names = [keyword.arg for keyword in call.keywords]
    return None if None in names else {name for name in names if name is not None}


def test_both_languages_have_the_same_keys_when_a_text_is_added() -> None:
    """No screen is half in another language."""
    assert set(texts_of(CHINESE)) ^ set(texts_of(ENGLISH)) == set()


def test_both_languages_want_the_same_values_when_a_text_is_filled() -> None:
    """A figure shown in one language is shown in the other."""
    chinese, english = texts_of(CHINESE), texts_of(ENGLISH)
    shared = set(chinese) & set(english)
    assert {key for key in shared if fields_of(chinese[key]) != fields_of(english[key])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_broken_when_it_is_drawn(language: str) -> None:
    """Every template says something and can be filled."""
    for key, text in texts_of(language).items():
        assert text.strip() or ".example." in key, key
        assert fields_of(text) >= set(), key


def test_every_key_in_the_code_has_a_text_when_it_is_asked_for() -> None:
    """A key written out anywhere in the code leads to words, in both languages."""
    known = {language: set(texts_of(language)) for language in LANGUAGES}
    looks_like_key = re.compile(rf"(?:{'|'.join(areas(CHINESE))})(?:\.[A-Za-z0-9_]+)+")
    missing = [
        f"{path}: {node.value}"
        for path in python_files("kiosk")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and looks_like_key.fullmatch(node.value)
        and not NO_KEY.search(node.value)
        and not is_action(node.value)
        and any(not is_text(node.value, keys) for keys in known.values())
    ]
    assert missing == []


def is_text(key: str, known: set[str]) -> bool:
    """Say whether a key has a text, or is the beginning of keys that have."""
    return key in known or any(other.startswith(f"{key}.") for other in known)


def is_action(text: str) -> bool:
    """Say whether a text is the id of an action of the keys, which looks like a key of a text."""
    from kiosk import keys

    return keys.is_registered(text)


def test_every_key_put_together_has_texts_when_it_is_asked_for() -> None:
    """A key that ends in a value begins with what some text begins with."""
    known = set(texts_of(CHINESE))
    missing = [
        f"{path}:{call.lineno}: {prefix}"
        for path, call, name in calls("kiosk")
        if name in ASKING and call.args and (prefix := prefix_of(call.args[0])) is not None
        if prefix and not any(key.startswith(prefix) for key in known)
    ]
    assert missing == []


@pytest.mark.parametrize("prefix", sorted(WORDS_OF_FACTS))
def test_every_word_of_a_fact_has_a_text_when_it_is_shown(prefix: str) -> None:
    """What one screen begins to write, every screen, sheet and slip that shows it can say."""
    known = {language: set(texts_of(language)) for language in LANGUAGES}
    keys = [f"{prefix}.{word}" for word in get_args(WORDS_OF_FACTS[prefix])]
    assert keys
    assert [key for key in keys if any(key not in texts for texts in known.values())] == []


def test_every_entry_of_an_account_has_its_name_when_it_is_shown() -> None:
    """Whatever moves the points of a household is called something on slips, statements and ledgers."""
    known = {language: set(texts_of(language)) for language in LANGUAGES}
    moving = {body.KIND for family in FAMILIES for body in kinds_of(family).values() if "legs" in body.model_fields}
    assert len(moving) > 10
    keys = sorted(f"statement.kind.{kind}" for kind in moving)
    assert [key for key in keys if any(key not in texts for texts in known.values())] == []


def test_every_value_a_text_wants_is_given_when_it_is_asked_for() -> None:
    """No screen ever shows a name in braces."""
    known = texts_of(CHINESE)
    missing = [
        f"{path}:{call.lineno}: {key} wants {sorted(fields_of(known[key]) - values)}"
        for path, call, name in calls("kiosk")
        if name in ASKING and call.args and (values := given(call)) is not None
        for key in constants(call.args[0])
        if key in known and not fields_of(known[key]) <= values
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_forbidden_word_is_on_a_screen_when_texts_are_written(language: str) -> None:
    """One word for one thing, and none that only programmers use."""
    found = {
        key: text
        for key, text in texts_of(language).items()
        if not key.startswith("cli.") and FORBIDDEN[language].search(text)
    }
    assert found == {}


@pytest.mark.parametrize(
    ("language", "text"),
    [(CHINESE, "正在同步"), (CHINESE, "日志已满"), (ENGLISH, "Undo the redemption"), (ENGLISH, "Points due")],
)
def test_a_forbidden_word_is_found_when_it_is_written(language: str, text: str) -> None:
    """The search above sees what it is meant to see."""
    assert FORBIDDEN[language].search(text)


def raised() -> Iterator[tuple[str, str, set[str] | None]]:
    """Every refusal in the code: place, code, names of the parameters given (None if by a mapping)."""
    for path, call, name in calls("kiosk"):
        if name in REFUSALS and call.args:
            for code in constants(call.args[0]):
                yield f"{path}:{call.lineno}", code, given(call)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_reason_and_next_step_when_it_is_raised(language: str) -> None:
    """Nobody is ever told no without being told why and what to do now."""
    known = texts_of(language)
    missing = [
        f"{place}: {code}.{part}"
        for place, code, _ in raised()
        for part in ("reason", "next")
        if f"refusal.{code}.{part}" not in known
    ]
    assert missing == []


def test_a_refusal_is_given_what_its_texts_want_when_it_is_raised() -> None:
    """The sentence about a refusal can always be filled."""
    known = texts_of(CHINESE)
    missing = [
        f"{place}: {code} wants {sorted(wanted - values)}"
        for place, code, values in raised()
        if values is not None
        for part in ("reason", "next")
        if not (wanted := fields_of(known.get(f"refusal.{code}.{part}", ""))) <= values
    ]
    assert missing == []


def test_the_walk_finds_refusals_when_it_reads_the_code() -> None:
    """The tests above look at real places."""
    assert {"operator_missing", "scan_not_here", "settings_value"} <= {code for _, code, _ in raised()}


def test_texts_change_when_the_language_is_switched() -> None:
    """One object speaks either language, so that every screen follows at once."""
    texts = Texts()
    assert texts("keys.shell.back.label") == "返回"
    texts.switch(ENGLISH)
    assert texts("keys.shell.back.label") == "Back"
    texts.switch("xx")
    assert texts.language == CHINESE


def test_the_desk_goes_on_when_a_text_or_a_value_is_missing() -> None:
    """A hole in the words shows, and stops nothing."""
    texts = Texts()
    assert texts("till.no_such_text") == "till.no_such_text"
    assert "{step}" in texts("common.refusal.next")


def test_a_refusal_without_words_gets_the_general_ones_when_shown() -> None:
    """Even a code of a later version leads to a sentence, and its own code is what is read out."""
    text = Texts().refusal(Refused("from_the_future", depth=3))
    assert text.code == "from_the_future"
    assert text.reason == Texts()("refusal.unexpected.reason")


def test_integers_are_written_by_the_ending_of_their_name_when_a_text_is_filled() -> None:
    """Callers pass hundredths and fen; no caller formats a figure."""
    assert figures.shown("missing_points", 350) == "3.5"
    assert figures.shown("cost_fen", 1999) == "19.99"
    assert figures.shown("weight_grams", 750) == "0.75"
    assert figures.shown("begun_at", 1_795_309_200_000) == "2026-11-22 09:00"
    assert figures.shown("begin_time", 1_795_309_200_000) == "09:00"
    assert figures.shown("count", 350) == 350
    assert figures.shown("points", value=True) is True
    assert figures.shown("points", "3.5") == "3.5"


@pytest.mark.parametrize(
    ("hundredths", "written"),
    [
        (0, "0"),
        (4250, "42.5"),
        (4200, "42"),
        (5, "0.05"),
        (50, "0.5"),
        (-300, "-3"),
        (-5, "-0.05"),
        (10_000_000, "100000"),
    ],
)
def test_points_have_no_needless_zeros_when_written(hundredths: int, written: str) -> None:
    """People read 42.5, never 42.50 or 4250."""
    assert figures.points(hundredths) == written


@pytest.mark.parametrize(("change", "written"), [(500, "+5"), (0, "0"), (-250, "-2.5")])
def test_a_change_of_points_has_its_sign_when_written(change: int, written: str) -> None:
    """What is added is told from what is left."""
    assert figures.signed(change) == written


@pytest.mark.parametrize(("number", "written"), [("0123-1-001204", "1204"), ("0123-11-000000", "0")])
def test_a_number_is_written_as_the_desk_says_it_when_it_is_short(number: str, written: str) -> None:
    """Village and till go without saying at their own desk."""
    assert figures.short_number(number) == written


@pytest.mark.parametrize(("fen", "written"), [(0, "0.00"), (1999, "19.99"), (-5, "-0.05"), (100, "1.00")])
def test_money_has_two_places_when_written(fen: int, written: str) -> None:
    """Yuan are written as in every account book."""
    assert figures.yuan(fen) == written


@pytest.mark.parametrize(("grams", "written"), [(750, "0.75"), (1235, "1.235"), (2000, "2"), (-500, "-0.5"), (0, "0")])
def test_weights_are_kilograms_when_written(grams: int, written: str) -> None:
    """A label says 0.75, and so does the screen."""
    assert figures.kilograms(grams) == written
