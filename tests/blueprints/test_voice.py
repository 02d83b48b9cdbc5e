"""The page on voice: each of its sentences is asked, and answered as the page says."""

import re

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity, async_should_expose
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.intent import IntentResponseType
import pytest

from reference import ROOT
from simulator import Account

from ..conftest import SetUp
from ..helpers import account_state, entity_id_of, registered
from .helpers import automate
from .voice import ask, assist, furnish, say

PAGE = (ROOT / "docs/voice.md").read_text()
HEADS = {"en": "| You say | Answer |", "de": "| Du sagst | Antwort |"}
NOT_UNDERSTOOD = {"not understood", "nicht verstanden"}


def sentences(section: str, language: str) -> list[tuple[str, str]]:
    """Return the sentences of a section in a language, each with its answer."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    tables = re.findall(rf"^{re.escape(HEADS[language])}\n\| --- \| --- \|\n((?:\|.+\|\n)+)", text, re.MULTILINE)
    rows = [line.strip("| ").split(" | ") for table in tables for line in table.splitlines()]
    return [(sentence, answer) for sentence, answer in rows]


def test_both_languages_have_the_same_sentences() -> None:
    for section, count in (("With the blueprint", 13), ("Without the blueprint", 9)):
        assert len(sentences(section, "en")) == len(sentences(section, "de")) == count


@pytest.mark.parametrize("language", HEADS)
async def test_with_the_blueprint(hass: HomeAssistant, account: Account, set_up: SetUp, language: str) -> None:
    furnish(account)
    await set_up()
    await assist(hass)
    await automate(hass, "wake_by_voice")
    said = sentences("With the blueprint", language)
    assert [(sentence, await say(hass, sentence, language)) for sentence, _ in said] == said


@pytest.mark.parametrize("language", HEADS)
async def test_without_the_blueprint(hass: HomeAssistant, account: Account, set_up: SetUp, language: str) -> None:
    """The entities of the page are exposed with the aliases of the page."""
    hass.config.language = language
    furnish(account)
    entry = await set_up()
    await assist(hass)
    exposed = {
        entity_id_of(hass, entry, 1, "online"): ["Reception PC"],
        entity_id_of(hass, entry, 3, "online"): ["Server room NAS"],
        entity_id_of(hass, entry, 1, "session"): ["Reception PC session", "Reception PC Sitzung"],
        entity_id_of(hass, entry, 1, "group"): [],
        account_state(hass, entry, "devices_online").entity_id: ["number of computers online", "Anzahl Computer online"],
    }
    for entity_id, aliases in exposed.items():
        assert all(f"*{alias}*" in PAGE for alias in aliases[:1])
        async_expose_entity(hass, "conversation", entity_id, should_expose=True)
        er.async_get(hass).async_update_entity(entity_id, aliases=[er.COMPUTED_NAME, *aliases])
    await hass.async_block_till_done()
    for sentence, answer in sentences("Without the blueprint", language):
        response = (await ask(hass, sentence, language)).response
        understood = response.response_type is not IntentResponseType.ERROR
        assert (sentence, understood) == (sentence, answer not in NOT_UNDERSTOOD)
        assert not understood or (sentence, response.speech["plain"]["speech"]) == (sentence, answer)


async def test_nothing_is_exposed_by_default(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    await assist(hass)
    assert registered(hass, entry)
    assert [entity.entity_id for entity in registered(hass, entry) if async_should_expose(hass, "conversation", entity.entity_id)] == []
