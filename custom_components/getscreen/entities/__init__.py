"""Shared code of the platforms: the base classes of entities, and the loader that adds entities."""

from .base import (
    LARGE_FLEET,
    NEVER,
    SMALL_FLEET,
    AgentEntity,
    AgentEntityDescription,
    HardwareEntity,
    PolledAccountEntity,
    session_attributes,
)
from .loader import async_add_agent_entities

__all__ = [
    "LARGE_FLEET",
    "NEVER",
    "SMALL_FLEET",
    "AgentEntity",
    "AgentEntityDescription",
    "HardwareEntity",
    "PolledAccountEntity",
    "async_add_agent_entities",
    "session_attributes",
]
