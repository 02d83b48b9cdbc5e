"""Which names of unknown fields are noted."""

import pytest

from custom_components.getscreen.api.reader import Notes, Reader


@pytest.mark.parametrize(
    "name",
    [
        *("192.0.2.1", "owner@example.com", "Zoë", "two words", "x" * 41, "", "1", "a\nb", "name\n", "user1", "field_7", "_name", "name_"),
        *("alice_smith", "alice", "AliceSmith", "aliceName", "name_of_alice", "RECEPTION_PC", "simulatedkey", "abcdefabcdefabcdefabcdef"),
        *("\u0430ddress", "na\u0308me", "user-name", "x" * 16_000_000),
    ],
)
def test_values_other_than_names_may_be_personal(name: str) -> None:
    notes = Notes()
    Reader({name: 1}, notes).close()
    assert notes.unknown == {"(not a name): int"}


@pytest.mark.parametrize(
    "name",
    ["isp", "postcode", "os_user", "MACAddress", "CPUCores", "TPM", "lastSeen", "x", "screen_width", "geoIP", "IPAddress", "DNSServers"],
)
def test_names_of_fields_are_noted(name: str) -> None:
    notes = Notes()
    Reader({name: 1}, notes).close()
    assert notes.unknown == {f"{name}: int"}
