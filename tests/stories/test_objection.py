"""A household that does not agree: from the card to the answer on paper, with scans and digits alone."""

from pathlib import Path

import pytest

from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.office_desk import StaffedOffice
from tests.recomputed import recompute
from tests.slips import slips_of


@pytest.fixture
def office(tmp_path: Path) -> StaffedOffice:
    """Wang's got points twice from the volunteer, of which one was Li's."""
    office = office_in(tmp_path / "desk", StaffedOffice)
    office.give(office.wang, item="mediation", paper="12", by=office.helper.operator_id)
    office.give(office.wang, by=office.helper.operator_id)
    return office


async def test_a_household_gets_a_number_and_an_answer_when_it_objects(
    office: StaffedOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Card, entry, objection, why: four actions; a key and a reply answer it; both come on paper and at the balance.

    The entry explains itself on a slip, and so does what was taken back; one that is missing is noted as well.
    """
    async with office.at_desk("balance") as at:
        slips = slips_of(at, monkeypatch)
        await at.scan(office.wang_card)
        assert "建议被采纳  经办李小花" in at.text()
        await at.keys("1", "1")
        assert "说明条：请取" in at.text()
        await at.keys("1", "2", "1")
        assert "异议 0123-1-000001 已记下" in at.text()
        await at.keys("slash", "plus")
        assert "异议 0123-1-000002  少记了一笔：待答复" in at.text()
        await at.open("waiting_list")
        assert "异议 0123-1-000001  王明  3组12号" in at.text()
        assert at.lines()[-1].split()[:4] == ["+", "成立", "/", "不成立"]
        await at.keys("plus", "1")
        assert "异议 0123-1-000001 已答复：冲正这一笔" in at.text()
        clock = at.app.station.clock
        clock.advance(1_000)  # type: ignore[attr-defined]  # because the clock of a test stands still
        await at.keys("slash", "3")
        assert "异议 0123-1-000002 已答复：没有凭据" in at.text()
        await at.keys("minus")
        await at.scan(office.wang_card)
        assert "异议 0123-1-000001  不是我家的：异议成立，冲正这一笔" in at.text()
        assert "建议被采纳  已冲正  异议1 成立" in at.text()
        await at.keys("3", "3", "3")
        assert "已冲正：-5分" in at.text()
    titles = ["明细说明", "异议单", "异议单", "异议答复", "异议答复", "冲正单"]
    assert [title for title, slip in zip(titles, slips, strict=True) if title not in slip] == []
    found = recompute(office.store, tmp_path)
    assert (found.faults, found.balances[office.wang]) == ([], 0)
