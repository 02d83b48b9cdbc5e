"""Counts the rows of a recorder's database, with SQL for both SQLite and PostgreSQL."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from homeassistant.components.recorder.db_schema import Base
from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect, text

# The tables that grow, and their columns of ascending numbers.
TABLES = {
    "states": "state_id",
    "state_attributes": "attributes_id",
    "events": "event_id",
    "event_data": "data_id",
    "statistics_short_term": "id",
    "statistics": "id",
}

# A state is repeated (`same`) if the state and its recorded attributes equal those of the entity's previous row.
_STATES = """
SELECT entity_id, COUNT(*), SUM(CASE WHEN same THEN 1 ELSE 0 END) FROM (
  SELECT metadata_id, state_id,
    state = LAG(state) OVER rows_of AND attributes_id = LAG(attributes_id) OVER rows_of AS same
  FROM states WINDOW rows_of AS (PARTITION BY metadata_id ORDER BY state_id)
) AS compared JOIN states_meta USING (metadata_id) WHERE state_id > :after GROUP BY entity_id
"""
_STATISTICS = """
SELECT statistic_id, COUNT(*) FROM {table} JOIN statistics_meta ON statistics_meta.id = metadata_id
WHERE {table}.id > :after GROUP BY statistic_id
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """The last row of each table at one moment, and the size of the database in bytes."""

    last: dict[str, int]
    size: int


@dataclass(frozen=True, slots=True)
class Rows:
    """What was written between two moments: rows by table, rows by translation key, events by type, and growth in bytes.

    `repeated`: those of the states that equal the previous state.
    """

    tables: dict[str, int]
    states: Counter[str]
    repeated: Counter[str]
    statistics: Counter[str]
    events: Counter[str]
    size: int


class Database:
    """A recorder's database, read through its own connections."""

    def __init__(self, url: str) -> None:
        self._engine: Engine = create_engine(url, poolclass=NullPool)

    def __enter__(self) -> Self:
        """Return the database; each method opens its own connection."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._engine.dispose()

    def is_empty(self) -> bool:
        """Return whether the database has no table of the recorder."""
        file = self._engine.url.database if self._engine.dialect.name == "sqlite" else None
        if file and not Path(file).exists():
            # A connection would create an empty file, which Home Assistant considers a damaged database.
            return True
        return not set(inspect(self._engine).get_table_names()) & Base.metadata.tables.keys()

    def drop(self) -> None:
        """Remove the recorder's tables."""
        Base.metadata.drop_all(self._engine)

    def last_written(self) -> datetime | None:
        """Return when the last state was written; None if there is none."""
        with self._engine.connect() as connection:
            moment = connection.execute(text("SELECT MAX(last_updated_ts) FROM states")).scalar()
        return datetime.fromtimestamp(moment, UTC) if moment else None

    def mark(self) -> Mark:
        """Return the current end of all tables; everything has to be written before."""
        with self._engine.connect() as connection:
            last = {
                table: connection.execute(text(f"SELECT COALESCE(MAX({column}), 0) FROM {table}")).scalar_one()  # noqa: S608 - constant names
                for table, column in TABLES.items()
            }
            return Mark(last, self._size(connection))

    def _size(self, connection: Connection) -> int:
        if self._engine.dialect.name == "postgresql":
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        pages, free, size = (
            connection.execute(text(f"PRAGMA {pragma}")).scalar_one() for pragma in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)

    def since(self, mark: Mark, key_of: Callable[[str], str]) -> Rows:
        """Return what was written since a mark; `key_of` returns the name to count an entity id under."""
        now = self.mark()
        states, repeated, statistics = Counter[str](), Counter[str](), Counter[str]()
        with self._engine.connect() as connection:
            for entity_id, count, same in connection.execute(text(_STATES), {"after": mark.last["states"]}):
                states[key_of(entity_id)] += count
                repeated[key_of(entity_id)] += same
            for table in ("statistics_short_term", "statistics"):
                query = text(_STATISTICS.format(table=table))
                for entity_id, count in connection.execute(query, {"after": mark.last[table]}):
                    statistics[key_of(entity_id)] += count
            events = connection.execute(
                text(
                    "SELECT t.event_type, COUNT(*) FROM events JOIN event_types t USING (event_type_id) WHERE event_id > :after GROUP BY 1"
                ),
                {"after": mark.last["events"]},
            )
            counted = Counter[str](dict(events.tuples().all()))
            tables = {
                table: connection.execute(
                    text(f"SELECT COUNT(*) FROM {table} WHERE {column} > :after"),  # noqa: S608 - constant names
                    {"after": mark.last[table]},
                ).scalar_one()
                for table, column in TABLES.items()
            }
        return Rows(tables, states, repeated, statistics, counted, now.size - mark.size)
