"""Whether what was counted late is more than what was counted early."""

from .census import Census

# By how much each may grow. What is counted exactly may not grow at all; memory has a grain.
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
    "our objects": 0.03,  # equal ones exist twice where one of them was there first
    "items in them": 0.10,  # and how many kinds of requests were counted today depends on the hour
}


def grown(early: Census, late: Census) -> list[str]:
    """Return a line for each thing that has grown more than it may."""
    lines = [
        f"{name}: {early.numbers[name]} became {late.numbers[name]}, more than {share:.0%} above"
        for name, share in TOLERANCES.items()
        if name in late.numbers and late.numbers[name] > early.numbers[name] * (1 + share)
    ]
    if any(line.startswith("our objects") for line in lines):
        lines += [f"  {count} more of {name}" for name, count in (late.classes - early.classes).most_common()]
    return lines
