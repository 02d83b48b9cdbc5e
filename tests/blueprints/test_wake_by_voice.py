"""The blueprint that wakes computers and answers, spoken to in Home Assistant's own conversation agent."""

import re
from typing import Any

from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint import Blueprint
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from reference import ROOT
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import commanded, device_id_of, entity_id_of, pass_time
from ..markdown import HOSTILE
from .helpers import automate, let_pass, report, reports, settle, show_as
from .voice import assist, say

PLACES = re.compile(r"{\w+}")

# How to wake the server room NAS, and how to ask for it and for all computers, in every language of the integration.
SENTENCES = {
    "cs": ("Probuď Server room NAS", "Je Server room NAS online?", "Které počítače jsou online?"),
    "de": ("Wecke den Server room NAS auf", "Ist der Server room NAS online?", "Welche Rechner sind online?"),
    "en": ("Wake the server room NAS up", "Is the server room NAS online?", "How many computers are online?"),
    "es": ("Despierta al Server room NAS", "¿Está el Server room NAS en línea?", "¿Qué ordenadores están en línea?"),
    "fr": ("Réveille le Server room NAS", "Est-ce que le Server room NAS est en ligne ?", "Quels ordinateurs sont en ligne ?"),
    "it": ("Risveglia il Server room NAS", "Il Server room NAS è online?", "Quali computer sono online?"),
    "nl": ("Maak de Server room NAS wakker", "Is de Server room NAS online?", "Welke computers zijn online?"),
    "pl": ("Obudź Server room NAS", "Czy Server room NAS jest online?", "Które komputery są online?"),
    "pt-BR": ("Acorde o Server room NAS", "O Server room NAS está online?", "Quais computadores estão online?"),
    "ru": ("Разбуди Server room NAS", "Server room NAS в сети?", "Какие компьютеры в сети?"),
    "tr": ("Server room NAS'ı uyandır", "Server room NAS çevrimiçi mi?", "Hangi bilgisayarlar çevrimiçi?"),  # noqa: RUF001 - Turkish
    "uk": ("Розбуди Server room NAS", "Чи Server room NAS в мережі?", "Які комп'ютери в мережі?"),
}


async def answers(hass: HomeAssistant) -> dict[str, dict[str, str]]:
    """Return the blueprint's answers by language."""
    blueprint: Blueprint = await async_get_blueprints(hass).async_get_blueprint("getscreen/wake_by_voice.yaml")
    found: dict[str, dict[str, str]] = blueprint.inputs["answers"]["default"]
    return found


async def listen(hass: HomeAssistant, set_up: SetUp, **inputs: Any) -> MockConfigEntry:
    """Set up the account, Assist and the automation."""
    entry = await set_up()
    await assist(hass)
    await automate(hass, "wake_by_voice", **inputs)
    return entry


