"""Draws fictional desktops: wallpaper, bars, windows, the computer's name and a clock."""

from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFont

SIZE = (640, 360)

_PAPER = ((28, 63, 110), (24, 92, 88), (94, 44, 92), (122, 62, 34), (46, 74, 46), (58, 52, 96), (30, 84, 120), (104, 36, 52))
_INK = "#e8ecf2"
_BAR = "#161b24"
_TITLES = ("Invoices.xlsx", "Mail - Inbox", "Stock list", "Orders today", "Backup status", "Untitled", "Photos")


def desktop(number: int, name: str, os: str, moment: int) -> Image.Image:
    """Return the desktop of computer `number` at `moment` (Unix seconds), 640 by 360 pixels."""
    random = Random(number * 1_000_003 + moment)
    image = _wallpaper(number)
    draw = ImageDraw.Draw(image)
    for place in range(3):
        top = 44 + 62 * place
        draw.rounded_rectangle((20, top, 50, top + 30), 6, fill=_lighter(number, 70))
        draw.rectangle((16, top + 36, 54, top + 39), fill=_lighter(number, 100))
    _window(draw, random, (110 + random.randrange(40), 50, 250, 170))
    if random.random() < 0.7:
        _window(draw, random, (330 + random.randrange(40), 110 + random.randrange(30), 220, 160))
    bar = 336 if os == "win" else 0
    draw.rectangle((0, bar, 640, bar + 24), fill=_BAR)
    draw.rectangle((8, bar + 6, 20, bar + 18), fill=_lighter(number, 90))
    draw.text((30, bar + 12), name, fill=_INK, font=_font(13), anchor="lm")
    draw.text((632, bar + 12), f"{datetime.fromtimestamp(moment, UTC):%H:%M}", fill=_INK, font=_font(13), anchor="rm")
    if os == "mac":
        draw.rounded_rectangle((210, 322, 430, 354), 10, fill=_lighter(number, 50))
        for place in range(6):
            draw.rounded_rectangle((220 + 34 * place, 326, 244 + 34 * place, 350), 6, fill=_PAPER[(number + place + 1) % len(_PAPER)])
    return image


def desktop_png(number: int, name: str, os: str, moment: int) -> bytes:
    """Return the desktop as a PNG."""
    target = BytesIO()
    desktop(number, name, os, moment).save(target, "PNG", compress_level=4)
    return target.getvalue()


def _window(draw: ImageDraw.ImageDraw, random: Random, place: tuple[int, int, int, int]) -> None:
    left, top, width, height = place
    draw.rectangle((left + 4, top + 4, left + width + 4, top + height + 4), fill="#0c1017")
    draw.rectangle((left, top, left + width, top + height), fill="#f4f5f7")
    draw.rectangle((left, top, left + width, top + 20), fill="#d5dae2")
    draw.text((left + 8, top + 10), random.choice(_TITLES), fill="#333a45", font=_font(11), anchor="lm")
    draw.rectangle((left + width - 16, top + 6, left + width - 8, top + 14), fill="#c65353")
    if random.random() < 0.5:
        for bar in range(8):
            x = left + 16 + bar * (width - 24) // 8
            draw.rectangle((x, top + height - 12 - random.randrange(10, height - 44), x + 14, top + height - 12), fill="#4d7fc4")
        return
    for line in range((height - 40) // 14):
        y = top + 34 + 14 * line
        draw.rectangle((left + 12, y, left + 12 + random.randrange(60, width - 24), y + 5), fill="#aab2bf")


def _wallpaper(number: int) -> Image.Image:
    dark, light = _PAPER[number % len(_PAPER)], _lighter(number, 60)
    shade = Image.linear_gradient("L").resize(SIZE)
    return Image.merge("RGB", [shade.point([a + (b - a) * step // 255 for step in range(256)]) for a, b in zip(dark, light, strict=True)])


def _lighter(number: int, by: int) -> tuple[int, int, int]:
    red, green, blue = _PAPER[number % len(_PAPER)]
    return min(255, red + by), min(255, green + by), min(255, blue + by)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
