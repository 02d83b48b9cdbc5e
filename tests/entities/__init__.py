"""Tests of the room entities/."""
