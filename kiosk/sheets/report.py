"""Writes reports as one workbook: a tab a list."""

from typing import TYPE_CHECKING

from kiosk.sheets.report_tabs import tabs_of
from kiosk.sheets.tabs import write_tabs

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.domain.reports import Reports
    from kiosk.locale import Texts


def write_reports(path: "Path", reports: "Reports", village: str, texts: "Texts") -> None:
    """Write reports to ``path`` (.xlsx); ``village`` is its name in the titles. Raises NotWritable."""
    write_tabs(path, tabs_of(reports, village, texts))
