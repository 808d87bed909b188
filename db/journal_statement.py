"""Statements about the ends of logs, compiled once; the journal runs them before every append and every session."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, bindparam, func, literal, select

from db.line import COUNTY_LOG
from db.tables.journal import Line
from db.tables.statement import table_of

if TYPE_CHECKING:
    from sqlalchemy import BindParameter

COMMON_VILLAGE: Final = 0


@lru_cache(maxsize=1)
def one_head() -> Select[Any]:
    """Return (log, seq, hash) of the last line of log `of_log` of `of_village`."""
    line = table_of(Line).c
    statement = select(line.log, line.seq, line.hash).where(
        line.village == bindparam("of_village"), line.log == bindparam("of_log")
    )
    return statement.order_by(line.seq.desc()).limit(1)


@lru_cache(maxsize=1)
def all_heads() -> Select[Any]:
    """Return (log, seq, hash) of the last line of every log of `of_village`.

    It steps from log to log: a village has few logs of very many lines, and a grouped read would walk them all.
    """
    line, later = table_of(Line).c, table_of(Line).alias().c
    village: BindParameter[int] = bindparam("of_village")
    first = select(func.min(line.log).label("log")).where(line.village == village).cte("logs", recursive=True)
    following = select(func.min(later.log)).where(later.village == village, later.log > first.c.log).scalar_subquery()
    logs = first.union_all(select(following).where(first.c.log.is_not(None))).c
    return select(line.log, line.seq, line.hash).where(
        line.village == village, line.log == logs.log, line.seq == _last_seq(village, logs.log)
    )


@lru_cache(maxsize=1)
def before_append() -> Select[Any]:
    """Return what a writer of log `of_log` goes by: its end, the highest turns, how far the county's logs are held."""
    line = table_of(Line).c
    village: BindParameter[int] = bindparam("of_village")
    log: BindParameter[int] = bindparam("of_log")
    last_seq = _last_seq(village, log)
    return select(
        last_seq.label("has"),
        select(line.hash).where(line.village == village, line.log == log, line.seq == last_seq).scalar_subquery(),
        _highest_turn(village),
        _highest_turn(literal(COMMON_VILLAGE)),
        _last_seq(literal(COMMON_VILLAGE), literal(COUNTY_LOG)),
        _last_seq(village, literal(COUNTY_LOG)),
    )


def _highest_turn(village: Any) -> Any:  # noqa: ANN401  because SQL expressions of two kinds come in
    line = table_of(Line).alias().c
    return select(func.max(line.turn)).where(line.village == village).scalar_subquery()


def _last_seq(village: Any, log: Any) -> Any:  # noqa: ANN401  because SQL expressions of two kinds come in
    line = table_of(Line).alias().c
    return select(func.max(line.seq)).where(line.village == village, line.log == log).scalar_subquery()
