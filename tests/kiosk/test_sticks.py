"""Sticks are found by where the machine shows them."""

from pathlib import Path

from kiosk.sticks import find_sticks

MOUNTS = r"""/dev/mmcblk0p2 / ext4 rw 0 0
proc /proc proc rw 0 0
/dev/sdb1 /run/media/kiosk/SECOND vfat rw 0 0
/dev/sda1 /media/村里\040U盘 vfat rw 0 0
/dev/mmcblk0p1 /boot vfat rw 0 0

tmpfs
"""


def test_sticks_are_found_when_they_are_mounted_where_sticks_are(tmp_path: Path) -> None:
    """Names with spaces and Chinese included, the machine's own disks not."""
    (tmp_path / "mounts").write_text(MOUNTS)
    assert find_sticks(tmp_path / "mounts") == [Path("/media/村里 U盘"), Path("/run/media/kiosk/SECOND")]


def test_there_are_no_sticks_when_the_machine_does_not_say(tmp_path: Path) -> None:
    """No table, no sticks."""
    assert find_sticks(tmp_path / "absent") == []


def test_own_machine_answers_when_asked() -> None:
    """The real table can be read."""
    assert all(stick.is_absolute() for stick in find_sticks())
