"""Households that move, by hand-written ledgers of two villages: every way in which a move does not add up."""

from dataclasses import dataclass, field

import pytest

from tests.oracle.desk import Ledger, moved
from tests.oracle.verdict import recompute

OLD, NEW = 123, 124
MING = 1001


@dataclass
class Villages:
    """Two villages in one export."""

    old: Ledger = field(default_factory=lambda: Ledger(OLD))
    new: Ledger = field(default_factory=lambda: Ledger(NEW))

    def leave(self, points: int = 500, legs: int | None = None, log: int = 7) -> None:
        """The old seat closes the household out."""
        posted = moved("moved", MING, -(points if legs is None else legs))
        self.old.add("household_left", log=log, household=MING, to_village=NEW, points=points, signer=1, legs=posted)

    def announce(self, points: int = 500, village: Ledger | None = None) -> None:
        """The county tells a village."""
        of = {"from_village": OLD, "from_household": MING}
        (village or self.new).add("household_arriving", log=0, text="王明", **of, points=points)  # type: ignore[arg-type]  # because a body has any fields

    def arrive(self, points: int = 500, seen: int = 1, log: int = 7) -> int:
        """The new seat opens it, having read so many lines of the county."""
        head = {"ref": [0, seen]}
        own = log * 2**33 + 1 + sum(1 for village, of, _ in self.new.lines if (village, of) == (NEW, log))
        return self.new.add(
            "household_arrived", log=log, head=head, text="王明", from_village=OLD, from_household=MING, group=1,
            house=2, points=points, legs=moved("moved", own, points),
        )  # fmt: skip

    def faults(self) -> list[str]:
        """The code of every fault."""
        texts = self.old.private() + self.new.private()
        found = recompute(self.old.file() + self.new.file(), texts)["faults"]
        return [each["code"] for each in found]


@pytest.fixture
def villages() -> Villages:
    """Ming's have five points in the old village."""
    made = Villages()
    made.old.add("opening_balance_posted", household=MING, points=500, paper="P", legs=moved("opening", MING, 500))
    return made


def test_points_are_on_the_new_account_when_a_move_adds_up(villages: Villages) -> None:
    """Over both villages `moved` is zero; a second arrival, and a copy's leaving, count nothing."""
    villages.leave()
    villages.leave(log=8)
    villages.announce()
    arrived = villages.arrive()
    villages.arrive()
    old, new = recompute(villages.old.file() + villages.new.file())["villages"]
    assert (old["accounts"]["moved"], new["accounts"]["moved"]) == (500, -500)
    assert {row["household"]: row["points"] for row in new["balances"]}[arrived] == 500
    row = next(row for row in new["households"] if row["id"] == arrived)
    assert (row["state"], row["group"], row["house"]) == ("open", 1, 2)
    assert [row["state"] for row in old["households"]] == ["left"]
    assert villages.faults() == []


def test_it_is_a_fault_when_legs_or_announcement_differ(villages: Villages) -> None:
    """Four hundred taken of five, three announced."""
    villages.leave(legs=400)
    villages.announce(300)
    assert villages.faults() == ["move_differs", "announced_otherwise"]


def test_it_is_a_fault_when_nobody_left(villages: Villages) -> None:
    """The county made it up; a village that is not in the export is believed."""
    villages.announce()
    assert villages.faults() == ["announced_otherwise"]
    villages.old.lines.clear()
    assert villages.faults() == []


def test_it_is_a_fault_when_two_villages_were_told(villages: Villages) -> None:
    """Back home and there."""
    villages.leave()
    villages.announce()
    villages.announce(village=villages.old)
    assert villages.faults() == ["announced_twice"]


@pytest.mark.parametrize(("points", "seen"), [(500, 0), (600, 1)])
def test_it_is_a_fault_when_a_desk_opens_what_it_was_not_told(villages: Villages, points: int, seen: int) -> None:
    """Before it could have read it, or with other points."""
    villages.leave()
    villages.announce()
    villages.arrive(points, seen)
    assert villages.faults() == ["arrived_otherwise"]
