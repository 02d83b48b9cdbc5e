"""The blueprint that wakes computers at a sentence, spoken to Home Assistant's own agent."""

from homeassistant.components.conversation import async_converse
from homeassistant.core import Context, HomeAssistant
from homeassistant.setup import async_setup_component

from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import commanded
from .helpers import automate


async def say(hass: HomeAssistant, sentence: str, language: str = "en") -> str:
    """Say a sentence to Assist and return the answer."""
    result = await async_converse(hass, sentence, None, Context(), language=language)
    return str(result.response.speech["plain"]["speech"])


async def listen(hass: HomeAssistant, **inputs: object) -> None:
    """Set up Assist and the automation."""
    assert await async_setup_component(hass, "conversation", {})
    await automate(hass, "wake_by_voice", **inputs)


async def test_probe(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    await set_up()
    await listen(hass)
    for s, l in (("wake up the server room NAS", "en"), ("Weck den Server Room NAS auf", "de"), ("wake reception PC", "en"), ("which computers are online", "en"), ("is the server nas online?", "en"), ("wake foo", "de"), ("réveille server room nas", "fr"), ("wake server","en"), ("is group family online","en")):
        print(s, "->", await say(hass, s, l))
    print(commanded(simulator, "wake"))
    assert 0
