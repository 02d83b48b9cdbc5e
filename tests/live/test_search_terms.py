"""The search terms of a computer, beyond the fields of its record."""

from typing import Any

from custom_components.getscreen.api import Agent, Notes, Reader, read_hardware
from custom_components.getscreen.live.search_terms import terms


def found(hardware: dict[str, Any] | None, **record: Any) -> list[str]:
    """Return the texts of a computer."""
    agent = Agent.from_dict({"id": 1, **record}, Notes())
    assert agent
    return terms(agent, read_hardware(Reader(hardware, Notes())) if hardware else None)


def test_every_term() -> None:
    hardware = {"ComputerName": "BR-293", "ComputerModel": "OptiPlex", "OSName": "Windows 11 Pro", "OSVersion": "24H2"}
    record = {"os": "win", "owner": "owner@example.com", "os_user": "maria", "geo": {"ip": "198.51.100.7"}}
    assert sorted(found({**hardware, "ComputerIP": ["192.168.1.20"]}, **record)) == sorted(
        ["BR-293", "OptiPlex", "Windows 11 Pro", "24H2", "Windows", "owner@example.com", "maria", "198.51.100.7", "192.168.1.20"]
    )


def test_unknown_values() -> None:
    assert found(None) == []
    assert found(None, os="mac") == ["macOS"]


def test_each_text_once() -> None:
    assert found({"ComputerName": "one", "ComputerModel": "one"}, owner="two", os_user="two") == ["one", "two"]


def test_bounds() -> None:
    """Addresses are cut first, because a computer may have hundreds."""
    hardware = {"ComputerName": "x" * 5000, "ComputerModel": "model", "ComputerIP": [f"10.0.0.{number}" for number in range(256)]}
    texts = found(hardware, owner="y" * 5000)
    assert len(texts) == 20
    assert max(map(len, texts)) == 100
    assert {"model", "10.0.0.0"} < set(texts)
