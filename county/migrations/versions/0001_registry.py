"""The first registry: the hub itself, villages' names, codes, terminals, orders, and who reported after a restore.

A hub that was laid out before there were steps has these tables: what is there stays.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPTIONS: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False, "if_not_exists": True}


def _key(name: str, kind: Any = WHOLE) -> sa.Column[Any]:  # noqa: ANN401  because column types share no base of interest
    return sa.Column(name, kind, primary_key=True, autoincrement=False, nullable=False)


def _whole(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, WHOLE) for name in names]


def _words(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text()) for name in names]


def upgrade() -> None:
    """Create the tables."""
    op.create_table("hub_value", _key("village"), _key("name", sa.Text()), *_words("value"), **OPTIONS)
    op.create_table("village_name", _key("village"), *_words("name"), **OPTIONS)
    op.create_table(
        "enrolment_code",
        _key("village"),
        _key("digest", sa.Text()),
        *_whole("made_at", "expires_at", "used_at"),
        **OPTIONS,
    )
    _create_terminals()


def _create_terminals() -> None:
    op.create_table(
        "terminal",
        _key("village"),
        _key("log"),
        *_words("public_key", "sealing_key", "state", "program"),
        *_whole("till", "enrolled_at", "decided_at", "heard_at", "head_seq"),
        *_words("head_signed"),
        **OPTIONS,
    )
    op.create_table(
        "seat_order",
        *(_key(name) for name in ("village", "log", "made_at")),
        *_whole("seat", "till", "replaces"),
        *_words("digest", "ordered_by", "confirmed_by"),
        *_whole("expires_at"),
        *_words("taken_by"),
        *_whole("taken_at"),
        **OPTIONS,
    )
    op.create_table(
        "reported", _key("village"), _key("log"), *_words("epoch"), *_whole("lacking", "is_parted"), **OPTIONS
    )
