"""The rows of the trigger model made a second way: SQL on DuckDB, from the log alone.

It shares no code with rules/trigger_design.py, and asks of each interval's middle what
holds there instead of keeping count of what begins and ends.
"""

from __future__ import annotations

import duckdb
import numpy as np

from veriga.insight.rules.conditional_poisson import Rows
from veriga.insight.rules.log import ActivityLog

GAPS = (1, 2, 3.5, 5, 7.5, 10, 15, 20)
AGES = (10, 25, 50, 100, 150)

TABLES = """
create table row_ as select * from rows_view;
create table span as
  select chain, began,
    case when isnan(ended) then now_ else least(ended, now_) end as till
  from chains_view;
create table good as
  select * from row_ where fate = 0 and (isnan(recorded) or recorded <= moment + 3.0);
create table act as
  select g.chain, g.kind, g.moment as since, g.moment + {window} as until
  from good g where side = 0;
create table wait as
  select chain, kind, recorded as since,
    case when fate = 0 then moment
         when isnan(closed) then now_
         else least(closed, now_, planned) end as until
  from row_
  where side = 0 and not isnan(recorded) and not (fate = 0 and recorded > moment + 3.0);
delete from wait where until - since <= 0.5;
create table word as
  select distinct g.chain, g.moment from good g join span using (chain)
  where side = 1 and g.moment between began and till;
create table quote as
  select distinct g.chain, g.moment from good g join span using (chain)
  where side = 0 and kind = {quote} and g.moment between began and till;
create table clock as
  select chain, moment, lead(moment) over (partition by chain order by moment) as next
  from (select chain, moment from word union select chain, began from span);
create table cut as
  select distinct c.chain, c.moment from (
    select chain, began as moment from span union all select chain, till from span
    union all select chain, moment from word union all select chain, moment from quote
    union all select chain, since from act union all select chain, until from act
    union all select chain, since from wait union all select chain, until from wait
    union all select chain, moment + gap from clock, (select unnest({gaps}) as gap)
    union all select chain, began + age from span, (select unnest({ages}) as age)
    union all select chain, start from span, month_view
  ) c join span using (chain) where c.moment between began and till;
create table piece as
  select * from (
    select chain, moment as low,
      lead(moment) over (partition by chain order by moment) as high
    from cut) where high is not null;
create table known as
  select p.chain, p.low, p.high, (p.low + p.high) / 2 as mid,
    (p.low + p.high) / 2 - c.moment as gap, (p.low + p.high) / 2 - s.began as age,
    (select max_by(stretch, place) from month_view
     where start <= (p.low + p.high) / 2 or place = 0) as month
  from piece p join span s using (chain)
  asof join clock c on p.chain = c.chain and (p.low + p.high) / 2 >= c.moment;
delete from known where gap >= 30;
"""


def rows_in_sql(
    log: ActivityLog,
    acted: tuple[int, ...],
    agreed: tuple[int, ...],
    window: float,
    months: int = 0,
) -> tuple[Rows, np.ndarray]:
    """Return rows and events as trigger_design.merged does, unmerged."""
    with duckdb.connect() as connection:
        _register(connection, log)
        quote = next((i for i, k in enumerate(log.kinds) if k.code == "quote"), -1)
        connection.execute(
            TABLES.format(
                window=window,
                quote=quote,
                gaps=[*map(float, GAPS), 30.0],
                ages=list(map(float, AGES)),
            )
        )
        columns = [
            *(_in("act", f"w.kind = {kind}") for kind in acted),
            _in("act", f"w.kind not in {_listed(acted)}"),
            *(_in("wait", f"w.kind = {kind}") for kind in agreed),
            _in("wait", f"w.kind not in {_listed(agreed)}"),
            *_bins("gap", GAPS),
            *_bins("age", AGES),
            *(f"month = {name}" for name in range(2, months + 1)),
        ]
        named = ", ".join(f"({c})::tinyint as c{i}" for i, c in enumerate(columns))
        hits = ", ".join(
            f"exists(from {t} w where w.chain = k.chain and w.moment = k.high)"
            f" as {t}_hit"
            for t in ("word", "quote")
        )
        found = connection.execute(
            f"select chain, high - low as length, {named}, {hits}"  # noqa: S608
            " from known k order by chain, low"
        ).fetchnumpy()
    chain = found["chain"].astype(np.int64)
    company = log.chains.company[chain]
    flags = np.stack([found[f"c{i}"] for i in range(len(columns))], axis=1)
    rows = Rows(
        flags.astype(np.uint8),
        found["length"],
        np.zeros(len(chain)),
        chain,
        np.where(company > 0, company, -1 - chain),
    )
    hits = np.stack([found["word_hit"], found["quote_hit"]], axis=1)
    return rows, hits.astype(np.int64)


def _in(table: str, where: str) -> str:
    return (
        f"exists(from {table} w where w.chain = k.chain and {where}"
        " and w.since < k.mid and k.mid < w.until)"
    )


def _bins(name: str, cuts: tuple[float, ...]) -> list[str]:
    ends = [*cuts[1:], 1e9]
    return [f"{name} >= {a} and {name} < {b}" for a, b in zip(cuts, ends, strict=True)]


def _listed(kinds: tuple[int, ...]) -> str:
    return "(" + ", ".join(map(str, (-1, *kinds))) + ")"


def _register(connection: duckdb.DuckDBPyConnection, log: ActivityLog) -> None:
    """Give the log's columns to SQL as two views."""
    table, chains = log.activities, log.chains
    rows = {
        name: getattr(table, name)
        for name in ("chain", "kind", "side", "fate", "planned", "recorded", "closed")
    }
    connection.register("rows_array", rows | {"moment": table.at})
    spans = {"began": chains.began, "ended": chains.ended}
    connection.register("chains_array", {"chain": np.arange(len(chains))} | spans)
    months = {"start": log.months.starts, "stretch": log.months.stretch}
    connection.register(
        "month_view", months | {"place": np.arange(len(log.months.starts))}
    )
    for name in ("rows", "chains"):
        connection.execute(
            f"create view {name}_view as"  # noqa: S608
            f" select *, {float(log.now)!r}::double as now_ from {name}_array"
        )
