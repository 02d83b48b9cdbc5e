"""Invitations as records of the API have them."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
import pytest

from custom_components.getscreen.api import Invitation, InvitationStatus
from custom_components.getscreen.api.reader import Notes

from .checks import assert_impersonal, assert_is_a_model, decoded
from .records import INVITATION, STARTED
from .strategies import INVITATIONS, JSON, MANY, NAMES


def test_an_invitation() -> None:
    notes = Notes()
    assert Invitation.from_dict(INVITATION | {"new": 1}, notes) == Invitation(
        id=7,
        status=InvitationStatus.CLIENT_JOINED,
        created=STARTED,
        code="123456789",
        invite_url="https://getscreen.me/invite",
        connect_url="https://go.getscreen.me/s3cret",
        client_name="Nora",
        client_os="win",
    )
    assert (notes.unknown, notes.unexpected) == ({"new: int"}, set())


@pytest.mark.parametrize(("status", "expected"), [(0, 0), (3, 3), ("2", 2), (4, None), (-1, None), ("x", None), (None, None), (True, None)])
def test_the_status_of_an_invitation(status: object, expected: int | None) -> None:
    invitation = Invitation.from_dict({"id": 1, "status": status}, Notes())
    assert invitation is not None
    assert invitation.status == expected


def test_a_code_written_as_a_number() -> None:
    invitation = Invitation.from_dict({"id": 1, "invite_code": 123456789}, Notes())
    assert invitation is not None
    assert invitation.code == "123456789"


@MANY
@given(INVITATIONS | st.dictionaries(NAMES, JSON))
def test_any_record_is_an_invitation_or_none(record: dict[str, Any]) -> None:
    notes = Notes()
    invitation = Invitation.from_dict(record, notes)
    assert_impersonal(notes)
    if invitation is not None:
        assert_is_a_model(invitation, Invitation.from_dict(decoded(record), Notes()), Invitation)
