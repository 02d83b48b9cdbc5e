"""Tests of the demo in a real browser."""
