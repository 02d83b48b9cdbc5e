"""Takes the pictures of the README and the docs: screenshots of the demo with special accounts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from io import BytesIO
import logging
import os
from pathlib import Path
import re
import sys
import tempfile
import time

from PIL import Image
from playwright.async_api import Page, async_playwright, expect

from demo.business import IN_SESSION, business_account, open_for_business
from demo.errors import DemoError
from demo.homeassistant import REPOSITORY
from demo.running import START_PAGE, free_port, running_demo
from demo.studio import CARDS, PATIENCE, Scheme, Studio, see, see_only
from demo.wake_and_connect import wake_and_connect
from simulator import Account

_LOGGER = logging.getLogger("demo")

_FOLDER = REPOSITORY / "docs" / "images"
_MOST_BYTES = 150_000
_MOST_BYTES_MOVING = 1_500_000
_LARGE = 300
"""The number of computers in the large account."""
_ON_THE_CARD = ("Reception PC", "Marta's Mac", "Till 1", "Warehouse PC", "Till 2", "Shop window")

type _Picture = Callable[[Studio], Awaitable[bytes]]


def main() -> str | None:
    """Take the pictures that the command line names, or all; return an error message, None if there was no error."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stdout)
    _LOGGER.setLevel(logging.INFO)
    wanted = sys.argv[1:] or [*_PICTURES, *_LARGE_PICTURES]
    if unknown := set(wanted) - set(_PICTURES) - set(_LARGE_PICTURES):
        names = ", ".join([*_PICTURES, *_LARGE_PICTURES])
        return f"screenshots: there is no picture {', '.join(sorted(unknown))}, but there are {names}"
    try:
        asyncio.run(_take(wanted))
    except DemoError as error:
        return f"screenshots: {error}"
    return None


async def _take(names: list[str]) -> None:
    started = time.monotonic()
    for pictures, make_account in ((_PICTURES, business_account), (_LARGE_PICTURES, partial(Account, _LARGE))):
        if wanted := {name: picture for name, picture in pictures.items() if name in names}:
            await _take_of(make_account(), wanted, is_business=pictures is _PICTURES)
    _LOGGER.info("%s pictures after %.0f s", len(names), time.monotonic() - started)


async def _take_of(account: Account, pictures: Mapping[str, _Picture], *, is_business: bool) -> None:
    """Take the pictures of an account in the given order, because taking one may change the account."""
    async with _open_studio(account) as studio:
        if is_business:
            await open_for_business(account, studio.demo.client)
        for name, picture in pictures.items():
            _save(name, await picture(studio))


@asynccontextmanager
async def _open_studio(account: Account) -> AsyncIterator[Studio]:
    with tempfile.TemporaryDirectory(prefix="getscreen-pictures-") as folder:
        running = running_demo(folder=Path(folder), port=free_port(), simulator_port=free_port(), account=account)
        async with running as demo, async_playwright() as playwright:
            expect.set_options(timeout=PATIENCE)
            browser = await playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=["--force-color-profile=srgb"])
            await demo.client.command("lovelace/dashboards/create", url_path=CARDS, title="Cards", icon="mdi:cards", show_in_sidebar=False)
            yield Studio(demo=demo, account=account, browser=browser)
            await browser.close()


