"""A moving picture shows each page for its duration, with the tabs above it and the pointer."""

from io import BytesIO

from PIL import Image, WebPImagePlugin
import pytest

from demo.reel import STRIP, Reel

SIZE = (600, 60)
RED, BLUE = (200, 0, 0), (0, 0, 200)


def page(color: tuple[int, int, int]) -> bytes:
    """Return a screenshot of one color."""
    target = BytesIO()
    Image.new("RGB", SIZE, color).save(target, "PNG")
    return target.getvalue()


def play(reel: Reel) -> list[tuple[Image.Image, int]]:
    """Return the frames as a browser shows them, and for how many milliseconds."""
    frames = []
    with Image.open(BytesIO(reel.encode())) as image:
        assert isinstance(image, WebPImagePlugin.WebPImageFile)
        assert image.info["loop"] == 0
        for number in range(image.n_frames):
            image.seek(number)
            image.load()
            frames.append((image.convert("RGB"), image.info["duration"]))
    return frames


@pytest.fixture
def reel() -> Reel:
    """Return a moving picture of a red page in the first of two tabs."""
    reel = Reel(pointer=(100, 30))
    reel.show(page(RED), 700, tabs=("First", "Second"))
    return reel


def at(frame: Image.Image, x: int, y: int) -> tuple[int, ...]:
    """Return the color of a point of the page."""
    color = frame.getpixel((x, y + STRIP))
    assert isinstance(color, tuple)
    return color


def test_pages_follow_each_other(reel: Reel) -> None:
    reel.show(page(BLUE), 900, tabs=("First", "Second"), active=1)
    (first, first_time), (second, second_time) = play(reel)
    assert first.size == (SIZE[0], SIZE[1] + STRIP)
    assert [at(first, 5, 5), at(second, 5, 5)] == [RED, BLUE]
    assert [first_time, second_time] == [700, 900]
    assert reel.milliseconds == 1600


def test_the_open_tab_is_white(reel: Reel) -> None:
    reel.show(page(RED), 900, tabs=("First", "Second"), active=1)
    seen = [[frame.getpixel((x, 10)) == (255, 255, 255) for x in (200, 450, 590)] for frame, _ in play(reel)]
    assert seen == [[True, False, False], [False, True, False]]


def test_the_pointer_moves_to_its_goal(reel: Reel) -> None:
    reel.move((300, 20))
    frames = [frame for frame, _ in play(reel)]
    assert [at(frames[0], 100, 30) == RED, at(frames[0], 300, 20) == RED] == [False, True]
    assert [at(frames[-1], 100, 30) == RED, at(frames[-1], 300, 20) == RED] == [True, False]
    assert len(frames) > 5


def test_a_click_is_a_ring_around_the_pointer(reel: Reel) -> None:
    reel.click()
    ring = [at(frame, 100 + 13, 30) != RED for frame, _ in play(reel)]
    assert ring == [False, True, False]


def test_the_pointer_goes_to_a_tab(reel: Reel) -> None:
    reel.move_to_tab(1)
    (*_, (last, _)) = play(reel)
    strip = (STRIP // 2) - STRIP
    assert at(last, 375, strip) != at(last, 425, strip)


def test_the_same_frames_are_the_same_bytes(reel: Reel) -> None:
    assert reel.encode() == reel.encode()
