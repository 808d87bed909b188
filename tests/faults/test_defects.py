"""The tests notice deliberate defects: each is planted in a copy of the tree, and the tests there fail."""

from pathlib import Path

import pytest

from tests.faults.defects import DEFECTS, ROOT, Defect, plant, run_tests
from tests.faults.figures import Recorder
from tests.faults.hub_defects import HUB_DEFECTS
from tests.faults.meeting_defects import MEETING_DEFECTS
from tests.faults.sync_defects import SYNC_DEFECTS

FAILED = 1
ALL = (*DEFECTS, *MEETING_DEFECTS, *SYNC_DEFECTS, *HUB_DEFECTS)


def name_of(defect: Defect) -> str:
    """A defect's name as part of a test's."""
    return defect.name.replace(" ", "_")


@pytest.mark.parametrize("defect", ALL, ids=name_of)
def test_defect_can_be_planted_when_the_code_changes(defect: Defect) -> None:
    """What is replaced stands exactly once in its file, and the tests that must notice are there."""
    assert (ROOT / defect.file).read_text("utf-8").count(defect.before) == 1
    for test in defect.tests:
        file, _, function = test.partition("::")
        assert f"def {function}" in (ROOT / file).read_text("utf-8")


@pytest.mark.torture
def test_nothing_is_noticed_when_no_defect_is_planted(tmp_path: Path) -> None:
    """The same tests pass in an unchanged copy, so that it is the defect they notice."""
    plant(Defect("none", "db/engine.py", "", "", ()), tmp_path)
    ended = run_tests(tmp_path, tuple(sorted({test for defect in ALL for test in defect.tests})))
    assert ended.returncode == 0, ended.stdout


@pytest.mark.torture
@pytest.mark.parametrize("defect", ALL, ids=name_of)
def test_defect_is_noticed_when_it_is_planted(defect: Defect, tmp_path: Path, record_property: Recorder) -> None:
    """Somebody's mistake of this kind would not get through."""
    plant(defect, tmp_path)
    ended = run_tests(tmp_path, defect.tests)
    record_property("figure", f"defect: {defect.name}: {'noticed' if ended.returncode == FAILED else 'NOT NOTICED'}")
    assert ended.returncode == FAILED, ended.stdout + ended.stderr