def _save(name: str, picture: bytes) -> None:
    """Write an animation unchanged, or a picture as an optimized PNG; raises DemoError if the file is too large."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    image = Image.open(BytesIO(picture))
    is_moving = getattr(image, "is_animated", False)
    file = _FOLDER / f"{name}.{'webp' if is_moving else 'png'}"
    if is_moving:
        file.write_bytes(picture)
    else:
        image.convert("RGB").save(file, optimize=True)
    size = file.stat().st_size
    _LOGGER.info("%s: %s by %s, %.0f kB", file.relative_to(REPOSITORY), *image.size, size / 1000)
    if size > (_MOST_BYTES_MOVING if is_moving else _MOST_BYTES):
        raise DemoError(f"{file} is too large for a README: {size} bytes.")


# The functions that take the pictures


async def _dashboard(studio: Studio, scheme: Scheme) -> bytes:
    async with studio.window(START_PAGE, height=1110, scheme=scheme) as page:
        await _see_computers(page)
        return await see(page)


async def _computers(studio: Studio) -> bytes:
    async with studio.window(f"{START_PAGE}/computers", height=800) as page:
        await _see_computers(page)
        return await see(page)


async def _computer(studio: Studio) -> bytes:
    async with studio.window(f"{START_PAGE}/computers", width=900, height=1800) as page:
        await page.locator("getscreen-computer-row .head").filter(has_text=IN_SESSION).click()
        dialog = page.locator("getscreen-computer-dialog dialog")
        await expect(dialog.locator("getscreen-sessions li").first).to_be_visible()
        await page.mouse.move(0, 0)
        return await see_only(page, dialog, margin=0)


async def _history(studio: Studio) -> bytes:
    async with studio.window(f"{START_PAGE}/history", width=1000, height=700) as page:
        await expect(page.locator("getscreen-history-card li").first).to_be_visible()
        return await see(page)


async def _phone(studio: Studio) -> bytes:
    async with studio.window(f"{START_PAGE}/computers", width=400, height=860) as page:
        await _see_computers(page)
        return await see(page)


async def _phone_support(studio: Studio) -> bytes:
    """Take a picture of the overview right after a client has joined."""
    (waiting,) = [invitation for invitation in studio.account.invitations.values() if invitation.status == 0]
    async with studio.window(START_PAGE, width=400, height=860) as page:
        await expect(page.locator("getscreen-support-card .code").first).to_be_visible()
        studio.account.move_on(waiting)
        await expect(page.get_by_text(f"{waiting.client_name} has joined and is waiting for you.").first).to_be_visible()
        await (
            page.locator("hui-heading-card")
            .filter(has_text="Quick support")
            .evaluate("card => scrollBy(0, card.getBoundingClientRect().top - 64)")
        )
        return await see(page, has_toast=True)


async def _see_computers(page: Page) -> None:
    await expect(page.locator("getscreen-card .name").first).to_be_visible()


async def _large(studio: Studio) -> bytes:
    """Take a picture of the overview of the large account, with an open group."""
    async with studio.window(START_PAGE) as page:
        await page.get_by_role("button", name="Servers", exact=False).first.click()
        await _see_computers(page)
        await page.mouse.move(0, 0)
        return await see(page)


async def _card(studio: Studio) -> bytes:
    await studio.show(
        {"type": "custom:getscreen-card", "devices": await studio.devices(*_ON_THE_CARD), "grid_options": {"columns": "full"}}, 3
    )
    async with studio.window(f"{CARDS}/cards", width=1000, height=1000) as page:
        await page.get_by_role("button", name="Wake, Till 2", exact=True).click()
        await expect(page.locator("getscreen-card").get_by_text("Waking …").first).to_be_visible()
        await page.mouse.move(0, 0)
        return await see_only(page, page.locator("getscreen-card"))


async def _support(studio: Studio) -> bytes:
    await studio.show({"type": "custom:getscreen-support-card"}, 1)
    async with studio.window(f"{CARDS}/cards", width=900) as page:
        await page.get_by_role("button", name="QR code").last.click()
        await page.mouse.move(0, 0)
        return await see_only(page, page.locator("getscreen-support-card"))


async def _device(studio: Studio) -> bytes:
    (device,) = await studio.devices(IN_SESSION)
    async with studio.window(f"config/devices/device/{device}", height=1200) as page:
        await expect(page.get_by_text("Memory usage")).to_be_visible()
        return await see(page)


async def _calendar(studio: Studio) -> bytes:
    async with studio.window("calendar") as page:
        await expect(page.get_by_role("cell").get_by_role("button", name=re.compile(r"\d\d:\d\d ")).first).to_be_visible()
        return await see(page)


async def _recording(studio: Studio) -> bytes:
    async with studio.window("media-browser/browser") as page:
        titles = page.locator("ha-media-player-browse .child .title")
        for folder in ("Getscreen.me", "By month"):
            await titles.get_by_text(folder, exact=True).click()
        await titles.filter(has_text=re.compile(r"^\s*[A-Z][a-z]+ 20\d\d\s*$")).first.click()
        await titles.filter(has_text=re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d, ")).first.click()
        video = page.locator("video")
        await page.wait_for_function("video => video.currentTime > 1", arg=await video.element_handle())
        await video.evaluate("video => video.pause()")
        await page.mouse.move(0, 0)
        return await see_only(page, page.locator("dialog[open]").last, margin=0)


async def _setup(studio: Studio) -> bytes:
    async with studio.window("config/integrations/dashboard/add?domain=getscreen") as page:
        await page.get_by_role("button", name="OK").click()
        await page.locator('input[name="api_key"]').fill("a key that is shown as dots")
        return await see_only(page, page.locator("dialog[open]").last, margin=0)


# The order matters: the later pictures change the account.
_PICTURES: dict[str, _Picture] = {
    "dashboard": partial(_dashboard, scheme="light"),
    "dashboard-dark": partial(_dashboard, scheme="dark"),
    "computers": _computers,
    "computer": _computer,
    "history": _history,
    "phone": _phone,
    "device": _device,
    "calendar": _calendar,
    "recording": _recording,
    "setup": _setup,
    "support": _support,
    "phone-support": _phone_support,
    # After the pictures of invitations, which are not polled while a computer is waking.
    "card": _card,
    "wake-and-connect": wake_and_connect,
}
_LARGE_PICTURES: dict[str, _Picture] = {"large": _large}

if __name__ == "__main__":
    sys.exit(main())
