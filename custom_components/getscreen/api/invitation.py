"""The invitations of `support/list`, `support/info` and `support/create`; every field may be None."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, Self

from .reader import Notes, Reader


class InvitationStatus(IntEnum):
    """The state of the quick-support session that an invitation is for."""

    WAITING_FOR_CLIENT = 0
    CLIENT_JOINED = 1
    ACTIVE = 2
    CLOSED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation of a client to a quick-support session. `connect_url` is the operator link, a secret. `created` is in UTC."""

    id: int
    status: InvitationStatus | None
    created: datetime | None
    code: str | None
    invite_url: str | None = field(repr=False)
    connect_url: str | None = field(repr=False)
    client_name: str | None
    client_os: str | None

    @classmethod
    def from_dict(cls, record: dict[str, Any], notes: Notes) -> Self | None:
        """Return the invitation of a record; None if the record has no id."""
        reader = Reader(record, notes)
        invitation_id = reader.id("id")
        if invitation_id is None:
            return None
        invitation = cls(
            id=invitation_id,
            status=reader.choice("status", InvitationStatus),
            created=reader.moment("create_time"),
            code=reader.text("invite_code"),
            invite_url=reader.link("invite_url"),
            connect_url=reader.link("connect_url"),
            client_name=reader.text("client_name"),
            client_os=reader.text("client_os"),
        )
        # The preview is not read, because it shows the client's desktop before the client has agreed to anything.
        reader.ignore("client_preview_url")
        reader.close()
        return invitation


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationList:
    """An answer of `support/list`: the open invitations.

    `remaining`: connections left in the plan, None if the server does not say. `skipped`: number of records that could not be used.
    """

    invitations: tuple[Invitation, ...]
    remaining: int | None
    skipped: int
