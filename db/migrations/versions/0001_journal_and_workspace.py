"""The first store: lines, private texts, and what belongs to the device."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPTIONS: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}


def _key(name: str, kind: Any = WHOLE) -> sa.Column[Any]:  # noqa: ANN401  because column types share no base of interest
    return sa.Column(name, kind, primary_key=True, autoincrement=False, nullable=False)


def _place() -> list[sa.Column[Any]]:
    return [_key("village"), _key("log"), _key("seq")]


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "line",
        *_place(),
        sa.Column("turn", WHOLE),
        sa.Column("kind", sa.Text()),
        sa.Column("hash", sa.LargeBinary()),
        sa.Column("line", sa.LargeBinary()),
        **OPTIONS,
    )
    op.create_index("line_turn", "line", ["village", "turn"])
    op.create_table(
        "private_text", *_place(), sa.Column("salt", sa.LargeBinary()), sa.Column("text", sa.Text()), **OPTIONS
    )
    _create_workspace()


def _create_workspace() -> None:
    op.create_table("own_log", _key("village"), sa.Column("log", WHOLE), sa.Column("is_ended", WHOLE), **OPTIONS)
    op.create_table("setting", _key("village"), _key("name", sa.Text()), sa.Column("value", sa.Text()), **OPTIONS)
    op.create_table(
        "parked_basket", _key("village"), sa.Column("content", sa.Text()), sa.Column("at", WHOLE), **OPTIONS
    )
    op.create_table("slip_owed", *_place(), sa.Column("attempts", WHOLE), **OPTIONS)
    op.create_table("name_key", *_place(), _key("n"), sa.Column("key", sa.Text()), **OPTIONS)
    op.create_index("name_key_key", "name_key", ["village", "key"])
