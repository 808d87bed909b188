"""The desk changes hands: both names and what was found, in a fact and on a slip."""

from pathlib import Path

import pytest

from kiosk.domain.handover import hand_over
from kiosk.domain.opening import find_desk
from kiosk.domain.operators import appoint_operator
from kiosk.domain.period import close_day
from kiosk.domain.stock import write_off
from kiosk.errors import Refused
from kiosk.locale import LANGUAGES, Texts
from kiosk.paper.handover_slip import handover_content, handover_slip
from tests.ready import later, ready_desk
from tests.recomputed import recompute


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_handover_says_what_was_found_when_somebody_else_takes_the_desk(tmp_path: Path, language: str) -> None:
    """Redemptions since the last close, slips, and what waits; the separate program counts the same."""
    desk = ready_desk(tmp_path / "desk")
    store, by = desk.open(), desk.known.operator
    helper = appoint_operator(store, desk.known.person, "attendant", now=later(), by=by)
    desk.redeem(store)
    desk.redeem(store, 2)
    write_off(store, desk.known.soap, 1, "damaged", now=later(), by=by)
    assert find_desk(store).last_operator == by
    handed = hand_over(store, by, now=later(), by=helper.operator_id)
    assert (handed.from_name, handed.to_name, handed.day) == ("周会计", "王明", "2026-11-22")
    found = handed.found
    assert (found.redemptions, found.points, found.slips_owed, found.waiting, found.baskets) == (2, 900, 2, 1, 0)
    assert find_desk(store).last_operator == helper.operator_id
    recomputed = recompute(store, tmp_path)
    (row,) = recomputed.village["handovers"]
    assert (row["from_operator"], row["to_operator"], row["counted"]) == (by, helper.operator_id, 2)
    assert recomputed.faults == []
    texts = Texts(language)
    slip = handover_slip(handover_content(handed, "云岭村", later().at), texts, 32)
    shown = str(slip)
    assert [word for word in ("周会计", "王明", texts("paper.handover.title"), "09:") if word not in shown] == []
    close_day(store, now=later(), by=by)
    with pytest.raises(Refused, match="day_not_open"):
        hand_over(store, by, now=later(), by=helper.operator_id)
    store.close()
