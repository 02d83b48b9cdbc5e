"""Compares an early and a late census."""

from .census import Census

# By which share each count may grow. Exact counts must not grow; measurements of memory are coarse.
TOLERANCES = {
    "rss kB": 0.10,
    "tracemalloc kB": 0.03,
    "blocks": 0.03,
    "gc objects": 0.03,
    "tasks": 0.0,
    "timers": 0.0,
    "dispatcher": 0.0,
    "coordinators": 0.0,
    "bus": 0.0,
    "states": 0.0,
    "registered": 0.0,
    "devices": 0.0,
    "our objects": 0.03,  # equal objects may exist once or twice, depending on their history
    "items in them": 0.10,  # the same; and the number of API methods that were counted today depends on the hour
}


def grown(early: Census, late: Census) -> list[str]:
    """Return a line for each count that has grown more than its tolerance; empty if there is none."""
    lines = [
        f"{name}: {early.numbers[name]} became {late.numbers[name]}, more than {share:.0%} above"
        for name, share in TOLERANCES.items()
        if name in late.numbers and late.numbers[name] > early.numbers[name] * (1 + share)
    ]
    if any(line.startswith("our objects") for line in lines):
        lines += [f"  {count} more of {name}" for name, count in (late.classes - early.classes).most_common()]
    return lines
