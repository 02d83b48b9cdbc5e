"""Texts for people: places, durations and sessions, shortened and escaped if necessary."""

from datetime import timedelta

from homeassistant.core import HomeAssistant
import pytest

from custom_components.getscreen.api import Client, Geo
from custom_components.getscreen.texts import (
    async_duration_text,
    async_plan_text,
    async_session_text,
    async_text,
    escape_markdown,
    place_text,
    short,
)

from .conftest import SetUp

NOWHERE = Geo(ip="192.0.2.1", country=None, region=None, city=None)
DUBLIN = Geo(ip="192.0.2.14", country="Ireland", region="Leinster", city="Dublin")


@pytest.mark.parametrize(("language", "text"), [("en", "March 2027"), ("de", "März 2027")])
async def test_a_text_in_the_language_of_home_assistant(hass: HomeAssistant, set_up: SetUp, language: str, text: str) -> None:
    await hass.config.async_update(language=language)
    await set_up()
    assert async_text(hass, "media_month_3", year=2027) == text


@pytest.mark.parametrize(
    ("geo", "text"),
    [
        (DUBLIN, "Dublin, Leinster, Ireland"),
        (Geo(ip="192.0.2.14", country="Ireland", region=None, city="Dublin"), "Dublin, Ireland"),
        (Geo(ip="192.0.2.14", country="Ireland", region="", city=""), "Ireland"),
        (NOWHERE, ""),
    ],
)
def test_places(geo: Geo, text: str) -> None:
    assert place_text(geo) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.9, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (7325, "2 h 2 min"), (90_000, "25 h")],
)
async def test_durations(hass: HomeAssistant, set_up: SetUp, seconds: float, text: str) -> None:
    await set_up()
    assert async_duration_text(hass, timedelta(seconds=seconds)) == text


async def test_durations_in_russian(hass: HomeAssistant, set_up: SetUp) -> None:
    """Units are translated."""
    await hass.config.async_update(language="ru")
    await set_up()
    assert async_duration_text(hass, timedelta(seconds=7325)) == "2 ч 2 мин"


def test_shortening() -> None:
    """The default length is the maximum of a state. The last character shows that something is missing."""
    assert short("x" * 255) == "x" * 255
    assert short("x" * 256) == "x" * 254 + "…"
    assert short("Reception PC", 5) == "Rece…"
    assert short("", 5) == ""


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("Reception PC", "Reception PC"),
        ("anna_b@example.com", "anna_b@example.com"),
        ("10:30, 50 % - ok.", "10:30, 50 % - ok."),
        ("![p](http://192.0.2.1/p)", r"\!\[p\]\(http\://192.0.2.1/p\)"),
        ("WWW.example.com", r"WWW\.example.com"),
        ("<img src=x>", r"\<img src=x\>"),
        ("_both_ **b** `c` ~~d~~", r"\_both\_ \*\*b\*\* \`c\` \~\~d\~\~"),
        ("# a | b & \\", r"\# a \| b \& \\"),
        (" two\n\n# lines\t", r"two \# lines"),
        ("", ""),
    ],
)
def test_escaping(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped


async def test_a_session(hass: HomeAssistant, set_up: SetUp) -> None:
    """A labeled line for all that is known of each client; the group comes last."""
    await set_up()
    safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15"
    clients = [
        Client(login="jonas@example.com", user_agent=safari, geo=DUBLIN),
        Client(login=None, user_agent="Firefox", geo=NOWHERE),
        Client(login=None, user_agent="curl/8.5.0", geo=NOWHERE),
    ]
    text = async_session_text(hass, clients, "Office", timedelta(minutes=5))
    assert (text or "").split("\n") == [
        "Duration: 5 min",
        "User: jonas@example.com",
        "Place: Dublin, Leinster, Ireland",
        "Browser: Safari on macOS",
        "Browser: Firefox",
        "Group: Office",
    ]


async def test_a_session_without_details(hass: HomeAssistant, set_up: SetUp) -> None:
    await set_up()
    nowhere = Client(login=None, user_agent=None, geo=NOWHERE)
    assert async_session_text(hass, [nowhere], None) is None
    assert async_session_text(hass, [], "Office", timedelta(minutes=5)) == "Duration: 5 min\nGroup: Office"


async def test_a_session_of_very_many_clients(hass: HomeAssistant, set_up: SetUp) -> None:
    await set_up()
    client = Client(login="x" * 10_000, user_agent="x" * 10_000, geo=NOWHERE)
    assert async_session_text(hass, [client], None) == f"User: {'x' * 254}…"
    text = async_session_text(hass, [client] * 100, None)
    assert text is not None
    assert len(text) == 2000
    assert text.endswith("…")


@pytest.mark.parametrize(
    ("plan", "text", "short_text"),
    [
        ((), "Once requests succeed again, Home Assistant learns how many the plan allows.", ""),
        ((60, "hour", 0), "The plan seems to allow 60 requests per hour.", "60 / hour"),
        ((250, "day"), "The plan seems to allow 250 requests in 24 hours.", "250 / day"),
        ((250, "day", 5), "The plan seems to allow 250 requests per day, counted from 05:00 UTC.", "250 / day"),
        ((5000, "month", 0), "The plan seems to allow 5000 requests per month.", "5000 / month"),
    ],
)
async def test_limits_of_a_plan(hass: HomeAssistant, set_up: SetUp, plan: tuple[int, str, int], text: str, short_text: str) -> None:
    """Without loaded translations, for example during a failed set-up, the text is short and in no language."""
    await set_up()
    assert async_plan_text(hass, *plan) == text
    hass.config.language = "fi"
    assert async_plan_text(hass, *plan) == short_text
