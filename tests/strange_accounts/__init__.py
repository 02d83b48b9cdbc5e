"""Tests of unusual accounts that the simulator does not produce."""
