"""How every terminal was when it reported last."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FIGURES = (
    "told_at", "held", "lines", "unsent", "unsaved", "unsaved_outside", "faults", "free_kib", "slips_owed", "printer",
    "clock", "ahead",
)  # fmt: skip


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, WHOLE, primary_key=True, autoincrement=False, nullable=False)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "terminal_health",
        _key("village"),
        _key("log"),
        *(sa.Column(name, WHOLE) for name in FIGURES),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
