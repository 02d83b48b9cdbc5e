"""The stored hardware of a computer, and its form in a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

import orjson

from ..api import END_OF_TIME, AgentDetails, Hardware, Notes, Reader, read_hardware

# The fields of an answer that entities show. `get_device_info` reads the others when it is called.
_SHOWN = frozenset(
    {"CPU", "CPUCores", "ComputerIP", "ComputerModel", "ComputerName", "LogicalDisks", "Monitors", "NetAdapters", "OSName", "OSVersion"}
    | {"RAMPhys", "RAMPhysAvail", "VideoCards"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareRecord:
    """The hardware of a computer, and when it was read (`updated`); both None until the server has sent some.

    `requested`: when it was last requested, with or without success. `share`: the part of the interval after which it is requested
    again. `source`: the fields of the answer that entities show, as JSON, which takes a quarter of the memory of parsed objects.
    """

    requested: datetime
    share: float = 1.0
    updated: datetime | None = None
    hardware: Hardware | None = None
    source: bytes = field(default=b"null", repr=False)

    @classmethod
    def from_details(cls, details: AgentDetails, now: datetime, share: float) -> Self:
        """Return the record of an answer of `agents/info` that contains hardware."""
        shown = {name: value for name, value in details.source.items() if name in _SHOWN}
        return cls(requested=now, share=share, updated=now, hardware=_read(shown), source=orjson.dumps(shown))

    def saved(self) -> dict[str, Any]:
        """Return the record in the form in which it is stored; times in Unix seconds."""
        return {
            "asked": self.requested.timestamp(),
            "share": self.share,
            "updated": self.updated and self.updated.timestamp(),
            "hardware": orjson.Fragment(self.source),
        }

    @classmethod
    def read_all(cls, saved: Mapping[str, Any]) -> dict[int, Self]:
        """Return the records of a file by agent id. Entries that are not valid records are skipped."""
        records: dict[int, Self] = {}
        for agent_id, record in saved.items():
            try:
                records[int(agent_id)] = cls._restored(record)
            except KeyError, TypeError, ValueError, AttributeError, RecursionError:
                continue
        return records

    @classmethod
    def _restored(cls, saved: Mapping[str, Any]) -> Self:
        updated, shown = saved["updated"], saved["hardware"]
        return cls(
            requested=stored_time(saved["asked"]),
            # With the arguments in this order, NaN becomes 0.5.
            share=min(max(0.5, float(saved["share"])), 1.0),
            updated=None if updated is None else stored_time(updated),
            hardware=_read(shown) if shown else None,
            source=orjson.dumps(shown or None),
        )


def stored_time(seconds: object) -> datetime:
    """Return the time (UTC) that a file has in Unix seconds. Raises ValueError for anything that is not a time in every time zone."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < END_OF_TIME:
        raise ValueError(f"not a time: {seconds}")
    return datetime.fromtimestamp(seconds, UTC)


def _read(shown: dict[str, Any]) -> Hardware:
    return read_hardware(Reader(shown, Notes()))
