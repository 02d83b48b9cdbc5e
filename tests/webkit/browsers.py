"""The installed browsers with WebKit, and how to start one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.service import Service as GtkService
from selenium.webdriver.wpewebkit.service import Service as WpeService


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A browser that is available as a Debian package."""

    name: str
    driver: Path
    programs: str
    """Pattern of the browser's path below /usr/lib, which depends on the architecture and on the version."""

    def program(self) -> Path | None:
        """Return the path of the browser; None if the browser or its driver is not installed."""
        return max(Path("/usr/lib").glob(self.programs), default=None) if self.driver.exists() else None

    def __str__(self) -> str:
        """Return the name, which pytest uses in the names of tests."""
        return self.name


WEBKIT_GTK = Kind(name="WebKitGTK", driver=Path("/usr/bin/WebKitWebDriver"), programs="*/webkit2gtk-4.*/MiniBrowser")
WPE_WEBKIT = Kind(name="WPE WebKit", driver=Path("/usr/bin/WPEWebDriver"), programs="*/wpe-webkit-*/MiniBrowser")
INSTALLED = [WEBKIT_GTK, *(kind for kind in (WPE_WEBKIT,) if kind.program())]
"""WebKitGTK corresponds to the current Safari. WPE WebKit, which not every distribution has, corresponds to Safari 16.0 in Debian 12."""


@asynccontextmanager
async def running_browser(kind: Kind, proxy: str) -> AsyncIterator[WebDriver]:
    """Run a new browser without cache or login, which sends all requests through a proxy."""
    driver = await asyncio.to_thread(_start, kind, proxy)
    try:
        yield driver
    finally:
        await asyncio.to_thread(driver.quit)


def _start(kind: Kind, proxy: str) -> WebDriver:
    program = kind.program()
    assert program is not None, f"{kind} is not installed: run scripts/webkit."
    options: webdriver.WebKitGTKOptions | webdriver.WPEWebKitOptions
    if kind is WEBKIT_GTK:
        options = webdriver.WebKitGTKOptions()
    else:
        options = webdriver.WPEWebKitOptions()
        options.add_argument("--headless")
    options.binary_location = str(program)
    options.add_argument("--automation")
    options.set_capability("proxy", {"proxyType": "manual", "httpProxy": proxy})
    if isinstance(options, webdriver.WebKitGTKOptions):
        return webdriver.WebKitGTK(options=options, service=GtkService(str(kind.driver)))
    return webdriver.WPEWebKit(options=options, service=WpeService(str(kind.driver)))
