"""User agents of browsers."""

import pytest

from custom_components.getscreen.user_agents import read_user_agent

_KHTML = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "browser", "system"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_KHTML} Chrome/141.0.0.0 Safari/537.36", "Chrome", "Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_KHTML} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0", "Edge", "Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_KHTML} Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0", "Opera", "Windows"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {_KHTML} Chrome/141.0.0.0 Safari/537.36", "Chrome", "ChromeOS"),
        (f"Mozilla/5.0 (Linux; Android 14; SM-S921B) {_KHTML} SamsungBrowser/28.0 Chrome/130 Safari/537.36", "Samsung Internet", "Android"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {_KHTML} Chrome/141.0.0.0 Mobile Safari/537.36", "Chrome", "Android"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_KHTML} Version/26.0 Safari/605.1.15", "Safari", "macOS"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {_KHTML} Version/26.0 Mobile/15E148 Safari/604.1", "Safari", "iOS"),
        (f"Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) {_KHTML} CriOS/141.0.7390.41 Mobile/15E148 Safari/604.1", "Chrome", "iPadOS"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {_KHTML} FxiOS/144.0 Mobile/15E148 Safari/604.1", "Firefox", "iOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox", "Linux"),
        ("Firefox", "Firefox", None),
        ("curl/8.5.0", None, None),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", None, "Windows"),
        ("HeadlessChromeish NotSafariAtAll", None, None),
        ("", None, None),
    ],
)
def test_browsers(user_agent: str, browser: str | None, system: str | None) -> None:
    assert read_user_agent(user_agent) == (browser, system)


@pytest.mark.parametrize(
    "user_agent", ["(" * 10_000, " " * 10_000, "Mac OS " * 5_000, "Chrom" * 5_000, "x" * 10_000 + " Firefox/1 (Windows)"]
)
def test_hostile_user_agents(user_agent: str) -> None:
    """Only their beginning is read."""
    assert read_user_agent(user_agent) == (None, None)
