"""Every entry explained: what it rests on, who entered and signed it, what became of it, and all of it on a slip."""

import pytest

from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.explanation import Explained, explain_entry
from kiosk.domain.goods import NewItem, name_item, register_item
from kiosk.domain.objection import answer_objection, objections_of, raise_objection
from kiosk.domain.returning import Brought, return_goods
from kiosk.domain.reversal import reverse_entry
from kiosk.domain.shop import Redeemed, redeem_basket
from kiosk.domain.void import void_redemption
from kiosk.domain.waiting import approve_request, list_requests
from kiosk.errors import Refused
from kiosk.locale import LANGUAGES, Texts
from kiosk.locale.entry import what_of
from kiosk.paper.elements import NARROW, WIDE
from kiosk.paper.entry_slip import EntryTold, entry_slip, reversal_slip
from kiosk.paper.layout import lines_of, text_slip
from kiosk.paper.objection_slip import objection_slip
from kiosk.paper.width import columns_of, on_paper
from tests.kiosk.domain.hall import Hall
from tests.kiosk.domain.office import UNIVERSITY, Office, kept_in_memory, office_in_memory

REDEEMED = """\
             云岭村
       积分超市 明细说明

住户                 3组12号 王*
记账            2026-11-22 08:00
事项             兑换 食盐、土豆
单号               0123-1-000001
经办                      周会计
--------------------------------
食盐 3袋                       9
　每袋3分
　后来退了2袋
土豆 1.1公斤                1.38
　每公斤1.25分
分数变动                  -10.38
后来退货                      +6
　2026-11-22 08:00 李小花
--------------------------------
现有可兑换                 40.62
不认可这一笔，可在柜台提异议。
"""


@pytest.fixture
def office() -> Office:
    """An office with secretary, volunteer and supervisor."""
    return office_in_memory()


def told(office: Office, entry: int, language: str = "zh_CN") -> EntryTold:
    """What papers tell of an entry of Wang's."""
    texts = Texts(language)
    raised = objections_of(office.store, office.wang)
    objections = tuple(each for each in raised if each.entry is not None and each.entry.entry_id == entry)
    return EntryTold("云岭村", explain_entry(office.store, entry), objections, lambda entry: what_of(entry, texts))


def printed(office: Office, entry: int) -> str:
    """The slip that explains an entry, as text."""
    return text_slip(entry_slip(told(office, entry), Texts("zh_CN")), NARROW)


def latest(office: Office) -> Explained:
    """Wang's last entry explained."""
    return explain_entry(office.store, office.account(office.wang).entries[0].entry_id)


def redeem(office: Office) -> Redeemed:
    """Three bags of salt and 1.1 kg of potatoes for Wang, who has 45 points."""
    salt = office.goods("食盐", "06990103300302", 300)
    item = NewItem("土豆", "公斤", ("02100042000000",), 125)
    potatoes = register_item(office.store, item, now=office.now, by=office.secretary)
    office.award(office.wang, 4_500)
    basket = (BasketLine(salt, 3), BasketLine(potatoes, 1_100))
    return redeem_basket(office.store, Holder(office.wang, "card"), basket, now=office.now, by=office.secretary)


def test_a_redemption_is_explained_line_by_line_when_goods_of_it_came_back(office: Office) -> None:
    """Unit prices as they were, what came back and by whom, what there is now; the return names its line and slip."""
    made = redeem(office)
    by = office.helper.operator_id
    return_goods(office.store, made.redemption_id, (Brought(0, 2, "waste", "damaged"),), now=office.now, by=by)
    assert printed(office, made.redemption_id) == REDEEMED
    returned = latest(office)
    assert (returned.slip, returned.reason) == ("0123-1-000001", "damaged")
    assert [(line.goods.name, line.returned) for line in returned.lines] == [("食盐", 2)]
    slip = printed(office, returned.entry.entry_id)
    assert [word for word in ("食盐 2袋", "0123-1-000001", "损坏", "+6") if word not in slip] == []


def test_a_price_names_its_unit_when_goods_are_not_sold_by_the_kilogram(office: Office) -> None:
    """Three points are for half a kilogram, also when the goods are priced by the kilogram by now."""
    item = NewItem("花生", "斤", ("02100043000009",), 300)
    peanuts = register_item(office.store, item, now=office.now, by=office.secretary)
    office.award(office.wang, 4_500)
    basket = (BasketLine(peanuts, 1_000),)
    made = redeem_basket(office.store, Holder(office.wang, "card"), basket, now=office.now, by=office.secretary)
    assert made.points == 600
    assert "　每斤3分" in printed(office, made.redemption_id)
    name_item(office.store, peanuts, "花生", "公斤", now=office.now, by=office.secretary)
    assert "　每0.5公斤3分" in printed(office, made.redemption_id)


def test_a_void_is_explained_by_its_slip_when_it_is_looked_at(office: Office) -> None:
    """And the redemption says that it was made void, when and by whom."""
    made = redeem(office)
    void_redemption(office.store, made.redemption_id, now=office.now, by=office.helper.operator_id)
    (later,) = explain_entry(office.store, made.redemption_id).later
    assert (later.kind, later.points, later.operator_name) == ("redemption_voided", 1_038, "李小花")
    assert [entry.is_void for entry in office.account(office.wang).entries[:3]] == [False, True, False]
    void = latest(office)
    assert (void.slip, len(void.lines)) == ("0123-1-000001", 2)


