"""Decides when refusals mean that the key is no longer valid."""

from .pauses import Kind, Pauses

# One refusal proves nothing. If the key works for other requests, more refusals are needed.
_ASK_FROM = 2
_ASK_FROM_IN_DOUBT = 4


class KeyDoubts:
    """Compares the refusals of the list of agents, which shows whether the key is valid, with what the server accepts."""

    def __init__(self, pauses: Pauses) -> None:
        self._pauses = pauses
        self._ask_from = _ASK_FROM

    @property
    def prove_key_invalid(self) -> bool:
        """Whether there were enough refusals in a row to ask the user for another key."""
        return self._pauses.refusals(Kind.AGENTS) >= self._ask_from

    def forget(self) -> None:
        """Reset the refusals, because the list was accepted or the key was replaced."""
        self._pauses.allow(Kind.AGENTS)
        self._ask_from = _ASK_FROM

    def accepted_elsewhere(self) -> bool:
        """Note that the server accepted the key for another request; return whether to poll at once.

        If the role of the key's user lacks the list of computers, only the poll is refused. So only the first such request after a
        successful poll resets the refusals; later ones neither cause more polls nor open and close the form for a key repeatedly.
        """
        if self._ask_from > _ASK_FROM:
            self._ask_from = self._pauses.refusals(Kind.AGENTS) + _ASK_FROM_IN_DOUBT
            return False
        self._pauses.allow(Kind.AGENTS)
        self._ask_from = _ASK_FROM_IN_DOUBT
        return True
