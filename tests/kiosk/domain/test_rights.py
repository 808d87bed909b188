"""Every operation that writes names the right it takes, and checks it before anything else."""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import kiosk.domain
from db.store import Store
from kiosk import rights
from kiosk.domain.basket import BasketLine, Holder, KeptBasket
from kiosk.domain.delivery import Arrived
from kiosk.domain.limit import NewLimit
from kiosk.domain.meeting import MeetingPlan, begin_meeting, open_unplanned
from kiosk.domain.points import Earning, Recipient
from kiosk.domain.price import DatedPrice
from kiosk.domain.slip_recovery import SlipOnPaper
from kiosk.domain.spot_count import SpotEntry
from kiosk.domain.stock import write_off
from kiosk.domain.waiting import list_requests
from kiosk.errors import Refused
from kiosk.rights import RIGHTS, Right
from tests.ready import Known, later, ready_desk

FOLDER = Path(kiosk.domain.__file__).parent
WITHOUT = {
    "basket.keep_basket": "writes no fact: what lies on the counter, kept for after a power cut",
    "slip.settle_slip": "writes no fact: the printer is done with a slip",
    "slip.waive_slips": "writes no fact: nobody waits for a slip any more",
    "terminal.continue_terminal": "begins a log before anybody can stand at it",
}
"""Operations that take no right, and why."""


@cache
def operations() -> dict[str, frozenset[str]]:
    """Public functions that write in somebody's name, and the rights each names, itself or by what it calls here."""
    return {
        f"{file.stem}.{name}": named
        for file in sorted(FOLDER.glob("*.py"))
        for name, (writes, named) in _functions(file)
        if writes and not name.startswith("_")
    }


def _functions(file: Path) -> Iterator[tuple[str, tuple[bool, frozenset[str]]]]:
    own = {node.name: node for node in ast.parse(file.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}
    for name, node in own.items():
        reached, todo = set[str](), [name]
        while todo:
            called = todo.pop()
            if called not in reached:
                reached.add(called)
                todo += [each.id for each in ast.walk(own[called]) if isinstance(each, ast.Name) and each.id in own]
        parts = [part for each in reached for part in ast.walk(own[each])]
        writes = any(isinstance(part, ast.Attribute) and part.attr == "write" for part in parts)
        takes_by = "by" in {each.arg for each in node.args.kwonlyargs}
        yield name, (writes and takes_by, frozenset(right for part in parts for right in _named(part)))


def _named(part: ast.AST) -> Iterator[str]:
    if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "Right":
        yield part.attr
    elif isinstance(part, ast.Name) and part.id == "require_signer":
        yield "SIGN"


def test_each_operation_names_a_right_when_it_writes_in_somebodys_name() -> None:
    """A new operation cannot forget it; the few that take none stand in a list with their reason."""
    silent = {name for name, named in operations().items() if not named}
    assert silent == set(WITHOUT)


@dataclass(frozen=True)
class Desk:
    """A desk at which a meeting is open and something waits for a second signature."""

    store: Store
    known: Known
    meeting: int
    request: int


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all: whatever is refused leaves it as it was."""
    ready = ready_desk(tmp_path_factory.mktemp("desk"))
    store, by = ready.open(), ready.known.operator
    meeting = open_unplanned(store, MeetingPlan("villagers_meeting"), now=later(), by=by)
    begin_meeting(store, meeting, now=later(), by=by)
    write_off(store, ready.known.salt, 1, "damaged", now=later(), by=by)
    yield Desk(store, ready.known, meeting, list_requests(store)[0].request_id)
    store.close()


@pytest.mark.parametrize("name", sorted(set(operations()) - set(WITHOUT)))
def test_nothing_is_written_when_the_right_is_missing(name: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody with every right but the one named is refused by the operation itself."""
    module, _, function = name.partition(".")
    operation = getattr(importlib.import_module(f"kiosk.domain.{module}"), function)
    monkeypatch.setattr(rights, "RIGHTS", dict(RIGHTS) | {"secretary": _all_but(operations()[name])})
    written = desk.store.standing.written
    code = _answer(lambda: operation(desk.store, *_arguments(operation, desk), now=later(), by=desk.known.operator))
    assert code in {"right_missing", "reversal_not_yours"} or (code != "done" and _checks_first(operation)), code
    assert desk.store.standing.written == written


def _answer(asked: Callable[[], object]) -> str:
    """Say how an operation answered: with a refusal, with being done, or by stumbling over what it was given."""
    try:
        asked()
    except Refused as refused:
        return refused.code
    except (TypeError, AttributeError):
        return "stumbled"
    return "done"


def _checks_first(operation: Callable[..., Any]) -> bool:
    """Say whether the first thing in the transaction of an operation is the right it takes."""
    for node in ast.walk(ast.parse(inspect.getsource(operation))):
        if isinstance(node, ast.With):
            return ast.unparse(node.body[0]).startswith("require_right(act.connection, act.village, by, Right.")
    return False


def _all_but(named: frozenset[str]) -> frozenset[Right]:
    return frozenset(Right) - {Right[each] for each in named}


def _arguments(operation: Callable[..., Any], desk: Desk) -> Sequence[Any]:
    """Arguments for what reads what is asked before it looks who asks; the others may not look at theirs at all."""
    wanted = inspect.signature(operation).parameters.values()
    nothing = [None for each in wanted if each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD][1:]
    salt, household = desk.known.salt, desk.known.wang
    return {
        "park_basket": (KeptBasket(None, (BasketLine(salt, 1),)),),
        "redeem_basket": (Holder(household, "card"), (BasketLine(salt, 1),)),
        "enter_slip": (SlipOnPaper(1, 1, household, 100),),
        "issue_blank_cards": (1,),
        "receive_delivery": ((Arrived(salt, 1),), "purchase"),
        "set_delivery_cost": (1, 100),
        "receive_funds": ("grant", 100),
        "name_item": (salt, "盐", "袋"),
        "set_price": (salt, DatedPrice("2026-11-22", 100)),
        "set_limit": (NewLimit(salt, "month", 1, "2026-11-22"),),
        "rename_household": (household, "王明"),
        "set_pin": ("1379",),
        "award_points": ((Recipient(household),), Earning("suggestion_adopted")),
        "deduct_points": ((Recipient(household),), Earning("dirty_yard")),
        "reverse_entry": (desk.known.last_award,),
        "load_scheme": ("zhijin_household",),
        "sign_in_card": (1, "2601230000000000", desk.store.village),
        "count_shelf": (salt, 1, 1),
        "count_spot": ((SpotEntry(salt, 1, 1),),),
        "write_off": (salt, 1, "damaged"),
        "count_heads": (desk.meeting, 0),
        "end_meeting": (desk.meeting,),
        "end_counted": (desk.meeting, 0),
        "end_left_open": (desk.meeting, 0),
        "approve_request": (desk.request,),
        "decline_request": (desk.request,),
    }.get(operation.__name__, nothing)
