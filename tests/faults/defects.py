"""Deliberate defects, one at a time, each with the tests that must notice it.

A defect replaces a text that stands exactly once in its file. The list is held to the code by a quick test; the long
run copies the tree, plants each defect there and expects the tests to fail.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FOLDERS: Final = ("county", "db", "docs", "kiosk", "tests")
MINUTES: Final = 10 * 60


@dataclass(frozen=True)
class Defect:
    """What is done to which file, and the tests (a file, or a file and `::name`) that must fail."""

    name: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]


DEFECTS: Final = (
    Defect(
        "a confirmed action is not waited for until the disk has it",
        "db/engine.py",
        '"synchronous": 3,',
        '"synchronous": 0,',
        ("tests/faults/test_power.py::test_confirmed_action_is_kept_when_the_current_fails",),
    ),
    Defect(
        "the rollback journal is kept in memory",
        "db/engine.py",
        '"journal_mode": "delete",',
        '"journal_mode": "memory",',
        ("tests/faults/test_power.py::test_confirmed_action_is_kept_when_the_current_fails",),
    ),
    Defect(
        "an action is committed in pieces",
        "db/engine.py",
        "    if is_write is not None:\n        connection.exec_driver_sql(",
        "    if is_write is False:\n        connection.exec_driver_sql(",
        ("tests/faults/test_kill.py::test_action_is_whole_or_absent_when_killed_between_any_two_statements",),
    ),
    Defect(
        "a write takes its lock late",
        "db/engine.py",
        '"BEGIN IMMEDIATE" if is_write else "BEGIN"',
        '"BEGIN"',
        ("tests/db/test_engine.py",),
    ),
    Defect(
        "the journal may be changed",
        "db/engine.py",
        "BEGIN SELECT RAISE(ABORT, 'journal_is_append_only'); END",
        "BEGIN SELECT 1; END",
        ("tests/db/test_engine.py",),
    ),
    Defect(
        "a repeated line is stored again under the same number",
        "db/journal.py",
        "    begin = max(0, head.seq + 1 - facts[0].seq)\n",
        "    begin = 0\n",
        ("tests/db/test_journal.py",),
    ),
    Defect(
        "a second branch of a log is taken for a repeat",
        "db/journal.py",
        "        if line != kept:\n",
        "        if not kept:\n",
        ("tests/db/test_journal.py",),
    ),
    Defect(
        "the chain is not checked",
        "db/journal.py",
        "            if chain(previous, line) != kept:\n",
        "            if not kept:\n",
        ("tests/db/test_journal.py", "tests/db/test_backup.py"),
    ),
    Defect(
        "a private text is not held against its digest",
        "db/line.py",
        "    if private.digest != digest:\n",
        "    if digest is None:\n",
        ("tests/db/test_line.py", "tests/db/test_export.py"),
    ),
    Defect(
        "rank goes by the number of the log and not by what a fact had seen",
        "db/line.py",
        'return f"{authority:x}{turn:014x}{log:05x}{seq:09x}"',
        'return f"{authority:x}{log:05x}{turn:014x}{seq:09x}"',
        ("tests/db/test_line.py", "tests/db/test_projections.py"),
    ),
    Defect(
        "what a person said last goes by the wall clock",
        "db/line.py",
        "        return rank(self.log, self.turn, self.seq)\n",
        "        return rank(self.log, abs(self.at), self.seq)\n",
        ("tests/faults/test_clocks.py", "tests/db/test_projections.py"),
    ),
    Defect(
        "an overdraft is floored at nothing",
        "db/projections/points.py",
        "func.sum(posting.points * posting.is_counted))\n        .where",
        "func.max(func.sum(posting.points * posting.is_counted), 0))\n        .where",
        ("tests/db/test_guard.py", "tests/db/test_projections.py"),
    ),
    Defect(
        "a reversal counts each time it is written",
        "db/projections/points.py",
        'once_key=f"reverse:{body.award}"',
        "once_key=None",
        ("tests/db/test_projections.py", "tests/properties/test_delivery.py"),
    ),
    Defect(
        "guards are not asked",
        "db/guard.py",
        "        try:\n            check(connection, fact, body)\n",
        "        try:\n            pass\n",
        ("tests/db/test_guard.py",),
    ),
    Defect(
        "a balance is not read again before goods are handed out",
        "kiosk/domain/shop.py",
        "    if points > before:\n",
        "    if points > 10**9:\n",
        ("tests/stories/test_spine.py", "tests/kiosk/domain/test_shop.py"),
    ),
    Defect(
        "a card that was reported lost still redeems",
        "kiosk/domain/card.py",
        '    if row.state != "live":\n        raise Refused(IN_STATE.get(row.state, "card_unknown"), state=row.state)\n'
        "    if row.is_barred:\n        raise Refused(BARRED)\n    if row.household_id is None:",
        "    if row.is_barred:\n        raise Refused(BARRED)\n    if row.household_id is None:",
        ("tests/kiosk/domain/test_card.py",),
    ),
    Defect(
        "a damaged store goes on selling",
        "db/store.py",
        "        if self.standing.faults:\n",
        "        if False:\n",
        ("tests/db/test_soundness.py",),
    ),
    Defect(
        "a failed disk is believed",
        "db/store.py",
        "                self.standing.is_suspect = True\n",
        "                pass\n",
        ("tests/db/test_soundness.py",),
    ),
    Defect(
        "the last of the disk is written away",
        "db/store.py",
        "        if not uses_reserve:\n            self._require_room()\n",
        "",
        ("tests/db/test_soundness.py",),
    ),
    Defect(
        "a backup is not verified",
        "db/backup.py",
        "        copied = verify_copy(fresh, advance)\n        return keep",
        "        copied = Copied(123, 0)\n        return keep",
        ("tests/db/test_backup.py",),
    ),
    Defect(
        "a restored terminal goes on in the log of the dead one",
        "kiosk/domain/terminal.py",
        "    act.change_log(log)\n",
        "    begin_own_log(act.connection, act.village, act.log)\n",
        ("tests/kiosk/test_restore.py",),
    ),
    Defect(
        "a restore takes the tables of the backup as they are",
        "kiosk/restore.py",
        "        rebuild(store, advance)\n",
        "",
        ("tests/kiosk/test_restore.py",),
    ),
    Defect(
        "a restore leaves the old store's unfinished journal beside the new one",
        "kiosk/restore.py",
        "    if half_written.exists():\n",
        "    if not half_written.exists():\n",
        ("tests/kiosk/test_restore.py",),
    ),
    Defect(
        "old backups are counted by their dates",
        "db/backup.py",
        "key=lambda backup: (backup.village, -backup.number)",
        'key=lambda backup: (backup.village, "".join(chr(0x10FFFF - ord(sign)) for sign in backup.taken))',
        ("tests/db/test_backup.py",),
    ),
    Defect(
        "one hand takes the business day back",
        "kiosk/domain/period.py",
        "        if state.latest_day is not None and day < state.latest_day:\n",
        "        if state.latest_day is not None and day < state.latest_day and badge is not None:\n",
        ("tests/kiosk/domain/test_period.py",),
    ),
    Defect(
        "a line written under a wrong clock vouches for it",
        "kiosk/domain/period.py",
        "    is_long_after = latest_day is not None and days_between(latest_day, day) > LONG_DAYS\n",
        "    is_long_after = last_at is not None and now.at > last_at + LONG_DAYS * 86_400_000\n",
        ("tests/kiosk/domain/test_period.py",),
    ),
    Defect(
        "goods come back as often as somebody brings them",
        "kiosk/domain/returning.py",
        "    if quantity <= line.left:\n",
        "    if quantity <= line.goods.quantity:\n",
        ("tests/kiosk/domain/test_returning.py::test_nothing_comes_back_when_it_is_not_on_the_slip_any_more",),
    ),
    Defect(
        "a return owes no slip",
        "kiosk/domain/returning.py",
        "        owe_slip(act.connection, act.village, fact.id)\n",
        "",
        ("tests/faults/test_kill_return.py",),
    ),
    Defect(
        "the box of slips agrees with any count",
        "kiosk/domain/day_close.py",
        "    return show_figures(store).slips_booked == slips_counted\n",
        "    return show_figures(store).slips_booked >= 0 * slips_counted\n",
        ("tests/kiosk/domain/test_day_close.py",),
    ),
    Defect(
        "a redemption is in two closes where the first had no count",
        "kiosk/domain/day_figures.py",
        "    return figures_in(connection, Stretch(village, log, last_close(connection, village, log)))\n",
        "    return figures_in(connection, Stretch(village, log, last_count(connection, village, log)))\n",
        ("tests/kiosk/domain/test_day_close.py",),
    ),
    Defect(
        "a paper form is entered as often as somebody types its number",
        "kiosk/domain/form.py",
        "    if before is not None:\n",
        "    if before is not None and before.day is None:\n",
        ("tests/kiosk/domain/test_form.py",),
    ),
    Defect(
        "a spot count passes by what was sold beyond the book",
        "kiosk/domain/spot_count.py",
        "    over = {row.item_id: 1 for row in rows if row.is_over and row.item_id in goods}\n",
        "    over = dict[int, int]()\n",
        ("tests/kiosk/domain/test_spot_count.py",),
    ),
)


def plant(defect: Defect, folder: Path) -> None:
    """Copy the tree into a folder and plant a defect there."""
    for name in FOLDERS:
        copytree(ROOT / name, folder / name, ignore=ignore_patterns("__pycache__"))
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    file = folder / defect.file
    file.write_text(file.read_text("utf-8").replace(defect.before, defect.after), "utf-8")


def run_tests(folder: Path, tests: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Run tests of a copied tree against its own code; ends with 1 when one of them fails."""
    words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *tests]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, timeout=MINUTES)
