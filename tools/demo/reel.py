"""Combines screenshots into an animation, with the browser's tabs and the mouse pointer, which screenshots do not contain."""

from collections.abc import Iterator, Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

type Point = tuple[float, float]

STRIP = 36
"""The height of the tabs above the page in pixels."""
_TAB = 250
_FONT = 14
_SCALE = 4
"""The pointer is drawn this many times larger and scaled down, because Pillow does not draw smooth edges."""
_POINTER, _RING = 9, 17
"""The radius of the pointer, and of the ring around it during a click, in pixels."""
_STEPS = 10
_STEP_MS = 40
_CLICK_MS = 160
_STRIP_COLOR, _TAB_COLOR, _TEXT_COLOR, _POINTER_COLOR = "#dfe3e8", "#ffffff", "#30343a", (3, 90, 150)


class Reel:
    """An animation that is built frame by frame. Positions are pixels on the page."""

    def __init__(self, pointer: Point) -> None:
        """Start without frames, with the pointer at a position."""
        self._page = Image.new("RGB", (1, 1))
        self._tabs: Sequence[str] = ()
        self._active = 0
        self._pointer = pointer
        self._frames: list[Image.Image] = []
        self._durations: list[int] = []

    @property
    def milliseconds(self) -> int:
        """The duration of the animation."""
        return sum(self._durations)

    def show(self, screenshot: bytes, milliseconds: int, *, tabs: Sequence[str], active: int = 0) -> None:
        """Show a page for some time in the active tab; `tabs`: the titles of all tabs."""
        self._page = Image.open(BytesIO(screenshot)).convert("RGB")
        self._tabs, self._active = tabs, active
        self._add(milliseconds)

    def move(self, to: Point) -> None:
        """Move the pointer, with a slow start and end."""
        start = self._pointer
        for step in range(1, _STEPS + 1):
            share = step / _STEPS
            share = share * share * (3 - 2 * share)
            self._pointer = (start[0] + (to[0] - start[0]) * share, start[1] + (to[1] - start[1]) * share)
            self._add(_STEP_MS)

    def move_to_tab(self, number: int) -> None:
        """Move the pointer to a tab, counted from 0."""
        self.move((_TAB * (number + 0.5), -STRIP / 2))

    def click(self) -> None:
        """Show a click at the pointer's position."""
        self._add(_CLICK_MS, is_pressed=True)
        self._add(_CLICK_MS)

    def encode(self) -> bytes:
        """Return the animation as a WebP that repeats forever."""
        target = BytesIO()
        first, *others = self._frames
        lossless = {"lossless": True, "quality": 100, "method": 6, "minimize_size": True}
        first.save(target, "WEBP", save_all=True, append_images=others, duration=self._durations, loop=0, **lossless)
        return target.getvalue()

    def _add(self, milliseconds: int, *, is_pressed: bool = False) -> None:
        frame = Image.new("RGB", (self._page.width, self._page.height + STRIP), _STRIP_COLOR)
        frame.paste(self._page, (0, STRIP))
        self._draw_tabs(frame)
        self._draw_pointer(frame, is_pressed=is_pressed)
        self._frames.append(frame)
        self._durations.append(milliseconds)

    def _draw_tabs(self, frame: Image.Image) -> None:
        draw = ImageDraw.Draw(frame)
        font = ImageFont.load_default(_FONT)
        for number, title in enumerate(self._tabs):
            left = _TAB * number
            if number == self._active:
                draw.rounded_rectangle((left + 6, 5, left + _TAB - 2, STRIP + 8), 8, fill=_TAB_COLOR)
            draw.text((left + 18, STRIP / 2 + 2), title, fill=_TEXT_COLOR, font=font, anchor="lm")
        frame.paste(self._page, (0, STRIP))

    def _draw_pointer(self, frame: Image.Image, *, is_pressed: bool) -> None:
        side = 2 * (_RING + 2)
        large = Image.new("RGBA", (side * _SCALE, side * _SCALE), (*_POINTER_COLOR, 0))
        draw = ImageDraw.Draw(large)
        for box, fill, outline in _circles(side * _SCALE / 2, is_pressed=is_pressed):
            draw.ellipse(box, fill=fill, outline=outline, width=2 * _SCALE)
        pointer = large.resize((side, side), Image.Resampling.LANCZOS)
        x, y = self._pointer
        frame.paste(pointer, (round(x) - side // 2, round(y) + STRIP - side // 2), pointer)


type _Color = tuple[int, ...]


def _circles(center: float, *, is_pressed: bool) -> Iterator[tuple[tuple[float, ...], _Color, _Color]]:
    """Yield the circles of the pointer: bounding box, fill color and outline color."""
    white = (255, 255, 255, 255)
    if is_pressed:
        yield _box(center, _RING), (*_POINTER_COLOR, 60), (*_POINTER_COLOR, 255)
    yield _box(center, _POINTER), (*_POINTER_COLOR, 255 if is_pressed else 190), white


def _box(center: float, radius: float) -> tuple[float, ...]:
    return (center - radius * _SCALE, center - radius * _SCALE, center + radius * _SCALE, center + radius * _SCALE)
