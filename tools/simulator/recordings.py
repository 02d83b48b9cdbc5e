"""Creates recordings: playable WebM files of a pointer that moves over a desktop."""

from io import BytesIO
from math import cos, sin

from PIL import Image, ImageDraw

from .pictures import SIZE, desktop

_FRAMES_PER_SECOND = 10
_FRAMES = 50
_VOID = b"\xec\x01"  # Matroska's padding element, and the marker of a seven-byte length


def make_recording(number: int, name: str, os: str, start: int, size: int) -> bytes:
    """Return five seconds of VP8 in WebM of computer `number` from `start` (Unix seconds), padded to exactly `size` bytes.

    Raises ValueError if `size` is too small.
    """
    encoded = _encode([_frame(picture, tick) for tick, picture in enumerate(_pictures(number, name, os, start))])
    padding = size - len(encoded) - len(_VOID) - 7
    if padding < 0:
        raise ValueError(f"{size} bytes are too few for a recording of {len(encoded)}")
    return encoded + _VOID + padding.to_bytes(7) + bytes(padding)


def _pictures(number: int, name: str, os: str, start: int) -> list[Image.Image]:
    """Return the frames without the pointer; the windows change every two seconds."""
    scenes = [desktop(number, name, os, start + 60 * scene) for scene in range(3)]
    return [scenes[tick // 20].copy() for tick in range(_FRAMES)]


def _frame(picture: Image.Image, tick: int) -> Image.Image:
    x, y = 320 + 220 * cos(tick / 9), 180 + 110 * sin(tick / 6)
    arrow = [(x, y), (x, y + 17), (x + 4, y + 13), (x + 7, y + 20), (x + 10, y + 19), (x + 7, y + 12), (x + 12, y + 12)]
    ImageDraw.Draw(picture).polygon(arrow, fill="white", outline="black")
    return picture


def _encode(pictures: list[Image.Image]) -> bytes:
    import av  # noqa: PLC0415 - slow to load, and only a recording needs it
    import numpy as np  # noqa: PLC0415 - the same

    target = BytesIO()
    with av.open(target, "w", format="webm") as container:
        options = {"deadline": "realtime", "cpu-used": "8"}
        stream = container.add_stream("libvpx", rate=_FRAMES_PER_SECOND, options=options)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = 400_000
        # Several threads would wait for each other, which takes ten times as long on a busy machine.
        stream.codec_context.thread_count = 1
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")))
        container.mux(stream.encode())
    return target.getvalue()