def test_an_award_is_explained_by_its_item_and_who_signed_when_it_waited(office: Office) -> None:
    """Asked for by the volunteer, signed by the secretary; at the cap it says what was asked and what was given."""
    office.give(office.wang, item=UNIVERSITY, by=office.helper.operator_id, evidence="document", paper="5")
    (request,) = list_requests(office.store)
    approve_request(office.store, request.request_id, now=office.now, by=office.secretary)
    found = latest(office)
    assert (found.asked_by, found.signer_name) == ("李小花", "周会计")
    assert found.rule is not None
    assert found.rule.item is not None
    assert (found.rule.quantity, found.rule.asked_points) == (1, 5_000)
    slip = printed(office, found.entry.entry_id)
    assert [word for word in ("子女考上大学", "每次50分，共1次", "签字", "周会计") if word not in slip] == []


def test_points_of_a_meeting_name_it_when_they_are_explained() -> None:
    """Which one, and when."""
    hall = kept_in_memory(Hall)
    meeting = hall.opened("villagers_meeting")
    hall.begin(meeting)
    hall.enter(meeting, hall.wang)
    hall.end(meeting)
    slip = printed(hall, hall.account(hall.wang).entries[0].entry_id)
    assert [word for word in ("按时参会", "2026-11-22 群众会") if word not in slip] == []


def test_a_deduction_says_what_was_asked_when_the_account_had_less(office: Office) -> None:
    """What is taken is never more than there is."""
    office.give(office.wang, item="meeting_on_time")
    office.take(office.wang, "straw_burning", evidence="site")
    found = latest(office)
    assert found.rule is not None
    assert (found.rule.asked_points, found.entry.points) == (500, -200)
    assert "应扣5分，分不够，实扣2分" in printed(office, found.entry.entry_id)


def test_a_reversal_prints_what_who_why_and_the_balance_when_it_is_done(office: Office) -> None:
    """Its slip names the entry that was taken back; the entry's own slip knows of the reversal."""
    office.give(office.wang, item="meeting_on_time")
    entry = office.give(office.wang, paper="N-1").given[0].entry_id
    assert entry is not None
    posted = reverse_entry(office.store, entry, "wrong_household", now=office.now, by=office.secretary)
    slip = text_slip(reversal_slip(told(office, posted.entry_id), Texts("zh_CN"), NARROW), NARROW)
    words = ("冲正单", "建议被采纳", "N-1", "原记分数", "+5", "周会计", "记错了户", "扣回积分")
    assert [word for word in words if word not in slip] == []
    assert "现有可兑换                     2" in slip
    assert "后来冲正加分" in printed(office, entry)
    with pytest.raises(ValueError, match="takes nothing back"):
        reversal_slip(told(office, entry), Texts("zh_CN"), NARROW)


def test_an_objection_and_its_answer_are_printed_when_there_is_one(office: Office) -> None:
    """Number, entry and reason when it is raised; later the answer, on its own slip and on the entry's."""
    entry = office.give(office.wang, by=office.helper.operator_id).given[0].entry_id
    raised = raise_objection(office.store, office.wang, entry, "points_wrong", now=office.now, by=office.secretary)
    texts = Texts("zh_CN")
    slip = text_slip(objection_slip(raised, "云岭村", "建议被采纳", texts, NARROW), NARROW)
    words = ("异议单", "0123-1-000001", "建议被采纳", "分数不对", "请留好这张单子")
    assert [word for word in words if word not in slip] == []
    assert entry is not None
    assert "还没有答复" in printed(office, entry)
    answered = answer_objection(
        office.store, raised.objection_id, "entry_right", now=office.now, by=office.supervisor.operator_id
    )
    slip = text_slip(objection_slip(answered, "云岭村", "建议被采纳", texts, NARROW), NARROW)
    assert [word for word in ("异议答复", "异议不成立", "核对过，没有记错", "赵监督") if word not in slip] == []
    assert "不成立：核对过，没有记错" in printed(office, entry)


@pytest.mark.parametrize("columns", [NARROW, WIDE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_fits_when_the_paper_is_narrow_or_wide(office: Office, language: str, columns: int) -> None:
    """In both languages, whatever became of the entry."""
    made, texts = redeem(office), Texts(language)
    by = office.helper.operator_id
    return_goods(office.store, made.redemption_id, (Brought(0, 1),), now=office.now, by=by)
    raised = raise_objection(office.store, office.wang, made.redemption_id, "goods_wrong", now=office.now, by=by)
    slips = [
        entry_slip(told(office, made.redemption_id, language), texts),
        objection_slip(raised, "云岭村", "兑换 食盐、土豆", texts, columns),
    ]
    for slip in slips:
        lines = [line for element in slip for line in lines_of(element, columns, on_paper)]
        assert max(columns_of(line, on_paper) for line in lines) == columns
        assert not [line for line in lines if "paper." in line or "statement." in line or "{" in line]


def test_an_entry_is_refused_when_there_is_none(office: Office) -> None:
    """An id of nothing."""
    with pytest.raises(Refused, match="entry_unknown"):
        explain_entry(office.store, 77)
