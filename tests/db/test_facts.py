"""The vocabulary: every kind is documented, strictly typed, folded by a function of its name, read as written."""

import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from db import facts
from db.facts import FAMILIES, UnknownFactError, body_of, family_of, kinds_of, read_body, write_body
from db.facts.body import LARGEST_AMOUNT, Account, legs_of, transfer
from db.line import Fact, parse, render
from db.projections import fold_of
from tests.bodies import AwardToNobody, WeatherNoted, award, merge, redemption
from tests.db.vectors import VECTORS, WITH_FOUR_BYTES, Vector

WITHOUT_CONSEQUENCE = {"goods_imported", "recovered"}
"""Kinds that are read by people alone, or have the consequence of what they carry."""

KINDS = {key: body for family in FAMILIES for key, body in kinds_of(family).items()}
AWARD = award(77, 450)
GIVEN = parse(WITH_FOUR_BYTES.line.encode())


def fact_of(kind: str, body: dict[str, Any], version: int = 1) -> Fact:
    """A fact of a kind with any body."""
    return replace(GIVEN, kind=kind, kv=version, body=body)


def reason_of(fact: Fact) -> str:
    """Why a fact cannot be read."""
    with pytest.raises(UnknownFactError) as caught:
        read_body(fact)
    return caught.value.reason


def test_kind_stands_in_the_ledger_page_when_it_is_in_the_vocabulary() -> None:
    """Whoever reads a journal without this program finds every kind there."""
    page = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    documented = {name for row in rows for name in re.findall(r"`([a-z_]+)`", row.split("|")[1])}
    assert {kind for kind, _ in KINDS} - documented == set()


def test_fields_stand_in_the_ledger_page_when_a_kind_has_them() -> None:
    """A field that moves points or goods is named in its kind's row."""
    page = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")
    rows = {name: row for row in page.splitlines() for name in re.findall(r"`([a-z_]+)`", row.partition("|")[2][:80])}
    for (kind, _), body in KINDS.items():
        for name in {"legs", "lines", "seat", "quantity"} & set(body.model_fields):
            assert name in rows[kind], f"{kind}: {name}"


def test_kind_and_version_are_unique_when_all_families_are_read() -> None:
    """No kind hides another, neither in its family nor in the next one, and each is found by its name."""
    classes = [
        value
        for family in FAMILIES
        for value in vars(import_module(f"db.facts.{family}")).values()
        if isinstance(value, type) and family_of(value) == family and hasattr(value, "KIND")
    ]
    assert len(classes) == len(KINDS)
    assert set(classes) == set(KINDS.values())
    assert [body_of(kind, version) for kind, version in KINDS] == list(KINDS.values())


def test_family_is_registered_when_it_has_a_file() -> None:
    """A family that is missing from the list would be kept unprojected, and nobody would know."""
    shared = {"__init__", "body"}
    assert {file.stem for file in Path(facts.__file__).parent.glob("*.py")} - shared == set(FAMILIES)


def test_kind_is_folded_by_its_name_when_it_has_a_consequence() -> None:
    """A fold that is misspelled would be forgotten silently; this finds it."""
    folds = {kind: fold_of(body) for (kind, _), body in KINDS.items()}
    assert {kind for kind, fold in folds.items() if fold is None} == WITHOUT_CONSEQUENCE


@pytest.mark.parametrize("vector", VECTORS)
def test_body_of_a_vector_fits_its_kind_when_read(vector: Vector) -> None:
    """The frozen lines stay readable whatever fields their kinds gain."""
    assert read_body(parse(vector.line.encode())).KIND in vector.line


@pytest.mark.parametrize(
    "body", [AWARD, redemption(77, 5, 2, 300), merge(77, 78, 9)], ids=["award", "redemption", "merge"]
)
def test_body_is_the_same_when_written_and_read(body: Any) -> None:  # noqa: ANN401  because kinds differ
    """Through the line and back."""
    line = render(fact_of(body.KIND, write_body(body)))
    assert read_body(parse(line)) == body
    assert render(fact_of(body.KIND, write_body(read_body(parse(line))))) == line


@pytest.mark.parametrize(
    "change",
    [
        {"points": "450"}, {"points": True}, {"points": None}, {"points": LARGEST_AMOUNT + 1}, {"household": 0},
        {"household": 1.0}, {"household": -1}, {"scheme": ""}, {"scheme": 5}, {"scheme": "x" * 65}, {"legs": "none"},
        {"legs": [{}]}, {"legs": [{"account": "pocket", "points": 1}]}, {"more": 1},
    ],
)  # fmt: skip
def test_body_is_not_read_when_a_field_does_not_fit(change: dict[str, Any]) -> None:
    """Nothing is coerced and nothing unknown is dropped."""
    assert reason_of(fact_of("points_awarded", write_body(AWARD) | change)) == "body"


def test_fact_is_not_read_when_kind_or_version_is_unknown() -> None:
    """The reason tells a newer program's fact from a broken one."""
    assert reason_of(fact_of(WeatherNoted.KIND, {"words": "雨"})) == "kind"
    assert reason_of(fact_of("points_awarded", write_body(AWARD), version=2)) == "kind"
    assert reason_of(fact_of(AwardToNobody.KIND, {"household": "everybody"})) == "body"


@pytest.mark.parametrize("account", ["issued", "redeemed", "expired", "adjusted", "opening", "moved"])
@pytest.mark.parametrize("points", [450, 0, -450])
def test_transfer_sums_to_zero_when_points_move_either_way(account: Account, points: int) -> None:
    """What the household gains the village's account gives."""
    legs = transfer(account, 77, points)
    assert [(leg.account, leg.household, leg.points) for leg in legs] == [
        ("household", 77, points), (account, None, -points),
    ]  # fmt: skip


def test_legs_are_none_when_a_kind_moves_no_points() -> None:
    """Asked of any body."""
    assert legs_of(WeatherNoted()) == ()
    assert legs_of(AWARD) == AWARD.legs