async def test_languages(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Sentences and answers are there for every language of the integration, and each has every answer with the same placeholders."""
    await listen(hass, set_up)
    texts = await answers(hass)
    languages = {path.stem for path in ROOT.glob("custom_components/getscreen/translations/*.json")}
    assert languages == texts.keys() == SENTENCES.keys()
    for language in languages:
        assert texts[language].keys() == texts["en"].keys()
        for key, text in texts[language].items():
            assert set(PLACES.findall(text)) == set(PLACES.findall(texts["en"][key])), (language, key)


@pytest.mark.parametrize("language", SENTENCES)
async def test_a_language(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, language: str) -> None:
    account.wake_seconds = 3600
    await listen(hass, set_up)
    texts = (await answers(hass))[language]
    wake, computer, every = SENTENCES[language]
    assert await say(hass, computer, language) == texts["offline"].replace("{name}", "Server room NAS")
    assert await say(hass, wake, language) == texts["waking"].replace("{name}", "Server room NAS")
    assert commanded(simulator, "wake") == [3]
    count = texts["count"].replace("{count}", "2").replace("{total}", "3").removesuffix(".")
    assert await say(hass, every, language) == f"{count}: Marta's MacBook, Reception PC."


@pytest.mark.parametrize(
    ("language", "answer"),
    [("de-CH", "Foo wird aufgeweckt."), ("pt", "Acordando Foo."), ("en-GB", "Waking Foo."), ("sv", "Waking Foo."), ("p", "Waking Foo.")],
)
async def test_unsupported_languages(hass: HomeAssistant, account: Account, set_up: SetUp, language: str, answer: str) -> None:
    """A language is answered in one of its variants, or in English."""
    account.agents[3].name = "Foo"
    await listen(hass, set_up)
    assert await say(hass, "wake foo", language) == answer


async def test_own_sentences_and_answers(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """An answer that is missing is given in English, if there is one."""
    own = {"en": {"offline": "{name} sleeps."}, "sv": {"waking": "Väcker {name}."}}
    await listen(hass, set_up, commands=["väck {datorn}"], answers=own)
    assert await say(hass, "Väck server room NAS", "sv") == "Väcker Server room NAS."
    assert await say(hass, "is server room NAS online", "sv") == "Server room NAS sleeps."


@pytest.mark.parametrize(
    "name",
    [
        *("server room nas", "Server-Room NAS", "sérver room nas", "the server room nas"),
        *("nas", "NAS server", "cellar nas", "front desk", "the Front Desk"),
    ],
)
async def test_names(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, name: str) -> None:
    entry = await listen(hass, set_up, names={"front desk": "Server room NAS"})
    dr.async_get(hass).async_update_device(device_id_of(hass, entry, 3), area_id=ar.async_get(hass).async_create("Cellar").id)
    assert await say(hass, f"wake {name}") == "Waking Server room NAS."
    assert commanded(simulator, "wake") == [3]


async def test_a_renamed_computer(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The user's name counts, but not the names of entities or their device classes."""
    entry = await listen(hass, set_up)
    dr.async_get(hass).async_update_device(device_id_of(hass, entry, 3), name_by_user="42")
    show_as(hass, entity_id_of(hass, entry, 3, "online"), "power")
    er.async_get(hass).async_update_entity(entity_id_of(hass, entry, 3, "online"), new_entity_id="binary_sensor.mine", name="Mine")
    await pass_time(hass)
    assert await say(hass, "is 42 online") == "42 is offline."
    assert await say(hass, "wake 42") == "Waking 42."
    assert commanded(simulator, "wake") == [3]


async def test_several_match(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """Five matches are named, with their areas. A full name is preferred to a part of other names."""
    for name in ("Lab", "Lab 1", "Lab 2", "Lab 3", "Lab 4", "Lab 5", "Lab 6", "Twin", "Twin"):
        account.add_agent(name, online=False, disabled=False)
    entry = await listen(hass, set_up)
    twin = max(account.agents)
    dr.async_get(hass).async_update_device(device_id_of(hass, entry, twin), area_id=ar.async_get(hass).async_create("Attic").id)
    assert await say(hass, "wake twin") == "Which one do you mean: Twin, Twin (Attic)?"
    assert await say(hass, "wake the attic twin") == "Waking Twin."
    assert await say(hass, "wake lab") == "Waking Lab."
    account.agents[4].name = "Laboratory"
    assert commanded(simulator, "wake") == [4, twin]
    dr.async_get(hass).async_update_device(device_id_of(hass, entry, 4), name_by_user="Office")
    assert await say(hass, "wake lab") == "Which one do you mean: Lab 1, Lab 2, Lab 3, Lab 4, Lab 5, …?"


async def test_a_group(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """A computer comes before a group of the same name, unless the group is asked for."""
    account.wake_seconds = 3600
    account.add_agent("Servers", group="Family", online=False)
    account.add_agent("Spare", group="Servers", online=False)
    await listen(hass, set_up)
    assert await say(hass, "wake servers") == "Waking Servers."
    assert commanded(simulator, "wake") == [4]
    assert await say(hass, "wake the group servers") == "Waking the group Servers, 2 of 2 computers."
    assert {3, 5} <= set(commanded(simulator, "wake"))
    assert await say(hass, "wake the group nobody knows") == "There is no computer or group named group nobody knows."


@pytest.mark.parametrize("name", ["None", "True", "42"])
async def test_a_group_whose_name_looks_like_a_value(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, name: str
) -> None:
    account.agents[3].group = name
    await listen(hass, set_up)
    assert await say(hass, f"wake the group {name}") == f"Waking the group {name}, 1 of 1 computers."
    assert commanded(simulator, "wake") == [3]


async def test_names_that_differ_in_an_article(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """An exact match of the words comes first."""
    for name in ("A 1", "O 1", "Computer"):
        account.add_agent(name, online=False, disabled=False)
    await listen(hass, set_up)
    assert await say(hass, "wake O 1") == "Waking O 1."
    assert await say(hass, "wake 1") == "Which one do you mean: A 1, O 1?"
    assert await say(hass, "wake the computer") == "Waking Computer."
    assert commanded(simulator, "wake") == [5, 6]


async def test_failures(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    await listen(hass, set_up)
    simulator.command_status[3] = 7
    assert await say(hass, "wake server room nas") == "Server room NAS could not be woken."
    assert await say(hass, "wake servers") == "Servers could not be woken."


async def test_an_outage(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The computer is still found, but its state is unknown."""
    entry = await listen(hass, set_up)
    simulator.fail(Fault.SERVER_ERROR, "agents/list", times=None)
    await pass_time(hass)
    assert await say(hass, "is server room nas online") == "Getscreen.me is not responding right now."
    assert await say(hass, "wake servers") == "Getscreen.me is not responding right now."
    assert await say(hass, "which computers are online") == "Getscreen.me is not responding right now."
    await hass.config_entries.async_unload(entry.entry_id)
    assert await say(hass, "wake server room nas") == "Getscreen.me is not responding right now."
    assert commanded(simulator, "wake") == []


async def test_when_the_computer_is_online(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The answer does not wait, the actions do; only those of this automation run."""
    account.wake_seconds = 3600
    account.add_agent("Spare", group="Servers", online=False)
    words = ("name", "satellite", "awake", "asleep")
    await listen(hass, set_up, up_actions=[{"event": "up", "event_data": {word: f"{{{{ {word} }}}}" for word in words}}])
    up = async_capture_events(hass, "up")
    assert await say(hass, "wake servers") == "Waking the group Servers, 2 of 2 computers."
    hass.bus.async_fire("getscreen_woken_by_voice", {"automation": "automation.another", "name": "x", "entities": {}})
    await settle(hass)
    assert not up
    for agent_id in (3, 4):
        account.come(account.agents[agent_id])
    let_pass(hass, 61)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert reports(up) == [{"name": "Servers", "satellite": None, "awake": ["Server room NAS", "Spare"], "asleep": []}]


async def test_when_the_computer_does_not_come_online(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    account.wake_seconds = 3600
    await listen(hass, set_up, wait={"minutes": 2}, up_actions=report("up"))
    up = async_capture_events(hass, "up")
    await say(hass, "wake server room nas")
    await settle(hass)
    let_pass(hass, 121)
    await hass.async_block_till_done()
    assert reports(up) == [{"awake": [], "asleep": ["Server room NAS"]}]


async def test_a_computer_that_leaves_while_waking(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    account.wake_seconds = 3600
    entry = await listen(hass, set_up, up_actions=report("up"))
    up = async_capture_events(hass, "up")
    await say(hass, "wake server room nas")
    await settle(hass)
    del account.agents[3]
    await entry.runtime_data.agents.async_refresh()
    let_pass(hass, 181)
    await hass.async_block_till_done()
    assert reports(up) == [{"awake": [], "asleep": ["A removed computer"]}]


async def test_names_are_escaped_as_markdown(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Assist shows answers in a chat, in which a name of the server must not make an image."""
    account.agents[3].name = HOSTILE
    await listen(hass, set_up)
    said = await say(hass, "is pixel phish online")
    assert said.endswith(" is offline.")
    assert not set(said) & set("[]<>`*|\\")


async def test_sentences_for_other_integrations(hass: HomeAssistant, set_up: SetUp) -> None:
    """A sentence of an automation comes before Home Assistant's own, as docs/voice.md warns."""
    await listen(hass, set_up)
    assert await say(hass, "Wake me up at seven") == "There is no computer or group named me up at seven."
    assert await say(hass, "Is the printer online?") == "There is no computer or group named printer."


async def test_run_by_hand(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    await listen(hass, set_up)
    await hass.services.async_call("automation", "trigger", {"entity_id": "automation.wake_by_voice"}, blocking=True)
    assert commanded(simulator, "wake") == []
