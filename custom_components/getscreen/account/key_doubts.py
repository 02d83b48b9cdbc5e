"""Decides when refusals mean that the key is no longer valid."""

from .pauses import Kind, Pauses

# One refusal proves nothing. If the key works for other requests, more refusals are needed.
_REFUSALS_NEEDED = 2
_MORE_REFUSALS_NEEDED = 4


class KeyDoubts:
    """Compares the refusals of the list of agents, which shows whether the key is valid, with what the server accepts."""

    def __init__(self, pauses: Pauses) -> None:
        self._pauses = pauses
        self._refusals_needed = _REFUSALS_NEEDED

    @property
    def needs_new_key(self) -> bool:
        """Whether there were enough refusals in a row to ask the user for another key."""
        return self._pauses.refusals(Kind.AGENTS) >= self._refusals_needed

    def reset(self) -> None:
        """Reset the refusals, because the list was accepted or the key was replaced."""
        self._pauses.reset_refusals(Kind.AGENTS)
        self._refusals_needed = _REFUSALS_NEEDED

    def accepted_elsewhere(self) -> bool:
        """Note that the server accepted the key for another request; return whether to poll at once.

        If the role of the key's user lacks the list of computers, only the poll is refused. So only the first such request after a
        successful poll resets the refusals; later ones neither cause more polls nor open and close the form for a key repeatedly.
        """
        if self._refusals_needed > _REFUSALS_NEEDED:
            self._refusals_needed = self._pauses.refusals(Kind.AGENTS) + _MORE_REFUSALS_NEEDED
            return False
        self._pauses.reset_refusals(Kind.AGENTS)
        self._refusals_needed = _MORE_REFUSALS_NEEDED
        return True
