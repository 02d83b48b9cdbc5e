"""Ways to speak to Home Assistant's own conversation agent, and an account to speak of."""

from homeassistant.components.conversation import ConversationResult, async_converse
from homeassistant.core import Context, HomeAssistant
from homeassistant.setup import async_setup_component

from simulator import Account


async def assist(hass: HomeAssistant) -> None:
    """Set up Assist."""
    for core in ("conversation", "intent"):
        assert await async_setup_component(hass, core, {})


async def ask(hass: HomeAssistant, sentence: str, language: str = "en") -> ConversationResult:
    """Say a sentence to Assist and return the result."""
    return await async_converse(hass, sentence, None, Context(), language=language)


async def say(hass: HomeAssistant, sentence: str, language: str = "en") -> str:
    """Say a sentence to Assist and return the answer."""
    return str((await ask(hass, sentence, language)).response.speech["plain"]["speech"])


def furnish(account: Account) -> None:
    """Make the account the one that docs/voice.md describes; computers take an hour to wake."""
    account.wake_seconds = 3600
    account.add_agent("Server room PC", group="Servers", online=False)
    account.start_session(2)
