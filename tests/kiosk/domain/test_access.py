"""Who may do what, and which second signature may wait."""

import pytest

from db.facts.terminal import OperatorStateChanged
from kiosk.domain.access import SIGNATURES, Right, Wait, require_right, require_signer, standing_of
from kiosk.domain.terminal import ROLES
from kiosk.domain.waiting import KINDS
from kiosk.errors import NotAllowed
from kiosk.rights import RIGHTS
from tests.kiosk.domain.office import Office, office_in_memory
from tests.village import VILLAGE


@pytest.fixture
def office() -> Office:
    """An office with secretary, volunteer and supervisor."""
    return office_in_memory()


def test_every_role_and_every_kind_stands_in_the_tables_when_one_is_added() -> None:
    """One table says who may do what, one which signature waits, and each waiting kind has its consequences."""
    assert set(RIGHTS) == set(ROLES)
    assert {kind for kind, wait in SIGNATURES.items() if wait is Wait.LATER} == set(KINDS)


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (
            "attendant",
            {
                Right.TAKE_DESK,
                Right.REDEEM,
                Right.CLOSE_DAY,
                Right.KEEP_CARDS,
                Right.AWARD,
                Right.REVERSE_OWN,
                Right.VOID,
                Right.RETURN,
                Right.RAISE_OBJECTION,
                Right.RECEIVE,
                Right.COUNT_STOCK,
                Right.HOLD_MEETING,
                Right.SUBMIT_SUGGESTION,
            },
        ),
        ("secretary", set(Right)),
        ("supervisor", {Right.TAKE_DESK, Right.SIGN}),
    ],
)
def test_role_has_its_rights_and_no_more_when_asked(office: Office, role: str, rights: set[Right]) -> None:
    """A volunteer serves, the secretary decides, the supervisor signs."""
    people = {
        "attendant": office.helper.operator_id,
        "secretary": office.secretary,
        "supervisor": office.supervisor.operator_id,
    }
    for right in Right:
        with office.store.read() as connection:
            if right in rights:
                assert require_right(connection, VILLAGE, people[role], right).role == role
            else:
                with pytest.raises(NotAllowed) as refused:
                    require_right(connection, VILLAGE, people[role], right)
                assert refused.value.code == "right_missing"


def test_operator_has_no_right_when_the_duty_ended(office: Office) -> None:
    """A badge that was left in a drawer opens nothing."""
    with office.store.write(now=office.now, by=office.secretary) as act:
        act.append(OperatorStateChanged(operator=office.helper.operator_id, state="ended"))
    for operator in (office.helper.operator_id, 12345):
        with office.store.read() as connection, pytest.raises(NotAllowed) as refused:
            require_right(connection, VILLAGE, operator, Right.AWARD)
        assert refused.value.code == "operator_not_active"


def test_household_of_an_operator_is_known_when_somebody_said_who_they_are(office: Office) -> None:
    """The volunteer belongs to Li's household; of the secretary nobody said."""
    with office.store.read() as connection:
        assert standing_of(connection, VILLAGE, office.helper.operator_id).household_id == office.li
        assert standing_of(connection, VILLAGE, office.secretary).household_id is None


def test_signature_is_refused_when_the_signer_has_a_hand_in_it(office: Office) -> None:
    """Not the role, not the maker, not the beneficiary."""
    judge = office.add("李会计", "secretary", office.helper_person).operator_id
    cases = (
        (office.helper.operator_id, office.secretary, office.wang, "right_missing"),
        (office.secretary, office.secretary, office.wang, "signer_is_maker"),
        (judge, office.secretary, office.li, "signer_is_beneficiary"),
    )
    for signer, maker, household, code in cases:
        with office.store.read() as connection, pytest.raises(NotAllowed) as refused:
            require_signer(connection, VILLAGE, signer, maker, household)
        assert refused.value.code == code
    with office.store.read() as connection:
        assert require_signer(connection, VILLAGE, judge, office.secretary, office.wang).operator_id == judge
