"""Tests of the simulator, by plain HTTP: what it answers is what the integration is tested against."""
