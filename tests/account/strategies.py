"""Possible contents of a file that was edited or damaged."""

from typing import Any

from hypothesis import strategies as st

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text(max_size=8), values, max_size=4),
    max_leaves=8,
)
ODD_NUMBERS: st.SearchStrategy[Any] = st.sampled_from(
    [1e18, -1e18, 1e300, float("nan"), float("inf"), -1, 0, 2**63, 253402300800, True, None, "1", [], {}]
)
